// How far a run is: counters that the engine advances and the terminal reads, from any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace spymaster::pipeline {

struct Progress {
    std::atomic<std::uint64_t> units_total{
        0};  // bytes of raw files, or rows of partitions, of the work begun so far
    std::atomic<std::uint64_t> units_done{0};
    std::atomic<std::uint64_t> records{0};
};

}  // namespace spymaster::pipeline
