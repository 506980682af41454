#include "pipeline/reference/statistics.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "dbn/reference_records.hpp"
#include "dbn/upgrade.hpp"
#include "feed/raw_files.hpp"
#include "pipeline/tables/table_sink.hpp"
#include "pipeline/tables/text_binding.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::uint16_t kOpenInterest = 9;
constexpr std::uint8_t kNew = 1;
constexpr std::uint8_t kDelete = 2;

// A row of the contract.
struct OpenInterest {
    std::int64_t ts_event_ns = 0;
    std::int64_t ts_recv_ns = 0;
    std::int64_t ts_ref_ns = 0;
    const OptionTerms* option = nullptr;
    std::string_view exp_date;
    std::int64_t contracts = 0;
    bool deleted = false;
};

// Written only: the other way is for whoever joins open interest to options.
#define BIND(Type, column, value) \
    bind<OpenInterest, Type>(column, [](const OpenInterest& r) { return value; }, [](OpenInterest&, Type) {})
#define BIND_LETTER(column, value) \
    bind_letter<OpenInterest>(column, [](const OpenInterest& r) { return value; }, [](OpenInterest&, char) {})
#define BIND_TEXT(column, value)                                                                  \
    bind_text<OpenInterest>(                                                                      \
        column, []([[maybe_unused]] const OpenInterest& r) -> std::string_view { return value; }, \
        [](OpenInterest&, std::string_view) {})

constexpr std::array kColumns{
    BIND(std::int64_t, "ts_event_ns", r.ts_event_ns),
    BIND(std::int64_t, "ts_recv_ns", r.ts_recv_ns),
    BIND(std::int64_t, "ts_ref_ns", r.ts_ref_ns),
    BIND_TEXT("source", "DATABENTO"),
    BIND_TEXT("underlying", r.option->underlying),
    BIND_TEXT("option_symbol", r.option->raw_symbol),
    BIND_TEXT("exp_date", r.exp_date),
    BIND(double, "strike", market::Price{r.option->strike_price}.points()),
    BIND_LETTER("right", market::letter(r.option->right)),
    BIND(double, "open_interest", r.deleted ? 0.0 : static_cast<double>(r.contracts)),
    BIND_LETTER("update_action", r.deleted ? 'D' : 'N'),
};
#undef BIND
#undef BIND_LETTER
#undef BIND_TEXT

// A time that does not fit 64 signed bits is none: 0.
std::int64_t time_or_zero(std::uint64_t ts_ns) {
    return ts_ns > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? 0
               : static_cast<std::int64_t>(ts_ns);
}

using RowsByUnderlying = std::map<std::string, std::vector<OpenInterest>>;

class OpenInterestRows {
  public:
    OpenInterestRows(const OptionUniverse& universe, std::string_view exp_date)
        : universe_(universe), exp_date_(exp_date) {}

    Result<void> take(const std::byte* bytes) {
        const auto record = dbn::read_statistics(bytes);
        if (!record) {
            return make_error(ErrorCode::malformed, "statistics of {} bytes; no DBN version has that",
                              dbn::load<dbn::RecordHeader>(bytes).size());
        }
        const OptionTerms* const option = universe_.find(record->hd.instrument_id);
        if (std::uint64_t* const count = left_out_as(*record, option); count != nullptr) {
            *count += 1;
            return {};
        }
        rows_[option->underlying].push_back({.ts_event_ns = time_or_zero(record->hd.ts_event),
                                             .ts_recv_ns = received_ns(*record),
                                             .ts_ref_ns = time_or_zero(record->ts_ref),
                                             .option = option,
                                             .exp_date = exp_date_,
                                             .contracts = record->quantity,
                                             .deleted = record->update_action == kDelete});
        counts_.kept += 1;
        return {};
    }

    // Rows of one file are in the order of ts_recv already, and stay as they are.
    RowsByUnderlying finish() {
        for (auto& [underlying, rows] : rows_) std::ranges::stable_sort(rows, {}, &OpenInterest::ts_recv_ns);
        return std::move(rows_);
    }
    StatisticsCounts& counts() { return counts_; }

