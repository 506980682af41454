#include "feed/historical/download_jobs.hpp"

#include <algorithm>
#include <system_error>

#include "feed/historical/job_files.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

constexpr int kMostSubmissions = 2;  // of one key: a job that the service gave up is asked for once more
constexpr int kMostFailedPolls = 5;

bool is_over(const std::string& state) {
    return state == job_state::kExpired || state == job_state::kFailed;
}

}  // namespace

Downloads::Downloads(BatchService& service, JobTracker& tracker, DownloadSettings settings,
                     DownloadSurroundings surroundings)
    : service_(service),
      tracker_(tracker),
      settings_(std::move(settings)),
      around_(std::move(surroundings)) {}

void Downloads::take_over(const std::vector<JobRequest>& requests) {
    for (const JobRequest& request : requests) {
        asked_.insert(request.key());
        ours_.insert(request.key());
        if (request.needs_definitions())
            ours_.insert(definitions_of(request, settings_.definition_codes).key());
    }
}

bool Downloads::is_settled(const std::string& key) const {
    return outcome_.downloaded.contains(key) || outcome_.not_needed.contains(key) ||
           outcome_.failed.contains(key);
}

bool Downloads::has_files(const TrackedJob& job) const {
    return std::ranges::all_of(job.files, [](const std::string& file) {
        std::error_code failed;
        return fs::exists(file, failed);
    });
}

// What is known of it is told once.
Downloads::Need Downloads::need_of(const JobRequest& request) {
    const std::string key = request.key();
    if (is_settled(key)) return Need::nothing;
    const TrackedJob* const job = tracker_.find(key);
    const auto tell = [&](const std::string& text) {
        if (told_.insert(key).second) around_.log(text);
    };
    if (job != nullptr && job->state == job_state::kDownloaded && has_files(*job)) {
        tell(fmt::format("SKIP {} already {}", key, job->state));
        outcome_.downloaded[key] = job->files;
        return Need::nothing;
    }
    if (job != nullptr && job->state == job_state::kDone) {
        tell(fmt::format("SKIP {} already {}", key, job->state));
        return Need::nothing;
    }
    if (job != nullptr && !is_over(job->state)) {
        tell(fmt::format("REUSE {} job={} state={}", key, job->job_id, job->state));
        const bool again = job->state == job_state::kError || job->state == job_state::kDownloaded;
        return again ? Need::look_again : Need::nothing;
    }
    const auto present = present_files(settings_.lake_root, request);
    if (!present.ok()) {
        fail(key, present.error().message);
        tell(fmt::format("ERROR submit {}: {}", key, outcome_.failed[key]));
    } else if (std::ranges::any_of(*present, is_simulated)) {
        fail(key, fmt::format("{} is simulated; move it away to download the market's",
                              present->front().string()));
        tell(fmt::format("ERROR submit {}: {}", key, outcome_.failed[key]));
    } else if (!present->empty()) {
        tell(fmt::format("SKIP {} already at {}", key, present->front().string()));
        outcome_.not_needed[key] = present->front().string() + " is there";
    } else if (submissions_[key] >= kMostSubmissions) {
        fail(key, fmt::format("the service gave the job up {} times", kMostSubmissions));
    } else {
        return request.needs_definitions() ? Need::submit_later : Need::submit;
    }
    return Need::nothing;
}

Result<std::vector<JobQuote>> Downloads::quotes_of(std::vector<JobRequest>& requests) {
    std::vector<JobQuote> quotes;
    std::vector<JobRequest> priced;
    for (JobRequest& request : requests) {
        if (around_.stopped()) return make_error(ErrorCode::io, "interrupted");
        const std::string key = request.key();
        const Result<JobCost> cost = service_.cost(request);
        if (cost.ok()) {
            quotes.push_back({key, *cost});
            priced.push_back(std::move(request));
            continue;
        }
        if (cost.error().code == ErrorCode::conflict) return cost.error();
        if (around_.stopped()) return cost.error();
        around_.log(fmt::format("ERROR submit {}: {}", key, cost.error().message));
        fail(key, cost.error().message);
    }
    requests = std::move(priced);
    return quotes;
}

Result<std::vector<JobQuote>> Downloads::quote(const std::vector<JobRequest>& requests) {
    take_over(requests);
    std::vector<JobRequest> certain;
    std::vector<JobRequest> upper;
    for (JobRequest request : requests) {
        const Need need = need_of(request);
        if (need == Need::submit || (need == Need::submit_later && find_assets(request))) {
            certain.push_back(std::move(request));
        } else if (need == Need::submit_later && !is_settled(request.key())) {
            request.symbols = definitions_of(request, settings_.definition_codes).symbols;
            upper.push_back(std::move(request));
        }
    }
    SPY_ASSIGN(std::vector<JobQuote> quotes, quotes_of(certain));
    SPY_ASSIGN(std::vector<JobQuote> bounds, quotes_of(upper));
    for (JobQuote& bound : bounds) {
        bound.at_most = true;
        quotes.push_back(std::move(bound));
    }
    return quotes;
}

