// Every window of a chain against the plain one, cell by cell, on random streams of many options.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "../book/random_stream.hpp"
#include "kept_chain.hpp"
#include "plain_chain.hpp"
#include "windows/chain_engine.hpp"

namespace spymaster::testing {
namespace {

constexpr std::int64_t kStart = 1000 * kSecond;
constexpr std::int64_t kSpot = 6000 * kSecond;  // $6,000
constexpr std::uint32_t kOptions = 60;

struct Quote : dbn::Cmbp1Msg {};

std::int64_t time_of(const Record& r) {
    return static_cast<std::int64_t>(r.ts_recv);
}

// The same options in every test: strikes near and far, between rows and half-way, both rights.
windows::OptionTerms terms_of(std::uint32_t id) {
    return {id % 2 == 0 ? market::Right::call : market::Right::put,
            kSpot + (static_cast<std::int64_t>(id) - 30) * 2'500'000'000 +
                (id % 7 == 0    ? 1
                 : id % 11 == 0 ? -250'000'000
                                : 0)};
}

// An option's stream each, merged by time of receipt.
std::vector<Record> random_chain(std::uint64_t seed, double chaos) {
    std::vector<Record> all;
    for (std::uint32_t id = 1; id <= kOptions + 2; ++id) {  // the last two are not known
        StreamOptions options{.chaos = chaos,
                              .start = kStart + id * kMillisecond,
                              .step = (20 + 10 * (id % 9)) * kMillisecond,
                              .tick = 50'000'000,
                              .price_ticks = 40 + id};
        if (id % 3 == 0) options.resets_per_mille = 0;
        for (Record& r : RandomStream(seed * 1000 + id, options).take(id % 10 == 0 ? 30 : 220)) {
            r.hd.instrument_id = id;
            all.push_back(r);
        }
    }
    std::ranges::stable_sort(all, {}, time_of);
    // Some begin with the state of an option; then those without a reset are known too.
    if (seed % 2 == 0) {
        all.insert(all.begin(), clear().at(kStart).last());
        all.front().hd.instrument_id = 3;
    }
    return all;
}

// Best quotes that appear, grow, move, vanish, cross, repeat, with trades of every side between.
std::vector<Quote> random_quotes(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t n) { return random() % n; };
    std::vector<Quote> out;
    std::int64_t t = kStart;
    std::map<std::uint32_t, dbn::ConsolidatedBidAskPair> state;
    for (std::size_t i = 0; i < count; ++i) {
        t += static_cast<std::int64_t>(below(8 * kMillisecond));
        if (below(300) == 0) t += static_cast<std::int64_t>(below(4)) * kSecond;
        Quote m{};
        m.hd.instrument_id = 1 + static_cast<std::uint32_t>(below(kOptions + 1));
        m.hd.ts_event =
            static_cast<std::uint64_t>(below(40) == 0 ? t - static_cast<std::int64_t>(below(kSecond)) : t);
        m.ts_recv = static_cast<std::uint64_t>(t);
        dbn::ConsolidatedBidAskPair& l = state[m.hd.instrument_id];
        constexpr std::int64_t kCent = 10'000'000;
        const auto size = [&]() -> std::uint32_t {
            return below(30) == 0   ? 0
                   : below(60) == 0 ? dbn::kUndefSize
                                    : static_cast<std::uint32_t>(1 + below(40));
        };
        m.action = "AMCTTTN"[below(7)];
        m.price = static_cast<std::int64_t>(100 + below(12)) * kCent;
        m.size = size();
        m.side = "ABN"[below(3)];
        if (below(2) == 0) l.bid_sz = size();
        if (below(2) == 0) l.ask_sz = size();
        if (below(3) == 0) l.bid_px = static_cast<std::int64_t>(100 + below(6)) * kCent;
        if (below(3) == 0) l.ask_px = static_cast<std::int64_t>(104 + below(6)) * kCent;
        if (below(40) == 0) l.bid_px = below(2) == 0 ? dbn::kUndefPrice : 0;
        if (below(40) == 0) l.ask_px = below(2) == 0 ? dbn::kUndefPrice : -kCent;
        if (m.action == 'T' && below(2) == 0) m.price = below(2) == 0 ? l.bid_px : l.ask_px;
        if (below(200) == 0) m.action = 'R';
        if (below(200) == 0) m.flags = dbn::flag::maybe_bad_book;
        if (m.hd.ts_event == m.ts_recv && below(200) == 0) m.flags = dbn::flag::snapshot;
        m.levels[0] = l;
        out.push_back(m);
    }
    return out;
}

// A spot that wanders over whole and half steps, is away for a while, and ends before the session does.
windows::SpotTrack wandering_spot(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    windows::SpotTrack track;
    std::int64_t spot = kSpot;
    for (std::int64_t second = 1; second < 40; ++second) {
        if (random() % 9 == 0) continue;
        spot += (static_cast<std::int64_t>(random() % 21) - 10) * 250'000'000;
        track.add(kStart + second * kSecond, random() % 8 == 0 ? 0 : spot);
    }
    return track;
}

template <class Records>
void expect_plain(const Records& records, const market::Grid& grid, std::uint64_t seed) {
    const market::SessionWindow session{kStart + 3 * kSecond + 7, kStart + 42 * kSecond};
    const windows::SpotTrack spots = wandering_spot(seed);
    KeptChain kept;
    windows::ChainEngine engine(grid, session, spots, kept);
    PlainChain plain(grid, session, spots);
    for (std::uint32_t id = kOptions; id >= 1; --id) {
        engine.add_option(id, terms_of(id), id % 4 == 0 ? 10'000'000 : 0);
        plain.add_option(id, terms_of(id));
    }
    for (const auto& r : records) {
        engine.apply(r);
        plain.apply(r);
    }
    engine.finish();
    plain.finish();
    ASSERT_EQ(kept.windows.size(), plain.windows.size());
    ASSERT_EQ(kept.windows.size(), 39U);
    std::int64_t fills = 0;
    std::int64_t pulls = 0;
    std::int64_t valid = 0;
    for (std::size_t i = 0; i < kept.windows.size(); ++i) {
        ASSERT_NO_FATAL_FAILURE(expect_same_chain_window(kept.windows[i], plain.windows[i]))
            << "window " << i << ", seed " << seed;
        for (const windows::StrikeFlow1s& cell : kept.windows[i].cells) {
            fills += cell.fill_qty;
            pulls += cell.pull_qty_total;
            valid += cell.window_valid ? 1 : 0;
        }
    }
    EXPECT_GT(fills, 0);
    EXPECT_GT(pulls, 0);
    EXPECT_GT(valid, 0);
    EXPECT_TRUE(engine.done());
    EXPECT_EQ(engine.totals().identity_violations, 0U);
    EXPECT_EQ(engine.totals().windows, 39U);
}

class RandomChain : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomChain, OfOrdersIsThePlainOne) {
    const market::Grid& grid = market::product_of(market::ProductType::future_option_mbo).grid;
    expect_plain(random_chain(GetParam(), 0.05 * static_cast<double>(GetParam() % 4)), grid, GetParam());
}

