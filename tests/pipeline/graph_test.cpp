// The graph against the contracts and against what runs write, and the schedule against random graphs.
#include "pipeline/schedule/graph.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "pipeline/schedule/lake_state.hpp"
#include "pipeline/schedule/wanted_steps.hpp"
#include "simulated_products.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

const Stage& stage_of(StageKind kind, ProductType product) {
    const Stage* const stage = find_stage(kind, market::product_of(product));
    EXPECT_NE(stage, nullptr);
    return *stage;
}

TEST(Graph, EveryDatasetIsWrittenByOneStageOfAFamily) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    for (const lake::DatasetSpec& dataset : lake.datasets()) {
        std::set<StageKind> kinds;
        std::map<ProductType, int> writers;  // by what stands for the family
        for (const Stage& stage : stages()) {
            if (!stage.writes_to(dataset.key)) continue;
            kinds.insert(stage.kind);
            ++writers[stage.product->underlying.value_or(stage.product->type)];
        }
        EXPECT_EQ(kinds.size(), 1U) << dataset.key;
        for (const auto& [family, count] : writers) EXPECT_EQ(count, 1) << dataset.key;
    }
    for (const Stage& stage : stages())
        for (const std::string& dataset : stage.writes) EXPECT_TRUE(lake.dataset(dataset).ok()) << dataset;
}

// Each stage comes after those that it reads from, on its date; so there is no cycle.
TEST(Graph, IsInTheOrderInWhichOneNeedsTheOther) {
    std::set<const Stage*> before;
    for (const Stage& stage : stages()) {
        for (const Read& read : stage.inputs) {
            const Stage* const writer = writer_of(read.dataset, *stage.product);
            ASSERT_NE(writer, nullptr) << read.dataset;
            const bool in_time = read.reach == Reach::earlier || before.contains(writer);
            EXPECT_TRUE(in_time) << read.dataset;
        }
        before.insert(&stage);
    }
}

TEST(Graph, FamiliesHaveNothingToDoWithEachOther) {
    for (const Stage& stage : stages()) {
        for (const Stage& other : stages()) {
            if (is_family(*stage.product, *other.product)) continue;
            for (const Reach reach : {Reach::needed, Reach::if_there, Reach::earlier})
                EXPECT_FALSE(stage.reads(other, reach));
        }
    }
}

TEST(Graph, DatasetsAreFoundByTheirTablesAndByTheirNames) {
    const std::vector<const market::Product*> shares{&market::product_of(ProductType::equity_mbo),
                                                     &market::product_of(ProductType::equity_option_mbo)};
    const auto radar = stages_writing("radar_vacuum_1s", shares);
    ASSERT_TRUE(radar.ok());
    ASSERT_EQ(radar->size(), 1U);
    EXPECT_EQ(radar->front(), &stage_of(StageKind::silver, ProductType::equity_mbo));
    EXPECT_EQ(stages_writing("book_snapshot_1s", shares)->size(), 2U);
    EXPECT_EQ(stages_writing("silver.equity_option_mbo.book_snapshot_1s", shares)->size(), 1U);
    for (const auto& [name, says] : {std::pair{"cheese", "radar_vacuum_1s"},
                                     std::pair{"silver.future_mbo.wall_surface_1s", "future_mbo"}}) {
        const auto refused = stages_writing(name, shares);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code, ErrorCode::usage);
        EXPECT_NE(refused.error().message.find(says), std::string::npos) << refused.error().message;
    }
}

// What runs write down as their inputs is what the graph says they read.
TEST(Graph, ManifestsNameNoOtherInputs) {
    const TemporaryFolder folder;
    write_raw_day(folder.path(), kSimulatedDate);
    const lake::Lake lake = open_lake(folder.path());
    std::vector<Step> steps;
    for (const ProductType type : {ProductType::future_mbo, ProductType::equity_mbo}) {
        Job job = product_job(type, Layer::all);
        for (auto* files : {&job.raw_files, &job.definition_files, &job.statistics_files}) files->clear();
        for (const Step& step : family_steps(std::vector{job}, true)) steps.push_back(step);
    }
    link(steps);
    Progress progress;
    for (const StepOutcome& outcome : run_steps(
             steps, 2, [&](const Step& step) { return run_step(lake, step, progress); },
             [](const Step&, const StepOutcome&) {}))
        EXPECT_EQ(outcome.end, StepEnd::done) << (outcome.error ? outcome.error->message : outcome.why);
    const auto days = lake_state(lake, {}, true);
    ASSERT_TRUE(days.ok());
    ASSERT_EQ(days->size(), 2U);
    for (const FamilyState& family : *days) {
        for (const StageState& stage : family.stages) {
            for (const DatasetState& each : stage.datasets) {
                EXPECT_EQ(each.state, PartitionState::fresh) << each.dataset;
                const auto manifest = lake.manifest({each.dataset, family.symbol, family.date});
                if (!manifest.ok()) continue;
                EXPECT_EQ(manifest->row_count, each.rows);
                for (const auto& input : manifest->inputs) {
                    const auto is_this = [&input](const Read& read) { return read.dataset == input.dataset; };
                    EXPECT_TRUE(std::ranges::any_of(stage.stage->inputs, is_this))
                        << each.dataset << " is made from " << input.dataset;
                }
            }
        }
    }
}

std::set<std::string> names_of(const std::vector<Step>& steps) {
    std::set<std::string> names;
    for (const Step& step : steps)
        names.insert(fmt::format("{} {} {}", step.is_fused() ? "fused" : name_of(step.stage->kind),
                                 step.job.product->name, step.job.date.iso()));
    return names;
}

