#include "cli/serving.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "cli/service_notice.hpp"
#include "cli/where.hpp"

namespace spymaster::cli {

void add_options(CLI::App& command, ServingArguments& arguments) {
    command.add_option("--lake", arguments.lake, "Lake folder (default: $SPYMASTER_LAKE, else ./lake)");
    command.add_option("--contracts", arguments.contracts, "Folder with datasets.yaml");
    command.add_option("--host", arguments.host, "IP address to listen on")->capture_default_str();
    command.add_option("--port", arguments.port, "Port; 0 takes a free one")->capture_default_str();
    command.add_option("--web", arguments.web, "Folder of the built page")->capture_default_str();
}

Result<std::unique_ptr<serve::Server>> start_server(const ServingArguments& arguments) {
    SPY_ASSIGN(auto lake, lake::Lake::open(lake_root(arguments.lake), contracts_folder(arguments.contracts)));
    serve::ServeOptions options;
    options.host = arguments.host;
    options.port = arguments.port;
    options.web = arguments.web;
    options.version = SPYMASTER_VERSION;
    SPY_ASSIGN(auto server, serve::Server::start(std::move(lake), std::move(options)));
    if (!server->loopback()) {
        fmt::print(stderr,
                   "spymaster: {} can be reached from other machines: anybody there can read the lake, "
                   "unencrypted\n",
                   arguments.host);
    }
    return server;
}

void announce(const serve::Server& server, const std::string& what) {
    fmt::print("Spymaster serves {} on {} (Ctrl-C stops it)\n", what, server.url());
    std::fflush(stdout);
    tell_service_manager("READY=1");
}

}  // namespace spymaster::cli
