// The nine messages of a window, read and checked for order and form.
#pragma once

#include <cstdint>
#include <string>

#include "arrow_table.hpp"
#include "raw_client.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {

// The default session, whole and at once.
inline constexpr const char* kAll = "/v1/velocity/stream?speed=1e6&skip_minutes=0";

struct Window {
    std::int64_t end = 0;
    std::string bytes;
    std::string calibration;       // of batch_start; empty: null
    std::string forecast_problem;  // of batch_start; empty: none
    ArrowTable snap, velocity, options, forecast;
    WsMessage instead;  // what came if it was no window
};

Window read_window(StreamSocket& stream);

void expect_schemas(const Window& window);

// The surface `options` as a client has to see it: the four sums of each strike, taken by hand; without rows for
// no chain or a window it leaves out.
ArrowTable options_table(const SmallSession& session, const SmallChain* chain, std::int64_t k);

// Every value of window k; the forecast is that of expected_forecast.hpp, uncalibrated, and none where the chain
// does not cover the session. `shown_width`: rel_ticks beyond it are not sent.
void expect_values(const Window& window, const SmallSession& session, std::int64_t k, int shown_width,
                   const SmallChain* chain = nullptr);

}  // namespace spymaster::serve
