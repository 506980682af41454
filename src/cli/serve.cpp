// spymaster serve: the lake to the browser, over HTTP and WebSocket.
#include "serve/server.hpp"

#include <cstdio>

#include "cli/command.hpp"
#include "cli/service_notice.hpp"
#include "cli/where.hpp"

namespace spymaster::cli {

namespace {

struct ServeArguments {
    std::string lake;
    std::string contracts;
    std::string host = "127.0.0.1";
    std::uint16_t port = 8001;
    std::string web = "web/dist";
};

Result<void> run_server(const ServeArguments& arguments) {
    SPY_ASSIGN(auto lake, lake::Lake::open(lake_root(arguments.lake), contracts_folder(arguments.contracts)));
    serve::ServeOptions options;
    options.host = arguments.host;
    options.port = arguments.port;
    options.web = arguments.web;
    options.version = SPYMASTER_VERSION;
    const auto root = lake.root();
    SPY_ASSIGN(const auto server, serve::Server::start(std::move(lake), std::move(options)));
    if (!server->loopback()) {
        fmt::print(stderr,
                   "spymaster: {} can be reached from other machines: anybody there can read the lake, "
                   "unencrypted\n",
                   arguments.host);
    }
    fmt::print("Spymaster serves {} on {} (Ctrl-C stops it)\n", root.string(), server->url());
    std::fflush(stdout);
    tell_service_manager("READY=1");
    server->run();
    return {};
}

}  // namespace

void add_serve(CLI::App& app, int& exit) {
    auto* command =
        app.add_subcommand("serve", "Stream the lake to browsers and programs (HTTP and WebSocket)");
    auto arguments = std::make_shared<ServeArguments>();
    command->add_option("--lake", arguments->lake, "Lake folder (default: $SPYMASTER_LAKE, else ./lake)");
    command->add_option("--contracts", arguments->contracts, "Folder with datasets.yaml");
    command->add_option("--host", arguments->host, "IP address to listen on")->capture_default_str();
    command->add_option("--port", arguments->port, "Port; 0 takes a free one")->capture_default_str();
    command->add_option("--web", arguments->web, "Folder of the built page")->capture_default_str();
    command->callback([arguments, &exit] {
        const auto served = run_server(*arguments);
        exit = served ? 0 : fail(served.error());
    });
}

}  // namespace spymaster::cli
