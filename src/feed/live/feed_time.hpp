// The clocks a live feed reads, so that tests can turn them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace spymaster::feed::live {

struct LiveTime {
    // Both are called from several threads.
    std::function<std::int64_t()> steady_ns = [] {
        return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
    std::function<std::int64_t()> wall_ns = [] {
        return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
    };
};

}  // namespace spymaster::feed::live
