// What a client may say on a stream. Pure: any bytes in, a value or a reason out.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "serve/surfaces.hpp"

namespace spymaster::serve {

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
struct SetSurfaces {
    SurfaceSet surfaces;
};  // not empty
struct GoLive {};  // to the newest window of a session that is live, and follow
using Control = std::variant<Pause, Resume, Seek, SetSpeed, Step, SetSurfaces, GoLive>;

// Error (usage): bytes that are none of them. `kind`: how surfaces are called on this stream.
Result<Control> parse_control(std::string_view json, StreamKind kind);

}  // namespace spymaster::serve
