// What an evaluation says and where it comes from: what the table, the document and the page are made of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forecast/evaluation/evaluation.hpp"
#include "pipeline/calibration/calibration_store.hpp"

namespace spymaster::cli {

struct EvaluationReport {
    std::string product_type;
    std::string symbol;                       // as asked for: "ES", or a contract
    std::string session;                      // as asked for; empty: all that the lake has
    std::vector<pipeline::TrainingDay> days;  // what was evaluated, ascending
    bool simulated = false;                   // some day is of a made-up market
    // Whose micro-price and order-flow models it was compared with; none: neither was ever fitted.
    std::optional<pipeline::StoredCalibration> fitted;
    bool calibrated = false;  // whether beta and gamma are those of `fitted`, else the defaults
    forecast::Parameters parameters;
    forecast::Evaluation result;
    std::string engine_sha256;

    // "20260105T144000Z", or "uncalibrated".
    [[nodiscard]] std::string name() const { return calibrated ? fitted->name() : "uncalibrated"; }
};

}  // namespace spymaster::cli
