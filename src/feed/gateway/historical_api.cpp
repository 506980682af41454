#include "feed/gateway/historical_api.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "feed/gateway/metadata_calls.hpp"

namespace spymaster::feed {

namespace {

constexpr std::string_view kPrefix = "/v0/";
constexpr std::string_view kDownloads = "/v0/batch/download/";
constexpr std::size_t kKeyLength = 32;

struct Limit {
    std::string_view calls;  // a call's name, or the start of some
    std::size_t most;
    std::chrono::seconds window;
};
// Of one account at the service; the first that fits counts.
constexpr Limit kLimits[] = {
    {"batch.submit_job", 20, std::chrono::seconds(60)}, {"batch.list_jobs", 20, std::chrono::seconds(1)},
    {"timeseries.", 100, std::chrono::seconds(1)},      {"symbology.", 100, std::chrono::seconds(1)},
    {"metadata.", 20, std::chrono::seconds(1)},
};

HttpReply too_many(std::int64_t retry_after) {
    auto reply = error_reply(429, "rate_limit_exceeded", "too many requests; see Retry-After");
    reply.headers.emplace_back("Retry-After", std::to_string(retry_after));
    return reply;
}

}  // namespace

bool key_is_good(std::string_view key, std::string_view fixed) {
    if (!fixed.empty())
        return key.size() == fixed.size() && CRYPTO_memcmp(key.data(), fixed.data(), key.size()) == 0;
    return key.size() == kKeyLength && key.starts_with("db-");
}

HistoricalApi::HistoricalApi(std::shared_ptr<const RawLibrary> library, HistoricalOptions options,
                             std::unique_ptr<JobBook> jobs)
    : library_(std::move(library)),
      options_(std::move(options)),
      jobs_(std::move(jobs)),
      faults_left_(options_.faults) {
    for (const auto& limit : kLimits)
        limits_.emplace(std::string(limit.calls), RateLimit(limit.most, limit.window));
}

Result<std::unique_ptr<HistoricalApi>> HistoricalApi::create(std::shared_ptr<const RawLibrary> library,
                                                             HistoricalOptions options) {
    SPY_ASSIGN(auto jobs, JobBook::open(library, options));
    return std::unique_ptr<HistoricalApi>(
        new HistoricalApi(std::move(library), std::move(options), std::move(jobs)));
}

// Faults on purpose, and the limits.
std::optional<HttpReply> HistoricalApi::hinder(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (faults_left_.too_many > 0) {
        --faults_left_.too_many;
        return too_many(1);
    }
    if (faults_left_.server_errors > 0) {
        --faults_left_.server_errors;
        return error_reply(500, "internal_error", "an error on purpose");
    }
    if (!options_.limits) return std::nullopt;
    for (const auto& limit : kLimits) {
        if (!name.starts_with(limit.calls)) continue;
        const auto wait = limits_.find(limit.calls)->second.take(RateLimit::Clock::now());
        if (wait) return too_many(*wait);
        break;
    }
    return std::nullopt;
}

HttpReply HistoricalApi::answer(const HttpRequest& request) {
    const auto user = basic_user(request.authorization);
    if (!user || !key_is_good(*user, options_.key)) {
        auto reply = error_reply(401, "auth_authentication_failed", "Authentication failed.");
        reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"gateway\"");
        return reply;
    }
    if (!request.path.starts_with(kPrefix)) return error_reply(404, "not_found", "the API is below /v0/");
    const bool file = request.path.starts_with(kDownloads);
    const std::string name = file ? "batch.file" : request.path.substr(kPrefix.size());
    if (auto hindered = hinder(name)) return std::move(*hindered);
    if (file) return download_file(request);
    RequestReader reader(request.parameters);
    HttpReply reply;
    if (name == "batch.submit_job" && request.method != "POST") {
        reply = error_reply(405, "method_not_allowed", "batch.submit_job is a POST");
        reply.headers.emplace_back("Allow", "POST");
        return reply;
    }
    if (const auto call = find_call(name)) {
        reply = call(reader, *library_);
    } else {
        reply = call_batch(name, reader, request.server_url);
    }
    if (const auto& refusal = reader.refusal())
        return error_reply(refusal->status, refusal->error_case, refusal->message);
    return reply;
}

}  // namespace spymaster::feed
