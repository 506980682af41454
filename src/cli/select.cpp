// spymaster select: builds the map that says which contract of a root each date is worked on.
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/progress_line.hpp"
#include "cli/where.hpp"
#include "pipeline/reference/selection_builder.hpp"
#include "pipeline/schedule/run_dates.hpp"

namespace spymaster::cli {

namespace {

struct SelectArguments {
    pipeline::DateArguments dates;
    std::string symbol = "ES";
    std::string lake;
    std::string contracts;
    std::string output_path;
    bool json = false;
};

std::string previous_of(const pipeline::ContractDaySelection& selection) {
    return selection.prev_trading_date ? selection.prev_trading_date->iso() : "";
}

void print_rows(const pipeline::BuiltSelection& built, const std::filesystem::path& path) {
    fmt::print("{:<12}{:<10}{:<12}{:<12}{:>12}{:>12}\n", "date", "contract", "expires", "previous", "volume",
               "second");
    for (const auto& [date, row] : built.rows) {
        fmt::print("{:<12}{:<10}{:<12}{:<12}{:>12}{:>12}{}\n", date.iso(), row.selected_symbol,
                   row.selected_exp_date.iso(), previous_of(row), row.prev_volume_selected,
                   row.prev_volume_rank2, row.roll ? "  roll" : "");
    }
    for (const std::string& note : built.notes) fmt::print("note: {}\n", note);
    fmt::print("{} date{} into {}\n", built.rows.size(), built.rows.size() == 1 ? "" : "s", path.string());
}

void print_json(const pipeline::BuiltSelection& built, const std::filesystem::path& path) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& [date, row] : built.rows) {
        rows.push_back({{"session_date", date.iso()},
                        {"selected_symbol", row.selected_symbol},
                        {"selected_exp_date", row.selected_exp_date.iso()},
                        {"prev_trading_date", previous_of(row)},
                        {"prev_volume_selected", row.prev_volume_selected},
                        {"prev_volume_rank2", row.prev_volume_rank2},
                        {"roll_flag", row.roll ? 1 : 0}});
    }
    const nlohmann::json report{{"path", path.string()}, {"rows", rows}, {"notes", built.notes}};
    fmt::print("{}\n", report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

Result<int> select(const SelectArguments& arguments) {
    SPY_ASSIGN(const std::vector<market::Date> dates, pipeline::resolve_dates(arguments.dates));
    SPY_ASSIGN(const lake::Lake lake,
               lake::Lake::open(lake_root(arguments.lake), contracts_folder(arguments.contracts)));
    const std::filesystem::path path = arguments.output_path.empty()
                                           ? pipeline::selection_path(lake)
                                           : std::filesystem::path(arguments.output_path);
    pipeline::Progress progress;
    Result<pipeline::BuiltSelection> built = pipeline::BuiltSelection{};
    {
        const ProgressLine line(progress);
        built = pipeline::build_selection(lake, arguments.symbol, dates, progress);
    }
    if (!built.ok()) return built.error();
    SPY_TRY(pipeline::merge_selection(lake, path, built->rows));
    if (arguments.json)
        print_json(*built, path);
    else
        print_rows(*built, path);
    return 0;
}

}  // namespace

void add_select(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<SelectArguments>();
    CLI::App* command =
        app.add_subcommand("select", "Choose the contract of a root that each date is worked on");
    command->add_option("--dates", arguments->dates.dates, "Dates d1,d2,... or first:last")->required();
    command->add_option("--symbol", arguments->symbol, "A root of futures")->capture_default_str();
    command->add_option("--output-path", arguments->output_path,
                        "The map; else $MBO_SELECTION_PATH, else "
                        "{lake}/selection/mbo_contract_day_selection.parquet");
    command->add_option("--lake", arguments->lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command->add_option("--contracts", arguments->contracts,
                        "Folder with datasets.yaml; found beside the program by default");
    command->add_flag("--json", arguments->json, "Report as JSON on stdout");
    command->footer(
        "Chosen is the contract that was most traded in, in lots over the whole day, on the trading date "
        "before; of\n"
        "equals the one that expires first. A trading date is one with a trade in [05:00, 08:30) New York. "
        "Needs the\n"
        "bronze orders of every contract. Dates that the map has already and that are not asked for stay as "
        "they are.");
    command->callback([arguments, &exit] {
        const Result<int> code = select(*arguments);
        exit = code.ok() ? *code : fail(code.error());
    });
}

}  // namespace spymaster::cli
