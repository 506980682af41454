// Every window against the plain engine, row by row, on random streams.
#include <gtest/gtest.h>

#include "../book/random_stream.hpp"
#include "kept_windows.hpp"
#include "plain_engine.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::testing {
namespace {

struct Case {
    std::uint64_t seed;
    StreamOptions options;
    market::Grid grid;
};

class RandomWindows : public ::testing::TestWithParam<Case> {};

TEST_P(RandomWindows, AreThePlainEngines) {
    const auto& [seed, options, grid] = GetParam();
    const market::SessionWindow session{options.start + 5 * kSecond + 3, options.start + 60 * kSecond};
    KeptWindows kept;
    windows::WindowEngine engine(grid, session, kept);
    PlainEngine plain(grid, session);
    for (const Record& r : RandomStream(seed, options).take(5'000)) {
        engine.apply(r);
        plain.apply(r);
    }
    engine.finish();
    plain.finish();
    ASSERT_EQ(kept.windows.size(), plain.windows.size());
    std::size_t rows = 0;
    for (std::size_t i = 0; i < kept.windows.size(); ++i) {
        ASSERT_NO_FATAL_FAILURE(expect_same_window(kept.windows[i], plain.windows[i]))
            << "window " << i << ", seed " << seed;
        rows += kept.windows[i].flow.size();
    }
    EXPECT_TRUE(engine.done());
    EXPECT_EQ(engine.totals().identity_violations, 0U);
    EXPECT_EQ(engine.totals().flow_rows, rows);
    EXPECT_GT(rows, 0U);
}

std::vector<Case> cases() {
    std::vector<Case> out;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        out.push_back({seed, {.chaos = 0.0}, {}});
        out.push_back({seed + 100, {.chaos = 0.1}, {}});
        out.push_back({seed + 200, {.chaos = 0.5, .step = 4 * kMillisecond}, {}});
    }
    out.push_back({300, {.chaos = 0.2, .resets_per_mille = 0}, {}});
    out.push_back({301, {.chaos = 0.3}, {.half_width_ticks = 3}});
    out.push_back({302, {.chaos = 0.3}, {.window_ns = 250 * kMillisecond, .rest_ns = 250 * kMillisecond}});
    out.push_back({303, {.chaos = 0.3}, {.window_ns = 7 * kSecond, .rest_ns = 0}});
    out.push_back({304, {.chaos = 0.3, .tick = 10'000'000, .price_ticks = 50'000}, {.tick = {10'000'000}}});
    out.push_back({305,
                   {.chaos = 0.3, .tick = 10'000'000, .price_ticks = 50'000},
                   {.tick = {30'000'000}, .half_width_ticks = 40}});
    // Cents in buckets of half a dollar: many prices a bucket, spot off the bucket's middle, buckets at the ends cut.
    const market::Grid equity = market::product_of(market::ProductType::equity_mbo).grid;
    market::Grid narrow = equity;
    narrow.half_width_ticks = 1;
    market::Grid odd = equity;  // no price half-way
    odd.tick = {70'000'001};
    for (std::uint64_t seed = 400; seed < 406; ++seed) {
        const StreamOptions cents{.chaos = 0.05 * static_cast<double>(seed - 400),
                                  .tick = 10'000'000,
                                  .price_ticks = 50'000 + 13 * static_cast<std::int64_t>(seed)};
        out.push_back({seed, cents, equity});
        out.push_back({seed + 10, cents, narrow});
        out.push_back({seed + 20, cents, odd});
        StreamOptions quarters = cents;  // every other price half-way between two buckets
        quarters.tick = 250'000'000;
        quarters.price_ticks = 2'000;
        out.push_back({seed + 30, quarters, equity});
    }
    return out;
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomWindows, ::testing::ValuesIn(cases()));

}  // namespace
}  // namespace spymaster::testing
