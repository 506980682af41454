// The forecasts of a session, made when its windows are streamed: by the same engine, from the same reading of the
// lake, as the dataset stream.forecast_1s, and so of the same bits (spec 5.8, 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "forecast/forecaster.hpp"
#include "lake/lake.hpp"
#include "pipeline/calibration/calibration_store.hpp"
#include "pipeline/layers/forecast_inputs.hpp"
#include "serve/sessions.hpp"

namespace spymaster::serve {

// A forecast and what it was made with. Pointers: valid until the next one is made.
struct SessionForecastMade {
    const pipeline::ForecastSecond* second = nullptr;
    const forecast::Forecast1s* forecast = nullptr;
    forecast::Parameters parameters;
    std::string_view calibration;  // its name; empty: none was in force, these are the defaults
    const forecast::ConfidenceScale* confidence_scale = nullptr;  // of that calibration, if it has one
    double seconds = 0.0;                                         // that the forecast took, without reading
};

// One thread at a time.
class SessionForecast {
  public:
    // Error: a calibration of the symbol that cannot be read (names the file), option gold whose obstacles count
    // and cannot be read, and whatever else stops ForecastInputs; conflict: other windows than `window_ends`.
    static Result<SessionForecast> open(const lake::Lake& lake, const SessionKey& key,
                                        const std::vector<std::int64_t>& window_ends);

    // Any window, in any order. Error: malformed, io; the others can still be made.
    // REQUIRES: window < window_ends.size()
    Result<SessionForecastMade> make(std::size_t window);

  private:
    SessionForecast(pipeline::ForecastInputs inputs, std::vector<pipeline::StoredCalibration> calibrations);

    pipeline::ForecastInputs inputs_;
    forecast::Forecaster forecaster_;
    std::vector<pipeline::StoredCalibration> calibrations_;  // those in force at some window
    std::vector<std::string> names_;                         // of each
};

}  // namespace spymaster::serve
