#include "pipeline/bronze/bronze.hpp"

#include <optional>
#include <unordered_map>

#include "pipeline/bronze/bronze_columns.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "pipeline/tables/table_sink.hpp"

namespace spymaster::pipeline {

namespace {

using dbn::Cmbp1Msg;
using dbn::MboMsg;

void zero_if_undefined(std::int64_t& price) {
    if (price == dbn::kUndefPrice) price = 0;
}
void zero_if_undefined(std::uint32_t& size) {
    if (size == dbn::kUndefSize) size = 0;
}

template <class Row>
void add_names(std::span<const Binding<Row>> bindings, std::vector<std::string>& names) {
    for (const auto& binding : bindings) names.emplace_back(binding.column);
}

// What a bronze contract consists of: the columns of its records, those of its options' terms, and text.
struct BronzeColumns {
    std::optional<BoundColumns<MboMsg>> orders;
    std::optional<BoundColumns<Cmbp1Msg>> quotes;
    std::optional<BoundColumns<TermColumns>> terms;
    std::size_t partition_symbol = 0;          // place of the text that is the same in every row
    std::optional<std::size_t> option_symbol;  // and of that which every option has of its own
    std::vector<std::string> names;            // of what is read back: records and terms

    static Result<BronzeColumns> resolve(const lake::Contract& contract, const market::Product& product) {
        BronzeColumns columns;
        std::size_t others = 1;
        SPY_ASSIGN(columns.partition_symbol,
                   contract.index_of(product.is_option() ? kUnderlyingColumn : kSymbolColumn));
        if (product.is_option()) {
            others += kTermColumns.size();
            SPY_ASSIGN(columns.terms,
                       BoundColumns<TermColumns>::resolve(contract, kTermColumns,
                                                          contract.fields.size() - kTermColumns.size()));
            add_names<TermColumns>(kTermColumns, columns.names);
        }
        if (has_quotes(product)) {
            SPY_ASSIGN(columns.quotes, BoundColumns<Cmbp1Msg>::resolve(contract, kBestQuoteColumns, others));
            add_names<Cmbp1Msg>(kBestQuoteColumns, columns.names);
            return columns;
        }
        if (product.is_option()) {
            ++others;
            SPY_ASSIGN(columns.option_symbol, contract.index_of(kSymbolColumn));
        }
        SPY_ASSIGN(columns.orders, BoundColumns<MboMsg>::resolve(contract, kOrderColumns, others));
        add_names<MboMsg>(kOrderColumns, columns.names);
        return columns;
    }
};

}  // namespace

Result<void> make_canonical(MboMsg& record) {
    if (record.price != dbn::kUndefPrice) return {};
    if (record.action == 'A' || record.action == 'M') {
        return make_error(ErrorCode::malformed, "record of {} at ts_recv {}: {} of order {} has no price",
                          record.hd.instrument_id, record.ts_recv, record.action == 'A' ? "Add" : "Modify",
                          record.order_id);
    }
    record.price = 0;
    return {};
}

Result<void> make_canonical(Cmbp1Msg& record) {
    dbn::ConsolidatedBidAskPair& best = record.levels[0];
    for (std::int64_t* price : {&record.price, &best.bid_px, &best.ask_px}) zero_if_undefined(*price);
    for (std::uint32_t* size : {&record.size, &best.bid_sz, &best.ask_sz}) zero_if_undefined(*size);
    return {};
}

class BronzeSink::Impl {
  public:
    Impl(TableSink table, BronzeColumns columns, const std::string& partition_symbol)
        : table_(std::move(table)), columns_(std::move(columns)) {
        text(columns_.partition_symbol).dictionary = {partition_symbol};
    }

    Result<void> append(const RecordRun& run) {
        lake::ColumnBatch& batch = table_.batch();
        if (columns_.orders) columns_.orders->append(batch, run.orders);
        if (columns_.quotes) columns_.quotes->append(batch, run.quotes);
        if (columns_.terms) append_terms(run);
        if (columns_.option_symbol) append_symbols(run);
        auto& same = text(columns_.partition_symbol).codes;
        same.resize(same.size() + run.size(), 0);
        return table_.added();
    }

    Result<void> commit(const lake::Lineage& lineage) { return table_.commit(lineage); }

  private:
    lake::TextColumn& text(std::size_t place) { return table_.batch().at<lake::TextColumn>(place); }

