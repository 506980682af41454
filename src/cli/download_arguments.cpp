#include "cli/download_arguments.hpp"

#include "cli/command.hpp"

namespace spymaster::cli {

namespace {

using feed::DownloadProgram;
using Action = DownloadArguments::Action;

void add_request_options(CLI::App* command, DownloadArguments& arguments) {
    const bool futures = arguments.program == DownloadProgram::futures;
    command->add_option("--start", arguments.start, "First date, YYYY-MM-DD")->required();
    command
        ->add_option("--end", arguments.end,
                     "Last date, inclusive; weekends are left out (Sundays of futures are not)")
        ->required();
    command
        ->add_option("--symbols", arguments.symbols,
                     futures ? "Roots, comma-separated" : "Stocks, comma-separated")
        ->capture_default_str();
    if (futures)
        command->add_flag("--include-futures", arguments.include_futures, "Orders of the futures too");
    if (!futures) {
        command->add_option("--equity-schemas", arguments.equity_schemas, "Of the stocks: mbo, definition")
            ->delimiter(',')
            ->capture_default_str();
    }
    command
        ->add_option(
            "--options-schemas", arguments.options_schemas,
            "Of the options that expire on the date; their data need definition, in this run or one before")
        ->delimiter(',')
        ->capture_default_str();
    command
        ->add_option(
            "--option-codes", arguments.option_codes,
            "Codes that options on the one symbol are listed under, for definitions; default: the root, and "
            "of ES all weekly and daily ones")
        ->delimiter(',');
    command->add_option("--pause-seconds", arguments.pause_seconds, "Pause after every submission")
        ->capture_default_str()
        ->check(CLI::Range(0, 3'600));
    if (arguments.action == Action::daemon) {
        command->add_option("--poll-interval", arguments.poll_interval_seconds, "Seconds between two polls")
            ->capture_default_str()
            ->check(CLI::Range(1, 86'400));
    }
    command->add_flag("--yes", arguments.yes, "Agree to the cost that is shown");
    command->add_flag("--dry-run", arguments.dry_run, "Show what would be submitted and cost; do nothing");
}

void add_action(CLI::App& program, int& exit, DownloadProgram which, Action action, const char* name,
                const char* about) {
    auto arguments = std::make_shared<DownloadArguments>();
    const bool futures = which == DownloadProgram::futures;
    arguments->program = which;
    arguments->action = action;
    arguments->name = fmt::format("{} {}", program.get_name(), name);
    arguments->symbols = futures ? "ES" : "SPY,QQQ";
    arguments->options_schemas = {"definition", futures ? "mbo" : "cmbp-1", "statistics"};
    CLI::App* command = program.add_subcommand(name, about);
    if (action != Action::poll) add_request_options(command, *arguments);
    command->add_option("--log-file", arguments->log_file, "Lines of the log are added to its end")
        ->required();
    command->add_option("--lake", arguments->lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command->add_option("--tracker", arguments->tracker,
                        fmt::format("File that remembers the jobs; default: {{lake}}/logs/{}_jobs.json",
                                    futures ? "futures" : "equity_options"));
    command->add_option("--host", arguments->host,
                        fmt::format("The service; else $DATABENTO_HISTORICAL_URL, else {}", kDatabentoHost));
    command->add_flag("--json", arguments->json, "Summary as JSON on stdout; the log goes to stderr");
    command->callback([arguments, &exit] { exit = run_download(*arguments); });
}

}  // namespace

Result<std::vector<feed::JobRequest>> requests_of(const DownloadArguments& arguments) {
    if (arguments.action == Action::poll) return std::vector<feed::JobRequest>{};
    feed::DownloadPlanOptions options;
    options.program = arguments.program;
    SPY_ASSIGN(options.start, market::parse_date(arguments.start));
    SPY_ASSIGN(options.end, market::parse_date(arguments.end));
    SPY_ASSIGN(options.symbols, feed::parse_download_symbols(arguments.program, arguments.symbols));
    options.include_futures = arguments.include_futures;
    options.equity_schemas = arguments.equity_schemas;
    options.options_schemas = arguments.options_schemas;
    options.definition_codes = arguments.option_codes;
    return feed::plan_jobs(options);
}

void add_download(CLI::App& app, int& exit) {
    CLI::App* command = app.add_subcommand("download", "Download days of market data from Databento");
    command->description(
        "Batch jobs of Databento's historical service, into the raw layer of the lake. The key is read from "
        "the "
        "environment, DATABENTO_API_KEY, and from nowhere else. Costs are shown and agreed to before they "
        "arise.");
    command->require_subcommand(1);
    for (const auto& [which, name, about] :
         {std::tuple(DownloadProgram::futures, "futures",
                     "GLBX.MDP3: futures and the options that expire that day"),
          std::tuple(DownloadProgram::equities, "equities",
                     "XNAS.ITCH and OPRA.PILLAR: stocks and their options")}) {
        CLI::App* program = command->add_subcommand(name, about);
        program->require_subcommand(1);
        add_action(*program, exit, which, Action::submit, "submit",
                   "Submit jobs; data of options once their definitions are downloaded");
        add_action(*program, exit, which, Action::poll, "poll",
                   "See how the jobs are, and download what is done");
        add_action(*program, exit, which, Action::daemon, "daemon",
                   "Submit, poll and download until everything asked for is there or has failed");
    }
}

}  // namespace spymaster::cli
