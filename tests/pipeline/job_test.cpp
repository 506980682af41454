// Whole jobs on a simulated minute: fused, staged, twice, and what happens when something is missing or in
// the way.
#include "pipeline_fixture.hpp"

namespace spymaster::pipeline {
namespace {

Job simulated_job(Layer layer) {
    Job job = make_job("ES", kSimulatedDate, layer, kSimulatedSession);
    job.raw_files = {simulated_raw_file()};
    return job;
}

std::string front() {
    return feed::front_contract("ES", kSimulatedDate);
}

TEST(Job, FusedAndStagedRunsGiveTheSameBytes) {
    const TemporaryFolder fused_folder, staged_folder;
    const lake::Lake fused = open_lake(fused_folder.path());
    const lake::Lake staged = open_lake(staged_folder.path());
    const auto all = run(fused, simulated_job(Layer::all));
    ASSERT_TRUE(all.ok()) << all.error().message;
    for (const Layer layer : {Layer::bronze, Layer::silver, Layer::gold}) {
        const auto one = run(staged, simulated_job(layer));
        ASSERT_TRUE(one.ok()) << one.error().message;
    }
    expect_same_bytes(fused, staged, market::product_of(market::ProductType::future_mbo), front(),
                      kSimulatedDate);
}

TEST(Job, EverySecondOfTheSessionIsThereAndTheIdentityHolds) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto report = run(lake, simulated_job(Layer::all));
    ASSERT_TRUE(report.ok()) << report.error().message;
    ASSERT_EQ(report->partitions.size(), 6U);
    ASSERT_EQ(report->quality.size(), 1U);
    EXPECT_EQ(report->quality[0].identity_violations, 0U);
    EXPECT_GT(report->quality[0].records, 10'000U);
    EXPECT_EQ(report->partitions[0].rows, static_cast<std::int64_t>(report->raw.kept));
    EXPECT_EQ(report->partitions[1].rows, 61);        // 60 seconds, and the one that ends at the start
    EXPECT_EQ(report->partitions[4].rows, 61);        // every second has a spot
    EXPECT_EQ(report->partitions[5].rows, 61 * 802);  // dense
}

TEST(Job, ASecondRunChangesNothing) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    ASSERT_TRUE(run(lake, simulated_job(Layer::all)).ok());
    const std::string before =
        partition_bytes(lake, keys_of(*simulated_job(Layer::all).product, front(), kSimulatedDate).gold);
    Job again = simulated_job(Layer::all);
    again.symbol = front();
    const auto report = run(lake, again);
    ASSERT_TRUE(report.ok()) << report.error().message;
    ASSERT_EQ(report->partitions.size(), 6U);
    for (const PartitionReport& partition : report->partitions)
        EXPECT_FALSE(partition.written) << partition.key.dataset;
    EXPECT_TRUE(before == partition_bytes(lake, keys_of(*again.product, front(), kSimulatedDate).gold));
}

TEST(Job, AnotherSessionIsAConflictUntilToldToOverwrite) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    ASSERT_TRUE(run(lake, simulated_job(Layer::all)).ok());
    Job shorter = simulated_job(Layer::silver);
    shorter.session = *market::parse_session("09:30:00-09:30:30");
    const auto conflict = run(lake, shorter);
    ASSERT_FALSE(conflict.ok());
    EXPECT_EQ(conflict.error().code, ErrorCode::conflict);
    EXPECT_NE(conflict.error().message.find("--overwrite"), std::string::npos) << conflict.error().message;

    shorter.overwrite = true;
    const auto replaced = run(lake, shorter);
    ASSERT_TRUE(replaced.ok()) << replaced.error().message;
    EXPECT_EQ(replaced->partitions.front().rows, 31);
    const auto gold = keys_of(*shorter.product, front(), kSimulatedDate).gold;
    EXPECT_FALSE(lake.freshness(gold)->fresh) << "gold was computed from the silver that is gone";
    Job gold_again = shorter;
    gold_again.layer = Layer::gold;
    ASSERT_TRUE(run(lake, gold_again).ok());
    EXPECT_TRUE(lake.freshness(gold)->fresh);
    EXPECT_EQ(lake.manifest(gold)->row_count, 31 * 802);
}

// A prefix of the session gives a prefix of the output: nothing looks ahead.
TEST(Job, AShorterSessionGivesTheSameRowsAsFarAsItGoes) {
    const TemporaryFolder long_folder, short_folder;
    const lake::Lake whole = open_lake(long_folder.path());
    const lake::Lake part = open_lake(short_folder.path());
    Job shorter = simulated_job(Layer::all);
    shorter.session = *market::parse_session("09:30:00-09:30:30");
    ASSERT_TRUE(run(whole, simulated_job(Layer::all)).ok());
    ASSERT_TRUE(run(part, shorter).ok());
    const auto gold = keys_of(*shorter.product, front(), kSimulatedDate).gold;
    auto long_reader = whole.read(gold);
    auto short_reader = part.read(gold);
    ASSERT_TRUE(long_reader.ok() && short_reader.ok());
    lake::ColumnBatch long_rows((*whole.dataset(gold.dataset))->contract);
    lake::ColumnBatch short_rows((*part.dataset(gold.dataset))->contract);
    ASSERT_TRUE(*(*long_reader)->next(long_rows) && *(*short_reader)->next(short_rows));
    ASSERT_EQ(short_rows.row_count(), 31U * 802U);
    for (std::size_t column = 0; column < short_rows.column_count(); ++column) {
        std::visit(
            [&](const auto& few) {
                using C = std::decay_t<decltype(few)>;
                const auto& many = std::get<C>(long_rows.column(column));
                if constexpr (std::is_same_v<C, lake::TextColumn>) {
                    EXPECT_TRUE(std::equal(few.codes.begin(), few.codes.end(), many.codes.begin())) << column;
                } else {
                    EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin())) << column;
                }
            },
            short_rows.column(column));
    }
}