    void append_terms(const RecordRun& run) {
        terms_.clear();
        for (const OptionTerms* option : run.options)
            terms_.push_back({option->right, option->strike_price, option->expiration});
        columns_.terms->append(table_.batch(), terms_);
    }

    void append_symbols(const RecordRun& run) {
        lake::TextColumn& symbols = text(*columns_.option_symbol);
        for (const OptionTerms* option : run.new_options) {
            const auto code = static_cast<std::int32_t>(symbols.dictionary.size());
            if (symbol_codes_.try_emplace(option, code).second)
                symbols.dictionary.push_back(option->raw_symbol);
        }
        for (const OptionTerms* option : run.options) symbols.codes.push_back(symbol_codes_.at(option));
    }

    TableSink table_;
    BronzeColumns columns_;
    std::vector<TermColumns> terms_;  // of one run, reused
    std::unordered_map<const OptionTerms*, std::int32_t> symbol_codes_;
};

Result<BronzeSink> BronzeSink::create(const lake::Lake& lake, const lake::PartitionKey& key,
                                      const market::Product& product) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(BronzeColumns columns, BronzeColumns::resolve(dataset->contract, product));
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key));
    return BronzeSink(std::make_unique<Impl>(std::move(table), std::move(columns), key.symbol));
}

BronzeSink::BronzeSink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BronzeSink::BronzeSink(BronzeSink&&) noexcept = default;
BronzeSink& BronzeSink::operator=(BronzeSink&&) noexcept = default;
BronzeSink::~BronzeSink() = default;

Result<void> BronzeSink::append(const RecordRun& run) {
    return impl_->append(run);
}
Result<void> BronzeSink::commit(const lake::Lineage& lineage) {
    return impl_->commit(lineage);
}

namespace {

// The options of a partition as its rows describe them.
class OptionsOfRows {
  public:
    // What each record is of, and which of those are new.
    template <class Record>
    void collect(const std::vector<Record>& records, const std::vector<TermColumns>& terms) {
        of_records.clear();
        new_ones.clear();
        for (std::size_t i = 0; i < records.size(); ++i) {
            const std::uint32_t id = records[i].hd.instrument_id;
            if (last_ == nullptr || last_->instrument_id != id) last_ = find(id, terms[i]);
            of_records.push_back(last_);
        }
    }

    std::vector<const OptionTerms*> of_records;
    std::vector<const OptionTerms*> new_ones;

  private:
    const OptionTerms* find(std::uint32_t id, const TermColumns& terms) {
        const auto [place, is_new] = options_.try_emplace(id);
        if (is_new) {
            place->second = {.instrument_id = id,
                             .right = terms.right,
                             .strike_price = terms.strike,
                             .expiration = terms.expiration,
                             .underlying = {},
                             .raw_symbol = {}};
            new_ones.push_back(&place->second);
        }
        return &place->second;
    }

    std::unordered_map<std::uint32_t, OptionTerms> options_;  // addresses stay
    const OptionTerms* last_ = nullptr;
};

template <class Record>
void read_records(const BoundColumns<Record>& columns, const lake::ColumnBatch& batch, std::uint8_t rtype,
                  std::vector<Record>& records) {
    records.assign(batch.row_count(), Record{});
    for (Record& record : records) {
        record.hd.length = sizeof(Record) / 4;
        record.hd.rtype = rtype;
    }
    columns.read(batch, records);
}

}  // namespace

Result<void> read_bronze(const lake::Lake& lake, const lake::PartitionKey& key,
                         const market::Product& product,
                         const std::function<Result<bool>(const RecordRun&)>& take) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(const BronzeColumns columns, BronzeColumns::resolve(dataset->contract, product));
    SPY_ASSIGN(auto reader, lake.read(key, columns.names));
    lake::ColumnBatch batch(dataset->contract);
    std::vector<MboMsg> orders;
    std::vector<Cmbp1Msg> quotes;
    std::vector<TermColumns> terms;
    OptionsOfRows options;
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return {};
        if (columns.orders) read_records(*columns.orders, batch, dbn::rtype::mbo, orders);
        if (columns.quotes) read_records(*columns.quotes, batch, dbn::rtype::cmbp_1, quotes);
        if (columns.terms) {
            terms.resize(batch.row_count());
            columns.terms->read(batch, terms);
            columns.orders ? options.collect(orders, terms) : options.collect(quotes, terms);
        }
        SPY_ASSIGN(const bool wanted, take({orders, quotes, options.of_records, options.new_ones}));
        if (!wanted) return {};
    }
}

}  // namespace spymaster::pipeline
