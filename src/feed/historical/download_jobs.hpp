// Batch downloads: what was asked for is submitted, watched, downloaded and put in its place (spec 2.3, 2.6, 2.7).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/historical/batch_service.hpp"
#include "feed/historical/job_plan.hpp"
#include "feed/historical/job_tracker.hpp"

namespace spymaster::feed {

// What a job that is not submitted yet would cost.
struct JobQuote {
    std::string key;
    JobCost cost;
    bool at_most = false;  // data of options whose definitions are not there yet: those of all its parents
};

struct DownloadSettings {
    std::filesystem::path lake_root;
    std::vector<std::string> definition_codes{};  // as DownloadPlanOptions
    std::chrono::seconds pause{5};                // after every submit
    std::chrono::seconds poll_interval{60};
};

// The world around, which tests replace.
struct DownloadSurroundings {
    std::function<std::int64_t()> now_ns;                  // UTC
    std::function<bool(std::chrono::milliseconds)> pause;  // false: the work is to stop
    std::function<bool()> stopped;
    std::function<void(const std::string&)> log;  // a message of spec 2.7, without its time
    // Asked before money is spent, with all that is about to be submitted. An error ends the work and is its error.
    std::function<Result<void>(const std::vector<JobQuote>&)> consent;
    std::function<void(std::uint64_t done, std::uint64_t all)> progress;  // bytes of the job being downloaded
};

// How it went, by job key. What is in none of them was still on its way.
struct DownloadOutcome {
    std::map<std::string, std::vector<std::string>>
        downloaded;                                 // the files of this invocation and of those before
    std::map<std::string, std::string> submitted;   // job ids, of this invocation
    std::map<std::string, std::string> not_needed;  // why: a file that was there, no option that expires
    std::map<std::string, std::string> failed;      // why
    double consented_usd = 0.0;
    bool interrupted = false;
};

// One thread. Every state that the tracker has is on disk before the next thing is done.
class Downloads {
  public:
    Downloads(BatchService& service, JobTracker& tracker, DownloadSettings settings,
              DownloadSurroundings surroundings);

    // What submit would ask consent for, and what would follow from it. Nothing is submitted or written.
    Result<std::vector<JobQuote>> quote(const std::vector<JobRequest>& requests);
    // Asks for what is not known, or expired. Data of options: where their definitions are downloaded.
    Result<void> submit(const std::vector<JobRequest>& requests);
    // Looks once how all jobs of the tracker are, and downloads what is done.
    Result<void> poll();
    // submit and poll until each request is downloaded, not needed or failed. Error (io): polling failed six times in a row.
    Result<void> run(const std::vector<JobRequest>& requests);

    // Also after an error. A job that failed is in it, and is no error of the functions above; theirs are: conflict (the
    // service refuses the key, consent was refused), io (the tracker cannot be written), and those of `consent`.
    [[nodiscard]] const DownloadOutcome& outcome() const { return outcome_; }

  private:
    enum class Need : std::uint8_t { nothing, submit, submit_later, look_again };

    // Of one request, and why. Changes nothing that a tracker keeps.
    Need need_of(const JobRequest& request);
    // Requests are all that this invocation is about; none: all that the tracker has.
    void take_over(const std::vector<JobRequest>& requests);
    [[nodiscard]] bool is_ours(const std::string& key) const { return ours_.empty() || ours_.contains(key); }
    [[nodiscard]] bool is_settled(const std::string& key) const;
    [[nodiscard]] bool has_files(const TrackedJob& job) const;
    void fail(const std::string& key, const std::string& why) { outcome_.failed[key] = why; }

    // The parents of options' data, once their definitions are there; false: not (yet).
    bool find_assets(JobRequest& request);
    Result<std::vector<std::filesystem::path>> definition_files(const JobRequest& definitions);
    void tell_skipped(const JobRequest& request, const std::string& why);
    void settle_options(const JobRequest& request, const std::string& why, bool is_failure);

    Result<void> submit_ready(std::vector<JobRequest>& requests);
    Result<std::vector<JobQuote>> quotes_of(std::vector<JobRequest>& requests);
    Result<void> submit_one(const JobRequest& request);
    Result<void> look_again(const std::string& key);

    Result<std::size_t> poll_jobs();
    Result<void> update(const std::string& key, TrackedJob& job, const std::string& state);
    Result<std::size_t> download_pending();
    Result<void> download_one(const std::string& key);
    [[nodiscard]] std::string now_text() const;
    [[nodiscard]] std::size_t pending_of(const std::vector<JobRequest>& requests) const;

    BatchService& service_;
    JobTracker& tracker_;
    DownloadSettings settings_;
    DownloadSurroundings around_;
    DownloadOutcome outcome_;
    std::set<std::string> asked_;                              // keys of the requests
    std::set<std::string> ours_;                               // and of the definitions that they wait for
    std::map<std::string, int> submissions_;                   // of this invocation
    std::map<std::string, std::vector<std::string>> parents_;  // by "symbol|date": of the options that expire
    std::set<std::string> told_;                               // keys and lines that were logged, once
    int failed_polls_ = 0;
};

}  // namespace spymaster::feed
