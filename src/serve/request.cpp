#include "serve/request.hpp"

namespace spymaster::serve {

namespace {

// 30 minutes of windows of a second.
constexpr std::size_t kRingWindows = 1800;

Result<void> set_dt(std::string_view text, SessionQuery& session) {
    session.live = text == "live";
    if (session.live) {
        session.date = {};
        return {};
    }
    SPY_ASSIGN(session.date, parse_dt(text));
    return {};
}

// What both streams take.
Result<void> parse_stream_options(const Target& target, StreamRequest& request) {
    SPY_ASSIGN(const auto speed, target.value("speed"));
    if (speed) {
        SPY_ASSIGN(request.speed, parse_speed(*speed));
    }
    SPY_ASSIGN(const auto surfaces, target.value("surfaces"));
    if (surfaces) {
        SPY_ASSIGN(request.surfaces, parse_surfaces(*surfaces, request.kind));
    }
    return {};
}

Result<HudRequest> parse_hud_request(const Target& target) {
    HudRequest request;
    SPY_ASSIGN(const auto surface, target.value("surface"));
    if (surface) {
        SPY_ASSIGN(request.surface, find_surface(*surface, StreamKind::hud));
    }
    SPY_ASSIGN(request.session, parse_session_query(target));
    SPY_ASSIGN(const auto end, optional_integer(target, "end_ts_ns"));
    request.end_ts_ns = end.value_or(request.end_ts_ns);
    return request;
}

}  // namespace

Result<StreamRequest> parse_stream_request(const Target& target) {
    StreamRequest request;
    SPY_ASSIGN(const auto symbol, target.value("symbol"));
    if (symbol) {
        SPY_ASSIGN(request.session.symbol, parse_symbol(*symbol));
    }
    SPY_ASSIGN(const auto dt, target.value("dt"));
    if (dt) {
        SPY_TRY(set_dt(*dt, request.session));
    }
    SPY_ASSIGN(request.session.product, optional_product_type(target));
    SPY_TRY(parse_stream_options(target, request));
    SPY_ASSIGN(const auto skip, optional_integer(target, "skip_minutes"));
    if (skip && *skip < 0)
        return make_error(ErrorCode::usage, "skip_minutes has to be 0 or more, not {}", *skip);
    if (skip || request.session.live) request.skip_minutes = skip;
    SPY_ASSIGN(request.after_window_end_ts_ns, optional_integer(target, "after_window_end_ts_ns"));
    return request;
}

Result<StreamRequest> parse_hud_stream_request(const Target& target) {
    StreamRequest request;
    request.kind = StreamKind::hud;
    request.surfaces = kHudStreamSurfaces;
    request.skip_minutes = 0;
    SPY_ASSIGN(request.session, parse_session_query(target));
    if (request.session.live) request.skip_minutes.reset();
    SPY_TRY(parse_stream_options(target, request));
    SPY_ASSIGN(request.start_ts_ns, optional_integer(target, "start_ts_ns"));
    return request;
}

Result<HudRequest> parse_bootstrap_request(const Target& target) {
    SPY_ASSIGN(auto request, parse_hud_request(target));
    request.newest = kRingWindows;
    return request;
}

Result<HudRequest> parse_hud_surface_request(const Target& target) {
    SPY_TRY(required(target, "surface"));
    SPY_ASSIGN(auto request, parse_hud_request(target));
    SPY_ASSIGN(const auto start, optional_integer(target, "start_ts_ns"));
    request.start_ts_ns = start.value_or(request.start_ts_ns);
    if (request.end_ts_ns < request.start_ts_ns)
        return make_error(ErrorCode::usage, "end_ts_ns is before start_ts_ns");
    return request;
}

Result<SessionQuery> parse_session_query(const Target& target) {
    SPY_ASSIGN(const auto symbol_text, required(target, "symbol"));
    SPY_ASSIGN(const auto dt_text, required(target, "dt"));
    SPY_ASSIGN(auto symbol, parse_symbol(symbol_text));
    SessionQuery session{std::move(symbol), {}, {}};
    SPY_TRY(set_dt(dt_text, session));
    SPY_ASSIGN(session.product, optional_product_type(target));
    return session;
}

Result<WindowRequest> parse_window_request(const Target& target) {
    WindowRequest request;
    SPY_ASSIGN(request.session, parse_session_query(target));
    SPY_ASSIGN(const auto end, required(target, "window_end_ts_ns"));
    SPY_ASSIGN(request.window_end_ts_ns, parse_integer("window_end_ts_ns", end));
    return request;
}

Result<RangeRequest> parse_range_request(const Target& target) {
    RangeRequest request;
    SPY_ASSIGN(request.session, parse_session_query(target));
    SPY_ASSIGN(const auto start, required(target, "start"));
    SPY_ASSIGN(const auto end, required(target, "end"));
    SPY_ASSIGN(request.start_ts_ns, parse_integer("start", start));
    SPY_ASSIGN(request.end_ts_ns, parse_integer("end", end));
    SPY_ASSIGN(request.price_low, optional_integer(target, "price_low"));
    SPY_ASSIGN(request.price_high, optional_integer(target, "price_high"));
    if (request.end_ts_ns < request.start_ts_ns) return make_error(ErrorCode::usage, "end is before start");
    if (request.price_low && request.price_high && *request.price_high < *request.price_low)
        return make_error(ErrorCode::usage, "price_high is below price_low");
    return request;
}

}  // namespace spymaster::serve
