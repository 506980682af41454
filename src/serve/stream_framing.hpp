// The texts around the surfaces of a window, which tell the two streams apart.
#pragma once

#include <string>
#include <vector>

#include "serve/reply.hpp"
#include "serve/surface_frame.hpp"

namespace spymaster::serve {

// A window as one client gets it: pieces that go on the socket in this order. The surfaces are shared, the texts are
// its own.
//   velocity stream: batch_start, then surface_header and surface, in order
//   hud stream:      hud_batch and surface, in order
std::vector<BodyPart> window_messages(StreamKind kind, SurfaceSet surfaces, const WindowFrames& window);

// What is said after the last window, framed; empty: nothing.
std::string end_message(StreamKind kind);

}  // namespace spymaster::serve
