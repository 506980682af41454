// spymaster calibrate: fits the forecast's two parameters, and the baselines it is compared with, on past days; then
// ranks the confidence of the forecasts that these parameters make of those days.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/evaluation/words.hpp"
#include "cli/progress_line.hpp"
#include "cli/study_days.hpp"
#include "pipeline/engine_hash.hpp"
#include "pipeline/layers/study_day.hpp"

namespace spymaster::cli {

namespace {

constexpr std::size_t kMostDays = 20;  // spec 5.9
constexpr double kNormal95 = 1.959963984540054;

// The newest days that have data, oldest first.
Result<std::vector<StudiedDay>> read_days(Study& study, pipeline::Progress& progress) {
    std::vector<StudiedDay> days;
    for (auto day = study.days.rbegin(); day != study.days.rend() && days.size() < kMostDays; ++day) {
        SPY_ASSIGN(std::optional<StudiedDay> read, read_day(study, *day, {}));
        ++progress.units_done;
        if (!read) continue;
        progress.records += read->day.seconds.size();
        days.push_back(std::move(*read));
    }
    std::ranges::reverse(days);
    if (days.empty()) return nothing_left(study);
    return days;
}

Result<pipeline::StoredCalibration> fit(const Study& study, const std::vector<StudiedDay>& days) {
    pipeline::StoredCalibration stored;
    stored.product_type = study.product->name;
    stored.symbol = study.symbol;
    stored.session = study.session.name;
    stored.engine_sha256 = pipeline::engine_sha256();
    forecast::Calibrator calibrator;
    for (const StudiedDay& day : days) {
        const std::int64_t before = calibrator.samples();
        calibrator.add(day.day);
        stored.days.push_back(day.origin);
        stored.days.back().samples = calibrator.samples() - before;
        stored.contracts.insert(day.contracts.begin(), day.contracts.end());
    }
    auto fitted = calibrator.fit();
    if (!fitted.ok()) return fitted.error().within(study.symbol + ", " + dates_of(stored.days));
    stored.calibration = std::move(*fitted);
    return stored;
}

// Forecasts the days again, with what was fitted on them.
Result<std::optional<forecast::ConfidenceScale>> rank_confidence(Study& study,
                                                                 const std::vector<StudiedDay>& days,
                                                                 const forecast::Parameters& parameters,
                                                                 pipeline::Progress& progress) {
    forecast::ConfidenceRanking ranking;
    for (const StudiedDay& day : days) {
        SPY_ASSIGN(const market::SessionWindow window, market::on_date(study.session, day.origin.date));
        SPY_ASSIGN(const pipeline::ReadStudyDay read,
                   pipeline::read_study_day(study.lake, *study.product, day.origin.symbol, day.origin.date,
                                            window, parameters));
        if (read.manifests != day.origin.manifests) {
            return make_error(ErrorCode::conflict, "{} {} was replaced in {} meanwhile; calibrate again",
                              day.origin.symbol, day.origin.date.iso(), study.lake.root().string());
        }
        ranking.add(read.day);
        ++progress.units_done;
        progress.records += read.day.seconds.size();
    }
    return ranking.scale();
}

// Reads the days twice: to fit, and to rank what was fitted.
Result<pipeline::StoredCalibration> calibration_of(Study& study) {
    pipeline::Progress progress;
    progress.units_total = 2 * std::min(study.days.size(), kMostDays);
    const ProgressLine line(progress, "seconds");
    SPY_ASSIGN(const std::vector<StudiedDay> days, read_days(study, progress));
    progress.units_total = progress.units_done + days.size();
    SPY_ASSIGN(pipeline::StoredCalibration stored, fit(study, days));
    SPY_ASSIGN(stored.calibration.confidence_scale,
               rank_confidence(study, days, stored.calibration.path.parameters, progress));
    return stored;
}

// What a person has to know before going by it.
std::vector<std::string> warnings_of(const forecast::PathFit& path) {
    std::vector<std::string> warnings;
    const double reach = kNormal95 * path.b_std_error;
    if (path.parameters.beta == 0.0) {
        warnings.push_back(
            fmt::format("beta is 0 (b = {:.6g}): no push of the fields was found, the path is the last "
                        "velocity fading and no more",
                        path.b));
    } else if (path.b - reach <= 0.0) {
        warnings.push_back(
            fmt::format("the 95 % interval of b, {:.6g} to {:.6g}, includes 0: the push of the "
                        "fields may be chance",
                        path.b - reach, path.b + reach));
    }
    if (path.a <= 0.0 || path.a >= 1.0) {
        warnings.push_back(fmt::format("a = {:.6g} is not between 0 and 1, so gamma is {}: a move {}", path.a,
                                       path.parameters.gamma,
                                       path.a <= 0.0 ? "says nothing for the second after it, or is undone"
                                                     : "goes on without losing any of its velocity"));
    }
    return warnings;
}

std::string confidence_line(const std::optional<forecast::ConfidenceScale>& scale) {
    if (!scale) return "confidence  not ranked: fewer than 10 forecasts of these days said a move";
    return fmt::format(
        "confidence  of {} forecasts with a move, half have at most {:.3g}, nine tenths at most {:.3g}",
        grouped(scale->forecasts), scale->edges[4], scale->edges[8]);
}

void print_report(const Study& study, const pipeline::StoredCalibration& stored,
                  const std::filesystem::path& path) {
    const forecast::PathFit& fit = stored.calibration.path;
    fmt::print("{} {}, {}, {}: {} samples\n", stored.product_type, stored.symbol, dates_of(stored.days),
               stored.session, grouped(fit.samples));
    for (const pipeline::TrainingDay& day : stored.days) {
        fmt::print("  {} {:<6} {:>8} samples, {} to {}\n", day.date.iso(), day.symbol, grouped(day.samples),
                   market::format_utc(day.first_window_end_ts_ns),
                   market::format_utc(day.last_window_end_ts_ns));
    }
    for (const std::string& note : study.notes) fmt::print("  note: {}\n", note);
    fmt::print("beta   {:<10.6g} b = {:.6g}, standard error {:.3g}\n", fit.parameters.beta, fit.b,
               fit.b_std_error);
    fmt::print("gamma  {:<10.6g} 1 - a, a = {:.6g}, standard error {:.3g}\n", fit.parameters.gamma, fit.a,
               fit.a_std_error);
    fmt::print("       {:.2f} % of the movement in the next second is explained\n", fit.r_squared * 100.0);
    fmt::print("{}\n", confidence_line(stored.calibration.confidence_scale));
    for (const std::string& warning : warnings_of(fit)) fmt::print("warning: {}\n", warning);
    fmt::print("{}, in force from {}\n", path.string(), market::format_utc(stored.trained_until_ns()));
    fmt::print(
        "What it is worth: spymaster evaluate --product-type {} --symbol {} --session '{}' --lake {} "
        "--dates LATER\n",
        stored.product_type, stored.symbol, stored.session, study.lake.root().string());
}

nlohmann::ordered_json json_of(const Study& study, const pipeline::StoredCalibration& stored,
                               const std::filesystem::path& path) {
    const forecast::PathFit& fit = stored.calibration.path;
    nlohmann::ordered_json json{{"product_type", stored.product_type},
                                {"symbol", stored.symbol},
                                {"session", stored.session},
                                {"name", stored.name()},
                                {"path", path.string()},
                                {"trained_until_ns", std::to_string(stored.trained_until_ns())},
                                {"beta", fit.parameters.beta},
                                {"gamma", fit.parameters.gamma},
                                {"a", fit.a},
                                {"b", fit.b},
                                {"a_std_error", fit.a_std_error},
                                {"b_std_error", fit.b_std_error},
                                {"r_squared", fit.r_squared},
                                {"samples", fit.samples},
                                {"days", nlohmann::ordered_json::array()}};
    for (const pipeline::TrainingDay& day : stored.days) {
        json["days"].push_back({{"dt", day.date.iso()},
                                {"symbol", day.symbol},
                                {"first_window_end_ts_ns", std::to_string(day.first_window_end_ts_ns)},
                                {"last_window_end_ts_ns", std::to_string(day.last_window_end_ts_ns)},
                                {"samples", day.samples}});
    }
    const auto& scale = stored.calibration.confidence_scale;
    json["confidence_tenths"] = scale ? nlohmann::ordered_json(scale->edges) : nlohmann::ordered_json();
    json["forecasts"] = scale ? scale->forecasts : 0;
    json["notes"] = study.notes;
    json["warnings"] = warnings_of(fit);
    return json;
}

Result<void> calibrate(const StudyArguments& arguments) {
    SPY_ASSIGN(Study study, find_study(arguments));
    if (study.days.size() > kMostDays) {
        study.notes.push_back(fmt::format("{} days have data; the last {} of those in the session are used",
                                          study.days.size(), kMostDays));
    }
    SPY_ASSIGN(const pipeline::StoredCalibration stored, calibration_of(study));
    SPY_ASSIGN(const std::filesystem::path path, pipeline::store_calibration(study.lake, stored));
    if (!arguments.json) {
        print_report(study, stored, path);
        return {};
    }
    fmt::print("{}\n",
               json_of(study, stored, path).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return {};
}

}  // namespace

void add_calibrate(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<StudyArguments>();
    CLI::App* command =
        app.add_subcommand("calibrate", "Fit the forecast's parameters on past days of the lake");
    add_study_options(*command, *arguments);
    command->footer(
        "Fits beta (how much the fields push) and gamma (how fast a move fades) on up to the last 20 of "
        "these "
        "days that\n"
        "have data, and the simple forecasts that an evaluation compares with. The lake keeps it as\n"
        "calibration/forecast/product_type=.../symbol=.../WHEN.json; forecasts of every second after its "
        "training use it.\n"
        "Days need gold of the session: spymaster run --layer all --symbol ES --dates ... --session "
        "09:30-12:30\n\n"
        "  spymaster calibrate --symbol ES --dates 2026-01-05:2026-01-30\n"
        "  spymaster evaluate  --symbol ES --dates 2026-02-02:2026-02-06");
    command->callback([arguments, &exit] {
        const Result<void> done = calibrate(*arguments);
        exit = done.ok() ? 0 : fail(done.error());
    });
}

}  // namespace spymaster::cli
