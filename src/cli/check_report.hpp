// What checks found, for a person or as JSON.
#pragma once

#include "pipeline/checks/check.hpp"

namespace spymaster::cli {

// A line a check: verdict, group, name, what was looked at; below one that did not pass, the first offending row. Then the
// counts.
void print_checks(const pipeline::checks::CheckResults& results);

// [{"group", "check", "dataset", "symbol", "dt", "looked_at", "unit", "verdict", "failures", "window_end_ts_ns", "what"}];
// "window_end_ts_ns" is text, or null where the offending row has no window, or there is none.
void print_checks_json(const pipeline::checks::CheckResults& results);

// 3: one failed; 1: none did, and something is missing; else 0.
int exit_code_of(const pipeline::checks::CheckResults& results);

}  // namespace spymaster::cli
