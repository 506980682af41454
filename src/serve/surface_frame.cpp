#include "serve/surface_frame.hpp"

#include <utility>

#include "serve/ws_frame.hpp"

namespace spymaster::serve {

FramePtr make_frame(std::string_view schema, std::string_view batch, std::string note) {
    constexpr std::size_t kLongestHead = 10;
    auto frame = std::make_shared<SurfaceFrame>();
    const std::size_t size = schema.size() + batch.size() + kArrowEnd.size();
    auto& message = frame->message;
    message.reserve(kLongestHead + size);
    append_ws_head(message, WsOpcode::binary, size);
    message.append(schema);
    frame->batch_at = message.size();
    frame->batch_size = batch.size();
    message.append(batch).append(kArrowEnd);
    frame->note = std::move(note);
    return frame;
}

}  // namespace spymaster::serve
