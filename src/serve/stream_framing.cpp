#include "serve/stream_framing.hpp"

#include <fmt/format.h>

#include <memory>

#include "serve/ws_frame.hpp"

namespace spymaster::serve {

namespace {

std::string batch_start(SurfaceSet surfaces, const WindowFrames& window) {
    const auto& forecast = window.of(Surface::forecast);
    return fmt::format(R"({{"type":"batch_start","window_end_ts_ns":"{}","surfaces":{},{}}})",
                       window.window_end_ts_ns, json_list(surfaces),
                       forecast ? forecast->note : R"("calibration":null)");
}

std::string header(StreamKind kind, Surface surface, const WindowFrames& window) {
    if (kind == StreamKind::velocity)
        return fmt::format(R"({{"type":"surface_header","surface":"{}"}})", name_of(surface));
    return fmt::format(R"({{"type":"hud_batch","surface":"{}","window_end_ts_ns":"{}"}})", name_of(surface),
                       window.window_end_ts_ns);
}

}  // namespace

std::vector<BodyPart> window_messages(StreamKind kind, SurfaceSet surfaces, const WindowFrames& window) {
    std::vector<BodyPart> parts;
    const auto add_text = [&parts](std::string_view text) {
        const auto message = std::make_shared<const std::string>(ws_text(text));
        parts.push_back({message, *message});
    };
    if (kind == StreamKind::velocity) add_text(batch_start(surfaces, window));
    for (const auto surface : kSurfaces) {
        if (!surfaces.contains(surface)) continue;
        add_text(header(kind, surface, window));
        const auto& frame = window.of(surface);
        parts.push_back({frame, frame->message});
    }
    return parts;
}

std::string end_message(StreamKind kind) {
    return kind == StreamKind::hud ? ws_text(R"({"type":"end"})") : std::string();
}

}  // namespace spymaster::serve
