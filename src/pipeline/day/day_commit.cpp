#include "pipeline/day/day_commit.hpp"

#include <vector>

#include "pipeline/day/job_inputs.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"

namespace spymaster::pipeline {

namespace {

using lake::PartitionKey;

Result<void> commit_silver(const lake::Lake& lake, const Job& job, const market::SessionWindow& session,
                           const DayToCommit& what, Day& day, JobReport& report) {
    auto properties = measurement_properties(job.session.name, session, what.grid);
    SPY_ASSIGN(const lake::Manifest bronze, lake.manifest(what.keys.bronze));
    if (const auto source = bronze.properties.find("source"); source != bronze.properties.end())
        properties.insert(*source);
    std::vector<PartitionKey> inputs{what.keys.bronze};
    if (job.product->is_option()) inputs.push_back(underlying_snapshots(job, what.keys.bronze.symbol));
    SPY_TRY(day.commit_silver({std::string(job.product->stages.silver), inputs, properties}));
    for (const PartitionKey& key : what.keys.silver()) SPY_TRY(add_partition(lake, key, true, report));
    report.quality.push_back(day.quality());
    report.quality.back().symbol = what.keys.bronze.symbol;
    return {};
}

// Quotes of options decide nothing in their gold (spec 8.2).
Result<void> commit_gold(const lake::Lake& lake, const Job& job, const DayToCommit& what, Day& day,
                         JobReport& report) {
    std::vector<PartitionKey> inputs{what.keys.snapshots, what.keys.flows};
    if (job.product->is_option()) inputs.erase(inputs.begin());
    SPY_ASSIGN(const lake::Manifest silver, lake.manifest(what.keys.flows));
    SPY_TRY(day.commit_gold({std::string(job.product->stages.gold), inputs, silver.properties}));
    return add_partition(lake, what.keys.gold, true, report);
}

}  // namespace

Result<void> commit_day(const lake::Lake& lake, const Job& job, const market::SessionWindow& session,
                        const DayToCommit& what, Day& day, JobReport& report) {
    if (what.plan.bronze) {
        SPY_TRY(day.commit_bronze({std::string(job.product->stages.bronze), {}, what.bronze_properties}));
        SPY_TRY(add_partition(lake, what.keys.bronze, true, report));
    }
    if (what.plan.silver) SPY_TRY(commit_silver(lake, job, session, what, day, report));
    return what.plan.gold ? commit_gold(lake, job, what, day, report) : Result<void>{};
}

}  // namespace spymaster::pipeline
