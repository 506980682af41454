// spymaster status: the graph of the datasets as the lake has it, day by day: what is there, what is stale and why.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/where.hpp"
#include "pipeline/schedule/lake_state.hpp"
#include "pipeline/schedule/run_dates.hpp"

namespace spymaster::cli {
namespace {

using pipeline::DatasetState;
using pipeline::FamilyState;
using pipeline::PartitionState;
using pipeline::StageState;

struct StatusArguments {
    std::string lake;
    std::string contracts;
    std::string symbol;
    pipeline::DateArguments dates;
    bool verify = false;
    bool json = false;
};

// A state in its colour, padded; plain where nobody sees colours.
std::string painted(PartitionState state) {
    static const bool coloured = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    constexpr std::array kColours{"\033[2m", "\033[32m", "\033[33m", "\033[31m"};
    const std::string text = fmt::format("{:<7}", pipeline::name_of(state));
    return coloured ? kColours[static_cast<std::size_t>(state)] + text + "\033[0m" : text;
}

// "bronze.future_mbo.mbo" as the stages of a product call it: "mbo"; with the product before it where it is another's.
std::string short_name(const std::string& dataset, const market::Product& product) {
    const std::size_t layer = dataset.find('.');
    const std::size_t table = dataset.rfind('.');
    const std::string owner = dataset.substr(layer + 1, table > layer ? table - layer - 1 : 0);
    const bool other = market::find_product(owner).ok() && owner != product.name;
    return dataset.substr((other ? layer : table) + 1);
}

constexpr std::size_t kColumns = 100;

// "    vacuum ◄ wall_surface_1s, ...", on as many lines as it takes.
std::string head_of(const pipeline::Stage& stage) {
    const std::string name(pipeline::name_of(stage.kind));
    std::string text = "    " + name + " ◄ ";
    if (stage.inputs.empty()) return text + "raw files\n";
    const std::size_t indent = name.size() + 7;
    std::size_t width = indent;
    for (const pipeline::Read& read : stage.inputs) {
        const std::string input = short_name(read.dataset, *stage.product);
        const std::string shown = read.reach == pipeline::Reach::needed     ? input
                                  : read.reach == pipeline::Reach::if_there ? "(" + input + ")"
                                                                            : "earlier " + input;
        if (width > indent && width + shown.size() + 2 > kColumns) {
            text += "\n" + std::string(indent, ' ');
            width = indent;
        }
        text += shown + (&read == &stage.inputs.back() ? "\n" : ", ");
        width += shown.size() + 2;
    }
    return text;
}

bool is_all_missing(const StageState& stage) {
    return std::ranges::all_of(stage.datasets,
                               [](const auto& each) { return each.state == PartitionState::missing; });
}

void print(const StageState& stage) {
    fmt::print("{}", head_of(*stage.stage));
    for (const DatasetState& each : stage.datasets) {
        const bool last = &each == &stage.datasets.back();
        const std::string rows =
            each.state == PartitionState::missing ? "" : fmt::format(" {:>12} rows", each.rows);
        fmt::print("      {} {:<46} {}{}\n", last ? "└─" : "├─", each.dataset, painted(each.state), rows);
        for (const std::string& reason : each.reasons)
            fmt::print("      {}    {}\n", last ? " " : "│", reason);
    }
}

void print(const FamilyState& family) {
    fmt::print("{} {}\n", family.symbol, family.date.iso());
    for (const market::Product& product : market::products()) {
        if (!pipeline::is_family(product, *family.product)) continue;
        std::vector<const StageState*> own;
        for (const StageState& stage : family.stages)
            if (stage.stage->product == &product) own.push_back(&stage);
        const bool nothing =
            std::ranges::all_of(own, [](const StageState* stage) { return is_all_missing(*stage); });
        fmt::print("  {}{}\n", product.name, nothing ? "   nothing of it" : "");
        if (nothing) continue;
        for (const StageState* stage : own) print(*stage);
    }
}

nlohmann::json to_json(const FamilyState& family) {
    nlohmann::json datasets = nlohmann::json::array();
    for (const StageState& stage : family.stages) {
        nlohmann::json inputs = nlohmann::json::array();
        for (const pipeline::Read& read : stage.stage->inputs) inputs.push_back(read.dataset);
        for (const DatasetState& each : stage.datasets) {
            datasets.push_back({{"dataset", each.dataset},
                                {"stage", pipeline::name_of(stage.stage->kind)},
                                {"product_type", stage.stage->product->name},
                                {"state", pipeline::name_of(each.state)},
                                {"rows", each.rows},
                                {"reasons", each.reasons},
                                {"inputs", inputs}});
        }
    }
    return {{"symbol", family.symbol}, {"dt", family.date.iso()}, {"datasets", datasets}};
}

void print_sum(const std::vector<FamilyState>& families) {
    std::array<std::size_t, 4> counts{};
    for (const FamilyState& family : families)
        for (const StageState& stage : family.stages)
            for (const DatasetState& each : stage.datasets) ++counts[static_cast<std::size_t>(each.state)];
    fmt::print("{} day{}: {} fresh, {} stale, {} corrupt, {} missing{}\n", families.size(),
               families.size() == 1 ? "" : "s", counts[1], counts[2], counts[3], counts[0],
               counts[2] == 0 ? "" : "; run --stale makes again what is stale");
}

Result<int> status(const StatusArguments& arguments) {
    const auto root = lake_root(arguments.lake);
    std::error_code absent;
    if (!std::filesystem::is_directory(root, absent))
        return make_error(ErrorCode::missing, "no lake at {}; name one with --lake", root.string());
    SPY_ASSIGN(const lake::Lake lake, lake::Lake::open(root, contracts_folder(arguments.contracts)));
    pipeline::Scope scope{arguments.symbol, {}};
    if (!arguments.dates.dt.empty() || !arguments.dates.dates.empty()) {
        SPY_ASSIGN(scope.dates, pipeline::resolve_dates(arguments.dates));
    }
    SPY_ASSIGN(const std::vector<FamilyState> families, pipeline::lake_state(lake, scope, arguments.verify));
    if (arguments.json) {
        nlohmann::json all = nlohmann::json::array();
        for (const FamilyState& family : families) all.push_back(to_json(family));
        fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
        return 0;
    }
    for (const FamilyState& family : families) print(family);
    print_sum(families);
    return 0;
}

}  // namespace

void add_status(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<StatusArguments>();
    CLI::App* command = app.add_subcommand(
        "status", "Show the datasets of each symbol and date, what they are made from, and what is stale");
    command->add_option("--symbol", arguments->symbol, "A contract (ESH4), a root (ES), SPY; all by default");
    command->add_option("--dt", arguments->dates.dt, "Date; all by default");
    command->add_option("--dates", arguments->dates.dates, "Dates d1,d2,... or first:last");
    command->add_option("--lake", arguments->lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command->add_option("--contracts", arguments->contracts,
                        "Folder with datasets.yaml; found beside the program by default");
    command->add_flag("--verify", arguments->verify,
                      "Read every byte, to find what is corrupt, as verify does");
    command->add_flag("--json", arguments->json, "As JSON on stdout");
    command->footer(
        "Behind ◄ stands what a stage reads: (in brackets) where it is there, earlier: of sessions before.\n"
        "A stale dataset is whole, but its contract or an input has changed since: spymaster run --stale.");
    command->callback([arguments, &exit] {
        const Result<int> code = status(*arguments);
        exit = code.ok() ? *code : fail(code.error());
    });
}

}  // namespace spymaster::cli
