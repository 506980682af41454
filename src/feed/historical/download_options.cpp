// The parents of options' data: those of the options that expire on the date, by definitions that are there.
#include <algorithm>
#include <system_error>

#include "feed/historical/download_jobs.hpp"
#include "feed/historical/job_files.hpp"
#include "feed/historical/zero_dte_assets.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

bool is_coming(const TrackedJob* job) {
    return job != nullptr && (is_on_its_way(job->state) || job->state == job_state::kDone);
}

}  // namespace

// Once a day and symbol, whatever schemas wait for it.
void Downloads::tell_skipped(const JobRequest& request, const std::string& why) {
    const std::string line = fmt::format("SKIP 0DTE {} {}: {}", request.symbol, request.date.iso(), why);
    if (told_.insert(line).second) around_.log(line);
}

void Downloads::settle_options(const JobRequest& request, const std::string& why, bool is_failure) {
    (is_failure ? outcome_.failed : outcome_.not_needed)[request.key()] = why;
    tell_skipped(request, why);
}

// Of what the tracker has downloaded, or of what lies at its place; empty: not there.
Result<std::vector<fs::path>> Downloads::definition_files(const JobRequest& definitions) {
    const TrackedJob* const job = tracker_.find(definitions.key());
    if (job == nullptr || job->state != job_state::kDownloaded)
        return job == nullptr ? present_files(settings_.lake_root, definitions)
                              : Result<std::vector<fs::path>>(std::vector<fs::path>{});
    std::vector<fs::path> files;
    for (const std::string& file : job->files) {
        std::error_code failed;
        if ((file.ends_with(".dbn") || file.ends_with(".dbn.zst")) && fs::exists(file, failed))
            files.emplace_back(file);
    }
    return files;
}

bool Downloads::find_assets(JobRequest& request) {
    const std::string day = fmt::format("{}|{}", request.symbol, request.date.iso());
    if (const auto known = parents_.find(day); known != parents_.end()) {
        request.symbols = known->second;
        return true;
    }
    const JobRequest definitions = definitions_of(request, settings_.definition_codes);
    const TrackedJob* const job = tracker_.find(definitions.key());
    const auto files = definition_files(definitions);
    if (!files.ok()) {
        settle_options(request, files.error().message, true);
        return false;
    }
    if (files->empty()) {
        if (job != nullptr && job->state == job_state::kDownloaded && has_files(*job)) {
            settle_options(request, "its definitions are empty", false);
        } else if (outcome_.failed.contains(definitions.key())) {
            settle_options(request, "its definitions failed", true);
        } else if (!asked_.contains(definitions.key()) && !is_coming(job)) {
            settle_options(request,
                           "its definitions are not there; ask for them with --options-schemas definition",
                           true);
        } else {
            tell_skipped(request, "its definitions are not downloaded yet");
        }
        return false;
    }
    const market::Product& product = market::product_of(request.product);
    const Result<ZeroDteAssets> found = zero_dte_assets(*files, product, request.symbol, request.date);
    if (!found.ok()) {
        settle_options(request, found.error().message, true);
        return false;
    }
    if (found->assets.empty()) {
        settle_options(request, fmt::format("none of {} options expires on it", found->options), false);
        return false;
    }
    around_.log(
        fmt::format("0DTE {} {}: {} assets", request.symbol, request.date.iso(), found->assets.size()));
    for (const std::string& asset : found->surprises) {
        around_.log(fmt::format("WARNING 0DTE {} {}: {} expires, which the usual calendar does not say",
                                request.symbol, request.date.iso(), asset));
    }
    std::vector<std::string>& parents = parents_[day];
    for (const std::string& asset : found->assets) parents.push_back(asset + ".OPT");
    request.symbols = parents;
    return true;
}

}  // namespace spymaster::feed
