// Answers of the historical service and tracker files of any bytes: values within their documented bounds, or a reason.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "feed/historical/batch_json.hpp"
#include "feed/historical/job_plan.hpp"
#include "feed/historical/job_tracker.hpp"

namespace {

using namespace spymaster::feed;

void check_files(std::string_view text) {
    const auto files = parse_files(text);
    if (!files.ok()) return;
    for (const RemoteFile& file : *files) {
        SPY_ASSERT(!file.name.empty() && file.name.front() != '.' && file.name.size() <= 200);
        SPY_ASSERT(file.name.find_first_of("/\\\0", 0, 3) == std::string::npos);
        SPY_ASSERT(file.sha256.size() == 64 && file.path.front() == '/');
        SPY_ASSERT(file.path.find_first_of(" \r\n") == std::string::npos);
    }
}

void check_tracker(std::string_view text) {
    const auto jobs = parse_tracker(text);
    if (!jobs.ok()) return;
    for (const std::string& key : jobs->pending_downloads) SPY_ASSERT(jobs->jobs.contains(key));
    const auto again = parse_tracker(format_tracker(*jobs));
    SPY_ASSERT(again.ok() && *again == *jobs);
    for (const auto& [key, job] : jobs->jobs) {
        const auto request = request_of_key(key);
        SPY_ASSERT(!request.ok() || request->key() == key);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto jobs = parse_jobs(text); jobs.ok()) {
        for (const RemoteJob& job : *jobs)
            SPY_ASSERT(job.id.find_first_of("/.\\") == std::string::npos && !job.state.empty());
    }
    if (const auto job = parse_job(text); job.ok()) SPY_ASSERT(!job->id.empty() && job->id.size() <= 128);
    if (const auto amount = parse_amount(text); amount.ok())
        SPY_ASSERT(std::isfinite(*amount) && *amount >= 0.0);
    if (const auto count = parse_count(text); !count.ok()) SPY_ASSERT(!count.error().message.empty());
    SPY_ASSERT(describe_failure(text).size() <= 500);
    for (const std::string& warning : parse_warnings(text))
        SPY_ASSERT(warning.size() <= 500 && warning.find('\n') == std::string::npos);
    check_files(text);
    check_tracker(text);
    return 0;
}