TEST_P(RandomChain, OfQuotesIsThePlainOne) {
    const market::Grid& grid = market::product_of(market::ProductType::equity_option_mbo).grid;
    expect_plain(random_quotes(GetParam(), 10'000), grid, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomChain, ::testing::Range(std::uint64_t{1}, std::uint64_t{9}));

// Records in slices, one at a time or all at once, the look-ahead on or off: the same windows.
template <class Records>
void expect_slices_the_same(const Records& records, const market::Grid& grid) {
    using Msg = std::conditional_t<std::is_same_v<Records, std::vector<Record>>, dbn::MboMsg, dbn::Cmbp1Msg>;
    const std::vector<Msg> messages(records.begin(), records.end());
    const market::SessionWindow session{kStart + 3 * kSecond, kStart + 42 * kSecond};
    const windows::SpotTrack spots = wandering_spot(1);
    std::vector<std::vector<windows::ChainWindow>> results;
    for (const std::size_t slice : {std::size_t{1}, std::size_t{97}, messages.size()}) {
        KeptChain kept;
        windows::ChainEngine engine(grid, session, spots, kept);
        for (std::uint32_t id = 1; id <= kOptions; ++id) engine.add_option(id, terms_of(id));
        for (std::size_t at = 0; at < messages.size(); at += slice)
            engine.apply(std::span(messages).subspan(at, std::min(slice, messages.size() - at)));
        engine.finish();
        results.push_back(kept.windows);
    }
    for (const auto& windows : results) {
        ASSERT_EQ(windows.size(), results[0].size());
        for (std::size_t i = 0; i < windows.size(); ++i)
            ASSERT_NO_FATAL_FAILURE(expect_same_chain_window(windows[i], results[0][i])) << i;
    }
}

TEST(ChainSlices, AreTheWhole) {
    expect_slices_the_same(random_chain(5, 0.1),
                           market::product_of(market::ProductType::future_option_mbo).grid);
    expect_slices_the_same(random_quotes(5, 10'000),
                           market::product_of(market::ProductType::equity_option_mbo).grid);
}

}  // namespace
}  // namespace spymaster::testing
