// What a request and a client's messages mean for the playback of a stream. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "serve/control.hpp"
#include "serve/playback.hpp"
#include "serve/request.hpp"

namespace spymaster::serve {

// The window to begin with, of those that end at `ends`; their number for none.
std::size_t first_window(const std::vector<std::int64_t>& ends, const StreamRequest& request);

// A choice of surfaces leaves the playback as it is.
void apply(Playback& playback, const Control& control, Playback::Time now);

// {"type":"state",…}
std::string state_message(const Playback& playback);

}  // namespace spymaster::serve
