// How long each of many short things took: by the processor time of the thread, and by the wall clock.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <vector>

namespace spymaster::bench {

struct Moment {
    static Moment now() {
        timespec cpu{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
        return {static_cast<double>(cpu.tv_sec) * 1e6 + static_cast<double>(cpu.tv_nsec) / 1e3,
                std::chrono::steady_clock::now()};
    }

    double cpu_us = 0.0;
    std::chrono::steady_clock::time_point wall{};
};

// Microseconds.
struct Latencies {
    void add(const Moment& start, const Moment& end) {
        cpu.push_back(end.cpu_us - start.cpu_us);
        wall.push_back(std::chrono::duration<double, std::micro>(end.wall - start.wall).count());
    }

    // The same things once more, in the same order.
    void add_run(const Latencies& run) {
        cpu.insert(cpu.end(), run.cpu.begin(), run.cpu.end());
        wall.insert(wall.end(), run.wall.begin(), run.wall.end());
        if (best.empty()) best = run.cpu;
        for (std::size_t i = 0; i < best.size() && i < run.cpu.size(); ++i)
            best[i] = std::min(best[i], run.cpu[i]);
    }

    std::vector<double> cpu;
    std::vector<double> wall;
    std::vector<double> best;  // of each thing, the least processor time of its runs
};

// REQUIRES: at least one value; share 0 to 1.
inline double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace spymaster::bench
