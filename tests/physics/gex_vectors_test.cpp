// The reference's own numbers (radar spec, appendix B), in the compatible mode, and what a corrected engine makes of the same
// option book.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "../spec_vectors.hpp"
#include "dbn/records.hpp"
#include "market/price.hpp"
#include "market/product.hpp"
#include "physics/gamma/gex_engine.hpp"
#include "windows/chain_engine.hpp"

namespace spymaster::physics {
namespace {

using market::Right;

constexpr std::int64_t kWindowNs = 1'000'000'000;

using spymaster::testing::CsvRow;
using spymaster::testing::integer;
using spymaster::testing::number;
using spymaster::testing::vector_rows;

Right right_of(const CsvRow& row) {
    return row.at("right") == "C" ? Right::call : Right::put;
}

class GexVectors : public ::testing::Test {
  protected:
    void SetUp() override {
        SPY_SKIP_WITHOUT_VECTORS();
        for (const CsvRow& row : vector_rows("option_defs_oi.csv")) {
            options_.push_back({.instrument_id = integer(row, "instrument_id"),
                                .right = right_of(row),
                                .strike_price_int = integer(row, "strike_price"),
                                .expiration_ns = integer(row, "expiration")});
            open_interest_[integer(row, "instrument_id")] = number(row, "open_interest");
        }
    }

    // The seconds of the quotes in option_mids.csv, with their spot as the file has it.
    std::map<std::int64_t, std::pair<double, std::vector<windows::OptionQuote1s>>> seconds_of_mids() {
        std::map<std::int64_t, std::pair<double, std::vector<windows::OptionQuote1s>>> seconds;
        for (const CsvRow& row : vector_rows("option_mids.csv")) {
            auto& [spot, quotes] = seconds[integer(row, "window_end_ts_ns")];
            spot = number(row, "spot_ref_price");
            quotes.push_back({.instrument_id = integer(row, "instrument_id"),
                              .bid_price_int = 1,
                              .ask_price_int = 2,
                              .mid_price = number(row, "mid_price"),
                              .book_valid = true});
        }
        return seconds;
    }

    // What each of the seconds gives.
    std::map<std::int64_t, GexWindow> run(GexEngine::Compatibility compatibility) {
        GexEngine engine({.multiplier = 50.0, .strikes_per_side = 12}, options_, compatibility);
        for (const auto& [id, contracts] : open_interest_) engine.set_open_interest(id, contracts);
        std::map<std::int64_t, GexWindow> windows;
        for (const auto& [end, second] : seconds_of_mids()) {
            windows[end] = engine.close({.window_start_ts_ns = end - kWindowNs,
                                         .window_end_ts_ns = end,
                                         .spot_ref_price_int = std::llround(second.first * 1e9),
                                         .underlying_mid = second.first,
                                         .window_valid = true,
                                         .quotes = second.second});
        }
        return windows;
    }

