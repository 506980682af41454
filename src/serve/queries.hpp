// The answers of /v1 that are made from the lake in one go. They read files: on a worker.
#pragma once

#include "lake/lake.hpp"
#include "serve/reply.hpp"
#include "serve/request.hpp"

namespace spymaster::serve {

// /v1/snapshots.arrow: the whole silver snapshot of the session.
Reply snapshots_reply(const lake::Lake& lake, const SessionQuery& asked);

// /v1/flow: what happened in windows (start, end], by side: added, pulled, filled; and the number of trades.
Reply flow_reply(const lake::Lake& lake, const RangeRequest& request);

}  // namespace spymaster::serve
