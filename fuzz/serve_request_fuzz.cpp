// Request targets and control messages of any bytes: a value within its documented bounds, or a reason; never a crash.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "serve/request.hpp"

namespace {

using namespace spymaster::serve;

void check_session(const SessionQuery& session) {
    SPY_ASSERT(!session.symbol.empty() && session.symbol.size() <= 64);
    SPY_ASSERT(session.symbol.find_first_of("/\\%") == std::string::npos && session.symbol.front() != '.');
    SPY_ASSERT(!session.product || !spymaster::market::product_of(*session.product).is_option());
}

void check_target(std::string_view text) {
    const auto target = parse_target(text);
    if (!target) return;
    SPY_ASSERT(target->path.starts_with('/') && target->path.find('\0') == std::string::npos);
    if (const auto stream = parse_stream_request(*target)) {
        check_session(stream->session);
        SPY_ASSERT(std::isfinite(stream->speed) && stream->speed > 0.0 && stream->skip_minutes >= 0);
    }
    if (const auto range = parse_range_request(*target)) {
        check_session(range->session);
        SPY_ASSERT(range->end_ts_ns >= range->start_ts_ns);
    }
    if (const auto window = parse_window_request(*target)) check_session(window->session);
    if (const auto session = parse_session_query(*target)) check_session(*session);
}

void check_control(std::string_view text) {
    const auto control = parse_control(text);
    if (!control) return;
    if (const auto* speed = std::get_if<SetSpeed>(&*control)) {
        SPY_ASSERT(std::isfinite(speed->speed) && speed->speed > 0.0);
    }
    if (const auto* step = std::get_if<Step>(&*control)) SPY_ASSERT(step->windows != 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_target(text);
    check_control(text);
    return 0;
}
