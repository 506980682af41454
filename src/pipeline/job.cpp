#include "pipeline/job.hpp"

#include <algorithm>
#include <map>

#include "feed/raw_files.hpp"
#include "pipeline/contract_day.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/plan.hpp"

namespace spymaster::pipeline {

namespace {

using dbn::MboMsg;
using lake::PartitionKey;

// The work on one contract.
struct Contract {
    ContractDayKeys keys;
    Plan plan;
    std::unique_ptr<WindowsToLake> windows;
    std::unique_ptr<ContractDay> day;
};

class JobRun {
  public:
    JobRun(const lake::Lake& lake, const Job& job, Progress& progress)
        : lake_(lake), job_(job), progress_(progress) {}

    // Each pass takes what is missing from the nearest layer that has it; a later pass finds what an earlier
    // one wrote.
    Result<JobReport> run() {
        SPY_ASSIGN(session_, market::on_date(job_.session, job_.date));
        SPY_TRY(check_session());
        SPY_ASSIGN(const bool raw_wanted, needs_raw());
        if (raw_wanted) SPY_TRY(from_raw());
        SPY_ASSIGN(const std::vector<std::string> symbols, contracts_in_lake());
        for (const std::string& symbol : symbols) SPY_TRY(from_lake(symbol));
        return std::move(report_);
    }

  private:
    // A day file holds one UTC day.
    [[nodiscard]] Result<void> check_session() const {
        if (session_.start_ns >= job_.date.midnight_utc_ns() &&
            session_.end_ns <= job_.date.next().midnight_utc_ns())
            return {};
        return make_error(
            ErrorCode::usage,
            "session {} of {} is {} to {}, not within that UTC day, which is what a day file holds",
            job_.session.name, job_.date.iso(), market::format_utc(session_.start_ns),
            market::format_utc(session_.end_ns));
    }

    // A root's contracts are known only from the raw file; a contract's bronze is either there or not.
    Result<bool> needs_raw() {
        if (job_.layer != Layer::bronze && job_.layer != Layer::all) return false;
        if (feed::symbol_root(job_.symbol) == job_.symbol) return true;
        return !lake_.is_complete(keys_of(*job_.product, job_.symbol, job_.date).bronze);
    }

    Result<void> from_raw() {
        std::vector<std::filesystem::path> files = job_.raw_files;
        if (files.empty()) {
            SPY_ASSIGN(files, feed::find_raw_files(lake_.root(), *job_.product, feed::RawKind::records,
                                                   job_.symbol, job_.date));
        }
        const bool simulated = std::all_of(files.begin(), files.end(), feed::is_simulated);
        bronze_properties_ = {{"source", simulated ? "simulated" : "databento"}};
        for (const auto& file : files) {
            std::error_code failed;
            bronze_properties_["raw_file " + file.filename().string()] =
                std::to_string(std::filesystem::file_size(file, failed)) + " bytes";
        }
        std::map<std::string, Contract> contracts;
        const TakeRecords take = [&](const std::string& symbol,
                                     std::span<const MboMsg> records) -> Result<void> {
            auto place = contracts.find(symbol);
            if (place == contracts.end()) {
                SPY_ASSIGN(Contract opened, open(symbol));
                place = contracts.emplace(symbol, std::move(opened)).first;
            }
            return place->second.day->append(records);
        };
        SPY_ASSIGN(report_.raw, read_raw(files, {job_.product, job_.symbol, job_.date}, progress_, take));
        if (contracts.empty()) return nothing_found(files);
        note_left_out();
        for (auto& [symbol, contract] : contracts) SPY_TRY(close(contract));
        return {};
    }

    [[nodiscard]] Error nothing_found(const std::vector<std::filesystem::path>& files) const {
        return make_error(ErrorCode::missing,
                          "no market-by-order record of {} on {} (UTC) among the {} records of {}; see what "
                          "it holds with: spymaster inspect",
                          job_.symbol, job_.date.iso(), report_.raw.records, files.front().string());
    }

    void note_left_out() {
        const auto note = [this](std::uint64_t count, std::string_view what) {
            if (count != 0) report_.notes.push_back(fmt::format("{} {} records left out", count, what));
        };
        note(report_.raw.other_dates, "other days'");
        note(report_.raw.other_symbols, "other symbols'");
        note(report_.raw.other_types, "non-order");
        note(report_.raw.other_publishers, "second publishers'");
    }

