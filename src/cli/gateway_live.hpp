// The options of `spymaster gateway` that are about its live half.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "feed/gateway/live_options.hpp"

namespace spymaster::cli {

struct GatewayLiveArguments {
    feed::LiveOptions live;  // port and limits
    std::string from;
    std::string speed = "1";
    double replay_hours = 0;
    std::vector<std::string> drop_at;
    std::string end = "stay";
};

// `arguments` must outlive the parser.
void add_live_options(CLI::App& command, GatewayLiveArguments& arguments);
// Error (usage): a time or a speed that is none.
Result<feed::LiveOptions> live_options_of(const GatewayLiveArguments& arguments);

}  // namespace spymaster::cli
