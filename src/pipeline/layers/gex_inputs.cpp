#include "pipeline/layers/gex_inputs.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "market/expiration.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/reference/definitions.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "pipeline/silver/silver.hpp"
#include "pipeline/silver/silver_columns.hpp"
#include "pipeline/tables/row_ranges.hpp"
#include "pipeline/tables/row_reader.hpp"

namespace spymaster::pipeline {

namespace {

using lake::PartitionKey;
using windows::BookSnapshot1s;

// Options have a grid of their own, over the same seconds.
constexpr std::array<std::string_view, 3> kSameSeconds{"session_start_ns", "session_end_ns", "window_ns"};

Result<void> require(const lake::Lake& lake, const PartitionKey& key, const market::Product& product,
                     std::string_view how) {
    if (lake.is_complete(key)) return {};
    return make_error(ErrorCode::missing,
                      "{} of {} on {} is not in {}: gamma exposure is made from quotes, the underlying, open "
                      "interest and definitions; run spymaster run --product-type {} --symbol {} --dt {} {}",
                      key.dataset, key.symbol, key.date.iso(), lake.root().string(), product.name, key.symbol,
                      key.date.iso(), how);
}

Error out_of_order(const PartitionKey& key, std::int64_t window_end_ts_ns) {
    return make_error(ErrorCode::malformed,
                      "{} of {} on {}: window {} is out of order, or one that its underlying does not have",
                      key.dataset, key.symbol, key.date.iso(), window_end_ts_ns);
}

// The publications of statistics_clean, one after the other.
class Publications {
  public:
    static Result<Publications> open(const lake::Lake& lake, const PartitionKey& key) {
        const std::vector<std::string> names{"ts_recv_ns", "instrument_id", "open_interest"};
        SPY_ASSIGN(RowRanges rows, RowRanges::open(lake, key, names));
        Publications publications;
        const auto take = [&](const lake::ColumnBatch& batch, std::size_t first,
                              std::size_t last) -> Result<void> {
            for (std::size_t i = first; i < last; ++i) {
                publications.rows_.push_back({batch.at<std::vector<std::int64_t>>(rows.columns()[0])[i],
                                              batch.at<std::vector<std::int64_t>>(rows.columns()[1])[i],
                                              batch.at<std::vector<double>>(rows.columns()[2])[i]});
            }
            return {};
        };
        SPY_TRY(rows.visit(0, rows.row_count(), take));
        const bool in_order = std::ranges::is_sorted(publications.rows_, {}, &Row::ts_recv_ns);
        if (!in_order) return out_of_order(key, 0);
        return publications;
    }

    // Those received up to and at the end of a window.
    void tell(physics::GexEngine& engine, std::int64_t window_end_ts_ns) {
        for (; next_ < rows_.size() && rows_[next_].ts_recv_ns <= window_end_ts_ns; ++next_)
            engine.set_open_interest(rows_[next_].instrument_id, rows_[next_].contracts);
    }

  private:
    struct Row {
        std::int64_t ts_recv_ns;
        std::int64_t instrument_id;
        double contracts;
    };
    std::vector<Row> rows_;
    std::size_t next_ = 0;
};

// The middle, where the book is not crossed; 0: none.
double middle_of(const BookSnapshot1s& snapshot) {
    const bool has_middle =
        0 < snapshot.best_bid_price_int && snapshot.best_bid_price_int < snapshot.best_ask_price_int;
    return has_middle ? snapshot.mid_price : 0.0;
}

}  // namespace

Result<std::vector<physics::ListedOption>> listed_options(const lake::Lake& lake,
                                                          const market::Product& product,
                                                          const std::string& symbol,
                                                          const market::Date& date) {
    SPY_ASSIGN(const OptionUniverse universe, OptionUniverse::from_lake(lake, {&product, symbol, date}));
    return listed_options(universe, product, symbol);
}

Result<std::vector<physics::ListedOption>> listed_options(const OptionUniverse& universe,
                                                          const market::Product& product,
                                                          const std::string& symbol) {
    std::vector<physics::ListedOption> options;
    for (const OptionTerms& option : universe.options()) {
        if (option.underlying != symbol) continue;
        SPY_ASSIGN(const std::int64_t expires, market::expiration_moment(product.type, option.expiration));
        options.push_back({.instrument_id = option.instrument_id,
                           .right = option.right,
                           .strike_price_int = option.strike_price,
                           .expiration_ns = expires,
                           .multiplier = option.multiplier});
    }
    return options;
}

physics::GexSecond gex_second(const BookSnapshot1s& underlying,
                              std::span<const windows::OptionQuote1s> quotes) {
    return {.window_start_ts_ns = underlying.window_start_ts_ns,
            .window_end_ts_ns = underlying.window_end_ts_ns,
            .spot_ref_price_int = underlying.spot_ref_price_int,
            .underlying_mid = middle_of(underlying),
            .window_valid = underlying.window_valid,
            .epoch = underlying.epoch,
            .quotes = quotes};
}

struct GexInputs::Tables {
    PartitionKey quotes_key;
    std::vector<PartitionKey> partitions;
    std::vector<BookSnapshot1s> snapshots;
    RowReader<QuoteRow> quotes;
    Publications publications;

