#include "pipeline/checks/level_checks.hpp"

#include <cstdlib>
#include <string>
#include <tuple>

#include "pipeline/checks/table_rows.hpp"
#include "windows/flow_rows.hpp"

namespace spymaster::pipeline::checks {

namespace {

using windows::BookSnapshot1s;

enum Column : std::size_t {
    kEnd,
    kPrice,
    kSide,
    kSpot,
    kRelTicks,
    kDepthStart,
    kDepthEnd,
    kAdd,
    kPull,
    kRest,
    kPullRest,
    kFill,
    kValid,
    kEpoch,
    kD1,
    kD2,
    kD3
};
const std::vector<std::string> kFlowColumns{"window_end_ts_ns",   "price_int",     "side",
                                            "spot_ref_price_int", "rel_ticks",     "depth_qty_start",
                                            "depth_qty_end",      "add_qty",       "pull_qty_total",
                                            "depth_qty_rest",     "pull_qty_rest", "fill_qty",
                                            "window_valid",       "epoch"};

std::vector<std::string> wall_columns() {
    std::vector<std::string> columns = kFlowColumns;
    columns.insert(columns.end(), {"d1_depth_qty", "d2_depth_qty", "d3_depth_qty"});
    return columns;
}

class LevelChecks {
  public:
    LevelChecks(const lake::PartitionKey& key, std::string_view table, BookDay& day, market::PriceDelta tick,
                int reach, bool is_wall)
        : day_(day),
          tick_(tick),
          reach_(reach),
          is_wall_(is_wall),
          at_prices_(tick == day.grid.price_increment),
          identity_("data", fmt::format("{} identity", table), key, "rows without a clear"),
          quantities_("data", fmt::format("{} quantities", table), key, "rows"),
          reach_check_("data", fmt::format("{} reach", table), key, "rows"),
          windows_("data", fmt::format("{} spot and window", table), key, "rows"),
          order_("data", fmt::format("{} order", table), key, "rows"),
          best_("data", fmt::format("{} at the best prices", table), key, "best prices"),
          changes_("data", fmt::format("{} derivatives", table), key, "rows"),
          found_(day.windows.size()) {}

    void look_at(const TableRows& row) {
        end_ = row.integer(kEnd);
        if (window_ == nullptr || window_->window_end_ts_ns != end_) find_window();
        look_at_quantities(row);
        look_at_place(row);
        look_at_window(row);
        look_at_order(row);
        if (window_ != nullptr) look_at_best(row);
        if (is_wall_) look_at_changes(row);
    }

    void finish(CheckResults& results) {
        if (at_prices_) {
            for (std::size_t i = 0; i < day_.windows.size(); ++i) expect_best(day_.windows[i], found_[i], i);
        }
        for (const Check* check : {&identity_, &quantities_, &reach_check_, &windows_, &order_})
            results.push_back(check->result());
        if (at_prices_) results.push_back(best_.result());
        if (is_wall_) results.push_back(changes_.result());
    }

  private:
    struct Found {
        bool bid = false;
        bool ask = false;
    };

    static std::string level(const TableRows& row) {
        return fmt::format("{} {} ({:+} ticks)", row.text(kSide), row.integer(kPrice),
                           row.integer(kRelTicks));
    }

    void find_window() {
        const auto found = day_.at.find(end_);
        window_ = found == day_.at.end() ? nullptr : &day_.windows[found->second];
        without_clear_ = false;
        if (window_ == nullptr) return;
        index_ = found->second;
        const BookSnapshot1s* const before = day_.find(window_->window_start_ts_ns);
        without_clear_ = window_->window_valid || (before != nullptr && before->epoch == window_->epoch);
    }

    void look_at_quantities(const TableRows& row) {
        const double start = row.real(kDepthStart);
        const double end = row.real(kDepthEnd);
        const double add = row.real(kAdd);
        const double pull = row.real(kPull);
        const double fill = row.real(kFill);
        if (without_clear_) {
            identity_.expect(((start + add) - pull) - fill == end, end_, [&] {
                return fmt::format("{}: {} + {} added - {} pulled - {} filled is not {}", level(row), start,
                                   add, pull, fill, end);
            });
        }
        const double rest = row.real(kRest);
        const double pull_rest = row.real(kPullRest);
        const bool possible = start >= 0 && end >= 0 && add >= 0 && pull >= 0 && fill >= 0 && rest >= 0 &&
                              rest <= end && pull_rest >= 0 && pull_rest <= pull;
        quantities_.expect(possible, end_, [&] {
            return fmt::format(
                "{}: depth {} to {}, of it {} rests; {} added, {} pulled, of it {} rested; {} filled",
                level(row), start, end, rest, add, pull, pull_rest, fill);
        });
    }

    void look_at_place(const TableRows& row) {
        const std::int64_t ticks = row.integer(kRelTicks);
        const std::int64_t true_ticks =
            windows::relative_ticks(row.integer(kPrice), row.integer(kSpot), tick_.nanos);
        reach_check_.expect(std::abs(ticks) <= reach_ && ticks == true_ticks, end_, [&] {
            return fmt::format("{} is {:+} ticks from spot {}; {} is the reach", level(row), true_ticks,
                               row.integer(kSpot), reach_);
        });
    }

