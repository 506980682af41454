#include "cli/run_arguments.hpp"

#include <cmath>

#include "dbn/decoder.hpp"

namespace spymaster::cli {

namespace {

// The symbol that a file was made for: "ESH4"; without the suffix that asks for all of a root: "ES.FUT".
std::string requested_symbol(std::string symbol) {
    for (const std::string_view parent : {".FUT", ".OPT"}) {
        if (symbol.ends_with(parent)) symbol.resize(symbol.size() - parent.size());
    }
    return symbol;
}

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
    if (!arguments.has_dates())
        arguments.dates.dt = market::utc_date(static_cast<std::int64_t>(metadata->start)).iso();
    return {};
}

Result<void> check_together(const RunArguments& arguments) {
    const int ways = static_cast<int>(!arguments.layer.empty()) +
                     static_cast<int>(!arguments.datasets.empty()) +
                     static_cast<int>(!arguments.only.empty()) + static_cast<int>(!arguments.from.empty()) +
                     static_cast<int>(arguments.stale);
    if (ways > 1 || (ways == 0 && arguments.product_type != "all")) {
        return make_error(
            ErrorCode::usage,
            "say what to make, one of: --layer, --dataset, --only, --from, --stale, or the whole "
            "day with --product-type all");
    }
    const bool one_product = !arguments.layer.empty() && arguments.product_type != "all";
    const bool of_one_product = !arguments.raw_files.empty() || !arguments.definition_files.empty() ||
                                !arguments.statistics_files.empty() || arguments.tick != 0.0 ||
                                arguments.half_width_ticks != 0;
    if (!one_product && of_one_product) {
        return make_error(
            ErrorCode::usage,
            "--raw, --definitions, --statistics, --tick and --half-width are of one product: they "
            "go with --layer and a --product-type");
    }
    if (arguments.stale && (arguments.overwrite || !arguments.product_type.empty())) {
        return make_error(
            ErrorCode::usage,
            "--stale makes again what no longer follows from its inputs, of every product; it goes "
            "with --symbol and dates alone");
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

// What a layer cannot be asked for.
Result<void> check_layer(pipeline::Layer layer, const RunArguments& arguments,
                         const market::Product& product) {
    if (arguments.overwrite && !arguments.names_datasets() &&
        (layer == pipeline::Layer::bronze || layer == pipeline::Layer::all)) {
        return make_error(ErrorCode::usage,
                          "--overwrite goes with --layer silver, gold or stream; bronze is never replaced");
    }
    if (layer == pipeline::Layer::stream && product.is_option()) {
        return make_error(ErrorCode::usage,
                          "no forecast is made of {}: it is of prices, and options stand in their way; "
                          "--layer stream goes with --product-type {}",
                          product.name, market::product_of(*product.underlying).name);
    }
    return {};
}

std::string product_names() {
    std::string names;
    for (const market::Product& product : market::products()) names += std::string(product.name) + ", ";
    return names;
}

void add_what(CLI::App& command, RunArguments& arguments) {
    command.add_option(
        "--product-type", arguments.product_type,
        "What is traded: " + product_names() +
            "or all: the product that the symbol\nis of and the options on it, by themselves the "
            "whole day from raw files to forecasts;\nelse future_mbo, or with names of datasets, all");
    command.add_option(
        "--layer", arguments.layer,
        "bronze, silver, gold, or all three in one pass; stream: the forecast of every second of a\n"
        "gold that is there. Silver brings open interest and gamma exposure (options), or walls,\n"
        "radar, vacuum and bands with their calibration");
    command
        .add_option(
            "--dataset", arguments.datasets,
            "Make these datasets (radar_vacuum_1s, or in full silver.equity_mbo.radar_vacuum_1s), and what\n"
            "they need and is missing")
        ->delimiter(',');
    command.add_option("--only", arguments.only, "Make these datasets alone; their inputs must be there")
        ->delimiter(',');
    command.add_option("--from", arguments.from,
                       "Make this dataset again, and all that follows from it on the dates given");
    command.add_flag("--stale", arguments.stale,
                     "Make again whatever no longer follows from its inputs, by the hashes in its manifest;\n"
                     "of the whole lake, or of a symbol or dates");
}

void add_when(CLI::App& command, RunArguments& arguments) {
    command.add_option(
        "--symbol", arguments.symbol,
        "Futures and options on them: a contract (ESH4), or a root (ES) for each of its contracts, or for\n"
        "the one that the selection map has; equities and options on them: SPY; from the file with --raw");
    command.add_option("--dt", arguments.dates.dt,
                       "Date of the lake partition, 2023-12-25; from the file with --raw");
    command.add_option("--dates", arguments.dates.dates, "Dates d1,d2,... or first:last");
    command.add_option("--start-date", arguments.dates.start_date, "First of a range of calendar days");
    command.add_option("--end-date", arguments.dates.end_date, "Last of it, included");
    command.add_option("--session", arguments.session,
                       "Seconds of silver: HH:MM-HH:MM [zone, default America/New_York], or a name:\n" +
                           market::session_names() + ";\nall else has those of its silver; else " +
                           std::string(kSession) +
                           ", or with names of datasets that of the silver\nthat is there");
}

void add_how(CLI::App& command, RunArguments& arguments) {
    command.add_option("--raw", arguments.raw_files, "Read these DBN files instead of the lake's raw layer");
    command.add_option("--definitions", arguments.definition_files,
                       "Likewise, of instrument definitions, which options need");
    command.add_option("--statistics", arguments.statistics_files, "Likewise, of options' open interest");
    command.add_option("--lake", arguments.lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command.add_option("--contracts", arguments.contracts,
                       "Folder with datasets.yaml; found beside the program by default");
    command.add_option(
        "--tick", arguments.tick,
        "Distance between rows, in points; else that of the\nfuture's definition, else the product's");
    command.add_option("--half-width", arguments.half_width_ticks,
                       "Rows to each side of spot, in ticks; else the product's");
    command.add_option("--workers", arguments.workers, "Dates and independent stages at the same time")
        ->capture_default_str()
        ->check(CLI::Range(1, 256));
    command.add_flag(
        "--overwrite", arguments.overwrite,
        "Replace what is there of silver, gold or stream; with --dataset, of the datasets named");
    command.add_flag("--json", arguments.json, "Report as JSON on stdout");
}

}  // namespace

bool RunArguments::has_dates() const {
    return !(dates.dt.empty() && dates.dates.empty() && dates.start_date.empty() && dates.end_date.empty());
}

bool RunArguments::all_products() const {
    return product_type == "all" || (product_type.empty() && names_datasets());
}

void add_options(CLI::App& command, RunArguments& arguments) {
    add_what(command, arguments);
    add_when(command, arguments);
    add_how(command, arguments);
}

Result<void> complete(RunArguments& arguments) {
    SPY_TRY(check_together(arguments));
    if (!arguments.raw_files.empty()) SPY_TRY(complete_from_raw(arguments));
    if (arguments.symbol.find(',') != std::string::npos)
        return make_error(ErrorCode::usage, "'{}' is several symbols; run takes one, and several dates",
                          arguments.symbol);
    if (arguments.symbol.empty() && !arguments.stale)
        return make_error(ErrorCode::usage, "no symbol given; use --symbol, such as ESH4, ES or SPY");
    return {};
}

Result<std::vector<pipeline::Job>> make_jobs(const RunArguments& arguments, const market::Product& product) {
    pipeline::Job job;
    job.layer = pipeline::Layer::all;
    if (!arguments.layer.empty()) {
        SPY_ASSIGN(job.layer, pipeline::parse_layer(arguments.layer));
    }
    SPY_TRY(check_layer(job.layer, arguments, product));
    SPY_ASSIGN(job.session, market::parse_session(arguments.session.empty() ? kSession : arguments.session));
    SPY_ASSIGN(job.grid, grid_of(product, arguments));
    SPY_ASSIGN(const std::vector<market::Date> dates, pipeline::resolve_dates(arguments.dates));
    job.product = &product;
    job.symbol = arguments.symbol;
    job.overwrite = arguments.overwrite;
    job.raw_files = arguments.raw_files;
    job.definition_files = arguments.definition_files;
    job.statistics_files = arguments.statistics_files;
    job.tick_given = arguments.tick != 0.0;
    std::vector<pipeline::Job> jobs(dates.size(), job);
    for (std::size_t i = 0; i < dates.size(); ++i) jobs[i].date = dates[i];
    return jobs;
}

}  // namespace spymaster::cli