    std::vector<ListedOption> options_;
    std::map<std::int64_t, double> open_interest_;
};

dbn::MboMsg record_of(const CsvRow& row) {
    dbn::MboMsg record{};
    record.hd.length = sizeof record / 4;
    record.hd.rtype = dbn::rtype::mbo;
    record.hd.instrument_id = static_cast<std::uint32_t>(integer(row, "instrument_id"));
    record.hd.ts_event = static_cast<std::uint64_t>(integer(row, "ts_event"));
    record.ts_recv = record.hd.ts_event;
    record.order_id = static_cast<std::uint64_t>(integer(row, "order_id"));
    record.price = integer(row, "price");
    record.size = static_cast<std::uint32_t>(integer(row, "size"));
    record.flags = static_cast<std::uint8_t>(integer(row, "flags"));
    record.action = row.at("action")[0];
    record.side = row.at("side")[0];
    record.sequence = static_cast<std::uint32_t>(integer(row, "sequence"));
    return record;
}

struct KeptQuotes final : windows::ChainSink {
    void on_window(const windows::ChainWindow& window) override {
        for (const windows::OptionQuote1s& quote : window.quotes) {
            mids[{window.window_end_ts_ns, quote.instrument_id}] = quote.mid_price_int;
            trusted += quote.book_valid ? 1 : 0;
        }
    }
    std::map<std::pair<std::int64_t, std::int64_t>, double> mids;
    int trusted = 0;
};

// The mids of the reference's option book are those of ours, in each of its eleven windows. What differs: ours has the
// twelfth, which the reference never closed; and as the stream has no clear or snapshot to begin with, it says of every quote
// that its book cannot be trusted (book_valid false), so that a corrected engine would price none of them.
TEST_F(GexVectors, OptionMidsAreThoseOfTheChainEngine) {
    constexpr std::int64_t kFirst = 1'767'706'201;
    windows::SpotTrack spots;
    for (std::int64_t second = 0; second < 12; ++second)
        spots.add((kFirst + second) * kWindowNs, 6'950'250'000'000);
    KeptQuotes kept;
    windows::ChainEngine engine(market::product_of(market::ProductType::future_option_mbo).grid,
                                {kFirst * kWindowNs, (kFirst + 11) * kWindowNs}, spots, kept);
    for (const ListedOption& option : options_)
        engine.add_option(static_cast<std::uint32_t>(option.instrument_id),
                          {option.right, option.strike_price_int});
    for (const CsvRow& row : vector_rows("option_mbo_events.csv")) engine.apply(record_of(row));
    engine.finish();
    std::map<std::pair<std::int64_t, std::int64_t>, double> expected;
    for (const CsvRow& row : vector_rows("option_mids.csv"))
        expected[{integer(row, "window_end_ts_ns"), integer(row, "instrument_id")}] =
            number(row, "mid_price_int");
    ASSERT_EQ(expected.size(), 111U);
    for (const auto& [key, mid] : expected) {
        const auto found = kept.mids.find(key);
        ASSERT_NE(found, kept.mids.end()) << key.first << ' ' << key.second;
        EXPECT_EQ(found->second, mid) << key.first << ' ' << key.second;
    }
    const auto is_in_last = [](const auto& each) { return each.first.first == (kFirst + 11) * kWindowNs; };
    EXPECT_EQ(kept.mids.size() - expected.size(),
              static_cast<std::size_t>(std::ranges::count_if(kept.mids, is_in_last)));
    EXPECT_GT(kept.mids.size(), expected.size());
    EXPECT_EQ(kept.trusted, 0);
}

// Tolerance 2e-12 of each number's own size, or of gex_abs for differences: two libraries' exponentials through three steps
// of Newton and up to three differences.
TEST_F(GexVectors, CompatibleModeIsTheReference) {
    const auto windows = run(GexEngine::Compatibility::reference);
    const auto expected = vector_rows("gex_surface_1s.csv");
    ASSERT_EQ(expected.size(), 275U);
    std::size_t rows = 0;
    for (const auto& [end, window] : windows) rows += window.strikes.size();
    EXPECT_EQ(rows, 275U);
    for (const CsvRow& want : expected) {
        const GexWindow& window = windows.at(integer(want, "window_end_ts_ns"));
        SCOPED_TRACE(fmt::format("{} {}", want.at("window_end_ts_ns"), want.at("strike_price_int")));
        EXPECT_EQ(market::Price{window.levels.spot_ref_price_int}.points(),
                  number(want, "underlying_spot_ref"));
        const auto found = std::ranges::find(window.strikes, integer(want, "strike_price_int"),
                                             &GexStrike1s::strike_price_int);
        ASSERT_NE(found, window.strikes.end());
        const GexStrike1s& got = *found;
        const auto expect = [&](double value, const std::string& column, double scale) {
            const double wanted = number(want, column);
            const double size = std::max({std::abs(wanted), scale, 1e-300});
            EXPECT_NEAR(value, wanted, 2e-12 * size) << column;
        };
        expect(got.gex_call_abs, "gex_call_abs", 0.0);
        expect(got.gex_put_abs, "gex_put_abs", 0.0);
        expect(got.gex_abs, "gex_abs", 0.0);
        expect(got.gex, "gex", got.gex_abs);
        expect(got.gex_imbalance_ratio, "gex_imbalance_ratio", 1.0);
        const auto expect_changes = [&](const Changes& changes, const std::string& of, double scale) {
            expect(changes.d1, "d1_" + of, scale);
            expect(changes.d2, "d2_" + of, scale);
            expect(changes.d3, "d3_" + of, scale);
        };
        // What was subtracted was as large as the strike had ever been.
        const double size = std::max(got.gex_abs, 5'000.0);
        expect_changes(got.of_gex_abs, "gex_abs", size);
        expect_changes(got.of_gex, "gex", size);
        expect_changes(got.of_gex_imbalance_ratio, "gex_imbalance_ratio", 1.0);
    }
}

// The corrected engine, on the same quotes: on its own strikes, in dollars per 1 %. No quote of the vectors is far from the
// money but those at 7030, which are off the lattice, so three steps from 0.5 had settled and the volatilities are the same.
TEST_F(GexVectors, CorrectedEngineOnTheSameQuotesIsNearWhereTheReferenceHadSettled) {
    const auto corrected = run(GexEngine::Compatibility::corrected);
    const auto reference = run(GexEngine::Compatibility::reference);
    int compared = 0;
    double worst = 0.0;
    for (const auto& [end, window] : corrected) {
        EXPECT_EQ(window.strikes.size(), 6U);  // 6940 to 6960, and 7030
        const double per_percent = window.levels.underlying_mid * window.levels.underlying_mid * 0.01;
        for (const GexStrike1s& got : window.strikes) {
            const auto& lattice = reference.at(end).strikes;
            const auto want =
                std::ranges::find(lattice, got.strike_price_int, &GexStrike1s::strike_price_int);
            if (want == lattice.end()) {
                EXPECT_EQ(got.strike_price_int, 7'030'000'000'000);
            } else if (want->gex_abs == 0.0) {
                EXPECT_EQ(got.gex_abs, 0.0);
            } else {
                ++compared;
                worst = std::max(worst, std::abs(got.gex_abs / (want->gex_abs * per_percent) - 1.0));
            }
        }
    }
    EXPECT_EQ(compared, 50);
    EXPECT_LT(worst, 1e-9);
}

}  // namespace
}  // namespace spymaster::physics
