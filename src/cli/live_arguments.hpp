// The command line of spymaster live, and what is asked of the feeds for it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/serving.hpp"
#include "lake/lake.hpp"
#include "pipeline/live/live_run.hpp"

namespace spymaster::cli {

struct LiveArguments {
    std::string dataset = "GLBX.MDP3";
    std::vector<std::string> symbols;
    std::vector<std::string> option_symbols;
    bool options = true;
    std::vector<std::string> contracts_measured;
    std::string from = "snapshot";
    std::string session = "rth";
    std::string date;  // empty: that of the feed
    std::string gateway;
    ServingArguments serving;
    std::uint32_t close_after_ms = 250;
    std::uint32_t stale_after_ms = 5000;
    int heartbeat_interval_s = 5;
    bool exit_at_end = false;
};

void add_options(CLI::App& command, LiveArguments& arguments);

// `key`: of Databento. Error (usage): what does not go together or makes no sense.
Result<pipeline::LiveRunOptions> live_run_options(const LiveArguments& arguments, const lake::Lake& lake,
                                                  std::string key);

}  // namespace spymaster::cli
