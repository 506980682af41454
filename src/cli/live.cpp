// spymaster live: a feed to books, windows, fields and forecasts while it runs, recorded, served, and written into the lake.
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "cli/command.hpp"
#include "cli/live_arguments.hpp"
#include "cli/run_report.hpp"
#include "cli/where.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/schedule/schedule.hpp"
#include "pipeline/schedule/wanted_steps.hpp"

namespace spymaster::cli {

namespace {

Result<std::string> key_of_environment() {
    const char* const key = std::getenv("DATABENTO_API_KEY");
    if (key != nullptr && *key != '\0') return std::string(key);
    return make_error(
        ErrorCode::usage,
        "DATABENTO_API_KEY is not set: the live service wants a key, from the environment alone; "
        "spymaster gateway takes any of the form db-...");
}

// What follows from silver and gold: calibration, vacuum and bands, gamma exposure, forecasts.
bool run_the_rest(const lake::Lake& lake, const pipeline::LiveRunOptions& options,
                  const pipeline::JobReport& report) {
    std::vector<pipeline::Job> jobs;
    for (const pipeline::PartitionReport& partition : report.partitions) {
        const bool gold = partition.key.dataset ==
                          fmt::format("gold.{}.physics_surface_1s", options.market.outright.product->name);
        if (!gold) continue;
        jobs.push_back(options.market.outright);
        jobs.back().symbol = partition.key.symbol;
        jobs.back().date = partition.key.date;
        jobs.back().layer = pipeline::Layer::all;
    }
    auto steps = pipeline::family_steps(jobs, true);
    if (!options.market.options)
        std::erase_if(steps, [](const pipeline::Step& step) { return step.job.product->is_option(); });
    pipeline::link(steps);
    RunReport ended(steps);
    pipeline::Progress progress;
    pipeline::run_steps(
        steps, 1, [&](const pipeline::Step& step) { return pipeline::run_step(lake, step, progress); },
        [&](const pipeline::Step& step, const pipeline::StepOutcome& outcome) {
            ended.add(step, outcome, false);
            std::fflush(stdout);  // the server goes on, and somebody may be waiting for this
        });
    return ended.days_not_done() == 0;
}

// The session, from its feeds to the lake. The exit code.
int run_session(const lake::Lake& lake, const pipeline::LiveRunOptions& options, pipeline::LiveRun& run) {
    const auto outcome = run.run();
    if (!outcome) return fail(outcome.error());
    if (!outcome->session_over) {
        fmt::print(
            stderr,
            "spymaster: stopped before the session was over: what came is recorded, nothing is in the lake. "
            "The same command goes on with it; spymaster run measures it as it is\n");
        return 0;
    }
    fmt::print("The session is over and in {}\n", lake.root().string());
    std::fflush(stdout);
    return run_the_rest(lake, options, outcome->report) ? 0 : 1;
}

Result<int> run_live(const LiveArguments& arguments) {
    SPY_ASSIGN(std::string key, key_of_environment());
    const ServingArguments& serving = arguments.serving;
    SPY_ASSIGN(const auto lake,
               lake::Lake::open(lake_root(serving.lake), contracts_folder(serving.contracts)));
    SPY_ASSIGN(const auto options, live_run_options(arguments, lake, std::move(key)));
    SPY_ASSIGN(const auto server, start_server(serving));
    SPY_ASSIGN(const auto run, pipeline::LiveRun::create(lake, options, server->live()));
    announce(*server, fmt::format("{} and {} live", lake.root().string(), arguments.dataset));
    int exit = 0;
    std::thread session([&] {
        exit = run_session(lake, options, *run);
        if (exit != 0 || arguments.exit_at_end) server->stop();
    });
    server->run();
    run->stop();
    session.join();
    return exit;
}

}  // namespace

void add_live(CLI::App& app, int& exit) {
    auto* command = app.add_subcommand(
        "live",
        "Measure a live feed: record it, serve every second as it closes, and write the day into the lake");
    command->footer(
        "The key comes from DATABENTO_API_KEY. Recordings are in raw/source=live of the lake; a session that "
        "was "
        "interrupted goes on from there.");
    auto arguments = std::make_shared<LiveArguments>();
    add_options(*command, *arguments);
    command->callback([arguments, &exit] {
        const auto left_with = run_live(*arguments);
        exit = left_with ? *left_with : fail(left_with.error());
    });
}

}  // namespace spymaster::cli