    std::size_t next = 0;
    physics::GexSecond second;
    std::vector<windows::OptionQuote1s> quotes_of_second;

    Result<void> read_quotes(std::int64_t window_end_ts_ns);
};

Result<GexInputs> GexInputs::open(const lake::Lake& lake, const market::Product& product,
                                  const std::string& symbol, const market::Date& date) {
    SPY_ASSERT(product.is_option());
    const market::Product& underlying = market::product_of(*product.underlying);
    const PartitionKey quotes = keys_of(product, symbol, date).snapshots;
    const PartitionKey spots = keys_of(underlying, symbol, date).snapshots;
    const PartitionKey open_interest = gamma_keys_of(product, symbol, date).statistics_clean;
    SPY_TRY(require(lake, spots, underlying, "--layer silver"));
    SPY_TRY(require(lake, quotes, product, "--layer silver"));
    SPY_TRY(require(lake, open_interest, product, "--only statistics_clean"));
    SPY_ASSIGN(const lake::Manifest quotes_manifest, lake.manifest(quotes));
    SPY_ASSIGN(const lake::Manifest spots_manifest, lake.manifest(spots));
    SPY_TRY(check_same(quotes_manifest, spots_manifest, kSameSeconds));
    SPY_ASSIGN(std::vector<BookSnapshot1s> snapshots, read_snapshots(lake, spots));
    SPY_ASSIGN(Publications publications, Publications::open(lake, open_interest));
    SPY_ASSIGN(auto quote_rows, RowReader<QuoteRow>::open(lake, quotes, kQuoteColumns));
    return GexInputs(std::make_unique<Tables>(
        Tables{.quotes_key = quotes,
               .partitions = {quotes, spots, open_interest, {std::string(kDefinitionsDataset), symbol, date}},
               .snapshots = std::move(snapshots),
               .quotes = std::move(quote_rows),
               .publications = std::move(publications),
               .next = 0,
               .second = {},
               .quotes_of_second = {}}));
}

GexInputs::GexInputs(std::unique_ptr<Tables> tables) : tables_(std::move(tables)) {}
GexInputs::~GexInputs() = default;
GexInputs::GexInputs(GexInputs&&) noexcept = default;
GexInputs& GexInputs::operator=(GexInputs&&) noexcept = default;

const std::vector<PartitionKey>& GexInputs::partitions() const {
    return tables_->partitions;
}
std::size_t GexInputs::seconds() const {
    return tables_->snapshots.size();
}

Result<void> GexInputs::Tables::read_quotes(std::int64_t window_end_ts_ns) {
    quotes_of_second.clear();
    for (;;) {
        SPY_ASSIGN(const QuoteRow* row, quotes.peek());
        if (row == nullptr || row->window_end_ts_ns > window_end_ts_ns) return {};
        if (row->window_end_ts_ns < window_end_ts_ns) return out_of_order(quotes_key, row->window_end_ts_ns);
        quotes_of_second.push_back(row->quote);
        quotes.pop();
    }
}

Result<const physics::GexSecond*> GexInputs::next(physics::GexEngine& engine) {
    Tables& tables = *tables_;
    if (tables.next == tables.snapshots.size()) {
        SPY_ASSIGN(const QuoteRow* left_over, tables.quotes.peek());
        if (left_over != nullptr) return out_of_order(tables.quotes_key, left_over->window_end_ts_ns);
        return nullptr;
    }
    const BookSnapshot1s& snapshot = tables.snapshots[tables.next++];
    SPY_TRY(tables.read_quotes(snapshot.window_end_ts_ns));
    tables.publications.tell(engine, snapshot.window_end_ts_ns);
    tables.second = gex_second(snapshot, tables.quotes_of_second);
    return &tables.second;
}

}  // namespace spymaster::pipeline
