// spymaster simulate: a made-up market as a raw file of the lake.
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/progress_line.hpp"
#include "cli/where.hpp"
#include "feed/raw_files.hpp"
#include "feed/simulated_file.hpp"
#include "market/product.hpp"
#include "market/session.hpp"

namespace spymaster::cli {

namespace {

struct SimulateArguments {
    std::string lake;
    std::string symbol = "ES";
    std::string dt = "2026-01-06";
    std::string session = "09:30-09:40";
    double events_per_second = 400.0;
    std::uint64_t seed = 1;
    std::string out;
    bool overwrite = false;
    bool json = false;
};

Result<std::filesystem::path> place_of(const SimulateArguments& arguments, const market::Date& date) {
    if (!arguments.out.empty()) return std::filesystem::path(arguments.out);
    SPY_ASSIGN(const market::Product* product, market::find_product("future_mbo"));
    SPY_ASSIGN(
        const std::filesystem::path folder,
        feed::raw_folder(lake_root(arguments.lake), *product, feed::RawKind::records, arguments.symbol));
    return folder / feed::raw_file_name(*product, feed::RawKind::records, arguments.symbol, date);
}

void print_report(const feed::SimulatedFile& file, double seconds, bool json) {
    if (json) {
        nlohmann::ordered_json report{{"path", file.path.string()}, {"records", file.records}};
        for (const auto& [name, value] : file.totals)
            std::visit([&](const auto& given) { report[name] = given; }, value);
        report["bytes"] = file.bytes;
        report["seconds"] = seconds;
        fmt::print("{}\n", report.dump(2));
        return;
    }
    fmt::print("{}: {} records, {} bytes, in {:.2f} s\n", file.path.string(), file.records, file.bytes,
               seconds);
}

Result<void> simulate(const SimulateArguments& arguments) {
    feed::SimulationOptions options;
    options.symbol = arguments.symbol;
    options.events_per_second = arguments.events_per_second;
    options.seed = arguments.seed;
    SPY_ASSIGN(options.date, market::parse_date(arguments.dt));
    SPY_ASSIGN(const market::Session session, market::parse_session(arguments.session));
    SPY_ASSIGN(options.session, market::on_date(session, options.date));
    SPY_ASSIGN(const std::filesystem::path path, place_of(arguments, options.date));

    const auto start = std::chrono::steady_clock::now();
    Result<feed::SimulatedFile> file = [&] {
        pipeline::Progress progress;
        progress.units_total = 1'000'000;
        const ProgressLine line(progress);
        return feed::write_simulated_file(options, path, arguments.overwrite,
                                          [&progress](double share, std::uint64_t records) {
                                              progress.units_done = static_cast<std::uint64_t>(share * 1e6);
                                              progress.records = records;
                                          });
    }();
    if (!file.ok()) return file.error();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    print_report(*file, took.count(), arguments.json);
    return {};
}

}  // namespace

void add_simulate(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<SimulateArguments>();
    CLI::App* command = app.add_subcommand("simulate", "Make up a day of a futures market as a raw DBN file");
    command->description(
        "Makes up a futures market, message by message, and writes it as a raw DBN file of the lake: a "
        "snapshot at "
        "00:00 UTC, thin flow, then the session. The same arguments give the same bytes. A file "
        "NAME.simulated.json beside it marks it as simulated; the pipeline writes source=simulated from it.");
    command->add_option("--lake", arguments->lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command
        ->add_option("--symbol", arguments->symbol,
                     "ES, MES, NQ, MNQ (the front contract), or a contract: ESH6")
        ->capture_default_str();
    command->add_option("--dt", arguments->dt, "Date, a weekday")->capture_default_str();
    command
        ->add_option("--session", arguments->session,
                     "Where the market is busy, and the file ends: HH:MM-HH:MM [zone, default "
                     "America/New_York], or a name:\n" +
                         market::session_names())
        ->capture_default_str();
    command
        ->add_option("--events-per-second", arguments->events_per_second,
                     "Mean records a second in the session; with --session full-day, 116 make 10 million")
        ->capture_default_str();
    command->add_option("--seed", arguments->seed, "Another seed is another market")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    command->add_option("--out", arguments->out,
                        "Write this file instead (not compressed unless it ends in .zst)");
    command->add_flag("--overwrite", arguments->overwrite, "Replace a simulated file that is there");
    command->add_flag("--json", arguments->json, "Report as JSON on stdout");
    command->callback([arguments, &exit] {
        const Result<void> done = simulate(*arguments);
        exit = done.ok() ? 0 : fail(done.error());
    });
}

}  // namespace spymaster::cli
