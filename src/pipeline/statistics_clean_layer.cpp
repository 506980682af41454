#include "pipeline/statistics_clean_layer.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_statistics_clean(const lake::Lake&, const Job&, Progress&) {
    return make_error(ErrorCode::usage, "statistics_clean is not there yet");
}

}  // namespace spymaster::pipeline
