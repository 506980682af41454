#include "pipeline/layers/statistics_clean_layer.hpp"

#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "market/expiration.hpp"
#include "market/price.hpp"
#include "market/time.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job_inputs.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "pipeline/tables/row_ranges.hpp"
#include "pipeline/tables/table_sink.hpp"
#include "pipeline/tables/text_binding.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::string_view kStage = "silver_compute_statistics_clean";
constexpr std::string_view kAgain = "make statistics_clean again with --overwrite to replace it";
constexpr std::string_view kNewYork = "America/New_York";

// A row of the contract.
struct CleanRow {
    std::int64_t ts_event_ns = 0;
    std::int64_t ts_recv_ns = 0;
    const OptionTerms* option = nullptr;
    std::int64_t expiration_ns = 0;
    std::string ts_event_est;
    std::string exp_date;
    double open_interest = 0.0;
};

// Written only: gamma exposure reads the three columns that it needs.
#define BIND(Type, column, value) \
    bind<CleanRow, Type>(column, [](const CleanRow& r) { return value; }, [](CleanRow&, Type) {})
#define BIND_TEXT(column, value)                                                              \
    bind_text<CleanRow>(                                                                      \
        column, []([[maybe_unused]] const CleanRow& r) -> std::string_view { return value; }, \
        [](CleanRow&, std::string_view) {})

constexpr std::array kColumns{
    BIND(std::int64_t, "ts_event_ns", r.ts_event_ns),
    BIND_TEXT("ts_event_est", r.ts_event_est),
    BIND(std::int64_t, "ts_recv_ns", r.ts_recv_ns),
    BIND_TEXT("source", "DATABENTO"),
    BIND_TEXT("underlying", r.option->underlying),
    BIND_TEXT("option_symbol", r.option->raw_symbol),
    BIND(std::int64_t, "instrument_id", r.option->instrument_id),
    BIND_TEXT("exp_date", r.exp_date),
    BIND(std::int64_t, "expiration_ns", r.expiration_ns),
    BIND(double, "strike", market::Price{r.option->strike_price}.points()),
    BIND(std::int64_t, "strike_price_int", r.option->strike_price),
    bind_letter<CleanRow>(
        "right", [](const CleanRow& r) { return market::letter(r.option->right); }, [](CleanRow&, char) {}),
    BIND(double, "open_interest", r.open_interest),
};
#undef BIND
#undef BIND_TEXT

// The rows of one underlying, as its publications come.
class CleanRows {
  public:
    CleanRows(const OptionUniverse& universe, const Job& job) : job_(job) {
        for (const OptionTerms& option : universe.options()) options_.emplace(option.raw_symbol, &option);
    }

    Result<void> publish(std::int64_t ts_event_ns, std::int64_t ts_recv_ns, const std::string& symbol,
                         double contracts) {
        if (ts_recv_ns < now_ns_) {
            return make_error(ErrorCode::malformed, "open interest of {} at {} is out of order", symbol,
                              market::format_utc(ts_recv_ns));
        }
        if (ts_recv_ns > now_ns_) SPY_TRY(end_moment());
        now_ns_ = ts_recv_ns;
        at_once_[symbol] = {ts_event_ns, contracts};
        return {};
    }

    // The rows of the last ts_recv that is over.
    Result<void> end_moment() {
        for (const auto& [symbol, said] : at_once_) {
            const auto [known, is_new] = known_.try_emplace(symbol, said.contracts);
            if (is_new || known->second != said.contracts) SPY_TRY(add(symbol, said));
            known->second = said.contracts;
        }
        at_once_.clear();
        return {};
    }
    [[nodiscard]] const std::vector<CleanRow>& rows() const { return rows_; }

  private:
    struct Said {
        std::int64_t ts_event_ns = 0;
        double contracts = 0.0;
    };

