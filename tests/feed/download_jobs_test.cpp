// Submit, poll and daemon against a service in memory: order, costs, failures, and that nothing is paid twice.
#include <gmock/gmock.h>

#include "feed/live/recording_path.hpp"
#include "historical_service.hpp"

namespace spymaster::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(DownloadDay, DaemonFetchesDefinitionsFirstAndThenWhatExpires) {
    JobTracker jobs = tracker();
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(requests()).ok());
    EXPECT_TRUE(downloads.outcome().failed.empty()) << log_;
    EXPECT_EQ(downloads.outcome().downloaded.size(), 4u);
    EXPECT_THAT(service_.submitted, ElementsAre("GLBX.MDP3|mbo|ES|2026-01-06|futures",
                                                "GLBX.MDP3|definition|ES|2026-01-06|futures_options",
                                                "GLBX.MDP3|mbo|ES|2026-01-06|futures_options",
                                                "GLBX.MDP3|statistics|ES|2026-01-06|futures_options"));
    EXPECT_THAT(service_.jobs.at("JOB-3").request.symbols, ElementsAre(kParent));
    EXPECT_EQ(asked_, 4u);
    EXPECT_DOUBLE_EQ(downloads.outcome().consented_usd, 6.0);
    EXPECT_EQ(bytes_of(place(requests()[0])), "orders of the future");
    EXPECT_EQ(bytes_of(place(requests()[3])), "statistics");
    EXPECT_EQ(bytes_of(batch_job_folder(lake_, "JOB-1") / "manifest.json"), "{}");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(lake_))
        EXPECT_NE(entry.path().filename(), ".partial");
    EXPECT_THAT(log_, HasSubstr("0DTE ES 2026-01-06: 1 assets"));
    EXPECT_THAT(log_, HasSubstr("STATUS: 4/4 downloaded, 0 pending\nDAEMON complete: all jobs finished"));
}

