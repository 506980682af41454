// Vacuum and bands: nanoseconds a second of market costs, from its wall of about a thousand rows to the rows of both tables;
// and what the calibration of a session costs a second.
//
// With SPYMASTER_BENCH_SMALL in the environment each runs for a moment only, for the tests. The answer is checked before
// anything is timed: every row of a few windows against the plain twin of tests/physics, exactly.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "../tests/physics/plain_vacuum.hpp"
#include "../tests/physics/random_walls.hpp"
#include "physics/calibration/norm_calibration.hpp"

namespace spymaster::physics {
namespace {

constexpr market::PriceDelta kTick{250};
constexpr testing::WallHabits kWalls{
    .windows = 64, .tick = kTick.nanos, .levels = 1'200, .reach_ticks = 600, .breaks = false};

bool answer_is_right() {
    testing::WallHabits habits = kWalls;
    habits.windows = 4;
    const auto day = testing::random_walls(42, habits);
    const testing::PlainVacuum plain(day, kTick.nanos);
    const NormBounds bounds = NormBounds::bootstrap();
    VacuumEngine engine(bounds, kTick);
    NormCalibration calibration(kTick);
    for (std::size_t at = 0; at < day.size(); ++at) {
        const auto& rows = engine.update(day[at]);
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i] != plain.row(at, day[at].wall[i], bounds)) return false;
        if (physics_bands(day[at], rows, bounds) != plain.bands(at, bounds)) return false;
        calibration.add(day[at]);
    }
    return calibration.bounds(Metric::d2_pull_add_log) == plain.quantiles(Metric::d2_pull_add_log, bounds);
}

void count_rows(benchmark::State& state, const std::vector<windows::Window>& day) {
    std::size_t rows = 0;
    for (const windows::Window& window : day) rows += window.wall.size();
    state.counters["rows_a_window"] = static_cast<double>(rows) / static_cast<double>(day.size());
    state.SetLabel("items are seconds of market");
}

void vacuum_and_bands(benchmark::State& state) {
    const auto day = testing::random_walls(1, kWalls);
    const NormBounds bounds = NormBounds::bootstrap();
    VacuumEngine engine(bounds, kTick);
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(physics_bands(day[next], engine.update(day[next]), bounds));
        next = next + 1 == day.size() ? 0 : next + 1;
    }
    state.SetItemsProcessed(state.iterations());
    count_rows(state, day);
}

void calibration_of_a_session(benchmark::State& state) {
    const auto day = testing::random_walls(1, kWalls);
    for (auto _ : state) {
        NormCalibration calibration(kTick);
        for (const windows::Window& window : day) calibration.add(window);
        for (std::size_t metric = 0; metric < kMetricNames.size(); ++metric)
            benchmark::DoNotOptimize(calibration.bounds(static_cast<Metric>(metric)));
    }
    count_rows(state, day);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(day.size()));
}

BENCHMARK(vacuum_and_bands);
BENCHMARK(calibration_of_a_session)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace spymaster::physics

int main(int argc, char** argv) {
    std::vector<char*> arguments(argv, argv + argc);
    char moment[] = "--benchmark_min_time=0.01";
    if (std::getenv("SPYMASTER_BENCH_SMALL") != nullptr) arguments.push_back(moment);
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
    if (!spymaster::physics::answer_is_right()) {
        std::fprintf(stderr, "bench_vacuum: the engines disagree with the plain twin; nothing timed\n");
        return 1;
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
