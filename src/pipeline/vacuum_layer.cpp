#include "pipeline/vacuum_layer.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_vacuum(const lake::Lake&, const Job&, Progress&) {
    return make_error(ErrorCode::usage, "vacuum is not there yet");
}

}  // namespace spymaster::pipeline
