// /v1/hud/bootstrap and /v1/hud/surfaces: what is asked of a session, before a byte of the answer is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "serve/reply.hpp"
#include "serve/request.hpp"
#include "serve/session.hpp"

namespace spymaster::serve {

// Windows [first, last) of the session, one at least.
struct HudRange {
    std::size_t first = 0;
    std::size_t last = 0;
    std::optional<std::int64_t> rows;  // of the surface, where they are known beforehand
};

// Reads an index of the table: on a worker. Error: missing (the partition, with the command that makes it; no windows or
// rows in the range), and as row_count().
Result<HudRange> find_hud_range(Session& session, const HudRequest& request);

// The head of the answer: X-HUD-*, and that a page may read them.
Reply hud_head(const Session& session, const HudRequest& request, const HudRange& range);

}  // namespace spymaster::serve
