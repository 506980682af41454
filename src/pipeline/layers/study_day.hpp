// A day of the lake as calibration and evaluation of the forecast see it.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "forecast/evaluation/observation.hpp"
#include "forecast/forecast.hpp"
#include "forecast/parameters.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

// What a study sees of a second: what was forecast, and what a baseline knew at its end.
forecast::Observation observe(const windows::BookSnapshot1s& snapshot, const forecast::Forecast1s& said,
                              const market::Grid& grid);

struct ReadStudyDay {
    // Its seconds are those that lie within the session and that the lake has. Two sessions that meet share none.
    // There may be none.
    forecast::StudyDay day;
    // What it was read from: dataset -> SHA-256 of its manifest, and of its contract.
    std::map<std::string, std::string> manifests;
    std::map<std::string, std::string> contracts;
};

// `symbol`: a contract, "ESH6" (measured_contract.hpp finds that of a root). Predictions are those of
// `parameters`; drives do not depend on them. Memory: the observations of the session.
// Error: as ForecastInputs.
Result<ReadStudyDay> read_study_day(const lake::Lake& lake, const market::Product& product,
                                    const std::string& symbol, const market::Date& date,
                                    const market::SessionWindow& session,
                                    const forecast::Parameters& parameters = {});

}  // namespace spymaster::pipeline
