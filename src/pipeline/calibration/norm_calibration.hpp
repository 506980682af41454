// gold.hud.physics_norm_calibration as rows: the bounds of each metric, and of which session they are.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "physics/vacuum/norm_bounds.hpp"

namespace spymaster::pipeline {

// What the manifest property `calibration` says where no session is earlier; else it is the session's date.
inline constexpr std::string_view kCalibrationProperty = "calibration";
inline constexpr std::string_view kBootstrap = "bootstrap";

// The bounds of each metric that a session has values of; the others are those of the bootstrap.
struct SessionBounds {
    std::string session_window;  // "2026-01-05 09:30-10:30"; without a session anything
    std::array<std::optional<physics::Bounds>, physics::kMetricNames.size()> bounds;  // by Metric
};

// Error: as lake::Lake::write.
Result<void> write_norm_calibration(const lake::Lake& lake, const lake::PartitionKey& key,
                                    const SessionBounds& session, const lake::Lineage& lineage);

// Error: as lake::Lake::read; malformed (a metric that is used is not there, is there twice or cannot be normed by).
Result<physics::NormBounds> read_norm_bounds(const lake::Lake& lake, const lake::PartitionKey& key);

}  // namespace spymaster::pipeline
