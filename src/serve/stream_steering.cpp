#include "serve/stream_steering.hpp"

#include <algorithm>
#include <variant>

#include <nlohmann/json.hpp>

namespace spymaster::serve {

namespace {

constexpr std::size_t kWindowsPerMinute = 60;  // skip_minutes counts windows (spec 6)

}  // namespace

std::size_t first_window(const std::vector<std::int64_t>& ends, const StreamRequest& request) {
    if (request.after_window_end_ts_ns) {
        return static_cast<std::size_t>(
            std::upper_bound(ends.begin(), ends.end(), *request.after_window_end_ts_ns) - ends.begin());
    }
    if (request.start_ts_ns) {
        return static_cast<std::size_t>(std::lower_bound(ends.begin(), ends.end(), *request.start_ts_ns) -
                                        ends.begin());
    }
    if (!request.skip_minutes) return ends.empty() ? 0 : ends.size() - 1;
    const auto minutes = static_cast<std::uint64_t>(*request.skip_minutes);
    return minutes > ends.size() ? ends.size()
                                 : std::min<std::size_t>(minutes * kWindowsPerMinute, ends.size());
}

// Who reconnects gets what it missed at once; who names another place replays from there.
bool follows_from_start(const StreamRequest& request) {
    return request.after_window_end_ts_ns || (!request.start_ts_ns && !request.skip_minutes);
}

std::string state_message(const Playback& playback) {
    nlohmann::ordered_json json{
        {"type", "state"}, {"playing", playback.playing()}, {"speed", playback.speed()}};
    const auto at = playback.window_end_ts_ns();
    json["window_end_ts_ns"] = at ? nlohmann::ordered_json(std::to_string(*at)) : nlohmann::ordered_json();
    json["ended"] = playback.ended();
    json["dropped_windows"] = playback.dropped_windows();
    if (playback.of_live_session()) json["live"] = playback.follows();
    return json.dump();
}

Result<void> apply(Playback& playback, const Control& control, Playback::Time now) {
    if (std::holds_alternative<Pause>(control)) playback.pause(now);
    if (std::holds_alternative<Resume>(control)) playback.resume(now);
    if (const auto* seek = std::get_if<Seek>(&control)) playback.seek(seek->window_end_ts_ns);
    if (const auto* speed = std::get_if<SetSpeed>(&control)) playback.set_speed(now, speed->speed);
    if (const auto* step = std::get_if<Step>(&control)) playback.step(now, step->windows);
    if (std::holds_alternative<GoLive>(control) && !playback.go_live(now))
        return make_error(ErrorCode::usage, "this session is not live: there is no newest window to follow");
    return {};
}

}  // namespace spymaster::serve
