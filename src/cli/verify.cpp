// spymaster verify: whether the partitions of the lake are what was written, and still follow from their inputs; with a date,
// whether what they hold can be.
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/check_report.hpp"
#include "cli/command.hpp"
#include "cli/where.hpp"
#include "lake/lake.hpp"
#include "pipeline/checks/verification.hpp"
#include "serve/check/service_check.hpp"

namespace spymaster::cli {
namespace {

struct VerifyArguments {
    std::string lake;
    std::string contracts;
    std::vector<std::string> words;  // datasets, or groups of checks
    std::string date;
    std::string symbol;
    std::string product;
    std::string url = "http://127.0.0.1:8001";
    double min_valid_share = 0.9;
    bool json = false;
};

constexpr std::array<std::string_view, 3> kGroups{"data", "physics", "service"};

bool is_group(std::string_view word) {
    return std::ranges::find(kGroups, word) != kGroups.end();
}

enum class State : std::uint8_t { ok, stale, corrupt };

struct Verdict {
    lake::PartitionKey key;
    State state = State::ok;
    std::vector<std::string> reasons;
    std::int64_t row_count = 0;
};

const char* name_of(State state) {
    switch (state) {
        case State::ok:
            return "ok";
        case State::stale:
            return "stale";
        case State::corrupt:
            return "corrupt";
    }
    return "";
}

Verdict judge(const lake::Lake& lake, const lake::PartitionKey& key) {
    Verdict verdict;
    verdict.key = key;
    const auto corrupt = [&](const Error& error) {
        verdict.state = State::corrupt;
        verdict.reasons = {error.message};
        return verdict;
    };
    const auto manifest = lake.manifest(key);
    if (!manifest) return corrupt(manifest.error());
    verdict.row_count = manifest->row_count;
    const auto verified = lake.verify(key);
    if (!verified) return corrupt(verified.error());
    const auto freshness = lake.freshness(key);
    // An input whose own manifest is damaged is that input's fault: what follows from it cannot be trusted to follow.
    if (!freshness) {
        verdict.state = State::stale;
        verdict.reasons = {freshness.error().message};
    } else if (!freshness->fresh) {
        verdict.state = State::stale;
        verdict.reasons = freshness->reasons;
    }
    return verdict;
}

nlohmann::json to_json(const Verdict& verdict) {
    return {{"dataset", verdict.key.dataset}, {"symbol", verdict.key.symbol},
            {"dt", verdict.key.date.iso()},   {"state", name_of(verdict.state)},
            {"row_count", verdict.row_count}, {"reasons", verdict.reasons}};
}

void print(const Verdict& verdict) {
    fmt::print("{:<8} {:<42} {:<8} {}  {:>11} rows\n", name_of(verdict.state), verdict.key.dataset,
               verdict.key.symbol, verdict.key.date.iso(), verdict.row_count);
    for (const std::string& reason : verdict.reasons) fmt::print("         {}\n", reason);
}

// One line on a terminal, rewritten; nothing elsewhere.
class Turn {
  public:
    explicit Turn(std::size_t total) : total_(total), shown_(::isatty(STDERR_FILENO) == 1) {}
    void begin(std::size_t index, const lake::PartitionKey& key) const {
        if (!shown_) return;
        fmt::print(stderr, "\r\033[K{} of {}  {} {} {}", index + 1, total_, key.dataset, key.symbol,
                   key.date.iso());
        std::fflush(stderr);
    }
    void end() const {
        if (shown_) fmt::print(stderr, "\r\033[K");
    }

