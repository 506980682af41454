// Buckets of prices by hand: the golden values of spec B.6 and B.7.
#include <gtest/gtest.h>

#include "../book/records.hpp"
#include "kept_windows.hpp"
#include "market/product.hpp"
#include "windows/flow_rows.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::testing {
namespace {

constexpr std::int64_t kCent = 10'000'000;
constexpr std::int64_t kDollar = 100 * kCent;
constexpr std::int64_t kStart = 1000 * kSecond;

const market::Grid& equity_grid() {
    return market::product_of(market::ProductType::equity_mbo).grid;
}

// The window after one in which orders were added at these prices, bids, with a bid at spot the best.
windows::Window window_of(const std::vector<Record>& records) {
    KeptWindows kept;
    windows::WindowEngine engine(equity_grid(), {kStart + 2 * kSecond, kStart + 2 * kSecond}, kept);
    for (const Record& r : records) engine.apply(r);
    engine.finish();
    EXPECT_EQ(kept.windows.size(), 1U);
    EXPECT_EQ(engine.totals().identity_violations, 0U);
    return kept.windows.at(0);
}

TEST(Buckets, PricesGoToTheNearestHalfDollarTiesToTheEvenOffset) {
    const struct {
        std::int64_t price, bucket;
    } vectors[] = {{50024, 50000}, {50025, 50000}, {50026, 50050}, {50074, 50050},
                   {50075, 50100}, {49975, 50000}, {49925, 49900}};
    for (const auto& [price, bucket] : vectors) {
        // The last trade is spot: an ask at 500.00, which crosses nothing that matters here.
        const windows::Window w =
            window_of({add(1, 'A', 50000 * kCent, 1).at(kStart), trade('B', 50000 * kCent, 1).at(kStart),
                       add(2, 'B', price * kCent, 7).at(kStart).last()});
        EXPECT_EQ(w.snapshot.spot_ref_price_int, 500 * kDollar);
        ASSERT_EQ(w.flow.size(), 2U);
        EXPECT_EQ(w.flow[0].side, market::Side::bid);
        EXPECT_EQ(w.flow[0].price_int, bucket * kCent) << price;
        EXPECT_EQ(w.flow[0].rel_ticks, (bucket - 50000) / 50);
        EXPECT_EQ(w.flow[0].rel_ticks_side, 0);  // the best bid is its own anchor
        EXPECT_EQ(w.flow[0].depth_qty_end, 7);
    }
}

TEST(Buckets, SpotIsRoundedHalfToEven) {
    constexpr std::int64_t kBucket = 50 * kCent;
    EXPECT_EQ(windows::bucketed_spot(50024 * kCent, kBucket), 50000 * kCent);
    EXPECT_EQ(windows::bucketed_spot(50025 * kCent, kBucket), 50000 * kCent);
    EXPECT_EQ(windows::bucketed_spot(50075 * kCent, kBucket), 50100 * kCent);
    EXPECT_EQ(windows::bucketed_spot(25 * kCent, kBucket), 0);
    EXPECT_EQ(windows::bucketed_spot(0, kBucket), 0);
    EXPECT_EQ(windows::bucketed_spot(-50 * kCent, kBucket), 0);
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(windows::bucketed_spot(kMax, kBucket), kMax / kBucket * kBucket);
}

TEST(Buckets, TheLastBucketsReachHalfATickFurther) {
    // Offsets +100 and -100 are even: they own both their ties.
    const windows::Window w =
        window_of({add(1, 'A', 500 * kDollar, 1).at(kStart), trade('B', 500 * kDollar, 1).at(kStart),
                   add(2, 'A', 550 * kDollar + 25 * kCent, 2).at(kStart),
                   add(3, 'A', 550 * kDollar + 26 * kCent, 4).at(kStart),
                   add(4, 'B', 450 * kDollar - 25 * kCent, 8).at(kStart),
                   add(5, 'B', 450 * kDollar - 26 * kCent, 16).at(kStart).last()});
    ASSERT_EQ(w.flow.size(), 3U);
    EXPECT_EQ(w.flow[0].rel_ticks, -100);
    EXPECT_EQ(w.flow[0].depth_qty_end, 8);
    EXPECT_EQ(w.flow[2].rel_ticks, 100);
    EXPECT_EQ(w.flow[2].depth_qty_end, 2);
}

TEST(Buckets, ExecutionsOfItchAreFillsAndTheRestOfTheOrderStays) {
    const std::int64_t t = kStart + kSecond + 1;
    const windows::Window w = window_of(
        {add(1, 'B', 500 * kDollar, 100).at(kStart).last(),
         add(2, 'B', 500 * kDollar - kCent, 30).at(kStart).last(), trade('A', 500 * kDollar, 40).at(t),
         fill(1, 'B', 500 * kDollar, 40).at(t), cancel(1, 'B', 500 * kDollar, 40).at(t).last()});
    ASSERT_EQ(w.flow.size(), 1U);
    EXPECT_EQ(w.flow[0].price_int, 500 * kDollar);
    EXPECT_EQ(w.flow[0].depth_qty_start, 130);
    EXPECT_EQ(w.flow[0].depth_qty_end, 90);
    EXPECT_EQ(w.flow[0].depth_qty_rest, 90);
    EXPECT_EQ(w.flow[0].fill_qty, 40);
    EXPECT_EQ(w.flow[0].pull_qty_total, 0);
    EXPECT_EQ(w.flow[0].add_qty, 0);
}

}  // namespace
}  // namespace spymaster::testing
