#include "serve/session_forecast.hpp"

#include <algorithm>
#include <chrono>

namespace spymaster::serve {

Result<SessionForecast> SessionForecast::open(const lake::Lake& lake, const SessionKey& key,
                                              const std::vector<std::int64_t>& window_ends) {
    const auto& product = market::product_of(key.product);
    SPY_ASSIGN(const auto calibrations, pipeline::load_calibrations(lake, product, key.symbol));
    SPY_ASSIGN(auto inputs, pipeline::ForecastInputs::open(lake, product, key.symbol, key.date));
    if (!std::ranges::equal(inputs.snapshots(), window_ends, {},
                            &windows::BookSnapshot1s::window_end_ts_ns)) {
        return make_error(ErrorCode::conflict, "{} {} was replaced while it was being opened; ask again",
                          key.symbol, key.date.iso());
    }
    std::vector<pipeline::StoredCalibration> in_force;
    if (!window_ends.empty()) {
        const auto of_session =
            pipeline::calibrations_in_force(calibrations, window_ends.front(), window_ends.back());
        in_force.assign(of_session.begin(), of_session.end());
    }
    return SessionForecast(std::move(inputs), std::move(in_force));
}

SessionForecast::SessionForecast(pipeline::ForecastInputs inputs,
                                 std::vector<pipeline::StoredCalibration> calibrations)
    : inputs_(std::move(inputs)),
      forecaster_(inputs_.grid(), inputs_.option_grid()),
      calibrations_(std::move(calibrations)) {
    for (const auto& calibration : calibrations_) names_.push_back(calibration.name());
}

Result<SessionForecastMade> SessionForecast::make(std::size_t window) {
    inputs_.seek(window);
    SPY_ASSIGN(const auto* second, inputs_.next());
    SPY_ASSERT(second != nullptr);
    SessionForecastMade made;
    made.second = second;
    if (const auto* in_force =
            pipeline::calibration_in_force(calibrations_, second->second.window_end_ts_ns)) {
        made.calibration = names_[static_cast<std::size_t>(in_force - calibrations_.data())];
        made.parameters = pipeline::parameters_of(in_force);
        const auto& scale = in_force->calibration.confidence_scale;
        made.confidence_scale = scale ? &*scale : nullptr;
    }
    const auto began = std::chrono::steady_clock::now();
    made.forecast =
        &forecaster_.forecast(second->second, second->fields, second->option_obstacles, made.parameters);
    made.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return made;
}

}  // namespace spymaster::serve
