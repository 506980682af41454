// Which days and seconds of the lake calibrate and evaluate work on: the options that say so, and the reading.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "forecast/evaluation/observation.hpp"
#include "lake/lake.hpp"
#include "market/session.hpp"
#include "pipeline/calibration/calibration_store.hpp"
#include "pipeline/schedule/run_dates.hpp"

namespace spymaster::cli {

struct StudyArguments {
    std::string product_type = "future_mbo";
    std::string symbol;
    pipeline::DateArguments dates;
    std::string session = "09:30-12:30";
    std::string lake;
    std::string contracts;
    bool json = false;
};

void add_study_options(CLI::App& command, StudyArguments& arguments);

struct Study {
    struct Day {
        std::string contract;
        market::Date date;
        market::SessionWindow window;
    };
    lake::Lake lake;
    const market::Product* product = nullptr;
    std::string symbol;  // as asked for
    market::Session session;
    bool dates_given = false;  // else all that the lake has
    std::vector<Day> days;     // that are measured, ascending; at least one
    std::vector<std::string> notes;
};

// Error: usage (options have no path of their own; dates, session), missing (nothing is measured: says which command
// does it; a root without a single contract).
Result<Study> find_study(const StudyArguments& arguments);

struct StudiedDay {
    pipeline::TrainingDay origin;  // samples: 0
    forecast::StudyDay day;        // at least one second
    std::map<std::string, std::string> contracts;
    bool simulated = false;  // a made-up market
};

// Reads the seconds of the session of that day; nothing, and a note, where the lake has none of them. A note where it
// has only some.
Result<std::optional<StudiedDay>> read_day(Study& study, const Study::Day& day,
                                           const forecast::Parameters& parameters);

// That no day was left, with the last reason. REQUIRES: notes.
Error nothing_left(const Study& study);

}  // namespace spymaster::cli