    void look_at_window(const TableRows& row) {
        const std::int64_t spot = row.integer(kSpot);
        if (window_ == nullptr) {
            windows_.expect(false, end_, [] { return std::string("this window has no snapshot"); });
            return;
        }
        const bool same_spot =
            is_wall_ ? day_.is_spot_of(spot, *window_) : spot == window_->spot_ref_price_int;
        std::int64_t& anchor = day_.anchors[index_];
        const bool one_anchor = !is_wall_ || anchor == 0 || anchor == spot;
        if (is_wall_ && anchor == 0) anchor = spot;
        const bool same = same_spot && one_anchor && row.flag(kValid) == window_->window_valid &&
                          row.integer(kEpoch) == window_->epoch;
        windows_.expect(same, end_, [&] {
            return fmt::format("{}: spot {}, window_valid {}, epoch {}; the snapshot has spot {}, {}, {}",
                               level(row), spot, row.flag(kValid), row.integer(kEpoch),
                               window_->spot_ref_price_int, window_->window_valid, window_->epoch);
        });
    }

    void look_at_order(const TableRows& row) {
        const std::string_view side = row.text(kSide);
        const std::tuple key(end_, side == "A", row.integer(kPrice));
        order_.expect((side == "A" || side == "B") && last_key_ < key, end_,
                      [&] { return fmt::format("{} does not follow the row before it", level(row)); });
        last_key_ = key;
    }

    void look_at_best(const TableRows& row) {
        const bool bid = row.text(kSide) == "B";
        const std::int64_t best = bid ? window_->best_bid_price_int : window_->best_ask_price_int;
        if (!at_prices_ || row.integer(kPrice) != best) return;
        (bid ? found_[index_].bid : found_[index_].ask) = true;
        const std::int64_t qty = bid ? window_->best_bid_qty : window_->best_ask_qty;
        best_.expect(row.real(kDepthEnd) == static_cast<double>(qty), end_, [&] {
            return fmt::format("{}: depth {}, the snapshot has {}", level(row), row.real(kDepthEnd), qty);
        });
    }

    // A best price within reach has to have its row.
    void expect_best(const BookSnapshot1s& window, const Found& found, std::size_t index) {
        const std::int64_t spot =
            is_wall_ && day_.anchors[index] != 0 ? day_.anchors[index] : window.spot_ref_price_int;
        if (spot == 0) return;
        const auto expect = [&](std::int64_t price, bool is_there, const char* name) {
            // The ends of the reach are exact in prices, not in rounded ticks.
            if (price == 0 || is_there || std::abs(price - spot) > reach_ * tick_.nanos) return;
            best_.expect(false, window.window_end_ts_ns, [&] {
                return fmt::format("the best {} {} of the snapshot has no row", name, price);
            });
        };
        expect(window.best_bid_price_int, found.bid, "bid");
        expect(window.best_ask_price_int, found.ask, "ask");
    }

    void look_at_changes(const TableRows& row) {
        const bool none = row.real(kD1) == 0.0 && row.real(kD2) == 0.0 && row.real(kD3) == 0.0;
        changes_.expect(row.flag(kValid) || none, end_, [&] {
            return fmt::format("{}: d1 {}, d2 {}, d3 {} in a window that is not valid", level(row),
                               row.real(kD1), row.real(kD2), row.real(kD3));
        });
    }

    BookDay& day_;
    market::PriceDelta tick_;
    int reach_;
    bool is_wall_;
    bool at_prices_;  // rows are prices of the book, not buckets
    Check identity_, quantities_, reach_check_, windows_, order_, best_, changes_;

    std::int64_t end_ = 0;                    // of the row's window
    const BookSnapshot1s* window_ = nullptr;  // the snapshot of that window
    std::size_t index_ = 0;                   // and its place
    bool without_clear_ = false;
    std::tuple<std::int64_t, bool, std::int64_t> last_key_{};
    std::vector<Found> found_;  // whether the best prices of each window have rows
};

Result<void> look_at_all(const lake::Lake& lake, const lake::PartitionKey& key,
                         const std::vector<std::string>& columns, LevelChecks checks, CheckResults& results) {
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key, columns));
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        checks.look_at(rows);
    }
    checks.finish(results);
    return {};
}

}  // namespace

Result<void> check_flow(const lake::Lake& lake, BookDay& day, CheckResults& results) {
    const lake::PartitionKey key = day.subject.silver("depth_and_flow_1s");
    LevelChecks checks(key, "flow", day, day.grid.tick, day.grid.half_width_ticks, false);
    return look_at_all(lake, key, kFlowColumns, std::move(checks), results);
}

Result<void> check_wall(const lake::Lake& lake, BookDay& day, CheckResults& results) {
    const lake::PartitionKey key = day.subject.silver("wall_surface_1s");
    LevelChecks checks(key, "wall", day, day.grid.price_increment, kWallReachTicks, true);
    return look_at_all(lake, key, wall_columns(), std::move(checks), results);
}

}  // namespace spymaster::pipeline::checks