    // A contract seen in the raw file: what is still missing of it is written in this pass.
    Result<Contract> open(const std::string& symbol) {
        Contract contract{keys_of(*job_.product, symbol, job_.date), {}, nullptr, nullptr};
        SPY_ASSIGN(contract.plan, make_plan(lake_, job_, contract.keys));
        // Silver follows from bronze's manifest, so it is computed here only together with bronze.
        if (!contract.plan.bronze) contract.plan = {};
        contract.plan.gold = contract.plan.gold && contract.plan.silver;
        SPY_TRY(open_chain(contract));
        return contract;
    }

    Result<void> open_chain(Contract& contract) {
        std::optional<BronzeSink> bronze;
        std::optional<SilverSink> silver;
        std::optional<GoldSink> gold;
        if (contract.plan.bronze) {
            SPY_ASSIGN(bronze, BronzeSink::create(lake_, contract.keys.bronze));
        }
        if (contract.plan.silver) {
            SPY_ASSIGN(silver, SilverSink::create(lake_, contract.keys.snapshots, contract.keys.flows));
        }
        if (contract.plan.gold) {
            SPY_ASSIGN(gold, GoldSink::create(lake_, contract.keys.gold));
        }
        contract.windows = std::make_unique<WindowsToLake>(std::move(silver), std::move(gold), job_.grid);
        contract.day = std::make_unique<ContractDay>(std::move(bronze), contract.plan.silver, job_.grid,
                                                     session_, *contract.windows);
        return {};
    }

    // Writes down what the chain has left, inputs before outputs.
    Result<void> close(Contract& contract) {
        SPY_TRY(contract.day->finish());
        if (contract.day->bronze()) {
            SPY_TRY(contract.day->bronze()->commit({std::string(kBronzeStage), {}, bronze_properties_}));
            SPY_TRY(report_written(contract.keys.bronze));
        }
        if (contract.plan.silver) {
            SPY_TRY(commit_silver(contract));
            const windows::EngineTotals totals = contract.day->engine().totals();
            report_.quality.push_back({contract.keys.bronze.symbol, totals.records, totals.anomalies.total(),
                                       totals.crossed.count, totals.identity_violations});
        }
        if (contract.plan.gold) SPY_TRY(commit_gold(contract));
        return {};
    }

    Result<void> commit_silver(Contract& contract) {
        std::map<std::string, std::string> properties = measurement_properties(job_, session_);
        SPY_ASSIGN(const lake::Manifest bronze, lake_.manifest(contract.keys.bronze));
        if (const auto source = bronze.properties.find("source"); source != bronze.properties.end())
            properties.insert(*source);
        SPY_TRY(contract.windows->silver()->commit(
            {std::string(kSilverStage), {contract.keys.bronze}, properties}));
        SPY_TRY(report_written(contract.keys.snapshots));
        return report_written(contract.keys.flows);
    }

    Result<void> commit_gold(Contract& contract) {
        SPY_ASSIGN(const lake::Manifest silver, lake_.manifest(contract.keys.snapshots));
        SPY_TRY(contract.windows->gold()->commit(
            {std::string(kGoldStage), {contract.keys.snapshots, contract.keys.flows}, silver.properties}));
        return report_written(contract.keys.gold);
    }

    // The contracts that the passes from the lake go through.
    Result<std::vector<std::string>> contracts_in_lake() {
        if (feed::symbol_root(job_.symbol) != job_.symbol) return std::vector{job_.symbol};
        std::vector<std::string> symbols;
        SPY_ASSIGN(const auto partitions,
                   lake_.partitions(keys_of(*job_.product, job_.symbol, job_.date).bronze.dataset));
        for (const PartitionKey& key : partitions) {
            if (key.date == job_.date && feed::symbol_root(key.symbol) == job_.symbol)
                symbols.push_back(key.symbol);
        }
        if (!symbols.empty()) return symbols;
        return make_error(ErrorCode::missing, "no bronze of {} on {} in {}; run --layer bronze first",
                          job_.symbol, job_.date.iso(), lake_.root().string());
    }

    Result<void> from_lake(const std::string& symbol) {
        Contract contract{keys_of(*job_.product, symbol, job_.date), {}, nullptr, nullptr};
        SPY_ASSIGN(contract.plan, make_plan(lake_, job_, contract.keys));
        SPY_ASSERT(!contract.plan.bronze);
        SPY_TRY(report_complete(contract));
        if (contract.plan.silver) return from_bronze(contract);
        if (contract.plan.gold) return from_silver(contract);
        return {};
    }

