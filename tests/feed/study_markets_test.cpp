// The two markets that a forecast is tried on: that one has nothing to find, and what the other has.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "feed/simulated/simulated_file.hpp"
#include "itch_rules.hpp"
#include "plain_book.hpp"
#include "simulated_records.hpp"

namespace spymaster::feed {
namespace {

constexpr std::int64_t kTick = 250'000'000;
constexpr std::array kStudyMarkets{MarketKind::random_walk, MarketKind::liquidity_drift};

SimulationOptions study_of(MarketKind kind, std::string_view session, double events_per_second,
                           std::uint64_t seed, std::string_view symbol = "ES") {
    SimulationOptions options = options_of(session, events_per_second, seed, symbol);
    options.market = kind;
    return options;
}

// The book at the end of every second of the session, as far as the tests look at it.
struct Second {
    double mid = 0.0;        // ticks
    double touch = 0.0;      // share of the bid in the quantities at the best prices, -0.5 to 0.5
    double near = 0.0;       // the same of the 3rd to the 18th tick behind them
    double flow = 0.0;       // lots that came to bids or left asks, less the opposite
    double near_flow = 0.0;  // the same of the 3rd to the 18th tick
};

class Seconds {
  public:
    explicit Seconds(const SimulationOptions& options) : next_(options.session.start_ns) {
        SimulatedMarket market = market_of(options);
        for (auto some = market.next(); !some.empty(); some = market.next()) {
            for (const dbn::MboMsg& msg : some) take(msg);
        }
        EXPECT_EQ(book.found.wrong(), 0U);
    }

    PlainBook book;
    std::vector<Second> all;
    std::uint64_t wide = 0;  // published states with the best prices more than a tick apart
    std::map<char, std::array<double, 2>> records;  // by action: of bids, of asks; lots

  private:
    void take(const dbn::MboMsg& msg) {
        while (static_cast<std::int64_t>(msg.hd.ts_event) >= next_ && (!all.empty() || started_)) look();
        const bool snapshot = is_snapshot(msg);
        started_ = started_ || snapshot;
        book.apply(msg);
        if (static_cast<std::int64_t>(msg.hd.ts_event) < next_ - market::kNanosPerSecond || snapshot) return;
        if (msg.action == 'A' || msg.action == 'C') {
            const double sign = (msg.action == 'A') == (msg.side == 'B') ? 1.0 : -1.0;
            const std::int64_t behind =
                (msg.side == 'B' ? book.best_bid() - msg.price : msg.price - book.best_ask()) / kTick;
            flow_ += sign * msg.size;
            if (behind >= 3 && behind <= 18) near_flow_ += sign * msg.size;
        }
        records[msg.action][msg.side == 'B' ? 0 : 1] += msg.size;
        wide += (msg.flags & dbn::flag::last) != 0 && book.best_ask() - book.best_bid() > kTick;
    }

    void look() {
        const auto sum = [&](char side, int first, int last) {
            double lots = 0.0;
            for (int k = first; k <= last; ++k)
                lots += static_cast<double>(side == 'B' ? book.lots('B', book.best_bid() - k * kTick)
                                                        : book.lots('A', book.best_ask() + k * kTick));
            return lots;
        };
        const auto share = [&](int first, int last) {
            const double bid = sum('B', first, last);
            return bid / (bid + sum('A', first, last)) - 0.5;
        };
        all.push_back({static_cast<double>(book.best_bid() + book.best_ask()) / (2.0 * kTick), share(0, 0),
                       share(3, 18), flow_, near_flow_});
        flow_ = near_flow_ = 0.0;
        next_ += market::kNanosPerSecond;
    }

