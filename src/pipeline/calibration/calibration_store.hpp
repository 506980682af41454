// Calibrations and evaluations of the forecast in the lake: what was fitted, on what, and what it turned out to
// be worth. JSON documents beside the datasets, written whole or not at all (docs/forecast.md has the layout):
//
//   {root}/calibration/forecast/product_type=future_mbo/symbol=ES/{name}.json
//   {root}/evaluation/forecast/product_type=future_mbo/symbol=ES/{name}.json, {name}.html
//
// `name` is when the training ended, UTC: 20231225T233000Z. An evaluation has the name of the calibration that it
// is of, or `uncalibrated`.
//
// A calibration is one object. Numbers that are not whole are written with as many digits as bring the same bits back:
//
//   format        1
//   product_type, symbol, session
//   path          {beta, gamma, a, b, a_std_error, b_std_error, r_squared, samples}
//   order_flow    [{horizon_s, slope, slope_std_error, samples}]      of 1, 2, 5, 10, 20, 30 s
//   micro_price   {adjustment: [3 lists of 10], samples}              by spread, then imbalance
//   confidence_scale  {edges: [9], forecasts}, or null                of forecasts of these days with these parameters
//   days          [{symbol, dt, first_window_end_ts_ns, last_window_end_ts_ns, samples, manifests}]   ascending
//   contracts     {dataset: SHA-256}; manifests are the same
//   engine_sha256
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "forecast/calibration/calibration.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"

namespace spymaster::pipeline {

// What was trained on, of one date.
struct TrainingDay {
    std::string symbol;  // the contract, "ESH6"
    market::Date date;
    std::int64_t first_window_end_ts_ns = 0;
    std::int64_t last_window_end_ts_ns = 0;
    std::int64_t samples = 0;
    std::map<std::string, std::string> manifests;  // dataset -> SHA-256 of the manifest read
};

struct StoredCalibration {
    std::string product_type;
    std::string symbol;  // as asked for: "ES", for all its contracts, or "ESH6"
    std::string session;
    forecast::Calibration calibration;
    std::vector<TrainingDay> days;                 // ascending
    std::map<std::string, std::string> contracts;  // dataset -> SHA-256 of its contract
    std::string engine_sha256;                     // of the sources that decide what was measured

    // The last nanosecond that anything fitted depends on.
    [[nodiscard]] std::int64_t trained_until_ns() const { return days.back().last_window_end_ts_ns; }
    [[nodiscard]] std::string name() const;
};

// Replaces the calibration of that name. Error: usage (a calibration that could not be read again, says which
// key), io. Returns where it is.
Result<std::filesystem::path> store_calibration(const lake::Lake& lake, const StoredCalibration& calibration);

// Error: missing, malformed (says which key), io.
Result<StoredCalibration> read_calibration(const std::filesystem::path& path);

// Those of the symbol itself, or, if it has none, of its root; by the end of their training. A file that cannot be
// read, or is of another symbol or name than where it lies says, is an error: it is not silently uncalibrated.
Result<std::vector<StoredCalibration>> load_calibrations(const lake::Lake& lake,
                                                         const market::Product& product,
                                                         const std::string& symbol);

// The files that load_calibrations() reads, ascending, without reading them. Error: usage, io.
Result<std::vector<std::filesystem::path>> calibration_paths(const lake::Lake& lake,
                                                             const market::Product& product,
                                                             const std::string& symbol);

// The one that a forecast of this window is made with: of those whose training had ended before the window did, the one
// trained last; nullptr: none, the defaults stand and the forecast is uncalibrated. So no forecast is made with
// what was learned from its future, and a replay uses what a live session would have.
const StoredCalibration* calibration_in_force(std::span<const StoredCalibration> calibrations,
                                              std::int64_t window_end_ts_ns);

// Those in force at some window from the first to the last, oldest first. REQUIRES: as load_calibrations() gives them.
std::span<const StoredCalibration> calibrations_in_force(std::span<const StoredCalibration> calibrations,
                                                         std::int64_t first_window_end_ts_ns,
                                                         std::int64_t last_window_end_ts_ns);

// The parameters of that calibration, or the defaults of none.
inline forecast::Parameters parameters_of(const StoredCalibration* calibration) {
    return calibration == nullptr ? forecast::Parameters{} : calibration->calibration.path.parameters;
}

// Where the evaluation of a calibration of that name is, whether or not it exists; `extension`: ".json", ".html".
// Error (usage): a symbol or name that is no file name.
Result<std::filesystem::path> evaluation_path(const lake::Lake& lake, const market::Product& product,
                                              const std::string& symbol, const std::string& name,
                                              std::string_view extension);

}  // namespace spymaster::pipeline
