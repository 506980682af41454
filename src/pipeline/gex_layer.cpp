#include "pipeline/gex_layer.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_gex(const lake::Lake&, const Job&, Progress&) {
    return make_error(ErrorCode::usage, "gamma exposure is not there yet");
}

}  // namespace spymaster::pipeline
