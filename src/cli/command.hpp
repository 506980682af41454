// The commands of the `spymaster` program: each file adds its own to the parser.
#pragma once

#include <CLI/CLI.hpp>

#include "base/result.hpp"

namespace spymaster::cli {

// Exit codes: 0 done, 1 failed (missing input, io, ...), 2 usage, 3 the data are invalid, 130 interrupted.
int exit_code(ErrorCode code);
// "spymaster: <message>" on stderr; the code to leave with.
int fail(const Error& error);

// Each adds one subcommand; its callback stores the exit code.
void add_inspect(CLI::App& app, int& exit);
void add_book(CLI::App& app, int& exit);
void add_simulate(CLI::App& app, int& exit);
void add_run(CLI::App& app, int& exit);
void add_status(CLI::App& app, int& exit);
void add_select(CLI::App& app, int& exit);
void add_calibrate(CLI::App& app, int& exit);
void add_evaluate(CLI::App& app, int& exit);
void add_verify(CLI::App& app, int& exit);
void add_serve(CLI::App& app, int& exit);
void add_download(CLI::App& app, int& exit);
void add_gateway(CLI::App& app, int& exit);
void add_live(CLI::App& app, int& exit);

}  // namespace spymaster::cli
