#include "serve/control.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "serve/parameters.hpp"

namespace spymaster::serve {

namespace {

using Json = nlohmann::json;

Result<Control> parse_seek(const Json& message) {
    const auto at = message.find("window_end_ts_ns");
    if (at == message.end() || !at->is_string()) {
        return make_error(ErrorCode::usage, "seek needs window_end_ts_ns as a decimal string");
    }
    SPY_ASSIGN(const auto ts, parse_integer("window_end_ts_ns", at->get_ref<const std::string&>()));
    return Control(Seek{ts});
}

Result<Control> parse_set_speed(const Json& message) {
    const auto at = message.find("speed");
    if (at == message.end() || !at->is_number())
        return make_error(ErrorCode::usage, "speed needs speed as a number");
    const auto speed = at->get<double>();
    if (!std::isfinite(speed) || speed <= 0.0)
        return make_error(ErrorCode::usage, "speed has to be a finite number above 0");
    return Control(SetSpeed{speed});
}

Result<Control> parse_step(const Json& message) {
    const auto at = message.find("windows");
    if (at == message.end()) return Control(Step{});
    const bool fits =
        at->is_number_integer() &&
        (!at->is_number_unsigned() || at->get<std::uint64_t>() <= std::numeric_limits<std::int32_t>::max());
    if (!fits || at->get<std::int64_t>() == 0) {
        return make_error(ErrorCode::usage, "step needs windows as an integer other than 0");
    }
    return Control(Step{at->get<std::int64_t>()});
}

Result<Control> parse_set_surfaces(const Json& message, StreamKind kind) {
    const auto at = message.find("surfaces");
    const bool listed = at != message.end() && at->is_array() && !at->empty();
    if (!listed || !std::ranges::all_of(*at, &Json::is_string)) {
        return make_error(ErrorCode::usage, "surfaces needs surfaces as a list of names, one at least");
    }
    SetSurfaces set;
    for (const auto& name : *at) {
        SPY_ASSIGN(const auto surface, find_surface(name.get_ref<const std::string&>(), kind));
        set.surfaces.insert(surface);
    }
    return Control(set);
}

}  // namespace

Result<Control> parse_control(std::string_view json, StreamKind kind) {
    const Json message = Json::parse(json, nullptr, false);
    if (!message.is_object()) return make_error(ErrorCode::usage, "a control message is a JSON object");
    const auto type = message.find("type");
    if (type == message.end() || !type->is_string())
        return make_error(ErrorCode::usage, "a control message needs a type");
    const auto& name = type->get_ref<const std::string&>();
    if (name == "pause") return Control(Pause{});
    if (name == "resume") return Control(Resume{});
    if (name == "live") return Control(GoLive{});
    if (name == "seek") return parse_seek(message);
    if (name == "speed") return parse_set_speed(message);
    if (name == "step") return parse_step(message);
    if (name == "surfaces") return parse_set_surfaces(message, kind);
    return make_error(ErrorCode::usage,
                      "unknown control message '{}': pause, resume, seek, speed, step, surfaces or live",
                      shown(name));
}

}  // namespace spymaster::serve
