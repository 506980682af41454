#include "cli/study_days.hpp"

#include <algorithm>
#include <set>

#include "cli/where.hpp"
#include "feed/raw_files.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/layers/study_day.hpp"
#include "pipeline/reference/measured_contract.hpp"

namespace spymaster::cli {

namespace {

bool any_given(const pipeline::DateArguments& dates) {
    return !dates.dt.empty() || !dates.dates.empty() || !dates.start_date.empty() || !dates.end_date.empty();
}

// The dates on which something of the symbol, or of the root that it is, has gold.
Result<std::vector<market::Date>> dates_in_lake(const Study& study) {
    const std::string dataset = pipeline::keys_of(*study.product, study.symbol, {}).gold.dataset;
    SPY_ASSIGN(const std::vector<lake::PartitionKey> keys, study.lake.partitions(dataset));
    std::set<market::Date> dates;
    for (const lake::PartitionKey& key : keys) {
        const bool of_root = study.product->has_roots() && feed::symbol_root(key.symbol) == study.symbol;
        if (key.symbol == study.symbol || of_root) dates.insert(key.date);
    }
    return std::vector<market::Date>(dates.begin(), dates.end());
}

Error nothing_measured(const Study& study, const std::string& when) {
    return make_error(ErrorCode::missing,
                      "nothing of {} ({}) is measured{} in {}; make it with: spymaster run --product-type {} "
                      "--layer all --symbol {} --dates FIRST:LAST --session {}",
                      study.symbol, study.product->name, when, study.lake.root().string(),
                      study.product->name, study.symbol, study.session.name);
}

// Each of a few dates; of many, which are the gaps of a range, how many and from when to when.
std::string listed(const std::vector<market::Date>& dates) {
    constexpr std::size_t kFew = 10;
    if (dates.size() > kFew) {
        return fmt::format("{} dates from {} to {}", dates.size(), dates.front().iso(), dates.back().iso());
    }
    std::string text;
    for (const market::Date& date : dates) text += (text.empty() ? "" : ", ") + date.iso();
    return text;
}

Result<void> find_days(Study& study, const std::vector<market::Date>& dates) {
    std::vector<market::Date> without;
    for (const market::Date& date : dates) {
        SPY_ASSIGN(const std::optional<std::string> contract,
                   pipeline::measured_contract(study.lake, *study.product, study.symbol, date));
        if (!contract) {
            without.push_back(date);
            continue;
        }
        SPY_ASSIGN(const market::SessionWindow window, market::on_date(study.session, date));
        study.days.push_back({*contract, date, window});
    }
    if (study.days.empty()) return nothing_measured(study, dates.empty() ? "" : " on " + listed(dates));
    if (!without.empty()) study.notes.push_back(fmt::format("no data, skipped: {}", listed(without)));
    return {};
}

// A property of the gold of a day, "session" or "source"; without one, empty.
std::string property_of(const Study& study, const Study::Day& day, const std::string& name) {
    const auto manifest = study.lake.manifest(pipeline::keys_of(*study.product, day.contract, day.date).gold);
    if (!manifest.ok()) return "";
    const auto named = manifest->properties.find(name);
    return named == manifest->properties.end() ? "" : named->second;
}

}  // namespace

void add_study_options(CLI::App& command, StudyArguments& arguments) {
    command
        .add_option("--product-type", arguments.product_type,
                    "What is traded: future_mbo, or equity_mbo (options have no path of their own)")
        ->capture_default_str();
    command
        .add_option(
            "--symbol", arguments.symbol,
            "A contract (ESH6), a root (ES) for the one that each date is worked on, or a share (SPY)")
        ->required();
    command.add_option("--dates", arguments.dates.dates,
                       "Dates d1,d2,... or first:last; else all of the lake");
    command.add_option("--dt", arguments.dates.dt, "One date, 2026-01-06");
    command.add_option("--start-date", arguments.dates.start_date, "First of a range of calendar days");
    command.add_option("--end-date", arguments.dates.end_date, "Last of it, included");
    command
        .add_option("--session", arguments.session,
                    "Which seconds of a day: HH:MM-HH:MM [zone, default America/New_York], or a name:\n" +
                        market::session_names())
        ->capture_default_str();
    command.add_option("--lake", arguments.lake, "Root of the lake; else $SPYMASTER_LAKE, else ./lake");
    command.add_option("--contracts", arguments.contracts,
                       "Folder with datasets.yaml; found beside the program by default");
    command.add_flag("--json", arguments.json, "JSON on stdout");
}

Result<Study> find_study(const StudyArguments& arguments) {
    SPY_ASSIGN(const market::Product* product, market::find_product(arguments.product_type));
    if (product->is_option()) {
        return make_error(ErrorCode::usage,
                          "{} has no path of its own: its obstacles stand in the path of what it is on; use "
                          "--product-type future_mbo or equity_mbo",
                          product->name);
    }
    SPY_ASSIGN(market::Session session, market::parse_session(arguments.session));
    SPY_ASSIGN(lake::Lake lake,
               lake::Lake::open(lake_root(arguments.lake), contracts_folder(arguments.contracts)));
    Study study{.lake = std::move(lake),
                .product = product,
                .symbol = arguments.symbol,
                .session = std::move(session),
                .dates_given = any_given(arguments.dates),
                .days = {},
                .notes = {}};
    auto dates = study.dates_given ? pipeline::resolve_dates(arguments.dates) : dates_in_lake(study);
    if (!dates.ok()) return dates.error();
    SPY_TRY(find_days(study, *dates));
    return study;
}

Result<std::optional<StudiedDay>> read_day(Study& study, const Study::Day& day,
                                           const forecast::Parameters& parameters) {
    SPY_ASSIGN(pipeline::ReadStudyDay read, pipeline::read_study_day(study.lake, *study.product, day.contract,
                                                                     day.date, day.window, parameters));
    const std::string& session = study.session.name;
    if (read.day.seconds.empty()) {
        study.notes.push_back(fmt::format("{} {}: the lake has {}, nothing of {}; skipped", day.date.iso(),
                                          day.contract, property_of(study, day, "session"), session));
        return std::optional<StudiedDay>();
    }
    const auto wanted = (day.window.end_ns - day.window.start_ns) / read.day.window_ns;
    const auto there = static_cast<std::int64_t>(read.day.seconds.size());
    if (there < wanted) {
        study.notes.push_back(fmt::format("{} {}: the lake has {}, {} of the {} seconds of {}",
                                          day.date.iso(), day.contract, property_of(study, day, "session"),
                                          there, wanted, session));
    }
    StudiedDay studied{.origin = {.symbol = day.contract,
                                  .date = day.date,
                                  .first_window_end_ts_ns = read.day.seconds.front().window_end_ts_ns,
                                  .last_window_end_ts_ns = read.day.seconds.back().window_end_ts_ns,
                                  .samples = 0,
                                  .manifests = std::move(read.manifests)},
                       .day = std::move(read.day),
                       .contracts = std::move(read.contracts),
                       .simulated = property_of(study, day, "source") == "simulated"};
    return std::optional<StudiedDay>(std::move(studied));
}

Error nothing_left(const Study& study) {
    return make_error(ErrorCode::missing, "no second of {} to work on: {}", study.symbol, study.notes.back());
}

}  // namespace spymaster::cli
