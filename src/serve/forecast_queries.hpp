// What can be asked about forecasts besides the forecasts themselves. They read files: on a worker.
#pragma once

#include <cstdint>

#include "lake/lake.hpp"
#include "serve/reply.hpp"
#include "serve/request.hpp"
#include "serve/session.hpp"

namespace spymaster::serve {

// /v1/calibration: the calibrations that are in force at some window of the session, each with its evaluation if
// there is one. What the lake has now: a session that is being streamed may be older.
Reply calibration_reply(const lake::Lake& lake, const SessionQuery& asked);
// The same of a session that is live, over the windows that it has so far.
Reply calibration_reply(const lake::Lake& lake, const Session& session);

// /v1/forecast/explain: one second in full, all that its forecast is made of.
Reply explanation_reply(Session& session, std::int64_t window_end_ts_ns);

}  // namespace spymaster::serve
