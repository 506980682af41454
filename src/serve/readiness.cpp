#include "serve/readiness.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace spymaster::serve {

namespace {

using Json = nlohmann::ordered_json;
using pipeline::FeedPhase;

ReadinessCheck check_feed(const pipeline::FeedState& state, std::chrono::nanoseconds max_lag) {
    ReadinessCheck check{"feed " + state.dataset, true,
                         std::string(pipeline::kFeedPhaseNames[static_cast<std::size_t>(state.phase)])};
    if (state.phase == FeedPhase::ended) return check;
    const bool lags = state.lag_ns > max_lag.count();
    check.ok = state.phase == FeedPhase::live && !lags;
    if (!state.detail.empty()) check.detail += ": " + state.detail;
    if (lags) check.detail += fmt::format(", {} ms behind", state.lag_ns / 1'000'000);
    return check;
}

ReadinessCheck check_book(const LiveSession& session) {
    const auto valid = session.book_valid();
    const auto* detail = !valid ? "no window yet" : *valid ? "valid" : "not valid in the newest window";
    return {"book " + session.key().symbol, valid.value_or(false), detail};
}

}  // namespace

std::vector<ReadinessCheck> readiness_of(Catalog& catalog, const LiveSessions& live,
                                         std::chrono::nanoseconds max_lag) {
    const auto json = catalog.json();
    std::vector<ReadinessCheck> checks{{"lake", json.ok(), json ? "readable" : json.error().message}};
    for (const auto& feed : live.feeds()) checks.push_back(check_feed(feed.state, max_lag));
    for (const auto& session : live.all()) {
        if (session->grows()) checks.push_back(check_book(*session));
    }
    return checks;
}

Reply readiness_reply(const std::vector<ReadinessCheck>& checks, bool verbose) {
    const auto broken = std::ranges::find(checks, false, &ReadinessCheck::ok);
    const bool ok = broken == checks.end();
    Json json{{"status", ok ? "ok" : "not ready"}};
    if (!ok) json["error"] = broken->name + ": " + broken->detail;
    if (verbose) {
        json["checks"] = Json::array();
        for (const auto& check : checks)
            json["checks"].push_back({{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
    }
    Reply reply = json_reply(json.dump(-1, ' ', false, Json::error_handler_t::replace));
    reply.status = ok ? 200 : 503;
    return reply;
}

Reply feeds_reply(const LiveSessions& live) {
    std::string json = R"({"feeds":[)";
    for (const auto& feed : live.feeds()) {
        if (json.back() != '[') json += ',';
        json += feed_json("", feed);
    }
    return json_reply(json + "]}");
}

}  // namespace spymaster::serve
