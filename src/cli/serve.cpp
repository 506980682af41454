// spymaster serve: the lake to the browser, over HTTP and WebSocket.
#include "cli/command.hpp"
#include "cli/serving.hpp"
#include "cli/where.hpp"

namespace spymaster::cli {

namespace {

Result<void> run_server(const ServingArguments& arguments) {
    SPY_ASSIGN(const auto server, start_server(arguments));
    announce(*server, lake_root(arguments.lake).string());
    server->run();
    return {};
}

}  // namespace

void add_serve(CLI::App& app, int& exit) {
    auto* command =
        app.add_subcommand("serve", "Stream the lake to browsers and programs (HTTP and WebSocket)");
    auto arguments = std::make_shared<ServingArguments>();
    add_options(*command, *arguments);
    command->callback([arguments, &exit] {
        const auto served = run_server(*arguments);
        exit = served ? 0 : fail(served.error());
    });
}

}  // namespace spymaster::cli
