#include "pipeline/norm_calibration_layer.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_norm_calibration(const lake::Lake&, const Job&, Progress&) {
    return make_error(ErrorCode::usage, "calibration of norms is not there yet");
}

}  // namespace spymaster::pipeline
