// What a client asked for, out of the bytes it sent. Pure functions: any bytes in, a value or a reason out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "market/product.hpp"
#include "market/time.hpp"
#include "serve/parameters.hpp"
#include "serve/surfaces.hpp"

namespace spymaster::serve {

// symbol, dt and maybe product_type: which session of the lake is asked for (sessions.hpp resolves it), or, with dt=live,
// which of those that are live (live/live_sessions.hpp).
struct SessionQuery {
    std::string symbol;  // [A-Za-z0-9][A-Za-z0-9._-]*, at most 64
    market::Date date;
    std::optional<market::ProductType> product;  // one with a book of its own, never an option product
    bool live = false;                           // then the date says nothing

    bool operator==(const SessionQuery&) const = default;
};

// A stream of windows, with the defaults of /v1/velocity/stream (spec 6).
struct StreamRequest {
    SessionQuery session{"ESH6", {2026, 1, 6}, {}};
    double speed = 1.0;                            // finite, > 0
    std::optional<std::int64_t> skip_minutes = 5;  // >= 0; 60 windows each; none: begin with the newest
    std::optional<std::int64_t>
        after_window_end_ts_ns;               // resume after this window; then skip_minutes does not count
    std::optional<std::int64_t> start_ts_ns;  // the first window that ends then or later; likewise
    SurfaceSet surfaces = kVelocityStreamSurfaces;
    StreamKind kind = StreamKind::velocity;
};
Result<StreamRequest> parse_stream_request(const Target& target);
// /v1/hud/stream: symbol and dt are required, and nothing is skipped.
Result<StreamRequest> parse_hud_stream_request(const Target& target);

// The parameters symbol and dt, both required, and product_type.
Result<SessionQuery> parse_session_query(const Target& target);

// One window of a session: /v1/forecast/explain. All parameters are required, but product_type.
struct WindowRequest {
    SessionQuery session;
    std::int64_t window_end_ts_ns = 0;
};
Result<WindowRequest> parse_window_request(const Target& target);

// A range of windows: /v1/{velocity,options,forecast}.arrow take [start, end], /v1/flow takes (start, end].
struct RangeRequest {
    SessionQuery session;
    std::int64_t start_ts_ns = 0;
    std::int64_t end_ts_ns = 0;             // >= start
    std::optional<std::int64_t> price_low;  // 1e-9, inclusive
    std::optional<std::int64_t> price_high;
};
Result<RangeRequest> parse_range_request(const Target& target);

// One surface of windows whose ends lie in [start, end]: /v1/hud/bootstrap and /v1/hud/surfaces.
struct HudRequest {
    SessionQuery session;
    Surface surface = Surface::book_snapshot;
    std::int64_t start_ts_ns = std::numeric_limits<std::int64_t>::min();
    std::int64_t end_ts_ns = std::numeric_limits<std::int64_t>::max();  // >= start
    std::optional<std::size_t> newest;                                  // no more windows than these
};
Result<HudRequest> parse_bootstrap_request(const Target& target);
Result<HudRequest> parse_hud_surface_request(const Target& target);

}  // namespace spymaster::serve
