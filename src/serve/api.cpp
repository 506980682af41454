#include "serve/api.hpp"

#include <algorithm>

#include "serve/forecast_queries.hpp"
#include "serve/hud_queries.hpp"
#include "serve/queries.hpp"
#include "serve/readiness.hpp"
#include "serve/static_files.hpp"
#include "serve/surface_range.hpp"

namespace spymaster::serve {

namespace {

Reply catalog_reply(Catalog& catalog) {
    auto json = catalog.json();
    return json ? json_reply(std::move(json).value()) : error_reply(json.error());
}

Reply metrics_reply(const Metrics& metrics) {
    Reply reply = json_reply(metrics.text());
    reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return reply;
}

Reply busy_reply(std::string_view message) {
    Reply reply = error_reply(503, message);
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

Reply stream_over_http() {
    Reply reply = error_reply(426, "this path speaks WebSocket: connect to it with ws://");
    reply.headers.emplace_back("Upgrade", "websocket");
    return reply;
}

}  // namespace

void Api::get(std::string_view target_text, OnReply on_reply) {
    const auto target = parse_target(target_text);
    if (!target) return on_reply(error_reply(target.error()));
    const std::string& path = target->path;
    if (path == "/health" || path == "/healthz" || path == "/livez")
        return on_reply(json_reply(R"({"status":"ok"})"));
    if (path == "/readyz") return ready(*target, std::move(on_reply));
    if (path == "/version") {
        return on_reply(json_reply(fmt::format(R"({{"name":"spymaster","version":"{}"}})", parts_.version)));
    }
    if (path == "/metrics") {
        parts_.metrics.cache_bytes(parts_.store.cache_bytes());
        return on_reply(metrics_reply(parts_.metrics));
    }
    if (path == kStreamPath || path == kHudStreamPath) return on_reply(stream_over_http());
    if (path == "/v1/catalog") return later([this] { return catalog_reply(catalog_); }, std::move(on_reply));
    if (path == "/v1/feed") return on_reply(feeds_reply(parts_.live));
    if (path.starts_with("/v1/")) return session_data(*target, std::move(on_reply));
    later([web = parts_.web, path] { return static_file(web, path); }, std::move(on_reply));
}

void Api::session_data(const Target& target, OnReply on_reply) {
    if (target.path == "/v1/velocity.arrow") return surface(Surface::velocity, target, std::move(on_reply));
    if (target.path == "/v1/options.arrow") return surface(Surface::options, target, std::move(on_reply));
    if (target.path == "/v1/forecast.arrow") return surface(Surface::forecast, target, std::move(on_reply));
    if (target.path == "/v1/forecast/explain") return explain(target, std::move(on_reply));
    if (target.path == "/v1/hud/bootstrap") return hud(parse_bootstrap_request(target), std::move(on_reply));
    if (target.path == "/v1/hud/surfaces") return hud(parse_hud_surface_request(target), std::move(on_reply));
    if (target.path == "/v1/calibration") {
        const auto session = parse_session_query(target);
        if (!session) return on_reply(error_reply(session.error()));
        return calibration(*session, std::move(on_reply));
    }
    if (target.path == "/v1/snapshots.arrow") {
        const auto session = parse_session_query(target);
        if (!session) return on_reply(error_reply(session.error()));
        return from_lake(*session, std::move(on_reply),
                         [this](const SessionQuery& asked) { return snapshots_reply(parts_.lake, asked); });
    }
    if (target.path == "/v1/flow") {
        const auto range = parse_range_request(target);
        if (!range) return on_reply(error_reply(range.error()));
        return from_lake(range->session, std::move(on_reply),
                         [this, request = *range](const SessionQuery& asked) mutable {
                             request.session = asked;
                             return flow_reply(parts_.lake, request);
                         });
    }
    on_reply(error_reply(404, "there is nothing at this path"));
}

void Api::from_lake(const SessionQuery& asked, OnReply on_reply, FromLake read) {
    if (!asked.live)
        return later([asked, read = std::move(read)] { return read(asked); }, std::move(on_reply));
    const auto session = parts_.live.find(asked);
    if (!session) return on_reply(error_reply(session.error()));
    later(
        [key = (*session)->key(), read = std::move(read)] {
            auto reply = read({key.symbol, key.date, key.product});
            if (reply.status != 404) return reply;
            return error_reply(404,
                               fmt::format("{} is live, and this is read from the lake, which has it when "
                                           "the session is over: ask for dt={} then",
                                           key.symbol, key.date.iso()));
        },
        std::move(on_reply));
}

void Api::calibration(const SessionQuery& asked, OnReply on_reply) {
    if (!asked.live)
        return later([this, asked] { return calibration_reply(parts_.lake, asked); }, std::move(on_reply));
    const auto session = parts_.live.find(asked);
    if (!session) return on_reply(error_reply(session.error()));
    later([this, session = *session] { return calibration_reply(parts_.lake, *session); },
          std::move(on_reply));
}

void Api::ready(const Target& target, OnReply on_reply) {
    const auto verbose = target.value("verbose");
    if (!verbose) return on_reply(error_reply(verbose.error()));
    later(
        [this, verbose = verbose->has_value()] {
            return readiness_reply(readiness_of(catalog_, parts_.live, parts_.max_feed_lag), verbose);
        },
        std::move(on_reply));
}

void Api::with_session(const SessionQuery& asked, OnReply on_reply, UseSession use) {
    if (!begin_waiting(on_reply)) return;
    parts_.store.open(asked, [this, on_reply = std::move(on_reply),
                              use = std::move(use)](const WindowStore::Opened& opened) {
        busy_ -= 1;
        if (opened.busy) return on_reply(busy_reply(opened.session.error().message));
        if (!opened.session) return on_reply(error_reply(opened.session.error()));
        use(*opened.session, on_reply);
    });
}

void Api::surface(Surface surface, const Target& target, OnReply on_reply) {
    const auto range = parse_range_request(target);
    if (!range) return on_reply(error_reply(range.error()));
    with_session(range->session, std::move(on_reply),
                 [this, surface, range = *range](const auto& session, const auto& reply) {
                     reply(range_reply(surface, range, session));
                 });
}

void Api::hud(const Result<HudRequest>& request, OnReply on_reply) {
    if (!request) return on_reply(error_reply(request.error()));
    with_session(request->session, std::move(on_reply),
                 [this, request = *request](const SessionPtr& session, OnReply reply) {
                     later(
                         [this, session, request] {
                             const auto range = find_hud_range(*session, request);
                             if (!range) return error_reply(range.error());
                             Reply answer = hud_head(*session, request, *range);
                             answer.source = std::make_shared<SurfaceRange>(
                                 parts_.store, session, request.surface, range->first, range->last);
                             return answer;
                         },
                         std::move(reply));
                 });
}

void Api::explain(const Target& target, OnReply on_reply) {
    const auto asked = parse_window_request(target);
    if (!asked) return on_reply(error_reply(asked.error()));
    with_session(asked->session, std::move(on_reply),
                 [this, end = asked->window_end_ts_ns](const SessionPtr& session, OnReply reply) {
                     later([session, end] { return explanation_reply(*session, end); }, std::move(reply));
                 });
}

Reply Api::range_reply(Surface surface, const RangeRequest& range, const SessionPtr& session) {
    if (const auto readable = session->check_readable(surface); !readable)
        return error_reply(readable.error());
    const auto window_ends = session->window_ends();
    const auto& ends = *window_ends;
    const auto begin = std::lower_bound(ends.begin(), ends.end(), range.start_ts_ns);
    const auto end = std::upper_bound(begin, ends.end(), range.end_ts_ns);
    if (static_cast<std::size_t>(end - begin) > SurfaceRange::kMaxWindows) {
        return error_reply(400, fmt::format("the range has {} windows; at most {} go into one answer",
                                            end - begin, SurfaceRange::kMaxWindows));
    }
    Reply reply;
    reply.content_type = kArrowContentType;
    reply.source = std::make_shared<SurfaceRange>(parts_.store, session, surface,
                                                  static_cast<std::size_t>(begin - ends.begin()),
                                                  static_cast<std::size_t>(end - ends.begin()));
    return reply;
}

bool Api::begin_waiting(const OnReply& on_reply) {
    if (busy_ >= parts_.max_busy) {
        on_reply(busy_reply("the server is busy; try again in a second"));
        return false;
    }
    busy_ += 1;
    return true;
}

void Api::later(std::function<Reply()> make, OnReply on_reply) {
    if (!begin_waiting(on_reply)) return;
    // The worker gives on_reply away: it keeps a connection alive, which may end on the server's thread only.
    parts_.to_worker([this, make = std::move(make), on_reply = std::move(on_reply)]() mutable {
        parts_.to_server([this, reply = make(), on_reply = std::move(on_reply)]() mutable {
            busy_ -= 1;
            on_reply(std::move(reply));
        });
    });
}

}  // namespace spymaster::serve
