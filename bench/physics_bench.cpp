// Gold: microseconds a second of market costs, from a closed window to its surface (802 cells, 30 fields).
//
// With SPYMASTER_BENCH_SMALL in the environment each scenario runs for a moment only, for the tests. The
// answer is checked before anything is timed: every field of a run of windows against the plain reference of
// tests/physics, exactly. Scenarios: every cell with a row; as many rows as an ES second has; and a long
// silence, where the averages are subnormal numbers, which some processors multiply slowly.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "../tests/physics/plain_reference.hpp"
#include "../tests/physics/windows_of_a_market.hpp"
#include "physics/physics_engine.hpp"

namespace spymaster::physics {
namespace {

constexpr int kHalfWidth = 200;

bool answer_is_right() {
    PhysicsEngine engine(testing::grid_of(kHalfWidth));
    testing::PlainReference reference(kHalfWidth);
    for (const windows::Window& window : testing::random_windows(42, 6)) {
        const PhysicsSurface1s* surface = engine.update(window);
        const auto expected = reference.update(window);
        if ((surface != nullptr) != expected.has_value()) return false;
        if (surface == nullptr) continue;
        std::size_t row = 0;
        for (const auto& [cell, fields] : expected->cells) {
            for (std::size_t field = 0; field < kFieldNames.size(); ++field) {
                if ((*surface)[static_cast<Field>(field)][row] != fields.find(kFieldNames[field])->second)
                    return false;
            }
            ++row;
        }
    }
    return true;
}

void run_windows(benchmark::State& state, PhysicsEngine& engine,
                 const std::vector<windows::Window>& windows) {
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(engine.update(windows[next]));
        next = next + 1 == windows.size() ? 0 : next + 1;
    }
    state.SetItemsProcessed(state.iterations());
    state.SetLabel("items are seconds of market");
}

void every_cell(benchmark::State& state) {
    PhysicsEngine engine(testing::grid_of(kHalfWidth));
    run_windows(state, engine,
                testing::random_windows(1, 64, {.present = 1.0, .without_spot = 0.0, .off_grid = 0.0}));
}

void half_the_cells(benchmark::State& state) {
    PhysicsEngine engine(testing::grid_of(kHalfWidth));
    run_windows(state, engine,
                testing::random_windows(2, 64, {.present = 0.5, .without_spot = 0.0, .off_grid = 0.0}));
}

void long_silence(benchmark::State& state) {
    PhysicsEngine engine(testing::grid_of(kHalfWidth));
    for (const windows::Window& window : testing::random_windows(3, 64)) engine.update(window);
    for (int second = 64; second < 25'000; ++second) engine.update(testing::window_at(second));
    run_windows(state, engine, {testing::window_at(25'000)});
}

void smoothing_alone(benchmark::State& state) {
    const GaussianKernel kernel = gaussian_kernel(24.0, 64);
    std::vector<double> field(2 * kHalfWidth + 1, 1.0);
    std::vector<double> padded(padded_size(field.size(), kernel));
    std::vector<double> out(field.size());
    for (auto _ : state) {
        smooth(field, kernel, padded, out);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
}

BENCHMARK(every_cell)->Unit(benchmark::kMicrosecond);
BENCHMARK(half_the_cells)->Unit(benchmark::kMicrosecond);
BENCHMARK(long_silence)->Unit(benchmark::kMicrosecond);
BENCHMARK(smoothing_alone)->Unit(benchmark::kMicrosecond);

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
        std::fprintf(stderr, "bench_physics: the engine disagrees with the plain reference; nothing timed\n");
        return 1;
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
