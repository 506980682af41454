#include "pipeline/layers/gex_layer.hpp"

#include <map>
#include <string>
#include <vector>

#include "market/gamma_terms.hpp"
#include "physics/gamma/gex_engine.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job_inputs.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/gold/gex_sink.hpp"
#include "pipeline/layers/gex_inputs.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::string_view kStage = "silver_compute_gex_surface_1s";
constexpr std::string_view kAgain = "make gex_surface_1s again with --overwrite to replace it";

// What decides the numbers besides the inputs, and in which units they are.
std::map<std::string, std::string> gex_properties(const market::GammaTerms& terms) {
    return {{"gex_unit", "USD per 1 % of the underlying"},
            {"gex_sign", fmt::format("calls {:+}, puts {:+}", terms.call_sign, terms.put_sign)},
            {"gex_multiplier", fmt::format("of the definition, else {}", terms.multiplier)},
            {"gex_rate", fmt::format("{}", terms.rate)},
            {"gex_carry", fmt::format("{}", terms.carry)},
            {"gex_exercise", "at expiration only"},
            {"gex_strikes_per_side", std::to_string(terms.strikes_per_side)}};
}

// The day of the options on one underlying.
class GexDay {
  public:
    GexDay(const lake::Lake& lake, const Job& job, std::string symbol, Progress& progress)
        : lake_(lake),
          job_(job),
          symbol_(std::move(symbol)),
          keys_(gamma_keys_of(*job.product, symbol_, job.date)),
          terms_(market::gamma_terms(job.product->type)),
          progress_(progress) {}

    Result<void> run(JobReport& report) {
        SPY_ASSIGN(GexInputs inputs, GexInputs::open(lake_, *job_.product, symbol_, job_.date));
        Wanted wanted{gex_properties(terms_), inputs.partitions(), kAgain};
        SPY_ASSIGN(const bool needed,
                   is_needed(lake_, job_.overwrite, {keys_.surface, keys_.levels}, wanted));
        if (needed) {
            SPY_TRY(check_fresh(lake_, wanted.inputs));
            SPY_TRY(write(inputs, std::move(wanted)));
        }
        SPY_TRY(add_partition(lake_, keys_.surface, needed, report));
        return add_partition(lake_, keys_.levels, needed, report);
    }

  private:
    Result<void> write(GexInputs& inputs, Wanted wanted) {
        SPY_ASSIGN(auto options, listed_options(lake_, *job_.product, symbol_, job_.date));
        physics::GexEngine engine(terms_, std::move(options));
        SPY_ASSIGN(GexSink sink, GexSink::create(lake_, keys_));
        progress_.units_total += inputs.seconds();
        for (;;) {
            SPY_ASSIGN(const physics::GexSecond* second, inputs.next(engine));
            if (second == nullptr) break;
            SPY_TRY(sink.append(engine.close(*second)));
            ++progress_.units_done;
        }
        SPY_ASSIGN(const lake::Manifest quotes,
                   lake_.manifest(keys_of(*job_.product, symbol_, job_.date).snapshots));
        wanted.properties.insert(quotes.properties.begin(), quotes.properties.end());
        return sink.commit({std::string(kStage), std::move(wanted.inputs), std::move(wanted.properties)});
    }

    const lake::Lake& lake_;
    const Job& job_;
    std::string symbol_;
    GammaKeys keys_;
    const market::GammaTerms& terms_;
    Progress& progress_;
};

}  // namespace

Result<JobReport> run_gex(const lake::Lake& lake, const Job& job, Progress& progress) {
    if (!job.product->is_option())
        return make_error(ErrorCode::usage, "{} has no gamma exposure: it is of options", job.product->name);
    JobReport report;
    const std::string quotes = keys_of(*job.product, job.symbol, job.date).snapshots.dataset;
    SPY_ASSIGN(const std::vector<std::string> symbols, contracts_in_lake(lake, job, quotes, "silver"));
    for (const std::string& symbol : symbols) SPY_TRY(GexDay(lake, job, symbol, progress).run(report));
    return report;
}

}  // namespace spymaster::pipeline
