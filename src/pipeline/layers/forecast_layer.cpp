#include "pipeline/layers/forecast_layer.hpp"

#include <map>
#include <string>

#include "pipeline/calibration/calibration_store.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job_inputs.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/gold/forecast_sink.hpp"
#include "pipeline/layers/forecast_inputs.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::string_view kStage = "stream_compute_forecast_1s";
constexpr std::string_view kForecastAgain = "run --layer stream --overwrite to replace it";

// What decides the bytes besides the inputs: which calibrations are in force at some second, and what they say.
std::map<std::string, std::string> forecast_properties(std::span<const StoredCalibration> in_force) {
    std::string names;
    std::string parameters;
    const auto add = [](std::string& list, const std::string& text) {
        list += (list.empty() ? "" : ",") + text;
    };
    const auto add_parameters = [&](const forecast::Parameters& each) {
        add(parameters, fmt::format("{} {}", each.beta, each.gamma));
    };
    for (const StoredCalibration& calibration : in_force) {
        add(names, calibration.name());
        add_parameters(parameters_of(&calibration));
    }
    if (in_force.empty()) add_parameters(parameters_of(nullptr));
    return {{"calibrations", names.empty() ? "none" : names},
            {"parameters", parameters},  // beta and gamma of each
            {"sampling", "ahead"}};
}

// The day of one contract.
class ForecastDay {
  public:
    ForecastDay(const lake::Lake& lake, const Job& job, std::string symbol, Progress& progress)
        : lake_(lake), job_(job), key_(forecast_key(symbol, job.date)), progress_(progress) {}

    Result<void> run(JobReport& report) {
        SPY_ASSIGN(ForecastInputs inputs, ForecastInputs::open(lake_, *job_.product, key_.symbol, job_.date));
        SPY_ASSIGN(calibrations_, load_calibrations(lake_, *job_.product, key_.symbol));
        Wanted wanted{forecast_properties(in_force(inputs)), inputs.partitions(), kForecastAgain};
        SPY_ASSIGN(const bool needed, is_needed(lake_, job_.overwrite, {key_}, wanted));
        if (needed) {
            SPY_TRY(check_fresh(lake_, wanted.inputs));
            SPY_TRY(write(inputs, std::move(wanted)));
        }
        return add_partition(lake_, key_, needed, report);
    }

  private:
    [[nodiscard]] std::span<const StoredCalibration> in_force(const ForecastInputs& inputs) const {
        if (inputs.snapshots().empty()) return {};
        return calibrations_in_force(calibrations_, inputs.snapshots().front().window_end_ts_ns,
                                     inputs.snapshots().back().window_end_ts_ns);
    }

    Result<void> write(ForecastInputs& inputs, Wanted wanted) {
        SPY_ASSIGN(ForecastSink sink, ForecastSink::create(lake_, key_));
        progress_.units_total += inputs.snapshots().size();
        forecast::Forecaster forecaster(inputs.grid(), inputs.option_grid(), forecast::Sampling::ahead);
        for (;;) {
            SPY_ASSIGN(const ForecastSecond* second, inputs.next());
            if (second == nullptr) break;
            const auto* const calibration =
                calibration_in_force(calibrations_, second->second.window_end_ts_ns);
            SPY_TRY(sink.append(forecaster.forecast(second->second, second->fields, second->option_obstacles,
                                                    parameters_of(calibration))));
            ++progress_.units_done;
        }
        SPY_ASSIGN(const lake::Manifest gold,
                   lake_.manifest(keys_of(*job_.product, key_.symbol, job_.date).gold));
        wanted.properties.insert(gold.properties.begin(), gold.properties.end());
        return sink.commit({std::string(kStage), std::move(wanted.inputs), std::move(wanted.properties)});
    }

    const lake::Lake& lake_;
    const Job& job_;
    lake::PartitionKey key_;
    Progress& progress_;
    std::vector<StoredCalibration> calibrations_;
};

}  // namespace

Result<JobReport> run_stream(const lake::Lake& lake, const Job& job, Progress& progress) {
    JobReport report;
    const std::string gold = keys_of(*job.product, job.symbol, job.date).gold.dataset;
    SPY_ASSIGN(const std::vector<std::string> symbols, contracts_in_lake(lake, job, gold, "gold"));
    for (const std::string& symbol : symbols) SPY_TRY(ForecastDay(lake, job, symbol, progress).run(report));
    return report;
}

}  // namespace spymaster::pipeline
