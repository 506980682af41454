// A simulated market: a seeded stream of DBN market-by-order records of one future or share on one date, with
// the conventions of its venue. What it does and how it differs from a real market: docs/simulator.md.
//
//   futures   00:00 UTC        a snapshot: Clear, then every resting order as an Add (flags 40, the last 168)
//   shares    04:00 New York   a Clear shortly before; then the book fills, order by order
//   ...       thin flow, a ten-minute ramp, then the session: Hawkes arrivals around a moving efficient price
//
// SPY and QQQ follow the efficient price and the regimes of ES and NQ with the same date, session, pace and
// seed, which run beside them.
//
// The same options give the same bytes, on every machine and build: own random numbers, no library
// distributions, no libm. Memory is bounded by the resting orders (about 20,000), whatever the length.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "dbn/records.hpp"
#include "feed/simulated/market_kind.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

struct SimulationOptions {
    std::string symbol =
        "ES";  // a root (ES, MES, NQ, MNQ: the front contract of the date), a contract of one, SPY or QQQ
    market::Date date{2026, 1, 6};    // a weekday; the stream begins at its 00:00 UTC
    market::SessionWindow session{};  // ends the stream; within the UTC day of `date`
    double events_per_second =
        400;  // mean DBN records a second over the session, snapshots not counted; 0.1 to 50,000
    std::uint64_t seed = 1;
    MarketKind market = MarketKind::ordinary;
};

// What a finished or running simulation has made; the snapshot's records are counted in `records`.
struct SimulationTotals {
    std::uint64_t records = 0;
    std::uint64_t session_records = 0;  // inside the session, snapshots not counted
    std::uint64_t trades = 0;
    std::uint64_t snapshots = 0;  // the first, and one after every loss
    std::uint64_t silences = 0;   // seconds-long gaps in which nothing happened
    std::uint64_t losses = 0;     // gaps upstream: records lost, then MAYBE_BAD_BOOK and a new snapshot
};

// Best bid and ask, 1e-9 dollars; {0, 0} while a side is empty.
struct TopOfMarket {
    std::int64_t bid_int = 0;
    std::int64_t ask_int = 0;

    [[nodiscard]] bool there() const { return bid_int > 0; }
    [[nodiscard]] std::int64_t mid_int() const { return bid_int + (ask_int - bid_int) / 2; }
};

// One thread at a time.
class SimulatedMarket {
  public:
    // Error (usage): an unknown symbol, a weekend, a session outside the date's UTC day or in all of which the
    // market (or its leader) is closed, a rate out of range.
    static Result<SimulatedMarket> create(const SimulationOptions& options);

    SimulatedMarket(SimulatedMarket&&) noexcept;
    SimulatedMarket& operator=(SimulatedMarket&&) noexcept;
    ~SimulatedMarket();

    // The next records: whole events, in file order, ts_recv never decreasing; valid until the next call.
    // Empty at the end.
    std::span<const dbn::MboMsg> next();

    // Lets the market go on through its last event at or before `ts_ns`; the records of it are gone.
    void run_to(std::int64_t ts_ns);
    // Of the book after the last event of next() or run_to().
    [[nodiscard]] TopOfMarket top() const;

    [[nodiscard]] const SimulationTotals& totals() const;
    [[nodiscard]] double progress() const;              // 0 to 1
    [[nodiscard]] const std::string& contract() const;  // "ESH6"
    [[nodiscard]] std::uint32_t instrument_id() const;
    [[nodiscard]] market::ProductType product() const;
    [[nodiscard]] std::int64_t tick_int() const;
    [[nodiscard]] const SimulationOptions& options() const;

  private:
    class Engine;
    explicit SimulatedMarket(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

}  // namespace spymaster::feed