  private:
    std::uint64_t* left_out_as(const dbn::StatMsg& record, const OptionTerms* option) {
        if (record.stat_type != kOpenInterest) return &counts_.other_statistics;
        if (option == nullptr) return &counts_.other_instruments;
        if (record.update_action == kDelete) return nullptr;  // what it says is that there is none
        if (record.update_action != kNew) return &counts_.other_actions;
        return published_open_interest(record) ? nullptr : &counts_.without_quantity;
    }

    const OptionUniverse& universe_;
    std::string_view exp_date_;
    RowsByUnderlying rows_;
    StatisticsCounts counts_;
};

Result<void> write_partition(const lake::Lake& lake, const lake::PartitionKey& key,
                             std::span<const OpenInterest> rows, const lake::Lineage& lineage) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto columns, BoundColumns<OpenInterest>::resolve(dataset->contract, kColumns));
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key));
    columns.append(table.batch(), rows);
    return table.commit(lineage);
}

Error no_open_interest(const UniverseQuery& query, const StatisticsCounts& counts) {
    return make_error(
        ErrorCode::missing,
        "no open interest of the options on {} that expire on {} in {} files with {} records: "
        "{} of other dates (UTC, by ts_recv), {} other statistics, {} of other instruments, {} "
        "without a quantity, {} neither New nor Delete; {} files are of other datasets; see what they hold "
        "with: spymaster inspect",
        query.symbol, query.date.iso(), counts.files_read.size(), counts.records, counts.other_dates,
        counts.other_statistics, counts.other_instruments, counts.without_quantity, counts.other_actions,
        counts.other_datasets);
}

}  // namespace

std::optional<double> published_open_interest(const dbn::StatMsg& record) {
    if (record.stat_type != kOpenInterest) return std::nullopt;
    if (record.update_action == kDelete) return 0.0;
    const bool known = record.quantity != dbn::kUndefStatQuantity && record.quantity >= 0;
    if (record.update_action != kNew || !known) return std::nullopt;
    return static_cast<double>(record.quantity);
}

std::int64_t received_ns(const dbn::StatMsg& record) {
    const bool is_received = record.ts_recv != market::kUndefTimestamp;
    return time_or_zero(is_received ? record.ts_recv : record.hd.ts_event);
}

Result<StatisticsIngest> ingest_statistics(const lake::Lake& lake, const UniverseQuery& query,
                                           const OptionUniverse& universe,
                                           const std::vector<std::filesystem::path>& files,
                                           Progress& progress) {
    std::vector<std::filesystem::path> sources = files;
    if (sources.empty()) {
        SPY_ASSIGN(sources, feed::find_raw_files(lake.root(), *query.product, feed::RawKind::statistics,
                                                 query.symbol, query.date));
    }
    const std::string exp_date = query.date.iso();
    OpenInterestRows open_interest(universe, exp_date);
    SPY_ASSIGN(ReferenceCounts read,
               read_reference(std::move(sources),
                              {dbn::rtype::statistics, query.date, {std::string(query.product->dataset)}},
                              progress, [&](const std::byte* record) { return open_interest.take(record); }));
    StatisticsIngest ingest;
    ingest.counts = std::move(open_interest.counts());
    static_cast<ReferenceCounts&>(ingest.counts) = std::move(read);
    const RowsByUnderlying by_underlying = open_interest.finish();
    if (by_underlying.empty()) return no_open_interest(query, ingest.counts);
    const bool futures = query.product->underlying == market::ProductType::future_mbo;
    const lake::Lineage lineage{std::string(futures ? kFutureStatisticsStage : kEquityStatisticsStage),
                                {},
                                raw_properties(ingest.counts.files_read)};
    for (const auto& [underlying, rows] : by_underlying) {
        lake::PartitionKey key{std::string(query.product->statistics_dataset), underlying, query.date};
        if (lake.is_complete(key)) {
            ingest.complete.push_back(std::move(key));
            continue;
        }
        SPY_TRY(write_partition(lake, key, rows, lineage));
        ingest.written.push_back(std::move(key));
    }
    return ingest;
}

}  // namespace spymaster::pipeline