    Result<void> add(const std::string& symbol, const Said& said) {
        const auto option = options_.find(symbol);
        if (option == options_.end()) {
            return make_error(
                ErrorCode::conflict,
                "there is open interest of {}, but no definition of it among the options that "
                "expire on {}; make bronze again from the statistics and definitions of one day",
                symbol, job_.date.iso());
        }
        CleanRow row{.ts_event_ns = said.ts_event_ns,
                     .ts_recv_ns = now_ns_,
                     .option = option->second,
                     .ts_event_est = {},
                     .exp_date = job_.date.iso(),
                     .open_interest = said.contracts};
        SPY_ASSIGN(row.expiration_ns,
                   market::expiration_moment(job_.product->type, option->second->expiration));
        SPY_ASSIGN(row.ts_event_est, market::format_local(said.ts_event_ns, kNewYork));
        rows_.push_back(std::move(row));
        return {};
    }

    const Job& job_;
    std::unordered_map<std::string_view, const OptionTerms*> options_;
    std::unordered_map<std::string, double> known_;
    std::int64_t now_ns_ = 0;
    std::map<std::string, Said> at_once_;  // of now_ns_, by symbol: the order of the rows
    std::vector<CleanRow> rows_;
};

Result<void> read_publications(const lake::Lake& lake, const lake::PartitionKey& key, CleanRows& rows) {
    const std::vector<std::string> names{"ts_event_ns", "ts_recv_ns", "option_symbol", "open_interest"};
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(const std::vector<std::size_t> at, places_of(dataset->contract, names));
    SPY_ASSIGN(auto reader, lake.read(key, names));
    lake::ColumnBatch batch(dataset->contract);
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return rows.end_moment();
        const auto& symbols = batch.at<lake::TextColumn>(at[2]);
        for (std::size_t i = 0; i < batch.row_count(); ++i) {
            SPY_TRY(rows.publish(batch.at<std::vector<std::int64_t>>(at[0])[i],
                                 batch.at<std::vector<std::int64_t>>(at[1])[i],
                                 symbols.dictionary[static_cast<std::size_t>(symbols.codes[i])],
                                 batch.at<std::vector<double>>(at[3])[i]));
        }
    }
}

Result<void> write(const lake::Lake& lake, const lake::PartitionKey& key, const CleanRows& rows,
                   const lake::Lineage& lineage) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto columns, BoundColumns<CleanRow>::resolve(dataset->contract, kColumns));
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key));
    columns.append(table.batch(), rows.rows());
    return table.commit(lineage);
}

Result<void> clean_day(const lake::Lake& lake, const Job& job, const std::string& symbol, JobReport& report) {
    const GammaKeys keys = gamma_keys_of(*job.product, symbol, job.date);
    if (!lake.is_complete(keys.statistics)) {
        return make_error(ErrorCode::missing, "{} of {} on {} is not in {}; run --layer bronze first",
                          keys.statistics.dataset, symbol, job.date.iso(), lake.root().string());
    }
    // The options on an underlying are defined in its own partition.
    Wanted wanted{{}, {keys.statistics, {std::string(kDefinitionsDataset), symbol, job.date}}, kAgain};
    SPY_ASSIGN(const bool needed, is_needed(lake, job.overwrite, {keys.statistics_clean}, wanted));
    if (needed) {
        SPY_ASSIGN(const OptionUniverse universe,
                   OptionUniverse::from_lake(lake, {job.product, symbol, job.date}));
        CleanRows rows(universe, job);
        SPY_TRY(read_publications(lake, keys.statistics, rows));
        SPY_TRY(write(lake, keys.statistics_clean, rows, {std::string(kStage), wanted.inputs, {}}));
    }
    return add_partition(lake, keys.statistics_clean, needed, report);
}

}  // namespace

Result<JobReport> run_statistics_clean(const lake::Lake& lake, const Job& job, Progress& progress) {
    if (!job.product->is_option())
        return make_error(ErrorCode::usage, "{} has no open interest: it is of options", job.product->name);
    JobReport report;
    SPY_ASSIGN(const std::vector<std::string> symbols,
               contracts_in_lake(lake, job, std::string(job.product->statistics_dataset), "bronze"));
    progress.units_total += symbols.size();
    for (const std::string& symbol : symbols) {
        SPY_TRY(clean_day(lake, job, symbol, report));
        ++progress.units_done;
    }
    return report;
}

}  // namespace spymaster::pipeline
