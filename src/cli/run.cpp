// spymaster run: raw files to bronze, silver and gold in the lake, and from those to forecasts.
#include <algorithm>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_arguments.hpp"
#include "cli/run_report.hpp"
#include "cli/where.hpp"
#include "feed/raw_files.hpp"
#include "pipeline/schedule/lake_state.hpp"
#include "pipeline/schedule/schedule.hpp"
#include "pipeline/schedule/wanted_steps.hpp"

namespace spymaster::cli {

namespace {

using pipeline::Job;
using pipeline::Stage;
using pipeline::Step;

// Something of the product is there on one of the dates: raw files, or what was made of them.
bool has_days(const lake::Lake& lake, const market::Product& product, const std::vector<Job>& jobs) {
    return std::ranges::any_of(jobs, [&](const Job& job) {
        const auto* const bronze = pipeline::find_stage(pipeline::StageKind::bronze, product);
        const auto* const silver = pipeline::find_stage(pipeline::StageKind::silver, product);
        return !pipeline::contracts_with(lake, job, bronze->writes.front()).empty() ||
               !pipeline::contracts_with(lake, job, silver->writes.front()).empty() ||
               feed::find_raw_files(lake.root(), product, feed::RawKind::records, job.symbol, job.date).ok();
    });
}

// The jobs of each product that stands for its family: the one given, or every one that the symbol is of.
Result<std::vector<std::vector<Job>>> family_jobs(const lake::Lake& lake, const RunArguments& arguments) {
    std::vector<std::vector<Job>> families;
    for (const market::Product& product : market::products()) {
        if (product.is_option()) continue;
        SPY_ASSIGN(std::vector<Job> jobs, make_jobs(arguments, product));
        if (has_days(lake, product, jobs)) families.push_back(std::move(jobs));
    }
    if (!families.empty()) return families;
    return make_error(
        ErrorCode::missing,
        "no raw files and nothing measured of {} on these dates in {}: raw files go into {}/raw, as "
        "those of spymaster simulate do",
        arguments.symbol, lake.root().string(), lake.root().string());
}

// The stages that the command line names, of one family.
Result<std::vector<const Stage*>> named_stages(const std::vector<std::string>& names,
                                               const std::vector<const market::Product*>& products) {
    std::vector<const Stage*> wanted;
    for (const std::string& name : names) {
        SPY_ASSIGN(const std::vector<const Stage*> found, pipeline::stages_writing(name, products));
        for (const Stage* stage : found)
            if (std::ranges::find(wanted, stage) == wanted.end()) wanted.push_back(stage);
    }
    return wanted;
}

// The session of the silver that is there, of the product or of what it is on.
Result<void> take_session(const lake::Lake& lake, Job& job) {
    for (const market::Product* product :
         {job.product, job.product->is_option() ? &market::product_of(*job.product->underlying) : nullptr}) {
        if (product == nullptr) continue;
        const auto& snapshots = pipeline::find_stage(pipeline::StageKind::silver, *product)->writes.front();
        const std::vector<std::string> contracts = pipeline::contracts_with(lake, job, snapshots);
        if (contracts.empty()) continue;
        SPY_ASSIGN(const lake::Manifest manifest, lake.manifest({snapshots, contracts.front(), job.date}));
        const auto session = manifest.properties.find("session");
        if (session == manifest.properties.end()) continue;
        SPY_ASSIGN(job.session, market::parse_session(session->second));
        return {};
    }
    return {};
}

Result<std::vector<Step>> steps_of_names(const lake::Lake& lake, const RunArguments& arguments,
                                         std::vector<Job> jobs) {
    if (arguments.session.empty()) {
        for (Job& job : jobs) SPY_TRY(take_session(lake, job));
    }
    std::vector<const market::Product*> products;
    for (const market::Product& product : market::products()) {
        const bool chosen = arguments.all_products() ? pipeline::is_family(product, *jobs.front().product)
                                                     : product.name == arguments.product_type;
        if (chosen) products.push_back(&product);
    }
    if (!arguments.from.empty()) {
        SPY_ASSIGN(const auto wanted, named_stages({arguments.from}, products));
        return pipeline::steps_from(jobs, wanted);
    }
    if (!arguments.only.empty()) {
        SPY_ASSIGN(const auto wanted, named_stages(arguments.only, products));
        return pipeline::only_steps(jobs, wanted);
    }
    SPY_ASSIGN(const auto wanted, named_stages(arguments.datasets, products));
    return pipeline::target_steps(lake, jobs, wanted);
}

Result<std::vector<Step>> stale(const lake::Lake& lake, const RunArguments& arguments) {
    pipeline::Scope scope{arguments.symbol, {}};
    if (arguments.has_dates()) {
        SPY_ASSIGN(scope.dates, pipeline::resolve_dates(arguments.dates));
    }
    return pipeline::stale_steps(lake, scope);
}

Result<std::vector<Step>> wanted_steps(const lake::Lake& lake, const RunArguments& arguments) {
    if (arguments.stale) return stale(lake, arguments);
    std::vector<std::vector<Job>> families;
    if (arguments.all_products()) {
        SPY_ASSIGN(families, family_jobs(lake, arguments));
    } else {
        SPY_ASSIGN(
            const market::Product* product,
            market::find_product(arguments.product_type.empty() ? "future_mbo" : arguments.product_type));
        SPY_ASSIGN(std::vector<Job> jobs, make_jobs(arguments, *product));
        families.push_back(std::move(jobs));
    }
    std::vector<Step> steps;
    for (std::vector<Job>& family : families) {
        SPY_ASSIGN(const pipeline::SelectedJobs selected,
                   pipeline::select_contracts(lake, std::move(family)));
        for (const std::string& note : selected.notes) fmt::print(stderr, "note: {}\n", note);
        std::vector<Step> more;
        if (arguments.names_datasets()) {
            SPY_ASSIGN(more, steps_of_names(lake, arguments, selected.jobs));
        } else if (arguments.all_products()) {
            more = pipeline::family_steps(selected.jobs, arguments.layer.empty());
        } else {
            more = pipeline::layer_steps(selected.jobs);
        }
        steps.insert(steps.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return steps;
}

// "future_mbo all ES", "--from depth_and_flow_1s SPY"
std::string described(const RunArguments& arguments) {
    std::string what =
        arguments.product_type.empty() && !arguments.layer.empty() ? "future_mbo" : arguments.product_type;
    const auto add = [&what](std::string_view word, const std::string& more) {
        if (!more.empty()) what += fmt::format("{}{}{}", what.empty() ? "" : " ", word, more);
    };
    add("", arguments.layer);
    add("--dataset ", fmt::format("{}", fmt::join(arguments.datasets, ",")));
    add("--only ", fmt::format("{}", fmt::join(arguments.only, ",")));
    add("--from ", arguments.from);
    add("", arguments.stale ? "--stale" : "");
    add("", arguments.symbol);
    return what;
}

void print_head(const RunArguments& arguments, const std::vector<Step>& steps, const lake::Lake& lake) {
    std::vector<market::Date> dates;
    for (const Step& step : steps) dates.push_back(step.job.date);
    std::ranges::sort(dates);
    const auto repeated = std::ranges::unique(dates);
    dates.erase(repeated.begin(), repeated.end());
    // A forecast is of the session that its gold is of, what is stale of its own, and a dataset of that of its silver.
    std::string session;
    if (arguments.layer != "stream" && !arguments.stale && !arguments.names_datasets())
        session = fmt::format(", session {}", arguments.session.empty() ? kSession : arguments.session);
    fmt::print("{}, {} date{}{}, into {}\n", described(arguments), dates.size(), dates.size() == 1 ? "" : "s",
               session, lake.root().string());
    if (steps.empty()) fmt::print("nothing is stale\n");
}

Result<int> run(RunArguments arguments) {
    SPY_TRY(complete(arguments));
    SPY_ASSIGN(const lake::Lake lake,
               lake::Lake::open(lake_root(arguments.lake), contracts_folder(arguments.contracts)));
    SPY_ASSIGN(std::vector<Step> steps, wanted_steps(lake, arguments));
    pipeline::link(steps);
    if (!arguments.json) print_head(arguments, steps, lake);
    RunReport report(steps);
    pipeline::Progress progress;
    std::vector<pipeline::StepOutcome> outcomes;
    {
        ProgressLine line(progress);
        outcomes = pipeline::run_steps(
            steps, arguments.workers,
            [&](const Step& step) { return pipeline::run_step(lake, step, progress); },
            [&](const Step& step, const pipeline::StepOutcome& outcome) {
                line.clear();
                report.add(step, outcome, arguments.json);
                std::fflush(stdout);
            });
    }
    if (arguments.json) fmt::print("{}\n", report.json().dump(2));
    const auto failed =
        std::ranges::find_if(outcomes, [](const auto& outcome) { return outcome.error.has_value(); });
    if (failed == outcomes.end()) return 0;
    fmt::print(stderr, "spymaster: {} of {} failed\n", report.days_not_done(), report.days());
    return exit_code(failed->error->code);
}

}  // namespace

void add_run(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<RunArguments>();
    CLI::App* command = app.add_subcommand("run",
                                           "Compute bronze, silver and gold from raw DBN files, and "
                                           "forecasts from silver and gold; whole, or one "
                                           "dataset\nwith what it is missing. Options need the silver of "
                                           "what they are on: run that first, or both with\n"
                                           "--product-type all. Forecasts are of futures and shares, with "
                                           "the obstacles of the options on futures where\n"
                                           "their gold is there, and with the newest calibration trained "
                                           "before each second (spymaster calibrate).");
    add_options(*command, *arguments);
    command->footer(
        "  spymaster run --product-type all --symbol ES --dt 2026-01-06     the whole day, options included\n"
        "  spymaster run --dataset gex_levels_1s --symbol ES --dt 2026-01-06   it, and what it is missing\n"
        "  spymaster run --stale                                            whatever no longer follows");
    command->callback([arguments, &exit] {
        const Result<int> code = run(*arguments);
        exit = code.ok() ? *code : fail(code.error());
    });
}

}  // namespace spymaster::cli
