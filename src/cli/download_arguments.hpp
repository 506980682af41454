// The command line of `spymaster download`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/historical/job_plan.hpp"

namespace spymaster::cli {

inline constexpr const char* kDatabentoHost = "https://hist.databento.com";

struct DownloadArguments {
    enum class Action : std::uint8_t { submit, poll, daemon };

    feed::DownloadProgram program = feed::DownloadProgram::futures;
    Action action = Action::submit;
    std::string name;  // "futures submit"
    std::string start;
    std::string end;
    std::string symbols;
    bool include_futures = false;
    std::vector<std::string> equity_schemas{"mbo"};
    std::vector<std::string> options_schemas;
    std::vector<std::string> option_codes;
    int pause_seconds = 5;
    int poll_interval_seconds = 60;
    std::string log_file;
    std::string tracker;
    std::string lake;
    std::string host;
    bool yes = false;
    bool dry_run = false;
    bool json = false;
};

// The jobs that it asks for; none of `poll`. Error (usage): a date, symbol or schema that is none.
Result<std::vector<feed::JobRequest>> requests_of(const DownloadArguments& arguments);

// The exit code.
int run_download(const DownloadArguments& arguments);

}  // namespace spymaster::cli
