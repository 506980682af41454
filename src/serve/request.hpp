// What a client asked for, out of the bytes it sent. Pure functions: any bytes in, a value or a reason out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::serve {

// A request target, percent-decoded: "/v1/flow?symbol=ES&dt=…". Error (usage): a bad escape, a NUL, no
// leading '/'.
struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;  // in order; names may repeat

    // The value of a parameter; none if it is not there. Error (usage): it is there twice.
    [[nodiscard]] Result<std::optional<std::string>> value(std::string_view name) const;
};
Result<Target> parse_target(std::string_view target);

// symbol, dt and maybe product_type: which session of the lake is asked for (sessions.hpp resolves it).
struct SessionQuery {
    std::string symbol;  // [A-Za-z0-9][A-Za-z0-9._-]*, at most 64
    market::Date date;
    std::optional<market::ProductType> product;  // one with a book of its own, never an option product

    bool operator==(const SessionQuery&) const = default;
};

// /v1/velocity/stream (spec 6), with its defaults.
struct StreamRequest {
    SessionQuery session{"ESH6", {2026, 1, 6}, {}};
    double speed = 1.0;             // finite, > 0
    std::int64_t skip_minutes = 5;  // >= 0; 60 windows each
    std::optional<std::int64_t>
        after_window_end_ts_ns;  // resume after this window; then skip_minutes does not count
};
Result<StreamRequest> parse_stream_request(const Target& target);

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

// What a client may say on the stream.
struct Pause {};
struct Resume {};
struct Seek {
    std::int64_t window_end_ts_ns = 0;
};
struct SetSpeed {
    double speed = 1.0;
};  // finite, > 0
struct Step {
    std::int64_t windows = 1;
};  // not 0; negative: back
using Control = std::variant<Pause, Resume, Seek, SetSpeed, Step>;
Result<Control> parse_control(std::string_view json);

}  // namespace spymaster::serve