    Result<void> from_bronze(Contract& contract) {
        SPY_TRY(require(contract.keys.bronze, "bronze"));
        SPY_TRY(open_chain(contract));
        SPY_ASSIGN(const lake::Manifest bronze, lake_.manifest(contract.keys.bronze));
        progress_.units_total += static_cast<std::uint64_t>(bronze.row_count);
        SPY_TRY(
            read_bronze(lake_, contract.keys.bronze, [&](std::span<const MboMsg> records) -> Result<bool> {
                SPY_TRY(contract.day->append(records));
                progress_.records += records.size();
                progress_.units_done += records.size();
                return !contract.day->done();
            }));
        return close(contract);
    }

    Result<void> from_silver(Contract& contract) {
        SPY_TRY(require(contract.keys.snapshots, "silver"));
        SPY_TRY(require(contract.keys.flows, "silver"));
        SPY_ASSIGN(GoldSink gold, GoldSink::create(lake_, contract.keys.gold));
        SPY_ASSIGN(const market::Grid grid, grid_of_silver(contract.keys.snapshots));
        contract.windows = std::make_unique<WindowsToLake>(std::nullopt, std::move(gold), grid);
        SPY_TRY(read_silver(lake_, contract.keys.snapshots, contract.keys.flows, *contract.windows));
        SPY_TRY(contract.windows->status());
        return commit_gold(contract);
    }

    // Gold is measured on the grid that silver was.
    Result<market::Grid> grid_of_silver(const PartitionKey& snapshots) {
        SPY_ASSIGN(const lake::Manifest silver, lake_.manifest(snapshots));
        const auto number = [&silver](const char* name) {
            const auto found = silver.properties.find(name);
            return found == silver.properties.end() ? 0LL : std::strtoll(found->second.c_str(), nullptr, 10);
        };
        market::Grid grid;
        grid.tick.nanos = number("tick_int");
        grid.half_width_ticks = static_cast<int>(number("half_width_ticks"));
        grid.window_ns = number("window_ns");
        grid.rest_ns = number("rest_ns");
        SPY_TRY(market::check_grid(grid));
        return grid;
    }

    [[nodiscard]] Result<void> require(const PartitionKey& key, std::string_view layer) const {
        if (lake_.is_complete(key)) return {};
        return make_error(ErrorCode::missing, "{} of {} on {} is not in {}; run --layer {} first",
                          key.dataset, key.symbol, key.date.iso(), lake_.root().string(), layer);
    }

    Result<void> report_complete(const Contract& contract) {
        const bool all = job_.layer == Layer::all;
        const auto complete = [this](bool wanted, bool planned, const PartitionKey& key) -> Result<void> {
            const auto known = [&key](const PartitionReport& report) { return report.key == key; };
            if (!wanted || planned ||
                std::any_of(report_.partitions.begin(), report_.partitions.end(), known))
                return {};
            return report_partition(key, false);
        };
        SPY_TRY(complete(all || job_.layer == Layer::bronze, contract.plan.bronze, contract.keys.bronze));
        SPY_TRY(complete(all || job_.layer == Layer::silver, contract.plan.silver, contract.keys.snapshots));
        SPY_TRY(complete(all || job_.layer == Layer::silver, contract.plan.silver, contract.keys.flows));
        return complete(all || job_.layer == Layer::gold, contract.plan.gold, contract.keys.gold);
    }

    Result<void> report_written(const PartitionKey& key) { return report_partition(key, true); }

    Result<void> report_partition(const PartitionKey& key, bool written) {
        SPY_ASSIGN(const lake::Manifest manifest, lake_.manifest(key));
        report_.partitions.push_back(
            {key, manifest.row_count, manifest.files.empty() ? "" : manifest.files.front().sha256, written});
        return {};
    }

    const lake::Lake& lake_;
    const Job& job_;
    Progress& progress_;
    market::SessionWindow session_;
    std::map<std::string, std::string> bronze_properties_;
    JobReport report_;
};

}  // namespace

Result<Layer> parse_layer(std::string_view name) {
    if (name == "bronze") return Layer::bronze;
    if (name == "silver") return Layer::silver;
    if (name == "gold") return Layer::gold;
    if (name == "all") return Layer::all;
    return make_error(ErrorCode::usage, "unknown layer '{}'; there are: bronze, silver, gold, all", name);
}

Result<JobReport> run_job(const lake::Lake& lake, const Job& job, Progress& progress) {
    return JobRun(lake, job, progress).run();
}

}  // namespace spymaster::pipeline
