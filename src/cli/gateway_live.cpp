#include "cli/gateway_live.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

#include "market/time.hpp"

namespace spymaster::cli {

namespace {

Result<std::uint64_t> instant(std::string_view option, const std::string& text) {
    const auto parsed = market::parse_instant(text);
    if (!parsed) return parsed.error().within(option);
    if (*parsed < 0) return make_error(ErrorCode::usage, "{} {} is before 1970", option, text);
    return static_cast<std::uint64_t>(*parsed);
}

Result<double> speed_of(const std::string& text) {
    if (text == "max") return 0.0;
    double speed = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), speed);
    if (failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(speed) || speed <= 0)
        return make_error(ErrorCode::usage, "--speed '{}' is neither a number above 0 nor max", text);
    return speed;
}

}  // namespace

void add_live_options(CLI::App& command, GatewayLiveArguments& arguments) {
    auto& live = arguments.live;
    const std::string group = "Live";
    command.add_option("--live-port", live.port, "Port of the live service; 0 takes a free one")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--from", arguments.from,
                    "Data time (ISO 8601 with zone, or ns) at which a dataset begins when its first session "
                    "starts (default: its first record that is not of a snapshot)")
        ->group(group);
    command
        .add_option("--speed", arguments.speed,
                    "Seconds of data a second, or max: as fast as clients take them")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--replay-hours", arguments.replay_hours,
                    "How far back a replay may reach (default: 24; mbo and definition of GLBX.MDP3 a week)")
        ->check(CLI::Range(1e-6, 1e6))
        ->group(group);
    command
        .add_option("--drop-at", arguments.drop_at,
                    "Data times at which every session is cut off, in the middle of a record")
        ->delimiter(',')
        ->group(group);
    command.add_option("--end", arguments.end, "At the end of the data: stay (heartbeats go on) or close")
        ->check(CLI::IsMember({"stay", "close"}))
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--live-sessions", live.max_sessions_per_dataset, "Most sessions of a dataset at a time")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--live-connections", live.max_connections_per_second,
                    "Most connections a second from one address")
        ->capture_default_str()
        ->group(group);
}

Result<feed::LiveOptions> live_options_of(const GatewayLiveArguments& arguments) {
    feed::LiveOptions options = arguments.live;
    if (!arguments.from.empty()) {
        SPY_ASSIGN(options.from_ns, instant("--from", arguments.from));
    }
    SPY_ASSIGN(options.speed, speed_of(arguments.speed));
    if (arguments.replay_hours > 0) {
        options.replay_limit = std::chrono::nanoseconds(
            static_cast<std::int64_t>(std::llround(arguments.replay_hours * 3'600e9)));
    }
    for (const auto& text : arguments.drop_at) {
        SPY_ASSIGN(const auto at, instant("--drop-at", text));
        options.drop_at_ns.push_back(at);
    }
    options.close_at_end = arguments.end == "close";
    return options;
}

}  // namespace spymaster::cli
