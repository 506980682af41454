#include "pipeline/day/job.hpp"

#include <algorithm>
#include <map>

#include "base/assert.hpp"
#include "feed/raw_files.hpp"
#include "pipeline/bronze/bronze.hpp"
#include "pipeline/day/day.hpp"
#include "pipeline/day/day_commit.hpp"
#include "pipeline/day/job_inputs.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/reference/raw_reference.hpp"

namespace spymaster::pipeline {

namespace {

using lake::PartitionKey;

// The work on one contract, or on the options on one underlying.
struct Contract {
    ContractDayKeys keys;
    market::Grid grid;
    Plan plan;
    std::unique_ptr<windows::SpotTrack> spots;  // options: of their underlying
    std::unique_ptr<Day> day;
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
        if (job_.layer == Layer::bronze || job_.layer == Layer::all) {
            SPY_ASSIGN(universe_, bring_reference_data(lake_, job_, progress_, report_));
            if (needs_raw()) SPY_TRY(from_raw());
        }
        const std::string bronze = keys_of(*job_.product, job_.symbol, job_.date).bronze.dataset;
        SPY_ASSIGN(const auto symbols, contracts_in_lake(lake_, job_, bronze, "bronze"));
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

    // The contracts of a root are known only from the raw file, or from definitions of options on them; one's
    // bronze is either there or not.
    [[nodiscard]] bool needs_raw() const {
        const auto complete = [this](const std::string& symbol) {
            return lake_.is_complete(keys_of(*job_.product, symbol, job_.date).bronze);
        };
        if (universe_) return !std::ranges::all_of(universe_->underlyings(), complete);
        return is_root(job_) || !complete(job_.symbol);
    }

    Result<void> from_raw() {
        std::vector<std::filesystem::path> files = job_.raw_files;
        if (files.empty()) {
            SPY_ASSIGN(files, feed::find_raw_files(lake_.root(), *job_.product, feed::RawKind::records,
                                                   job_.symbol, job_.date));
        }
        bronze_properties_ = raw_properties(files);
        std::map<std::string, Contract> contracts;
        const TakeRecords take = [&](const std::string& symbol, const RecordRun& run) -> Result<void> {
            auto place = contracts.find(symbol);
            if (place == contracts.end()) {
                SPY_ASSIGN(Contract opened, open_for_raw(symbol));
                place = contracts.emplace(symbol, std::move(opened)).first;
            }
            return place->second.day->append(run);
        };
        const OptionUniverse* const universe = universe_ ? &*universe_ : nullptr;
        SPY_ASSIGN(report_.raw,
                   read_raw(files, {job_.product, job_.symbol, job_.date, universe}, progress_, take));
        if (contracts.empty()) return nothing_found(files);
        note_records_left_out(job_, report_);
        for (auto& [symbol, contract] : contracts) SPY_TRY(close(contract));
        return {};
    }

    [[nodiscard]] Error nothing_found(const std::vector<std::filesystem::path>& files) const {
        return make_error(
            ErrorCode::missing,
            "no {} record of {} on {} (UTC) among the {} records of {}; see what it holds with: "
            "spymaster inspect",
            job_.product->raw_schema, universe_ ? "the 0DTE options on " + job_.symbol : job_.symbol,
            job_.date.iso(), report_.raw.records, files.front().string());
    }

    Result<Contract> plan_contract(const std::string& symbol) {
        Contract contract{keys_of(*job_.product, symbol, job_.date), {}, {}, nullptr, nullptr};
        SPY_ASSIGN(contract.grid, grid_of_contract(lake_, job_, symbol));
        SPY_ASSIGN(contract.plan, make_plan(lake_, job_, contract.keys, session_, contract.grid));
        return contract;
    }

    // A contract seen in the raw file: what is still missing of it is written in this pass.
    Result<Contract> open_for_raw(const std::string& symbol) {
        SPY_ASSIGN(Contract contract, plan_contract(symbol));
        // Silver follows from bronze's manifest, so it is computed here only together with bronze.
        if (!contract.plan.bronze) contract.plan = {};
        contract.plan.gold = contract.plan.gold && contract.plan.silver;
        SPY_TRY(open(contract));
        return contract;
    }

    Result<void> open(Contract& contract) {
        if (job_.product->is_option() && contract.plan.silver) {
            SPY_ASSIGN(auto spots, spots_of_underlying(lake_, job_, contract.keys.bronze.symbol, session_));
            contract.spots = std::make_unique<windows::SpotTrack>(std::move(spots));
        }
        SPY_ASSIGN(contract.day, open_day(lake_, *job_.product, contract.keys, contract.plan,
                                          {contract.grid, session_, contract.spots.get()}));
        return {};
    }

