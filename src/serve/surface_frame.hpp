// Encoded surfaces: what goes on the sockets, made once for all clients.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "serve/surfaces.hpp"

namespace spymaster::serve {

// An Arrow IPC stream is a schema message, record batch messages, and these bytes.
inline constexpr std::string_view kArrowEnd{"\xFF\xFF\xFF\xFF\0\0\0\0", 8};

// One surface of one window.
struct SurfaceFrame {
    std::string message;  // a binary WebSocket message, framed: a complete Arrow IPC stream
    std::size_t batch_at = 0;
    std::size_t batch_size = 0;
    std::string note;  // of `forecast` alone: the members of batch_start that tell of it

    // The record batch message, for range answers; empty without rows.
    [[nodiscard]] std::string_view batch() const {
        return std::string_view(message).substr(batch_at, batch_size);
    }
};
using FramePtr = std::shared_ptr<const SurfaceFrame>;

FramePtr make_frame(std::string_view schema, std::string_view batch, std::string note = {});

// The surfaces of one window that were asked for.
struct WindowFrames {
    std::int64_t window_end_ts_ns = 0;
    std::array<FramePtr, kSurfaces.size()> frames;  // nullptr: not asked for

    [[nodiscard]] const FramePtr& of(Surface surface) const { return frames[place_of(surface)]; }
};

}  // namespace spymaster::serve
