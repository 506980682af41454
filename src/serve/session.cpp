#include "serve/session.hpp"

#include <atomic>

namespace spymaster::serve {

namespace {

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last_id{0};
    return ++last_id;
}

}  // namespace

Session::Session(SessionKey key) : id_(next_id()), key_(std::move(key)) {}

ExplainedSecond explained_second(const pipeline::ForecastSecond& second, const forecast::Forecast1s& forecast,
                                 const forecast::Parameters& parameters, std::string_view calibration,
                                 const forecast::ConfidenceScale* scale) {
    ExplainedSecond explained{.second = second.second,
                              .snapshot = second.snapshot,
                              .option_strikes = second.option_obstacles.size(),
                              .parameters = parameters,
                              .calibration = std::string(calibration),
                              .confidence_scale = {},
                              .forecast = forecast};
    if (scale != nullptr) explained.confidence_scale = *scale;
    return explained;
}

}  // namespace spymaster::serve