    Result<void> close(Contract& contract) {
        SPY_TRY(contract.day->finish());
        return commit_day(lake_, job_, session_,
                          {contract.keys, contract.grid, contract.plan, bronze_properties_}, *contract.day,
                          report_);
    }

    Result<void> from_lake(const std::string& symbol) {
        SPY_ASSIGN(Contract contract, plan_contract(symbol));
        if (contract.plan.bronze || contract.plan.silver) SPY_TRY(require(contract.keys.bronze, "bronze"));
        SPY_TRY(report_complete(contract));
        if (contract.plan.silver) return from_bronze(contract);
        if (contract.plan.gold) return from_silver(contract);
        return {};
    }

    Result<void> from_bronze(Contract& contract) {
        SPY_TRY(open(contract));
        SPY_ASSIGN(const lake::Manifest bronze, lake_.manifest(contract.keys.bronze));
        progress_.units_total += static_cast<std::uint64_t>(bronze.row_count);
        const auto take = [&](const RecordRun& run) -> Result<bool> {
            SPY_TRY(contract.day->append(run));
            progress_.records += run.size();
            progress_.units_done += run.size();
            return !contract.day->done();
        };
        SPY_TRY(read_bronze(lake_, contract.keys.bronze, *job_.product, take));
        return close(contract);
    }

    Result<void> from_silver(Contract& contract) {
        SPY_TRY(require(contract.keys.snapshots, "silver"));
        SPY_TRY(require(contract.keys.flows, "silver"));
        SPY_ASSIGN(const lake::Manifest silver, lake_.manifest(contract.keys.flows));
        SPY_ASSIGN(contract.grid, grid_of(silver));  // gold is measured on the grid that silver was
        SPY_TRY(open(contract));
        SPY_TRY(contract.day->append_silver(lake_, contract.keys));
        return commit_day(lake_, job_, session_, {contract.keys, contract.grid, contract.plan, {}},
                          *contract.day, report_);
    }

    [[nodiscard]] Result<void> require(const PartitionKey& key, std::string_view layer) const {
        if (lake_.is_complete(key)) return {};
        return make_error(ErrorCode::missing, "{} of {} on {} is not in {}; run --layer {} first",
                          key.dataset, key.symbol, key.date.iso(), lake_.root().string(), layer);
    }

    Result<void> report_complete(const Contract& contract) {
        const bool all = job_.layer == Layer::all;
        const bool measured = is_measured(job_, contract.keys.bronze.symbol);
        const bool silver = measured && (all || job_.layer == Layer::silver);
        const bool gold = measured && (all || job_.layer == Layer::gold);
        const auto complete = [this](bool wanted, bool planned, const PartitionKey& key) {
            return wanted && !planned ? add_partition(lake_, key, false, report_) : Result<void>{};
        };
        SPY_TRY(complete(all || job_.layer == Layer::bronze, contract.plan.bronze, contract.keys.bronze));
        for (const PartitionKey& key : contract.keys.silver())
            SPY_TRY(complete(silver, contract.plan.silver, key));
        return complete(gold, contract.plan.gold, contract.keys.gold);
    }

    const lake::Lake& lake_;
    const Job& job_;
    Progress& progress_;
    market::SessionWindow session_;
    std::optional<OptionUniverse> universe_;
    std::map<std::string, std::string> bronze_properties_;
    JobReport report_;
};

}  // namespace

bool is_root(const Job& job) {
    return job.product->has_roots() && feed::symbol_root(job.symbol) == job.symbol;
}

bool is_measured(const Job& job, const std::string& contract) {
    return job.selected_contract.empty() || contract == job.selected_contract;
}

Result<Layer> parse_layer(std::string_view name) {
    if (name == "bronze") return Layer::bronze;
    if (name == "silver") return Layer::silver;
    if (name == "gold") return Layer::gold;
    if (name == "stream") return Layer::stream;
    if (name == "all") return Layer::all;
    return make_error(ErrorCode::usage, "unknown layer '{}'; there are: bronze, silver, gold, stream, all",
                      name);
}

Result<JobReport> run_job(const lake::Lake& lake, const Job& job, Progress& progress) {
    SPY_ASSERT(job.layer != Layer::stream);
    return JobRun(lake, job, progress).run();
}

}  // namespace spymaster::pipeline