TEST_F(DownloadDay, ASecondTimeNothingIsAskedOrPaid) {
    JobTracker jobs = tracker();
    ASSERT_TRUE(Downloads(service_, jobs, settings(), surroundings()).run(requests()).ok());
    Downloads again(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(again.run(requests()).ok());
    EXPECT_EQ(service_.submitted.size(), 4u);
    EXPECT_EQ(asked_, 4u);
    EXPECT_EQ(again.outcome().downloaded.size(), 4u);
    EXPECT_EQ(lines_with("already downloaded"), 4);
}

TEST_F(DownloadDay, SubmitWaitsForDefinitionsAndPollBringsThem) {
    JobTracker jobs = tracker();
    Downloads first(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(first.submit(requests()).ok());
    EXPECT_EQ(service_.submitted.size(), 2u);
    EXPECT_EQ(lines_with("SKIP 0DTE ES 2026-01-06"), 1);
    EXPECT_TRUE(first.outcome().failed.empty());
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(Downloads(service_, jobs, settings(), surroundings()).poll().ok());
    EXPECT_THAT(log_, HasSubstr("POLL complete: 2 jobs ready"));
    EXPECT_THAT(log_, HasSubstr("DOWNLOADED 2 jobs"));
    ASSERT_TRUE(Downloads(service_, jobs, settings(), surroundings()).submit(requests()).ok());
    EXPECT_EQ(service_.submitted.size(), 4u);
}

TEST_F(DownloadDay, RefusedCostSubmitsNothing) {
    refuses_ = true;
    JobTracker jobs = tracker();
    EXPECT_EQ(Downloads(service_, jobs, settings(), surroundings()).run(requests()).error().code,
              ErrorCode::conflict);
    EXPECT_TRUE(service_.submitted.empty());
}

TEST_F(DownloadDay, QuotesSayAnUpperBoundForOptionsNotKnownYet) {
    JobTracker jobs = tracker();
    const auto quotes = Downloads(service_, jobs, settings(), surroundings()).quote(requests());
    ASSERT_TRUE(quotes.ok());
    ASSERT_EQ(quotes->size(), 4u);
    EXPECT_FALSE((*quotes)[1].at_most);
    EXPECT_TRUE((*quotes)[2].at_most);
    EXPECT_TRUE(service_.submitted.empty());
    EXPECT_FALSE(std::filesystem::exists(jobs.path()));
}

TEST_F(DownloadDay, CutFilesAreResumed) {
    service_.cut_after = 1'000;
    JobTracker jobs = tracker();
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(requests()).ok());
    EXPECT_TRUE(downloads.outcome().failed.empty()) << log_;
    EXPECT_EQ(bytes_of(place(requests()[2])), std::string(5'000, 'o') + "options");
    EXPECT_THAT(service_.fetched_from, ::testing::IsSupersetOf({0u, 1'000u, 5'000u}));
}

TEST_F(DownloadDay, AServiceWithoutRangesIsStartedOver) {
    // Half of it came in an invocation before.
    const JobRequest future = requests()[0];
    const auto partial =
        place(future).parent_path() / ".partial" / "JOB-1" / "batch-20260106.dbn.zst.partial";
    std::filesystem::create_directories(partial.parent_path());
    std::ofstream(partial) << "orders of";
    service_.ignores_range = true;
    JobTracker jobs = tracker();
    ASSERT_TRUE(Downloads(service_, jobs, settings(), surroundings()).run({future}).ok());
    EXPECT_EQ(bytes_of(place(future)), "orders of the future");
    EXPECT_EQ(service_.fetched_from.back(), 9u);
}

TEST_F(DownloadDay, ACorruptFileIsDownloadedAgain) {
    service_.corrupt_fetches = 2;  // the first file, twice
    JobTracker jobs = tracker();
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(requests()).ok());
    EXPECT_TRUE(downloads.outcome().failed.empty()) << log_;
}

TEST_F(DownloadDay, AFileThatStaysCorruptFailsAndIsNotKept) {
    service_.corrupt_fetches = 1'000;
    JobTracker jobs = tracker();
    const std::vector<JobRequest> future{requests()[0]};
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(future).ok());
    EXPECT_EQ(downloads.outcome().failed.size(), 1u);
    EXPECT_FALSE(std::filesystem::exists(place(future[0])));
    EXPECT_EQ(jobs.find(future[0].key())->state, "error");
    // Its job is there still: the next time it is downloaded, and not paid, again.
    service_.corrupt_fetches = 0;
    Downloads again(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(again.run(future).ok());
    EXPECT_TRUE(again.outcome().failed.empty()) << log_;
    EXPECT_EQ(service_.submitted.size(), 1u);
}

TEST_F(DownloadDay, AJobThatIsGivenUpIsSubmittedOnceMore) {
    const std::vector<JobRequest> future{requests()[0]};
    for (const auto& [states, submissions, failures] :
         {std::tuple(std::deque<std::string>{"expired"}, 2u, 0u),
          std::tuple(std::deque<std::string>{"error"}, 2u, 0u),
          std::tuple(std::deque<std::string>{"expired", "error"}, 2u, 1u)}) {
        service_.submitted.clear();
        service_.jobs.clear();
        service_.given_up = states;
        std::filesystem::remove_all(lake_ / "logs");
        std::filesystem::remove_all(lake_ / "raw");
        JobTracker jobs = tracker();
        Downloads downloads(service_, jobs, settings(), surroundings());
        ASSERT_TRUE(downloads.run(future).ok());
        EXPECT_EQ(service_.submitted.size(), submissions);
        EXPECT_EQ(downloads.outcome().failed.size(), failures) << log_;
        EXPECT_EQ(asked_, submissions);
        asked_ = 0;
    }
}

TEST_F(DownloadDay, AJobThatTheServiceForgotIsSubmittedAgain) {
    service_.forget_after_lists = 0;
    JobTracker jobs = tracker();
    const std::vector<JobRequest> future{requests()[0]};
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(future).ok());
    EXPECT_EQ(service_.submitted.size(), 2u);
    EXPECT_EQ(downloads.outcome().failed.size(), 1u);
}

TEST_F(DownloadDay, OnlyFailuresEndTheDaemon) {
    for (const JobRequest& request : requests())
        service_.submit_errors.emplace(request.key(), make_error(ErrorCode::usage, "422 no such thing"));
    JobTracker jobs = tracker();
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(requests()).ok());
    EXPECT_EQ(downloads.outcome().failed.size(), 4u) << log_;
    EXPECT_THAT(log_, HasSubstr("DAEMON failed: 4 of 4 jobs"));
    EXPECT_TRUE(jobs.jobs().jobs.empty());
}

TEST_F(DownloadDay, WhatElseTheTrackerHasDoesNotCount) {
    JobTracker jobs = tracker();
    TrackedJob other;
    other.job_id = "OTHER";
    other.state = "queued";
    jobs.jobs().jobs["GLBX.MDP3|mbo|NQ|2026-01-06|futures"] = other;
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(requests()).ok());
    EXPECT_EQ(jobs.find("GLBX.MDP3|mbo|NQ|2026-01-06|futures")->state, "queued");
    EXPECT_TRUE(downloads.outcome().failed.empty());
}

TEST_F(DownloadDay, DataWithoutDefinitionsFail) {
    JobTracker jobs = tracker();
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run({requests()[2]}).ok());
    EXPECT_EQ(downloads.outcome().failed.size(), 1u);
    EXPECT_THAT(log_, HasSubstr("--options-schemas definition"));
}

