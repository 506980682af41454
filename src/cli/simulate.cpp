// spymaster simulate: a made-up market as raw files of the lake.
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/progress_line.hpp"
#include "cli/where.hpp"
#include "feed/simulated/simulated_day.hpp"
#include "market/product.hpp"
#include "market/session.hpp"

namespace spymaster::cli {

namespace {

struct SimulateArguments {
    std::string lake;
    std::vector<std::string> products{"future_mbo"};
    std::string symbol;
    std::string dt = "2026-01-06";
    std::string session = "09:30-09:40";
    double events_per_second = 400.0;
    double option_events_per_second = 400.0;
    int strikes = 0;
    int definition_version = dbn::kNewestVersion;
    std::uint64_t seed = 1;
    std::string market{feed::name_of(feed::MarketKind::ordinary)};
    std::string out;
    bool overwrite = false;
    bool json = false;
};

struct Written {
    std::string product;
    feed::SimulatedFile file;
    double seconds = 0.0;
};

Result<std::vector<const market::Product*>> products_of(const std::vector<std::string>& names) {
    std::vector<const market::Product*> chosen;
    for (const std::string& name : names) {
        if (name == "all") {
            chosen.clear();
            for (const market::Product& product : market::products()) chosen.push_back(&product);
            return chosen;
        }
        SPY_ASSIGN(const market::Product* product, market::find_product(name));
        chosen.push_back(product);
    }
    return chosen;
}

// --symbol names the one underlying of all the products.
Result<void> name_symbol(const std::string& symbol, const std::vector<const market::Product*>& products,
                         feed::DayOptions& day) {
    if (symbol.empty()) return {};
    const auto on_a_future = [](const market::Product* product) {
        return product->underlying.value_or(product->type) == market::ProductType::future_mbo;
    };
    const auto futures = std::ranges::count_if(products, on_a_future);
    if (futures != 0 && futures != std::ssize(products)) {
        return make_error(
            ErrorCode::usage,
            "--symbol {} cannot be both a future and a share; choose --products of one of them, "
            "or leave it out for ES and SPY",
            symbol);
    }
    (futures != 0 ? day.future : day.share).symbol = symbol;
    return {};
}

Result<feed::DayOptions> day_of(const SimulateArguments& arguments) {
    feed::DayOptions day;
    SPY_ASSIGN(day.future.date, market::parse_date(arguments.dt));
    SPY_ASSIGN(const market::Session session, market::parse_session(arguments.session));
    SPY_ASSIGN(day.future.session, market::on_date(session, day.future.date));
    day.future.events_per_second = arguments.events_per_second;
    day.future.seed = arguments.seed;
    SPY_ASSIGN(day.future.market, feed::parse_market_kind(arguments.market));
    const std::string share = day.share.symbol;
    day.share = day.future;
    day.share.symbol = share;
    day.option_events_per_second = arguments.option_events_per_second;
    day.strikes = arguments.strikes;
    day.reference_version = arguments.definition_version;
    return day;
}

// --out: the records alone, of one product.
Result<std::vector<std::filesystem::path>> places_of(const SimulateArguments& arguments,
                                                     const market::Date& date,
                                                     std::vector<feed::DayFile>& files) {
    std::vector<std::filesystem::path> places;
    if (!arguments.out.empty()) {
        std::erase_if(files, [](const auto& file) { return file.kind != feed::RawKind::records; });
        if (files.size() != 1)
            return make_error(ErrorCode::usage, "--out {} is one file; choose one product", arguments.out);
        places.emplace_back(arguments.out);
    }
    for (std::size_t i = places.size(); i < files.size(); ++i) {
        SPY_ASSIGN(places.emplace_back(), feed::place_in_lake(files[i], lake_root(arguments.lake), date));
    }
    for (const auto& place : places) SPY_TRY(feed::may_write_simulated(place, arguments.overwrite));
    return places;
}

// Every stream is opened before the first file is written: what cannot be does not leave half a day behind.
Result<std::vector<Written>> write_all(std::vector<feed::DayFile>& files,
                                       const std::vector<std::filesystem::path>& places, bool overwrite) {
    using Clock = std::chrono::steady_clock;
    const auto seconds_since = [](Clock::time_point start) {
        return std::chrono::duration<double>(Clock::now() - start).count();
    };
    pipeline::Progress progress;
    double all = 0.0;
    for (const feed::DayFile& file : files) all += file.weight;
    progress.units_total = 1'000'000;
    const ProgressLine line(progress);
    std::vector<feed::SimulatedStream> streams;
    std::vector<Written> written;
    for (const feed::DayFile& file : files) {
        const auto start = Clock::now();
        SPY_ASSIGN(streams.emplace_back(), file.open());
        written.push_back({std::string(file.product->name), {}, seconds_since(start)});
    }
    double before = 0.0;
    std::uint64_t records_before = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto start = Clock::now();
        const double weight = files[i].weight;
        const auto tell = [&](double share, std::uint64_t records) {
            progress.units_done = static_cast<std::uint64_t>((before + share * weight) / all * 1e6);
            progress.records = records_before + records;
        };
        SPY_ASSIGN(written[i].file, feed::write_simulated_file(streams[i], places[i], overwrite, tell));
        streams[i] = {};
        before += weight;
        records_before += written[i].file.records;
        written[i].seconds += seconds_since(start);
    }
    return written;
}

nlohmann::ordered_json json_of(const Written& written) {
    const feed::SimulatedFile& file = written.file;
    nlohmann::ordered_json json{
        {"product_type", written.product}, {"path", file.path.string()}, {"records", file.records}};
    for (const auto& [name, value] : file.totals)
        std::visit([&](const auto& given) { json[name] = given; }, value);
    json["bytes"] = file.bytes;
    json["seconds"] = written.seconds;
    return json;
}

// One file: its own object, or line. More: a list, or a table.
void print_report(const std::vector<Written>& files, bool json) {
    if (json) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const Written& file : files) list.push_back(json_of(file));
        fmt::print("{}\n", (files.size() == 1 ? list.front() : list).dump(2));
        return;
    }
    fmt::print("{:>12} {:>14} {:>8}  file\n", "records", "bytes", "seconds");
    for (const Written& written : files) {
        const feed::SimulatedFile& file = written.file;
        fmt::print("{:>12} {:>14} {:>8.2f}  {}\n", file.records, file.bytes, written.seconds,
                   file.path.string());
    }
}

