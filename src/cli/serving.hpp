// The server of spymaster serve and spymaster live: its part of their command lines, and how it is started.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "serve/server.hpp"

namespace spymaster::cli {

struct ServingArguments {
    std::string lake;
    std::string contracts;
    std::string host = "127.0.0.1";
    std::uint16_t port = 8001;
    std::string web = "web/dist";
};

void add_options(CLI::App& command, ServingArguments& arguments);

// Over the lake they name. Warns where other machines can reach it. Error: as lake::Lake::open and serve::Server::start.
Result<std::unique_ptr<serve::Server>> start_server(const ServingArguments& arguments);

// Says on stdout what is served where, and tells the service manager. `what`: "lake", "lake and GLBX.MDP3 live".
void announce(const serve::Server& server, const std::string& what);

}  // namespace spymaster::cli
