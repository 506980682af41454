// spymaster: reads every order message of a market, and says second by second what the liquidity ahead of
// price is.
#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

#include "cli/command.hpp"

namespace spymaster::cli {

int exit_code(ErrorCode code) {
    switch (code) {
        case ErrorCode::usage:
            return 2;
        case ErrorCode::malformed:
        case ErrorCode::truncated:
            return 3;
        case ErrorCode::missing:
        case ErrorCode::io:
        case ErrorCode::conflict:
        case ErrorCode::internal:
            return 1;
    }
    return 1;
}

int fail(const Error& error) {
    fmt::print(stderr, "spymaster: {}\n", error.message);
    return exit_code(error.code);
}

}  // namespace spymaster::cli

int main(int argc, char** argv) try {
    using namespace spymaster::cli;
    CLI::App app{"Market-by-order data to books, flows and physics fields, second by second.", "spymaster"};
    app.set_version_flag("--version", "spymaster " SPYMASTER_VERSION);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 done, 1 failed, 2 usage, 3 invalid data, 130 interrupted.");

    int exit = 0;
    add_simulate(app, exit);
    add_download(app, exit);
    add_inspect(app, exit);
    add_book(app, exit);
    add_run(app, exit);
    add_status(app, exit);
    add_select(app, exit);
    add_calibrate(app, exit);
    add_evaluate(app, exit);
    add_verify(app, exit);
    add_serve(app, exit);
    add_gateway(app, exit);
    add_live(app, exit);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    // What stdout still held back may be all there is to say, and may not fit where it goes.
    if (exit == 0 && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)) {
        return fail(spymaster::make_error(spymaster::ErrorCode::io,
                                          "what is printed could not be written: {}",
                                          std::generic_category().message(errno)));
    }
    return exit;
} catch (const std::exception& error) {  // out of memory
    std::fprintf(stderr, "spymaster: %s\n", error.what());
    return 1;
}