    std::int64_t next_;
    bool started_ = false;
    double flow_ = 0.0;
    double near_flow_ = 0.0;
};

// Correlation of what `of` sees in second t with the mid's change from the end of that second to `ahead` seconds later.
template <class Of>
double leads(const std::vector<Second>& seconds, std::size_t ahead, Of of) {
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t t = 1; t + ahead < seconds.size(); ++t) {
        const double a = of(t);
        const double b = seconds[t + ahead].mid - seconds[t].mid;
        n += 1, x += a, y += b, xx += a * a, yy += b * b, xy += a * b;
    }
    return (xy - x * y / n) / std::sqrt((xx - x * x / n) * (yy - y * y / n));
}

TEST(StudyMarkets, BytesAreTheSameInEveryBuild) {
    EXPECT_EQ(fnv(all_records(study_of(MarketKind::random_walk, "09:30-09:31", 400.0, 7))),
              242573921364842258U);
    EXPECT_EQ(fnv(all_records(study_of(MarketKind::liquidity_drift, "09:30-09:31", 400.0, 7))),
              16058189654435060786U);
    EXPECT_EQ(fnv(all_records(study_of(MarketKind::random_walk, "09:30-09:31", 100.0, 7, "SPY"))),
              1751550887553913440U);
    EXPECT_EQ(fnv(all_records(study_of(MarketKind::liquidity_drift, "09:30-09:31", 100.0, 7, "SPY"))),
              10152755807382962958U);
}

TEST(StudyMarkets, KeepToTheConventionsOfTheirVenues) {
    for (const MarketKind kind : kStudyMarkets) {
        PlainBook book;
        for (const dbn::MboMsg& msg : all_records(study_of(kind, "09:30-09:50", 400.0, 3))) book.apply(msg);
        EXPECT_EQ(book.found.wrong(), 0U);
        EXPECT_GT(book.found.icebergs, 0U);
        ItchRules rules;
        for (const dbn::MboMsg& msg : all_records(study_of(kind, "09:30-09:35", 200.0, 3, "SPY")))
            rules.apply(msg);
        EXPECT_EQ(rules.found.wrong(), 0U);
        EXPECT_GT(rules.found.sweeps, 0U);
    }
}

TEST(StudyMarkets, ThePaceIsTheOneAskedFor) {
    for (const MarketKind kind : kStudyMarkets) {
        SimulatedMarket market = market_of(study_of(kind, "09:30-09:35", 300.0, 3));
        while (!market.next().empty()) {
        }
        EXPECT_NEAR(static_cast<double>(market.totals().session_records) / 300.0, 300.0, 15.0);
    }
}

// 0.05 is more than four standard errors of what has no correlation; moves that overlap need more.
TEST(StudyMarkets, NothingTellsWhereARandomWalkGoes) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const Seconds seconds(study_of(MarketKind::random_walk, "09:30-11:30", 120.0, seed));
        const std::vector<Second>& all = seconds.all;
        ASSERT_GT(all.size(), 7'190U);
        for (const std::size_t back : {0U, 1U, 2U, 4U}) {
            const auto moved = [&](std::size_t t) {
                return t > back ? all[t - back].mid - all[t - back - 1].mid : 0.0;
            };
            EXPECT_NEAR(leads(all, 1, moved), 0.0, 0.05) << "seed " << seed << ", " << back + 1 << " s ago";
        }
        for (const std::size_t ahead : {1U, 5U}) {
            const double bound = ahead == 1 ? 0.05 : 0.1;
            EXPECT_NEAR(leads(all, ahead, [&](std::size_t t) { return all[t].touch; }), 0.0, bound) << seed;
            EXPECT_NEAR(leads(all, ahead, [&](std::size_t t) { return all[t].flow; }), 0.0, bound) << seed;
            EXPECT_NEAR(leads(all, ahead, [&](std::size_t t) { return all[t].near; }), 0.0, bound) << seed;
        }
        EXPECT_LT(std::abs(all.back().mid - all.front().mid), 450.0)
            << "five standard deviations of two hours";
    }
}

TEST(StudyMarkets, BothSidesOfARandomWalkAreAlike) {
    const Seconds seconds(study_of(MarketKind::random_walk, "09:30-11:30", 120.0, 4));
    EXPECT_EQ(seconds.wide, 0U) << "the best prices are a tick apart";
    for (const char action : {'A', 'C', 'M', 'T', 'F'}) {
        const auto [bids, asks] = seconds.records.at(action);
        EXPECT_NEAR(bids / asks, 1.0, 0.06) << action;
    }
    double moves = 0.0;
    for (std::size_t t = 1; t < seconds.all.size(); ++t)
        moves += std::pow(seconds.all[t].mid - seconds.all[t - 1].mid, 2.0) /
                 static_cast<double>(seconds.all.size());
    EXPECT_NEAR(moves, 0.6, 0.1) << "square ticks a second";
}

// What is ahead of the price is thin before the price goes there; the best quantities do not show it.
TEST(StudyMarkets, LiquidityLeadsTheDrift) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const Seconds seconds(study_of(MarketKind::liquidity_drift, "09:30-11:30", 120.0, seed));
        const std::vector<Second>& all = seconds.all;
        const auto lately = [&](std::size_t t) {
            double flow = 0.0;
            for (std::size_t i = t - std::min<std::size_t>(t, 10); i <= t; ++i) flow += all[i].near_flow;
            return flow;
        };
        EXPECT_GT(leads(all, 10, lately), 0.2) << seed;
        EXPECT_NEAR(leads(all, 20, [&](std::size_t t) { return all[t].touch; }), 0.0, 0.1) << seed;
        EXPECT_EQ(seconds.wide, 0U);
    }
}

// At the lowest pace and through a night there is no flow to speak of, and the markets hold.
TEST(StudyMarkets, SlowAndFastMarketsHold) {
    for (const MarketKind kind : kStudyMarkets) {
        for (const double pace : {0.1, 3'000.0}) {
            PlainBook book;
            for (const dbn::MboMsg& msg : all_records(study_of(kind, "09:30-09:31", pace, 1)))
                book.apply(msg);
            EXPECT_EQ(book.found.wrong(), 0U) << pace;
        }
    }
}

// Beside the file stands which market it is.
TEST(StudyMarkets, AreToldInTheFacts) {
    for (const MarketKind kind :
         {MarketKind::ordinary, MarketKind::random_walk, MarketKind::liquidity_drift}) {
        const auto stream = market_stream(study_of(kind, "09:30-09:31", 100.0, 1));
        ASSERT_TRUE(stream.ok());
        const SimulatedFact expected{"market", std::string(name_of(kind))};
        const auto facts = stream->options();
        EXPECT_NE(std::ranges::find(facts, expected), facts.end()) << name_of(kind);
    }
}

TEST(StudyMarkets, KindsHaveNames) {
    for (const std::string_view name : kMarketKindNames) EXPECT_EQ(name_of(*parse_market_kind(name)), name);
    EXPECT_EQ(parse_market_kind("bull").error().code, ErrorCode::usage);
    EXPECT_NE(parse_market_kind("bull").error().message.find("liquidity-drift"), std::string::npos);
}

}  // namespace
}  // namespace spymaster::feed
