// The batch jobs of the gateway: taken in, written by a thread of its own, moving from state to state with time.
//
// queued ─► processing ─► done ─► expired (its files are gone); or error. A job is done when its time of processing is over and
// its files are written. Jobs live as long as the gateway.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "feed/gateway/file_body.hpp"
#include "feed/gateway/historical_options.hpp"
#include "feed/gateway/job_files.hpp"
#include "feed/gateway/raw_library.hpp"

namespace spymaster::feed {

enum class JobState : std::uint8_t { queued, processing, done, expired, error };
std::string_view name_of(JobState state);

// A job as it is at some moment.
struct JobView {
    std::string id;
    JobState state = JobState::queued;
    DataRequest request;
    Packing packing;
    std::vector<WrittenFile> files;  // once done
    std::filesystem::path folder;
    Bill bill;
    std::int64_t received_ns = 0;  // UTC
    std::int64_t process_start_ns = 0;
    std::int64_t process_done_ns = 0;
    std::int64_t expiration_ns = 0;
    int progress = 0;  // percent
};
// As the service describes a job; times that have not come yet are null.
nlohmann::json job_json(const JobView& job);

// Thread-safe.
class JobBook {
  public:
    // Error: io (the state folder cannot be made).
    static Result<std::unique_ptr<JobBook>> open(std::shared_ptr<const RawLibrary> library,
                                                 const HistoricalOptions& options);
    ~JobBook();
    JobBook(const JobBook&) = delete;
    JobBook& operator=(const JobBook&) = delete;

    // Error: usage, as file_parts.
    Result<JobView> submit(DataPlan plan, const Packing& packing, bool to_fail);
    [[nodiscard]] std::vector<JobView> list();  // as they came
    [[nodiscard]] std::optional<JobView> find(std::string_view id);

  private:
    struct Job;
    JobBook(std::shared_ptr<const RawLibrary> library, const HistoricalOptions& options,
            std::filesystem::path folder, bool temporary);
    JobView view(Job& job);
    void write_jobs();
    Result<WrittenData> write(const Job& job);

    std::shared_ptr<const RawLibrary> library_;
    HistoricalOptions options_;
    std::filesystem::path folder_;
    bool temporary_;

    std::mutex mutex_;  // guards what follows, and the jobs
    std::condition_variable changed_;
    std::vector<std::shared_ptr<Job>> jobs_;
    std::deque<std::shared_ptr<Job>> to_write_;
    std::atomic<bool> stop_ = false;  // set under the mutex; read while a job is written
    std::thread writer_;
};

}  // namespace spymaster::feed