Result<void> Downloads::look_again(const std::string& key) {
    TrackedJob& job = *tracker_.find(key);
    job.state = job_state::kSubmitted;
    job.error.clear();
    job.updated_at = now_text();
    return tracker_.save();
}

Result<void> Downloads::submit_one(const JobRequest& request) {
    const std::string key = request.key();
    ++submissions_[key];
    const Result<RemoteJob> made = service_.submit(request);
    if (!made.ok()) {
        const bool unknown = made.error().code == ErrorCode::io || made.error().code == ErrorCode::malformed;
        fail(key, made.error().message +
                      (unknown ? "; the service may have made the job all the same: look at your account's "
                                 "jobs before you ask again"
                               : ""));
        around_.log(fmt::format("ERROR submit {}: {}", key, outcome_.failed[key]));
        return made.error().code == ErrorCode::conflict ? Result<void>(made.error()) : Result<void>();
    }
    TrackedJob job{.job_id = made->id,
                   .dataset = request.dataset,
                   .schema = request.schema,
                   .symbol = request.symbol,
                   .date_str = request.date.iso(),
                   .product_type = request.product_type,
                   .symbols_count = request.symbols.size(),
                   .stype_in = request.stype_in,
                   .state = std::string(job_state::kSubmitted),
                   .submitted_at = now_text(),
                   .updated_at = {},
                   .downloaded_at = {},
                   .files = {},
                   .error = {}};
    tracker_.jobs().jobs[key] = std::move(job);
    if (const auto saved = tracker_.save(); !saved.ok()) {
        return saved.error().within(
            fmt::format("job {} of {} was made and cannot be remembered", made->id, key));
    }
    outcome_.submitted[key] = made->id;
    told_.insert(key);
    around_.log(fmt::format("SUBMIT {} job={} symbols={}", key, made->id, request.symbols.size()));
    return {};
}

// What of the requests can be submitted now. Those that were left for later stay as they are.
Result<void> Downloads::submit_ready(std::vector<JobRequest>& requests) {
    std::vector<JobRequest> ready;
    for (JobRequest& request : requests) {
        const Need need = need_of(request);
        if (need == Need::look_again) SPY_TRY(look_again(request.key()));
        if (need == Need::submit || (need == Need::submit_later && find_assets(request)))
            ready.push_back(request);
    }
    if (ready.empty()) return {};
    SPY_ASSIGN(const std::vector<JobQuote> quotes, quotes_of(ready));
    if (quotes.empty()) return {};
    SPY_TRY(around_.consent(quotes));
    for (const JobQuote& quote : quotes) outcome_.consented_usd += quote.cost.usd;
    for (const JobRequest& request : ready) {
        if (around_.stopped()) return {};
        SPY_TRY(submit_one(request));
        if (!around_.pause(settings_.pause)) return {};
    }
    return {};
}

Result<void> Downloads::submit(const std::vector<JobRequest>& requests) {
    take_over(requests);
    std::vector<JobRequest> wanted = requests;
    const Result<void> done = submit_ready(wanted);
    outcome_.interrupted = around_.stopped();
    return outcome_.interrupted ? Result<void>() : done;
}

std::size_t Downloads::pending_of(const std::vector<JobRequest>& requests) const {
    std::size_t pending = 0;
    std::size_t downloaded = 0;
    for (const JobRequest& request : requests) {
        if (outcome_.downloaded.contains(request.key())) ++downloaded;
        if (!is_settled(request.key())) ++pending;
    }
    around_.log(fmt::format("STATUS: {}/{} downloaded, {} pending", downloaded, requests.size(), pending));
    return pending;
}

Result<void> Downloads::run(const std::vector<JobRequest>& requests) {
    take_over(requests);
    std::vector<JobRequest> wanted = requests;
    for (std::size_t iteration = 1;; ++iteration) {
        around_.log(fmt::format("--- Iteration {} ---", iteration));
        const auto one_turn = [&]() -> Result<void> {
            SPY_TRY(submit_ready(wanted));
            SPY_ASSIGN([[maybe_unused]] const auto ready, poll_jobs());
            SPY_ASSIGN([[maybe_unused]] const auto downloaded, download_pending());
            return submit_ready(wanted);  // data of the options whose definitions came
        };
        const Result<void> done = one_turn();
        outcome_.interrupted = around_.stopped();
        if (outcome_.interrupted) return {};
        if (!done.ok()) return done;
        if (failed_polls_ > kMostFailedPolls)
            return make_error(ErrorCode::io, "the jobs could not be polled {} times in a row", failed_polls_);
        if (pending_of(wanted) == 0) break;
        around_.log(fmt::format("Sleeping {}s...", settings_.poll_interval.count()));
        if (!around_.pause(settings_.poll_interval)) {
            outcome_.interrupted = true;
            return {};
        }
    }
    around_.log(outcome_.failed.empty()
                    ? std::string("DAEMON complete: all jobs finished")
                    : fmt::format("DAEMON failed: {} of {} jobs", outcome_.failed.size(), wanted.size()));
    return {};
}

}  // namespace spymaster::feed
