// How the jobs are, and the files of those that are done.
#include <algorithm>

#include "feed/historical/download_jobs.hpp"
#include "feed/historical/download_log.hpp"
#include "feed/historical/job_files.hpp"

namespace spymaster::feed {

namespace {

constexpr std::int64_t kNanosPerDay = 86'400 * market::kNanosPerSecond;
constexpr std::int64_t kJobLifeNs = 30 * kNanosPerDay;
// A job that the service does not list so long after it was made is not there any more.
constexpr std::int64_t kUnlistedNs = 300 * market::kNanosPerSecond;

// The service's word for what will never be done; there is none in its description, so any that people would use.
bool is_given_up(const std::string& state) {
    return state == "error" || state == "failed" || state == "cancelled" || state == "canceled";
}

}  // namespace

std::string Downloads::now_text() const {
    return iso_microseconds(around_.now_ns());
}

Result<void> Downloads::update(const std::string& key, TrackedJob& job, const std::string& state) {
    if (job.state == state) return {};
    around_.log(fmt::format("STATE {} {} -> {}", key, job.state, state));
    job.state = state;
    job.updated_at = now_text();
    if (state == job_state::kDone) tracker_.jobs().pending_downloads.push_back(key);
    return tracker_.save();
}

// How many became done.
Result<std::size_t> Downloads::poll_jobs() {
    std::vector<std::string> watched;
    for (const auto& [key, job] : tracker_.jobs().jobs)
        if (is_on_its_way(job.state) && is_ours(key)) watched.push_back(key);
    if (watched.empty()) return std::size_t{0};
    const auto listed = service_.list_jobs(market::utc_date(around_.now_ns() - kJobLifeNs));
    if (!listed.ok()) {
        if (listed.error().code == ErrorCode::conflict) return listed.error();
        if (!around_.stopped()) around_.log(fmt::format("ERROR polling jobs: {}", listed.error().message));
        ++failed_polls_;
        return std::size_t{0};
    }
    failed_polls_ = 0;
    std::map<std::string, std::string> states;
    for (const RemoteJob& job : *listed) states[job.id] = job.state;
    std::size_t ready = 0;
    for (const std::string& key : watched) {
        TrackedJob& job = *tracker_.find(key);
        const auto state = states.find(job.job_id);
        if (state == states.end()) {
            const auto made = market::parse_instant(job.submitted_at + "Z");
            if (!made.ok() || around_.now_ns() - *made > kUnlistedNs)
                SPY_TRY(update(key, job, std::string(job_state::kExpired)));
        } else if (is_given_up(state->second)) {
            job.error = fmt::format("the service says {} of job {}", state->second, job.job_id);
            SPY_TRY(update(key, job, std::string(job_state::kFailed)));
        } else {
            SPY_TRY(update(key, job, state->second));
            if (job.state == job_state::kDone) ++ready;
        }
    }
    return ready;
}

Result<void> Downloads::download_one(const std::string& key) {
    TrackedJob& job = *tracker_.find(key);
    std::vector<std::string> paths;
    const auto download = [&]() -> Result<void> {
        SPY_ASSIGN(const JobRequest request, request_of_key(key));
        SPY_ASSIGN(const auto folder, raw_folder(settings_.lake_root, market::product_of(request.product),
                                                 request.kind, request.symbol));
        around_.log(fmt::format("DOWNLOAD {} job={} -> {}", key, job.job_id, folder.string()));
        const JobFilesContext context{service_,        settings_.lake_root, around_.pause,
                                      around_.stopped, around_.log,         around_.progress};
        SPY_ASSIGN(const auto files, download_job_files(context, request, job.job_id));
        for (const auto& file : files) paths.push_back(file.string());
        return {};
    };
    const Result<void> done = download();
    if (!done.ok() && around_.stopped()) return {};  // it stays pending
    std::erase(tracker_.jobs().pending_downloads, key);
    job.updated_at = now_text();
    if (done.ok()) {
        job.state = job_state::kDownloaded;
        job.downloaded_at = job.updated_at;
        job.files = paths;
        job.error.clear();
        outcome_.downloaded[key] = paths;
    } else {
        job.state = job_state::kError;
        job.error = done.error().message;
        fail(key, job.error);
    }
    SPY_TRY(tracker_.save());
    around_.log(done.ok() ? fmt::format("COMPLETE {} files={}", key, paths.size())
                          : fmt::format("ERROR download {}: {}", key, job.error));
    return {};
}

// How many were downloaded.
Result<std::size_t> Downloads::download_pending() {
    const std::size_t before = outcome_.downloaded.size();
    const std::vector<std::string> pending = tracker_.jobs().pending_downloads;
    for (const std::string& key : pending) {
        if (around_.stopped()) break;
        const TrackedJob* const job = tracker_.find(key);
        if (job == nullptr) std::erase(tracker_.jobs().pending_downloads, key);
        if (job != nullptr && job->state == job_state::kDone && is_ours(key)) SPY_TRY(download_one(key));
    }
    return outcome_.downloaded.size() - before;
}

Result<void> Downloads::poll() {
    const auto once = [&]() -> Result<void> {
        SPY_ASSIGN(const std::size_t ready, poll_jobs());
        around_.log(fmt::format("POLL complete: {} jobs ready", ready));
        SPY_ASSIGN(const std::size_t downloaded, download_pending());
        around_.log(fmt::format("DOWNLOADED {} jobs", downloaded));
        if (failed_polls_ > 0) return make_error(ErrorCode::io, "the jobs could not be polled");
        return {};
    };
    const Result<void> done = once();
    outcome_.interrupted = around_.stopped();
    return outcome_.interrupted ? Result<void>() : done;
}

}  // namespace spymaster::feed
