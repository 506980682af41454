// Request targets and control messages of any bytes: a value within its documented bounds, or a reason; never a crash.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "serve/control.hpp"
#include "serve/request.hpp"

namespace {

using namespace spymaster::serve;

void check_session(const SessionQuery& session) {
    SPY_ASSERT(!session.symbol.empty() && session.symbol.size() <= 64);
    SPY_ASSERT(session.symbol.find_first_of("/\\%") == std::string::npos && session.symbol.front() != '.');
    SPY_ASSERT(session.live || session.date.year > 0);
    SPY_ASSERT(!session.product || !spymaster::market::product_of(*session.product).is_option());
}

void check_stream(const StreamRequest& stream) {
    check_session(stream.session);
    SPY_ASSERT(std::isfinite(stream.speed) && stream.speed > 0.0 && stream.skip_minutes.value_or(0) >= 0);
    SPY_ASSERT(stream.skip_minutes || stream.session.live);
    SPY_ASSERT(!stream.surfaces.empty());
    SPY_ASSERT(stream.kind == StreamKind::velocity || !stream.surfaces.contains(Surface::snap));
}

void check_hud(const Target& target) {
    if (const auto stream = parse_hud_stream_request(target)) check_stream(*stream);
    for (const auto& request : {parse_bootstrap_request(target), parse_hud_surface_request(target)}) {
        if (!request) continue;
        check_session(request->session);
        SPY_ASSERT(request->surface != Surface::snap && request->end_ts_ns >= request->start_ts_ns);
    }
}

void check_target(std::string_view text) {
    const auto target = parse_target(text);
    if (!target) return;
    SPY_ASSERT(target->path.starts_with('/') && target->path.find('\0') == std::string::npos);
    if (const auto stream = parse_stream_request(*target)) check_stream(*stream);
    check_hud(*target);
    if (const auto range = parse_range_request(*target)) {
        check_session(range->session);
        SPY_ASSERT(range->end_ts_ns >= range->start_ts_ns);
    }
    if (const auto window = parse_window_request(*target)) check_session(window->session);
    if (const auto session = parse_session_query(*target)) check_session(*session);
}

void check_control(std::string_view text, StreamKind kind) {
    const auto control = parse_control(text, kind);
    if (!control) return;
    if (const auto* speed = std::get_if<SetSpeed>(&*control)) {
        SPY_ASSERT(std::isfinite(speed->speed) && speed->speed > 0.0);
    }
    if (const auto* step = std::get_if<Step>(&*control)) SPY_ASSERT(step->windows != 0);
    if (const auto* set = std::get_if<SetSurfaces>(&*control)) SPY_ASSERT(!set->surfaces.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_target(text);
    for (const auto kind : {StreamKind::velocity, StreamKind::hud}) check_control(text, kind);
    return 0;
}
