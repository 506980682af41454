// spymaster run: raw files to bronze, silver and gold in the lake, and from those to forecasts.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/progress_line.hpp"
#include "cli/where.hpp"
#include "dbn/decoder.hpp"
#include "pipeline/runner.hpp"

namespace spymaster::cli {

namespace {

struct RunArguments {
    std::string product_type = "future_mbo";
    std::string layer;
    std::string symbol;
    pipeline::DateArguments dates;
    std::string session = "09:30-09:40";
    std::vector<std::filesystem::path> raw_files;
    std::vector<std::filesystem::path> definition_files;
    std::vector<std::filesystem::path> statistics_files;
    std::string lake;
    std::string contracts;
    double tick = 0.0;
    int half_width_ticks = 0;
    int workers = 1;
    bool overwrite = false;
    bool json = false;
};

// The symbol that a file was made for: "ESH4"; without the suffix that asks for all of a root: "ES.FUT".
std::string requested_symbol(std::string symbol) {
    for (const std::string_view parent : {".FUT", ".OPT"}) {
        if (symbol.ends_with(parent)) symbol.resize(symbol.size() - parent.size());
    }
    return symbol;
}

// What a raw file's own metadata says where the command line says nothing: its symbol, and its first date.
Result<void> complete_from_raw(RunArguments& arguments) {
    const std::filesystem::path& file = arguments.raw_files.front();
    SPY_ASSIGN(const dbn::Decoder decoder, dbn::Decoder::open(file, {.own_thread = false}));
    const dbn::Metadata* const metadata = decoder.metadata();
    if (metadata == nullptr) return {};  // said by the run itself
    if (arguments.symbol.empty()) {
        if (metadata->symbols.size() != 1) {
            return make_error(ErrorCode::usage, "{} was made for {} symbols; name one with --symbol",
                              file.string(), metadata->symbols.size());
        }
        arguments.symbol = requested_symbol(metadata->symbols.front());
    }
    const pipeline::DateArguments& dates = arguments.dates;
    if (dates.dt.empty() && dates.dates.empty() && dates.start_date.empty() && dates.end_date.empty()) {
        arguments.dates.dt = market::utc_date(static_cast<std::int64_t>(metadata->start)).iso();
    }
    return {};
}

Result<market::Grid> grid_of(const market::Product& product, const RunArguments& arguments) {
    market::Grid grid = product.grid;
    if (arguments.tick != 0.0) {
        if (!(std::abs(arguments.tick) < 1e9)) {
            return make_error(ErrorCode::usage, "a tick of {} points makes no sense", arguments.tick);
        }
        grid.tick.nanos = std::llround(arguments.tick * 1e9);
        grid.price_increment = std::min(grid.price_increment, grid.tick);  // a coarser tick gathers prices
    }
    if (arguments.half_width_ticks != 0) grid.half_width_ticks = arguments.half_width_ticks;
    SPY_TRY(market::check_grid(grid));
    return grid;
}

Result<std::vector<pipeline::Job>> make_jobs(const RunArguments& arguments) {
    SPY_ASSIGN(const market::Product* product, market::find_product(arguments.product_type));
    SPY_ASSIGN(const pipeline::Layer layer, pipeline::parse_layer(arguments.layer));
    if (arguments.overwrite && (layer == pipeline::Layer::bronze || layer == pipeline::Layer::all)) {
        return make_error(ErrorCode::usage,
                          "--overwrite goes with --layer silver, gold or stream; bronze is never replaced");
    }
    if (layer == pipeline::Layer::stream && product->is_option()) {
        return make_error(ErrorCode::usage,
                          "no forecast is made of {}: it is of prices, and options stand in their way; "
                          "--layer stream goes with --product-type {}",
                          product->name, market::product_of(*product->underlying).name);
    }
    if (arguments.symbol.empty())
        return make_error(ErrorCode::usage, "no symbol given; use --symbol, such as ESH4, ES or SPY");
    if (arguments.symbol.find(',') != std::string::npos)
        return make_error(ErrorCode::usage, "'{}' is several symbols; run takes one, and several dates",
                          arguments.symbol);
    SPY_ASSIGN(const market::Session session, market::parse_session(arguments.session));
    SPY_ASSIGN(const market::Grid grid, grid_of(*product, arguments));
    SPY_ASSIGN(const std::vector<market::Date> dates, pipeline::resolve_dates(arguments.dates));
    pipeline::Job job;
    job.product = product;
    job.symbol = arguments.symbol;
    job.layer = layer;
    job.session = session;
    job.grid = grid;
    job.overwrite = arguments.overwrite;
    job.raw_files = arguments.raw_files;
    job.definition_files = arguments.definition_files;
    job.statistics_files = arguments.statistics_files;
    job.tick_given = arguments.tick != 0.0;
    std::vector<pipeline::Job> jobs(dates.size(), job);
    for (std::size_t i = 0; i < dates.size(); ++i) jobs[i].date = dates[i];
    return jobs;
}

std::string product_names() {
    std::string names;
    for (const market::Product& product : market::products())
        names += (names.empty() ? "" : ", ") + std::string(product.name);
    return names;
}

void print_report(const pipeline::Job& job, const pipeline::JobOutcome& outcome) {
    if (!outcome.report.ok()) {
        fmt::print("FAILED {} {}: {}\n", job.symbol, job.date.iso(), outcome.report.error().message);
        return;
    }
    fmt::print("done   {} {} in {:.2f} s\n", job.symbol, job.date.iso(), outcome.seconds);
    for (const pipeline::PartitionReport& partition : outcome.report->partitions) {
        fmt::print("  {:<42} {:<6} {:>11} rows  {}  {}\n", partition.key.dataset, partition.key.symbol,
                   partition.rows, partition.sha256.substr(0, 16),
                   partition.written ? "written" : "complete already");
    }
    for (const pipeline::QualityReport& quality : outcome.report->quality) {
        fmt::print("  {}: {} records, {} anomalies, {} crossed publishes, {} identity violations\n",
                   quality.symbol, quality.records, quality.anomalies, quality.crossed_publishes,
                   quality.identity_violations);
    }
    for (const std::string& note : outcome.report->notes) fmt::print("  note: {}\n", note);
}

nlohmann::json to_json(const pipeline::Job& job, const pipeline::JobOutcome& outcome) {
    nlohmann::json json{{"symbol", job.symbol},
                        {"dt", job.date.iso()},
                        {"ok", outcome.report.ok()},
                        {"seconds", outcome.seconds}};
    if (!outcome.report.ok()) {
        json["error"] = outcome.report.error().message;
        return json;
    }
    for (const auto& partition : outcome.report->partitions) {
        json["partitions"].push_back({{"dataset", partition.key.dataset},
                                      {"symbol", partition.key.symbol},
                                      {"dt", partition.key.date.iso()},
                                      {"rows", partition.rows},
                                      {"sha256", partition.sha256},
                                      {"written", partition.written}});
    }
    for (const auto& quality : outcome.report->quality) {
        json["quality"].push_back({{"symbol", quality.symbol},
                                   {"records", quality.records},
                                   {"anomalies", quality.anomalies},
                                   {"crossed_publishes", quality.crossed_publishes},
                                   {"identity_violations", quality.identity_violations}});
    }
    json["notes"] = outcome.report->notes;
    return json;
}

Result<int> run(RunArguments arguments) {
    if (!arguments.raw_files.empty()) SPY_TRY(complete_from_raw(arguments));
    SPY_ASSIGN(std::vector<pipeline::Job> wanted, make_jobs(arguments));
    SPY_ASSIGN(const lake::Lake lake,
               lake::Lake::open(lake_root(arguments.lake), contracts_folder(arguments.contracts)));
    SPY_ASSIGN(const pipeline::SelectedJobs selected, pipeline::select_contracts(lake, std::move(wanted)));
    const std::vector<pipeline::Job>& jobs = selected.jobs;
    for (const std::string& note : selected.notes) fmt::print(stderr, "note: {}\n", note);
    if (!arguments.json) {
        // A forecast is of the session that its gold is of.
        const bool session = arguments.layer != "stream";
        fmt::print("{} {} {}, {} date{}{}, into {}\n", arguments.product_type, arguments.layer,
                   arguments.symbol, jobs.size(), jobs.size() == 1 ? "" : "s",
                   session ? ", session " + arguments.session : "", lake.root().string());
    }
    pipeline::Progress progress;
    nlohmann::json reports = nlohmann::json::array();
    std::vector<pipeline::JobOutcome> outcomes;
    {
        ProgressLine line(progress);
        outcomes = pipeline::run_jobs(lake, jobs, arguments.workers, progress,
                                      [&](const auto& job, const auto& outcome) {
                                          line.clear();
                                          if (arguments.json)
                                              reports.push_back(to_json(job, outcome));
                                          else
                                              print_report(job, outcome);
                                          std::fflush(stdout);
                                      });
    }
    if (arguments.json) fmt::print("{}\n", reports.dump(2));
    int exit = 0;
    std::size_t failed = 0;
    for (const pipeline::JobOutcome& outcome : outcomes) {
        if (outcome.report.ok()) continue;
        if (failed++ == 0) exit = exit_code(outcome.report.error().code);
    }
    if (failed != 0) fmt::print(stderr, "spymaster: {} of {} failed\n", failed, outcomes.size());
    return exit;
}

}  // namespace

void add_run(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<RunArguments>();
    CLI::App* command = app.add_subcommand("run",
                                           "Compute bronze, silver and gold from raw DBN files, and "
                                           "forecasts from silver and gold.\n"
                                           "Options need the silver of what they are on: run that "
                                           "first. Forecasts are of futures and shares,\n"
                                           "with the obstacles of the options on futures where their gold "
                                           "is there, and with the newest\n"
                                           "calibration trained before each second (spymaster calibrate).");
    command->add_option("--product-type", arguments->product_type, "What is traded: " + product_names())
        ->capture_default_str();
    command
        ->add_option("--layer", arguments->layer,
                     "bronze, silver, gold, or all three in one pass; stream: the forecast of every second "
                     "of a gold that is there")
        ->required();
    command->add_option(
        "--symbol", arguments->symbol,
        "Futures and options on them: a contract (ESH4), or a root (ES) for each of its contracts, or for\n"
        "the one that the selection map has; equities and options on them: SPY; from the file with --raw");
    command->add_option("--dt", arguments->dates.dt,
                        "Date of the lake partition, 2023-12-25; from the file with --raw");
    command->add_option("--dates", arguments->dates.dates, "Dates d1,d2,... or first:last");
    command->add_option("--start-date", arguments->dates.start_date, "First of a range of calendar days");
    command->add_option("--end-date", arguments->dates.end_date, "Last of it, included");
    command
        ->add_option("--session", arguments->session,
                     "Seconds of silver: HH:MM-HH:MM [zone, default America/New_York], or a name:\n" +
                         market::session_names() + ";\ngold and stream have those of their silver")
        ->capture_default_str();
    command->add_option("--raw", arguments->raw_files,
                        "Read these DBN files instead of the lake's raw layer");
    command->add_option("--definitions", arguments->definition_files,
                        "Likewise, of instrument definitions, which options need");
    command->add_option("--statistics", arguments->statistics_files, "Likewise, of options' open interest");
    command->add_option("--lake", arguments->lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command->add_option("--contracts", arguments->contracts,
                        "Folder with datasets.yaml; found beside the program by default");
    command->add_option(
        "--tick", arguments->tick,
        "Distance between rows, in points; else that of the\nfuture's definition, else the product's");
    command->add_option("--half-width", arguments->half_width_ticks,
                        "Rows to each side of spot, in ticks; else the product's");
    command->add_option("--workers", arguments->workers, "Dates at the same time")
        ->capture_default_str()
        ->check(CLI::Range(1, 256));
    command->add_flag("--overwrite", arguments->overwrite, "Replace silver, gold or stream that is there");
    command->add_flag("--json", arguments->json, "Report as JSON on stdout");
    command->callback([arguments, &exit] {
        const Result<int> code = run(*arguments);
        exit = code.ok() ? *code : fail(code.error());
    });
}

}  // namespace spymaster::cli
