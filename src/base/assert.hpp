// SPY_ASSERT: our own invariants, checked in every build. A failure prints the condition and its place, and
// stops the program: a wrong book must never be published. Never reachable by input; bad input is an Error
// (result.hpp).
#pragma once

#include <cstdio>
#include <cstdlib>

namespace spymaster {

[[noreturn]] inline void assertion_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
    std::abort();
}

}  // namespace spymaster

#define SPY_ASSERT(condition)                                              \
    do {                                                                   \
        if (!(condition)) [[unlikely]]                                     \
            ::spymaster::assertion_failed(#condition, __FILE__, __LINE__); \
    } while (false)
