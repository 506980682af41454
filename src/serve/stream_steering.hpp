// What a request and a client's messages mean for the playback of a stream. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "serve/control.hpp"
#include "serve/playback.hpp"
#include "serve/request.hpp"

namespace spymaster::serve {

// The window to begin with, of those that end at `ends`; their number for none yet.
std::size_t first_window(const std::vector<std::int64_t>& ends, const StreamRequest& request);

// Whether a stream of a session that is live is to follow it from its first window on.
bool follows_from_start(const StreamRequest& request);

// A choice of surfaces leaves the playback as it is. Error (usage): there is nothing live to go to.
Result<void> apply(Playback& playback, const Control& control, Playback::Time now);

// {"type":"state",…}
std::string state_message(const Playback& playback);

}  // namespace spymaster::serve