std::vector<Job> two_days() {
    Job first = product_job(ProductType::future_mbo, Layer::all);
    Job second = first;
    second.date = first.date.next();
    return {first, second};
}

TEST(Steps, ACalibrationWaitsForEarlierDatesAndVacuumForTheCalibration) {
    std::vector<Step> steps = family_steps(two_days(), true);
    link(steps);
    std::size_t calibrations = 0;
    for (const Step& step : steps) {
        if (step.stage->kind == StageKind::norm_calibration) {
            ++calibrations;
            for (const std::size_t j : step.after) EXPECT_LT(steps[j].job.date, step.job.date);
            const bool first = step.job.date == two_days().front().date;
            EXPECT_EQ(step.after.size(), first ? 0U : 2U);  // walls and gamma exposure of the day before
        }
        if (step.stage->kind == StageKind::vacuum) {
            EXPECT_EQ(step.needs.size(), 2U);  // the fused silver; the calibration
        }
        if (step.stage->kind == StageKind::forecast) {
            EXPECT_EQ(step.needs.size(), 2U);  // gold of both
        }
        for (const std::size_t j : step.needs) EXPECT_EQ(steps[j].job.date, step.job.date);
    }
    EXPECT_EQ(calibrations, 2U);
}

TEST(Steps, ATargetBringsWhatItMissesAndNothingElse) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const std::vector<Job> jobs{two_days().front()};
    const std::vector<const Stage*> levels{&stage_of(StageKind::gex, ProductType::future_option_mbo)};
    const auto names = names_of(target_steps(lake, jobs, levels));
    for (const char* stage :
         {"bronze future_mbo", "silver future_mbo", "bronze future_option_mbo", "silver future_option_mbo",
          "statistics_clean future_option_mbo", "gex future_option_mbo"})
        EXPECT_TRUE(names.contains(fmt::format("{} 2026-01-06", stage))) << stage;
    for (const char* stage : {"physics future_mbo", "physics future_option_mbo", "vacuum future_mbo",
                              "norm_calibration future_mbo", "forecast future_mbo"})
        EXPECT_FALSE(names.contains(fmt::format("{} 2026-01-06", stage))) << stage;
    const std::vector<const Stage*> forecast{&stage_of(StageKind::forecast, ProductType::future_mbo)};
    EXPECT_EQ(names_of(target_steps(lake, jobs, forecast)),
              (std::set<std::string>{"fused future_mbo 2026-01-06", "forecast future_mbo 2026-01-06"}));
}

TEST(Steps, FromAStageEverythingThatFollowsIsMadeAgain) {
    const std::vector<const Stage*> gex{&stage_of(StageKind::gex, ProductType::future_option_mbo)};
    const auto steps = steps_from(two_days(), gex);
    ASSERT_TRUE(steps.ok());
    EXPECT_EQ(
        names_of(*steps),
        (std::set<std::string>{"gex future_option_mbo 2026-01-06", "gex future_option_mbo 2026-01-07",
                               "norm_calibration future_mbo 2026-01-07", "vacuum future_mbo 2026-01-07"}));
    for (const Step& step : *steps) EXPECT_TRUE(step.job.overwrite);
    const std::vector<const Stage*> bronze{&stage_of(StageKind::bronze, ProductType::future_mbo)};
    EXPECT_EQ(steps_from(two_days(), bronze).error().code, ErrorCode::usage);
}

// Any graph, any steps failing: a step begins when all it waits for has ended, and is skipped if and only if something it
// needs, through however many others, failed. The number of threads changes nothing.
RC_GTEST_PROP(Schedule, StopsWhatDependsOnAFailureAndNothingElse, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 25);
    std::vector<Step> steps(count);
    std::vector<bool> fails(count);
    for (std::size_t i = 0; i < count; ++i) {
        steps[i].stage = &stages().front();
        steps[i].job.symbol = std::to_string(i);
        fails[i] = *rc::gen::inRange(0, 5) == 0;
        for (std::size_t j = 0; j < i; ++j) {
            const int edge = *rc::gen::inRange(0, 8);
            if (edge == 0) steps[i].needs.push_back(j);
            if (edge == 1) steps[i].after.push_back(j);
        }
    }
    std::vector<StepEnd> expected(count, StepEnd::done);
    for (std::size_t i = 0; i < count; ++i) {
        if (fails[i]) expected[i] = StepEnd::failed;
        for (const std::size_t j : steps[i].needs)
            if (expected[j] != StepEnd::done) expected[i] = StepEnd::skipped;
    }
    for (const int workers : {1, 4}) {
        std::mutex mutex;
        std::set<std::size_t> ended;
        bool in_order = true;
        const auto run = [&](const Step& step) {
            const std::size_t i = std::stoul(step.job.symbol);
            const std::lock_guard lock(mutex);
            for (const auto* waits : {&step.needs, &step.after})
                for (const std::size_t j : *waits) in_order = in_order && ended.contains(j);
            StepOutcome outcome;
            if (fails[i]) {
                outcome.end = StepEnd::failed;
                outcome.error = make_error(ErrorCode::io, "on purpose");
            }
            return outcome;
        };
        const auto outcomes = run_steps(steps, workers, run, [&](const Step& step, const StepOutcome&) {
            const std::lock_guard lock(mutex);
            ended.insert(std::stoul(step.job.symbol));
        });
        RC_ASSERT(in_order);
        for (std::size_t i = 0; i < count; ++i) RC_ASSERT(outcomes[i].end == expected[i]);
    }
}

}  // namespace
}  // namespace spymaster::pipeline
