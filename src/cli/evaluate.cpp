// spymaster evaluate: what the forecast was worth on days it was not fitted on.
#include <algorithm>
#include <memory>

#include "base/files.hpp"
#include "cli/command.hpp"
#include "cli/evaluation/json.hpp"
#include "cli/evaluation/page.hpp"
#include "cli/evaluation/table.hpp"
#include "cli/progress_line.hpp"
#include "cli/study_days.hpp"
#include "feed/raw_files.hpp"
#include "pipeline/engine_hash.hpp"

namespace spymaster::cli {

namespace {

struct EvaluateArguments {
    StudyArguments study;
    std::string calibration;
    std::string out;
    bool uncalibrated = false;
};

using Calibrations = std::vector<pipeline::StoredCalibration>;

std::string ended(const pipeline::StoredCalibration& calibration) {
    return fmt::format("the training of {} ended at {}", calibration.name(),
                       market::format_utc(calibration.trained_until_ns()));
}

Result<pipeline::StoredCalibration> calibration_in_file(const Study& study, const std::string& path) {
    SPY_ASSIGN(pipeline::StoredCalibration read, pipeline::read_calibration(path));
    if (read.product_type == study.product->name &&
        feed::symbol_root(read.symbol) == feed::symbol_root(study.symbol))
        return read;
    return make_error(ErrorCode::conflict, "{} is a calibration of {} ({}), not of {} ({})", path,
                      read.symbol, read.product_type, study.symbol, study.product->name);
}

// A file, or the name of one in the lake.
Result<pipeline::StoredCalibration> calibration_named(const Study& study, const std::string& named) {
    if (named.ends_with(".json") || named.find('/') != std::string::npos)
        return calibration_in_file(study, named);
    SPY_ASSIGN(const Calibrations known,
               pipeline::load_calibrations(study.lake, *study.product, study.symbol));
    const auto found = std::ranges::find(known, named, &pipeline::StoredCalibration::name);
    if (found != known.end()) return *found;
    std::string names;
    for (const auto& calibration : known) names += (names.empty() ? "" : ", ") + calibration.name();
    return make_error(ErrorCode::missing, "no calibration {} of {} in {}; there {}", named, study.symbol,
                      study.lake.root().string(),
                      names.empty() ? "is none: make one with spymaster calibrate" : "are: " + names);
}

// The newest that was trained before the days; of days that were not asked for by date, the newest there is.
Result<pipeline::StoredCalibration> newest_before(const Study& study) {
    SPY_ASSIGN(const Calibrations known,
               pipeline::load_calibrations(study.lake, *study.product, study.symbol));
    const std::int64_t first = study.days.front().window.start_ns + 1;
    const auto* const chosen = study.dates_given ? pipeline::calibration_in_force(known, first)
                               : known.empty()   ? nullptr
                                                 : &known.back();
    if (chosen != nullptr) return *chosen;
    const std::string which = known.empty() ? "there is none" : "of those there are, " + ended(known.front());
    return make_error(
        ErrorCode::missing,
        "no calibration of {} was trained before {} {} begins: {}; make one of earlier days with "
        "spymaster calibrate, or evaluate the defaults with --uncalibrated",
        study.symbol, study.days.front().date.iso(), study.session.name, which);
}

// Days wholly before the end of the training need not be read to be left out.
void leave_out_training(Study& study, const pipeline::StoredCalibration& calibration) {
    std::vector<Study::Day> later;
    for (const Study::Day& day : study.days)
        if (day.window.end_ns > calibration.trained_until_ns()) later.push_back(day);
    if (later.size() == study.days.size()) return;
    study.notes.push_back(fmt::format("{} of {} days left out: {}", study.days.size() - later.size(),
                                      study.days.size(), ended(calibration)));
    study.days = std::move(later);
}

// Empty, or why the day cannot be used.
std::string not_held_out(const StudiedDay& day, const EvaluationReport& report) {
    if (!report.fitted || day.origin.first_window_end_ts_ns > report.fitted->trained_until_ns()) return "";
    return fmt::format("{} {}: its seconds from {} are not after the training, but {}", day.origin.date.iso(),
                       day.origin.symbol, market::format_utc(day.origin.first_window_end_ts_ns),
                       ended(*report.fitted));
}

// The days, into the report and as observations. Seconds that were trained on are an error where their date was asked
// for, and left out else.
Result<std::vector<forecast::StudyDay>> read_days(Study& study, EvaluationReport& report) {
    std::vector<forecast::StudyDay> days;
    pipeline::Progress progress;
    progress.units_total = study.days.size();
    const ProgressLine line(progress, "seconds");
    for (const Study::Day& day : study.days) {
        SPY_ASSIGN(std::optional<StudiedDay> read, read_day(study, day, report.parameters));
        ++progress.units_done;
        if (!read) continue;
        const std::string trained_on = not_held_out(*read, report);
        if (!trained_on.empty()) {
            if (study.dates_given) {
                return make_error(ErrorCode::usage,
                                  "{}; evaluate later dates or a later session, or calibrate on earlier ones",
                                  trained_on);
            }
            study.notes.push_back(trained_on + "; left out");
            continue;
        }
        progress.records += read->day.seconds.size();
        report.simulated = report.simulated || read->simulated;
        report.days.push_back(std::move(read->origin));
        days.push_back(std::move(read->day));
    }
    if (days.empty()) return nothing_left(study);
    return days;
}

// Whose parameters and baselines are evaluated.
Result<EvaluationReport> begin_report(Study& study, const EvaluateArguments& arguments) {
    EvaluationReport report;
    report.product_type = study.product->name;
    report.symbol = study.symbol;
    report.session = study.session.name;
    report.engine_sha256 = pipeline::engine_sha256();
    if (arguments.uncalibrated) {
        SPY_ASSIGN(const Calibrations known,
                   pipeline::load_calibrations(study.lake, *study.product, study.symbol));
        const auto* const before =
            pipeline::calibration_in_force(known, study.days.front().window.start_ns + 1);
        if (before != nullptr) report.fitted = *before;
        return report;
    }
    auto chosen = arguments.calibration.empty() ? newest_before(study)
                                                : calibration_named(study, arguments.calibration);
    if (!chosen.ok()) return chosen.error();
    report.fitted = std::move(*chosen);
    report.calibrated = true;
    report.parameters = report.fitted->calibration.path.parameters;
    if (report.fitted->engine_sha256 != report.engine_sha256)
        study.notes.push_back(
            fmt::format("calibration {} was fitted by other code; fit it again", report.name()));
    if (!study.dates_given) leave_out_training(study, *report.fitted);
    if (study.days.empty()) return nothing_left(study);
    return report;
}

// Into the lake and, if asked for, a folder. Returns where.
Result<std::vector<std::filesystem::path>> write_documents(const Study& study, const EvaluationReport& report,
                                                           const std::string& document,
                                                           const std::string& out) {
    std::vector<std::filesystem::path> written;
    const auto write = [&](const std::filesystem::path& path, const std::string& text) -> Result<void> {
        SPY_TRY(replace_text(path, text));
        written.push_back(path);
        return {};
    };
    const std::string page = page_of(report);
    for (const std::string_view extension : {".json", ".html"}) {
        const std::string& text = extension == ".json" ? document : page;
        SPY_ASSIGN(
            const std::filesystem::path path,
            pipeline::evaluation_path(study.lake, *study.product, study.symbol, report.name(), extension));
        SPY_TRY(write(path, text));
        if (!out.empty()) {
            SPY_TRY(write(
                std::filesystem::path(out) / fmt::format("{}-{}{}", study.symbol, report.name(), extension),
                text));
        }
    }
    return written;
}

Result<void> evaluate(const EvaluateArguments& arguments) {
    if (arguments.uncalibrated && !arguments.calibration.empty()) {
        return make_error(ErrorCode::usage, "--calibration and --uncalibrated exclude each other");
    }
    SPY_ASSIGN(Study study, find_study(arguments.study));
    SPY_ASSIGN(EvaluationReport report, begin_report(study, arguments));
    SPY_ASSIGN(const std::vector<forecast::StudyDay> days, read_days(study, report));
    forecast::Calibration fitted = report.fitted ? report.fitted->calibration : forecast::Calibration{};
    if (!report.calibrated) fitted.confidence_scale.reset();  // of forecasts with other parameters than these
    report.result = forecast::evaluate(days, fitted);
    const std::string document = json_text(document_of(report));
    SPY_ASSIGN(const std::vector<std::filesystem::path> written,
               write_documents(study, report, document, arguments.out));
    for (const std::string& note : study.notes) fmt::print(stderr, "note: {}\n", note);
    fmt::print("{}", arguments.study.json ? document : table_of(report));
    if (!arguments.study.json) {
        fmt::print("\n");
        for (const auto& path : written) fmt::print("{}\n", path.string());
    }
    return {};
}

}  // namespace

void add_evaluate(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command =
        app.add_subcommand("evaluate", "Measure what the forecast was worth on days it was not fitted on");
    add_study_options(*command, arguments->study);
    command->add_option("--calibration", arguments->calibration,
                        "A file, or the name of one in the lake (20260130T173000Z); else the newest that was "
                        "trained before\nthese days");
    command->add_flag("--uncalibrated", arguments->uncalibrated, "The defaults, beta 1 and gamma 0.2");
    command->add_option("--out", arguments->out, "Also write the document and the page into this folder");
    command->footer(
        "Compares the forecast 1, 2, 5, 10, 20 and 30 s ahead with five that cost nothing: standing still, "
        "the "
        "last\n"
        "velocity, the micro-price, the order flow, and the spot where it stands when the forecast is made. "
        "Skill is to be\n"
        "off by less than every one of them, beyond chance. Only seconds after the end of the training are "
        "taken. The lake\n"
        "keeps the numbers as JSON, which --json prints, and a page to read:\n"
        "evaluation/forecast/product_type=.../symbol=.../WHEN.html\n\n"
        "  spymaster calibrate --symbol ES --dates 2026-01-05:2026-01-30\n"
        "  spymaster evaluate  --symbol ES --dates 2026-02-02:2026-02-06 --out report");
    command->callback([arguments, &exit] {
        const Result<void> done = evaluate(*arguments);
        exit = done.ok() ? 0 : fail(done.error());
    });
}

}  // namespace spymaster::cli
