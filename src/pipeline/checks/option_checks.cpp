#include "pipeline/checks/option_checks.hpp"

#include <cstdlib>
#include <string>
#include <tuple>

#include "pipeline/checks/session_seconds.hpp"
#include "pipeline/checks/table_rows.hpp"
#include "pipeline/day/plan.hpp"

namespace spymaster::pipeline::checks {

namespace {

// Spot of a window as what the options are on has it.
void expect_spot(Check& check, const BookDay* underlying, std::int64_t window_end_ts_ns, std::int64_t spot) {
    if (underlying == nullptr) return;
    const auto* const window = underlying->find(window_end_ts_ns);
    const std::int64_t expected = window == nullptr ? 0 : window->spot_ref_price_int;
    check.expect(spot == expected, window_end_ts_ns, [&] {
        return fmt::format("spot {}; that of {} is {}", spot, underlying->key.symbol, expected);
    });
}

}  // namespace

Result<void> check_quotes(const lake::Lake& lake, const Subject& options, const BookDay* underlying,
                          CheckResults& results) {
    enum Column : std::size_t { kEnd, kInstrument, kBid, kAsk, kMid, kSpot };
    const lake::PartitionKey key = options.silver("book_snapshot_1s");
    Check quotes("data", "option quotes", key, "rows");
    Check order("data", "option quotes order", key, "rows");
    Check spot("data", "option quotes spot", key, "rows");
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key,
                                               {"window_end_ts_ns", "instrument_id", "bid_price_int",
                                                "ask_price_int", "mid_price_int", "spot_ref_price_int"}));
    std::pair<std::int64_t, std::int64_t> last{};
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        const std::int64_t end = rows.integer(kEnd);
        const std::int64_t bid = rows.integer(kBid);
        const std::int64_t ask = rows.integer(kAsk);
        const double mid = rows.real(kMid);
        quotes.expect(
            bid > 0 && bid < ask && mid > static_cast<double>(bid) && mid < static_cast<double>(ask), end,
            [&] {
                return fmt::format("instrument {}: bid {}, ask {}, middle {}", rows.integer(kInstrument), bid,
                                   ask, mid);
            });
        const std::pair place(end, rows.integer(kInstrument));
        order.expect(last < place, end, [&] {
            return fmt::format("instrument {} does not follow the row before it", rows.integer(kInstrument));
        });
        last = place;
        expect_spot(spot, underlying, end, rows.integer(kSpot));
    }
    results.push_back(quotes.result());
    results.push_back(order.result());
    if (underlying != nullptr) results.push_back(spot.result());
    return {};
}

Result<void> check_cells(const lake::Lake& lake, const Subject& options, const BookDay* underlying,
                         CheckResults& results) {
    enum Column : std::size_t {
        kStart,
        kEnd,
        kSpot,
        kTicks,
        kDepthStart,
        kDepthEnd,
        kAdd,
        kPull,
        kFill,
        kValid
    };
    const lake::PartitionKey key = options.silver("depth_and_flow_1s");
    SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(key));
    SPY_ASSIGN(const market::Grid grid, grid_of(manifest));
    Check seconds("data", "option flow every second", key, "windows");
    Check identity("data", "option flow identity", key, "valid rows");
    Check quantities("data", "option flow quantities", key, "rows");
    Check reach("data", "option flow reach", key, "rows");
    Check spot("data", "option flow spot", key, "windows");
    SPY_ASSIGN(TableRows rows,
               TableRows::open(lake, key,
                               {"window_start_ts_ns", "window_end_ts_ns", "spot_ref_price_int", "rel_ticks",
                                "depth_qty_start", "depth_qty_end", "add_qty", "pull_qty_total", "fill_qty",
                                "window_valid"}));
    SessionSeconds session(manifest, grid);
    std::int64_t last = 0;
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        const std::int64_t end = rows.integer(kEnd);
        if (end != last) {
            session.look_at(rows.integer(kStart), end, seconds);
            expect_spot(spot, underlying, end, rows.integer(kSpot));
            last = end;
        }
        const std::int64_t ticks = rows.integer(kTicks);
        reach.expect(std::abs(ticks) <= grid.half_width_ticks && ticks % grid.step_ticks == 0, end, [&] {
            return fmt::format("{:+} ticks; every {} up to {} is the grid", ticks, grid.step_ticks,
                               grid.half_width_ticks);
        });
        const double from = rows.real(kDepthStart);
        const double to = rows.real(kDepthEnd);
        const double add = rows.real(kAdd);
        const double pull = rows.real(kPull);
        const double fill = rows.real(kFill);
        const auto row = [&] {
            return fmt::format("{:+} ticks: {} + {} added - {} pulled - {} filled is not {}", ticks, from,
                               add, pull, fill, to);
        };
        if (rows.flag(kValid)) identity.expect(((from + add) - pull) - fill == to, end, row);
        quantities.expect(from >= 0 && to >= 0 && add >= 0 && pull >= 0 && fill >= 0, end, row);
    }
    session.end(seconds);
    for (const Check* check : {&seconds, &identity, &quantities, &reach}) results.push_back(check->result());
    if (underlying != nullptr) results.push_back(spot.result());
    return {};
}

}  // namespace spymaster::pipeline::checks