  private:
    std::size_t total_;
    bool shown_;
};

Result<std::vector<lake::PartitionKey>> chosen_partitions(const lake::Lake& lake,
                                                          const VerifyArguments& arguments) {
    std::vector<std::string> datasets = arguments.words;
    if (datasets.empty()) {
        for (const lake::DatasetSpec& dataset : lake.datasets()) datasets.push_back(dataset.key);
    }
    std::vector<lake::PartitionKey> keys;
    for (const std::string& dataset : datasets) {
        SPY_ASSIGN(const std::vector<lake::PartitionKey> found, lake.partitions(dataset));
        keys.insert(keys.end(), found.begin(), found.end());
    }
    return keys;
}

Result<int> verify_partitions(const lake::Lake& lake, const VerifyArguments& arguments) {
    SPY_ASSIGN(const std::vector<lake::PartitionKey> keys, chosen_partitions(lake, arguments));
    nlohmann::json report = nlohmann::json::array();
    std::array<std::size_t, 3> counts{};
    int exit = 0;
    const Turn turn(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        turn.begin(i, keys[i]);
        const Verdict verdict = judge(lake, keys[i]);
        turn.end();
        ++counts[static_cast<std::size_t>(verdict.state)];
        if (verdict.state == State::corrupt) exit = exit_code(ErrorCode::malformed);
        if (arguments.json) {
            report.push_back(to_json(verdict));
        } else {
            print(verdict);
        }
    }
    if (arguments.json) {
        fmt::print("{}\n", report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    } else {
        fmt::print("{} partitions: {} ok, {} stale, {} corrupt\n", keys.size(), counts[0], counts[1],
                   counts[2]);
    }
    return exit;
}

Result<int> verify_date(const lake::Lake& lake, const VerifyArguments& arguments) {
    namespace checks = pipeline::checks;
    checks::Request request;
    SPY_ASSIGN(request.date, market::parse_date(arguments.date));
    request.symbol = arguments.symbol;
    request.min_valid_share = arguments.min_valid_share;
    if (!arguments.product.empty()) {
        SPY_ASSIGN(request.product, market::find_product(arguments.product));
    }
    const auto asked = [&arguments](std::string_view group) {
        return std::ranges::find(arguments.words, group) != arguments.words.end();
    };
    const bool all = arguments.words.empty();
    checks::CheckResults results;
    const auto add = [&results](checks::CheckResults found) {
        std::ranges::move(found, std::back_inserter(results));
    };
    if (all) {
        SPY_ASSIGN(checks::CheckResults files, checks::check_files(lake, request));
        add(std::move(files));
    }
    if (all || asked("data")) {
        SPY_ASSIGN(checks::CheckResults data, checks::check_data(lake, request));
        add(std::move(data));
    }
    if (all || asked("physics")) {
        SPY_ASSIGN(checks::CheckResults physics, checks::check_physics(lake, request));
        add(std::move(physics));
    }
    if (asked("service")) {
        SPY_ASSIGN(checks::CheckResults service, serve::check_service(lake, arguments.url, request));
        add(std::move(service));
    }
    if (arguments.json) {
        print_checks_json(results);
    } else {
        print_checks(results);
    }
    return exit_code_of(results);
}

Result<int> verify(const VerifyArguments& arguments) {
    const bool groups = std::ranges::any_of(arguments.words, is_group);
    if (arguments.date.empty() && (groups || !arguments.symbol.empty() || !arguments.product.empty()))
        return make_error(ErrorCode::usage, "verify: --dt says which date to check");
    if (!arguments.date.empty() && !std::ranges::all_of(arguments.words, is_group)) {
        return make_error(ErrorCode::usage,
                          "verify --dt: groups of checks are {}; datasets are checked without --dt",
                          fmt::join(kGroups, ", "));
    }
    const auto root = lake_root(arguments.lake);
    std::error_code absent;
    if (!std::filesystem::is_directory(root, absent)) {
        return make_error(ErrorCode::missing, "no lake at {}; name one with --lake", root.string());
    }
    SPY_ASSIGN(const lake::Lake lake, lake::Lake::open(root, contracts_folder(arguments.contracts)));
    return arguments.date.empty() ? verify_partitions(lake, arguments) : verify_date(lake, arguments);
}

}  // namespace

void add_verify(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<VerifyArguments>();
    CLI::App* command = app.add_subcommand(
        "verify", "Check the lake: every partition's bytes and lineage, or what a date holds");
    command->add_option(
        "what", arguments->words,
        "Datasets, all by default; with --dt data, physics, service: by default the bytes, data and physics");
    command->add_option("--dt", arguments->date, "Date whose contents to check, as 2026-01-06");
    command->add_option("--symbol", arguments->symbol,
                        "Contract, root or share of that date; all by default");
    command->add_option("--product-type", arguments->product, "Product of that date; all by default");
    command->add_option("--url", arguments->url, "Server that verify service asks")->capture_default_str();
    command
        ->add_option("--min-valid", arguments->min_valid_share,
                     "Share of a session's windows that have to be valid")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command->add_option("--lake", arguments->lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command->add_option("--contracts", arguments->contracts,
                        "Folder with datasets.yaml; found beside the program by default");
    command->add_flag("--json", arguments->json, "Report as JSON on stdout");
    command->footer(
        "A stale partition is whole, but its contract or an input has changed since. Exit code 3 if any is "
        "corrupt. With --dt a line a check, below it the first row that failed it; exit code 3 if any failed "
        "(a stale "
        "partition is a failure there), 1 if something is missing.");
    command->callback([arguments, &exit] {
        const Result<int> code = verify(*arguments);
        exit = code.ok() ? *code : fail(code.error());
    });
}

}  // namespace spymaster::cli