TEST_F(DownloadDay, DaysWithoutAnExpiryOrWithoutDefinitionsNeedNoData) {
    for (const bool empty : {false, true}) {
        std::filesystem::remove_all(lake_ / "logs");
        std::filesystem::remove_all(lake_ / "raw");
        if (empty) service_.data["definition|ES.OPT"].clear();
        std::vector<JobRequest> sunday = requests();
        for (JobRequest& request : sunday) request.date = {2026, 1, 11};
        JobTracker jobs = tracker();
        Downloads downloads(service_, jobs, settings(), surroundings());
        ASSERT_TRUE(downloads.run(sunday).ok());
        EXPECT_TRUE(downloads.outcome().failed.empty());
        EXPECT_EQ(downloads.outcome().not_needed.size(), 2u) << log_;
    }
}

TEST_F(DownloadDay, WhatIsThereIsNeverReplaced) {
    const JobRequest future = requests()[0];
    const auto put = [&](const std::filesystem::path& path) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << "mine";
    };
    JobTracker jobs = tracker();
    put(place(future));  // before: it is not asked for
    Downloads before(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(before.run({future}).ok());
    EXPECT_TRUE(service_.submitted.empty());
    EXPECT_EQ(before.outcome().not_needed.size(), 1u);

    std::filesystem::remove(place(future));
    ASSERT_TRUE(Downloads(service_, jobs, settings(), surroundings()).submit({future}).ok());
    for (const auto& mine : {place(future), place(future).parent_path() / "other-20260106.dbn"}) {
        put(mine);  // meanwhile
        Downloads after(service_, jobs, settings(), surroundings());
        ASSERT_TRUE(after.run({future}).ok());
        EXPECT_EQ(after.outcome().failed.size(), 1u);
        EXPECT_THAT(log_, HasSubstr(mine.string()));
        EXPECT_EQ(bytes_of(mine), "mine");
        std::filesystem::remove(mine);
    }
    put(place(future));
    std::ofstream(place(future)) << "orders of the future";  // the same bytes: done, without a download
    service_.fetched_from.clear();
    Downloads same(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(same.run({future}).ok());
    EXPECT_TRUE(same.outcome().failed.empty());
    EXPECT_TRUE(service_.fetched_from.empty());
    EXPECT_EQ(service_.submitted.size(), 1u);
}

TEST_F(DownloadDay, ADayThatWasRecordedLiveIsDownloadedAllTheSame) {
    const auto recording =
        live::recording_folder(lake_, "GLBX.MDP3") / live::recording_name("GLBX.MDP3", kDate);
    std::filesystem::create_directories(recording.parent_path());
    std::ofstream(recording) << "recorded";
    JobTracker jobs = tracker();
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run(requests()).ok());
    EXPECT_EQ(downloads.outcome().downloaded.size(), 4u) << log_;
    EXPECT_EQ(bytes_of(recording), "recorded");
}

TEST_F(DownloadDay, FailingPollsEndTheDaemonAtLast) {
    service_.failing_lists = 3;
    JobTracker jobs = tracker();
    ASSERT_TRUE(Downloads(service_, jobs, settings(), surroundings()).run({requests()[0]}).ok());
    EXPECT_EQ(lines_with("ERROR polling jobs: 503 out of order"), 3);
    service_.failing_lists = 1'000;
    std::filesystem::remove_all(lake_ / "raw");
    EXPECT_EQ(Downloads(service_, jobs, settings(), surroundings()).run(requests()).error().code,
              ErrorCode::io);
}

TEST_F(DownloadDay, WhereverItIsInterruptedTheNextGoesOnAndNothingIsPaidTwice) {
    service_.cut_after = 1'000;
    bool finished = false;
    for (int stop = 1; !finished; ++stop) {
        ASSERT_LT(stop, 100);
        JobTracker jobs = tracker();
        stopped_ = false;
        pauses_ = 0;
        stop_at_pause_ = stop % 4 + 1;
        Downloads downloads(service_, jobs, settings(), surroundings());
        ASSERT_TRUE(downloads.run(requests()).ok());
        EXPECT_TRUE(downloads.outcome().failed.empty()) << log_;
        finished = !downloads.outcome().interrupted;
    }
    EXPECT_EQ(service_.submitted.size(), 4u);
    EXPECT_EQ(bytes_of(place(requests()[2])), std::string(5'000, 'o') + "options");
}

TEST_F(DownloadDay, AnAmbiguousSubmissionIsNotRepeated) {
    const JobRequest future = requests()[0];
    service_.submit_errors.emplace(future.key(), make_error(ErrorCode::io, "connection lost"));
    JobTracker jobs = tracker();
    Downloads downloads(service_, jobs, settings(), surroundings());
    ASSERT_TRUE(downloads.run({future}).ok());
    EXPECT_THAT(downloads.outcome().failed.at(future.key()), HasSubstr("may have made the job"));
    EXPECT_EQ(lines_with("ERROR submit"), 1);
    EXPECT_THAT(log_, Not(HasSubstr("complete")));
}

}  // namespace
}  // namespace spymaster::feed