Result<void> simulate(const SimulateArguments& arguments) {
    SPY_ASSIGN(const std::vector<const market::Product*> products, products_of(arguments.products));
    SPY_ASSIGN(feed::DayOptions day, day_of(arguments));
    SPY_TRY(name_symbol(arguments.symbol, products, day));
    SPY_ASSIGN(std::vector<feed::DayFile> files, feed::simulated_day(products, day));
    SPY_ASSIGN(const std::vector<std::filesystem::path> places, places_of(arguments, day.future.date, files));
    SPY_ASSIGN(const std::vector<Written> written, write_all(files, places, arguments.overwrite));
    print_report(written, arguments.json);
    return {};
}

}  // namespace

void add_simulate(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<SimulateArguments>();
    CLI::App* command = app.add_subcommand("simulate", "Make up a day of the markets as raw DBN files");
    command->description(
        "Makes up markets, message by message, and writes them as raw DBN files of the lake: futures, "
        "shares, and "
        "options on both, with their definitions and statistics. The same arguments give the same bytes. A "
        "file "
        "NAME.simulated.json beside each marks it as simulated; the pipeline writes source=simulated from "
        "it.");
    command->add_option("--lake", arguments->lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command
        ->add_option("--products", arguments->products,
                     "all, or some of: future_mbo, future_option_mbo, equity_mbo, equity_option_mbo")
        ->delimiter(',')
        ->capture_default_str();
    command->add_option(
        "--symbol", arguments->symbol,
        "The underlying: ES, MES, NQ, MNQ (the front contract) or a contract (ESH6); SPY or QQQ. "
        "Default: ES, and SPY of shares");
    command->add_option("--dt", arguments->dt, "Date, a weekday")->capture_default_str();
    command
        ->add_option("--session", arguments->session,
                     "Where the market is busy, and the file ends: HH:MM-HH:MM [zone, default "
                     "America/New_York], or a name:\n" +
                         market::session_names())
        ->capture_default_str();
    command
        ->add_option("--events-per-second", arguments->events_per_second,
                     "Mean records a second in the session, of a future and of a share; with --session "
                     "full-day, 116 make 10 million")
        ->capture_default_str();
    command
        ->add_option("--option-events-per-second", arguments->option_events_per_second,
                     "The same of all the options on an underlying together")
        ->capture_default_str();
    command
        ->add_option(
            "--strikes", arguments->strikes,
            "Strikes of the options that expire on the date, 1 to 2500; default: 80 on a future, 121 on "
            "a share")
        ->check(CLI::Range(1, 2500));
    command
        ->add_option("--definition-version", arguments->definition_version,
                     "DBN version of definition and statistics files")
        ->capture_default_str()
        ->check(CLI::Range(1, 3));
    command->add_option("--seed", arguments->seed, "Another seed is another market")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    command
        ->add_option(
            "--market", arguments->market,
            "ordinary: with walls, vacuums and trends. To try a forecast on: random-walk, in which there is "
            "nothing to find, or liquidity-drift, in which liquidity leads the price")
        ->capture_default_str();
    command->add_option("--out", arguments->out,
                        "Write the records of one product to this file instead (not compressed unless it "
                        "ends in .zst)");
    command->add_flag("--overwrite", arguments->overwrite, "Replace simulated files that are there");
    command->add_flag("--json", arguments->json, "Report as JSON on stdout");
    command->callback([arguments, &exit] {
        const Result<void> done = simulate(*arguments);
        exit = done.ok() ? 0 : fail(done.error());
    });
}

}  // namespace spymaster::cli
