// The file that remembers which batch jobs were asked for and how far they are (spec 2.6). One process edits it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace spymaster::feed {

// States of our own: submitted, downloaded, error (a download failed; the job is there), failed (the service gave the job
// up). Of the service: queued, processing, done, expired; others are kept.
namespace job_state {
inline constexpr std::string_view kSubmitted = "submitted";
inline constexpr std::string_view kDone = "done";
inline constexpr std::string_view kDownloaded = "downloaded";
inline constexpr std::string_view kExpired = "expired";
inline constexpr std::string_view kError = "error";
inline constexpr std::string_view kFailed = "failed";
}  // namespace job_state
// The service is still to say how the job is.
bool is_on_its_way(std::string_view state);

// Times are UTC, ISO 8601 without a zone; empty texts are not written.
struct TrackedJob {
    std::string job_id;
    std::string dataset;
    std::string schema;
    std::string symbol;
    std::string date_str;
    std::string product_type;
    std::uint64_t symbols_count = 0;
    std::string stype_in;
    std::string state;
    std::string submitted_at;
    std::string updated_at;
    std::string downloaded_at;
    std::vector<std::string> files;
    std::string error;

    bool operator==(const TrackedJob&) const = default;
};

struct TrackedJobs {
    std::map<std::string, TrackedJob> jobs;  // by key
    std::vector<std::string> pending_downloads;

    bool operator==(const TrackedJobs&) const = default;
};

// The text of a tracker file, 2 blanks a level; and from it. A job that is done is always pending. Error (malformed): not a
// tracker, and where. Bytes from outside.
std::string format_tracker(const TrackedJobs& jobs);
Result<TrackedJobs> parse_tracker(std::string_view text);

class JobTracker {
  public:
    // Locks {path}.lock and reads the file; none is an empty tracker. `holder` says who we are to those who come later.
    // Error: conflict (another process has it: who), malformed (says what to do; the file stays as it is), io.
    static Result<JobTracker> open(const std::filesystem::path& path, const std::string& holder);
    JobTracker(JobTracker&&) noexcept;
    JobTracker& operator=(JobTracker&&) = delete;
    ~JobTracker();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    TrackedJobs& jobs() { return jobs_; }
    // nullptr: not known.
    TrackedJob* find(const std::string& key);

    // The file is the old one or the new one, whatever happens. Error: io.
    Result<void> save() const;

  private:
    class Lock;
    JobTracker(std::filesystem::path path, TrackedJobs jobs, std::unique_ptr<Lock> lock);

    std::filesystem::path path_;
    TrackedJobs jobs_;
    std::unique_ptr<Lock> lock_;
};

}  // namespace spymaster::feed