TEST(Job, MissingInputsAreNamed) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    for (const auto& [layer, needs] :
         {std::pair{Layer::silver, "--layer bronze"}, std::pair{Layer::gold, "--layer silver"}}) {
        const auto report = run(lake, make_job(front(), kSimulatedDate, layer, kSimulatedSession));
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.error().code, ErrorCode::missing);
        EXPECT_NE(report.error().message.find(needs), std::string::npos) << report.error().message;
    }
    const auto raw = run(lake, make_job("ES", kSimulatedDate, Layer::all, kSimulatedSession));
    ASSERT_FALSE(raw.ok());
    EXPECT_EQ(raw.error().code, ErrorCode::missing);
}

TEST(Job, AContractOrADateThatTheFileLacksIsAnErrorAndLeavesNothing) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Job other_contract = simulated_job(Layer::all);
    other_contract.symbol = "ESZ9";
    Job other_date = simulated_job(Layer::all);
    other_date.date = kSimulatedDate.next();
    for (const Job& job : {other_contract, other_date}) {
        const auto report = run(lake, job);
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.error().code, ErrorCode::missing) << report.error().message;
    }
    EXPECT_TRUE(lake.partitions("bronze.future_mbo.mbo")->empty());
}

TEST(Job, ATruncatedFileLeavesNothingBehind) {
    const TemporaryFolder folder;
    const std::string whole = bytes_of(simulated_raw_file());
    const fs::path cut = folder.path() / "glbx-mdp3-20260106.mbo.dbn.zst";
    std::ofstream(cut, std::ios::binary) << whole.substr(0, whole.size() / 2);
    const lake::Lake lake = open_lake(folder.path() / "lake");
    Job job = simulated_job(Layer::all);
    job.raw_files = {cut};
    const auto report = run(lake, job);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::truncated) << report.error().message;
    EXPECT_NE(report.error().message.find(cut.string()), std::string::npos);
    for (const lake::DatasetSpec& dataset : lake.datasets())
        EXPECT_TRUE(lake.partitions(dataset.key)->empty()) << dataset.key;
}

TEST(Job, ASessionOutsideTheDayOfTheFileIsRefused) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Job job = simulated_job(Layer::all);
    job.session = *market::parse_session("19:30-20:00");  // New York: the next UTC day
    const auto report = run(lake, job);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::usage);
}

TEST(Runner, OneThreadOrSeveralGiveTheSameBytes) {
    const TemporaryFolder one_folder, several_folder;
    const lake::Lake one = open_lake(one_folder.path());
    const lake::Lake several = open_lake(several_folder.path());
    std::vector<Job> jobs;
    for (const market::Date& date : {kSimulatedDate, kSimulatedDate.next(), kSimulatedDate.next().next()}) {
        jobs.push_back(make_job("ES", date, Layer::all, kSimulatedSession));
        feed::SimulationOptions options;
        options.date = date;
        options.session = *market::on_date(jobs.back().session, date);
        options.events_per_second = 50;
        for (const lake::Lake* lake : {&one, &several}) {
            const auto folder =
                feed::raw_folder(lake->root(), *jobs.back().product, feed::RawKind::records, "ES");
            ASSERT_TRUE(
                feed::write_simulated_file(
                    options,
                    *folder / feed::raw_file_name(*jobs.back().product, feed::RawKind::records, "ES", date),
                    false)
                    .ok());
        }
    }
    for (const auto& outcome : run_jobs(one, jobs, 1)) ASSERT_FALSE(outcome.error) << outcome.error->message;
    for (const auto& outcome : run_jobs(several, jobs, 3))
        ASSERT_FALSE(outcome.error) << outcome.error->message;
    for (const Job& job : jobs)
        expect_same_bytes(one, several, *job.product, feed::front_contract("ES", job.date), job.date);
}

TEST(Runner, OneFailingDateDoesNotStopTheOthers) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Job missing = simulated_job(Layer::all);
    missing.date = kSimulatedDate.next();
    const std::vector<Job> jobs{missing, simulated_job(Layer::all)};
    const auto outcomes = run_jobs(lake, jobs, 1);
    ASSERT_EQ(outcomes.size(), 2U);
    EXPECT_EQ(outcomes[0].end, StepEnd::failed);
    EXPECT_EQ(outcomes[1].end, StepEnd::done);
}

}  // namespace
}  // namespace spymaster::pipeline
