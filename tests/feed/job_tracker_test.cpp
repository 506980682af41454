// The tracker: what it remembers, that it is never half there, and that nobody else edits it.
#include "feed/historical/job_tracker.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace spymaster::feed {
namespace {

namespace fs = std::filesystem;

class Tracker : public ::testing::Test {
  protected:
    Tracker() {
        std::string name = (fs::temp_directory_path() / "spymaster-tracker-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        path_ = folder_ / "logs" / "jobs.json";
    }
    ~Tracker() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string text() const {
        std::ifstream file(path_);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    fs::path folder_;
    fs::path path_;
};

TrackedJob some_job(const std::string& state) {
    return {.job_id = "GLBX-1",
            .dataset = "GLBX.MDP3",
            .schema = "mbo",
            .symbol = "ES",
            .date_str = "2026-01-06",
            .product_type = "futures",
            .symbols_count = 1,
            .stype_in = "parent",
            .state = state,
            .submitted_at = "2026-01-07T10:00:00.000001",
            .updated_at = {},
            .downloaded_at = {},
            .files = {},
            .error = {}};
}

TEST_F(Tracker, RemembersAcrossProcesses) {
    {
        auto tracker = JobTracker::open(path_, "first");
        ASSERT_TRUE(tracker.ok()) << tracker.error().message;
        EXPECT_EQ(tracker->find("key"), nullptr);
        tracker->jobs().jobs["key"] = some_job("processing");
        ASSERT_TRUE(tracker->save().ok());
    }
    auto again = JobTracker::open(path_, "second");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*again->find("key"), some_job("processing"));
    EXPECT_NE(text().find("  \"jobs\": {\n    \"key\": {\n      \"job_id\": \"GLBX-1\","), std::string::npos)
        << text();
    EXPECT_NE(text().find("\"pending_downloads\": []"), std::string::npos);
}

TEST_F(Tracker, OneProcessEditsItAndTheSecondHearsWho) {
    const auto first = JobTracker::open(path_, "process 7 (a download)");
    ASSERT_TRUE(first.ok());
    const auto second = JobTracker::open(path_, "second");
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_NE(second.error().message.find("process 7 (a download)"), std::string::npos);
}

TEST_F(Tracker, DamagedIsLeftAsItIs) {
    ASSERT_TRUE(JobTracker::open(path_, "x")->save().ok());
    const std::string whole =
        format_tracker({.jobs = {{"key", some_job("done")}}, .pending_downloads = {"key"}});
    for (const std::string& damaged :
         {std::string(), std::string("garbage"), whole.substr(0, whole.size() / 2), std::string("[]"),
          std::string(R"({"jobs": {"a": 1}})"), std::string(R"({"jobs": {"a": {"job_id": 3}}})")}) {
        std::ofstream(path_) << damaged;
        const auto opened = JobTracker::open(path_, "x");
        ASSERT_FALSE(opened.ok()) << damaged;
        EXPECT_EQ(opened.error().code, ErrorCode::malformed);
        EXPECT_NE(opened.error().message.find("move it away"), std::string::npos);
        EXPECT_EQ(text(), damaged);
    }
}

TEST_F(Tracker, IsTheOldOneWhereTheNewOneCannotBeWritten) {
    auto tracker = JobTracker::open(path_, "x");
    ASSERT_TRUE(tracker->save().ok());
    const std::string before = text();
    tracker->jobs().jobs["key"] = some_job("done");
    // The file beside it is in the way as a folder that is not empty: as a disk that is full.
    const fs::path beside = path_.parent_path() / (".tmp_" + std::to_string(getpid()) + "_jobs.json");
    fs::create_directories(beside / "in the way");
    EXPECT_EQ(tracker->save().error().code, ErrorCode::io);
    EXPECT_EQ(text(), before);
}

TEST(TrackerText, WhatIsDoneIsPending) {
    // As when a process died between the two.
    const auto parsed = parse_tracker(
        R"({"jobs": {"k": {"job_id": "J", "state": "done"}, "l": {"job_id": "K", "state": "queued"}},
            "pending_downloads": ["gone", "l"]})");
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->pending_downloads, (std::vector<std::string>{"l", "k"}));
}

RC_GTEST_PROP(TrackerText, ComesBackAsItWas,
              (const std::vector<std::pair<std::uint8_t, std::uint8_t>>& seeds)) {
    static const char* const kStates[] = {"submitted", "queued", "downloaded", "error", "expired"};
    TrackedJobs jobs;
    for (const auto& [a, b] : seeds) {
        TrackedJob job = some_job(kStates[a % 5]);
        job.symbols_count = b;
        if (a % 3 == 0) job.files = {"a \"quoted\" path", "b"};
        if (a % 3 == 1) job.error = "line\nbreak";
        jobs.jobs["key " + std::to_string(b)] = job;
    }
    const auto parsed = parse_tracker(format_tracker(jobs));
    RC_ASSERT(parsed.ok());
    RC_ASSERT(*parsed == jobs);
}

}  // namespace
}  // namespace spymaster::feed
