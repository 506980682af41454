#include "pipeline/checks/snapshot_checks.hpp"

#include <algorithm>

#include "market/time.hpp"
#include "pipeline/checks/session_seconds.hpp"

namespace spymaster::pipeline::checks {

namespace {

using windows::BookSnapshot1s;

CheckResult seconds(const BookDay& day) {
    Check check("data", "every second", day.key, "windows");
    SessionSeconds expected(day.manifest, day.grid);
    for (const BookSnapshot1s& window : day.windows)
        expected.look_at(window.window_start_ts_ns, window.window_end_ts_ns, check);
    expected.end(check);
    return check.result();
}

CheckResult valid_share(const BookDay& day, double min_valid_share) {
    Check check("data", "valid windows", day.key, "windows");
    const auto valid = std::ranges::count(day.windows, true, &BookSnapshot1s::window_valid);
    const double share =
        day.windows.empty() ? 0.0 : static_cast<double>(valid) / static_cast<double>(day.windows.size());
    const bool enough = valid > 0 && share >= min_valid_share;
    for (const BookSnapshot1s& window : day.windows) {
        check.expect(enough || window.window_valid, window.window_end_ts_ns, [&] {
            return fmt::format(
                "not valid: {} of {} windows are, {:.1f} %; at least {:.1f} % have to be, and one", valid,
                day.windows.size(), 100.0 * share, 100.0 * min_valid_share);
        });
    }
    return check.result();
}

// Before an open, orders may cross; trades tell that it is over. Before the first of them a book crossed at the end of a window
// is explained where the window says that it was crossed.
CheckResult not_crossed(const BookDay& day) {
    Check check("data", "no crossed book", day.key, "valid windows");
    const bool trades =
        std::ranges::any_of(day.windows, [](const auto& window) { return window.trade_count > 0; });
    bool open = !trades;  // a session without a trade is not before an open
    for (const BookSnapshot1s& window : day.windows) {
        open = open || window.trade_count > 0;
        if (!window.window_valid) continue;
        const bool crossed = window.best_bid_price_int > 0 && window.best_ask_price_int > 0 &&
                             window.best_bid_price_int >= window.best_ask_price_int;
        check.expect(!crossed || (!open && window.crossed), window.window_end_ts_ns, [&] {
            return fmt::format("best bid {} at or above best ask {}", window.best_bid_price_int,
                               window.best_ask_price_int);
        });
    }
    return check.result();
}

CheckResult quantities(const BookDay& day) {
    Check check("data", "best prices", day.key, "windows");
    for (const BookSnapshot1s& window : day.windows) {
        const bool bid = window.best_bid_price_int != 0;
        const bool ask = window.best_ask_price_int != 0;
        const bool good = (bid ? window.best_bid_qty > 0 : window.best_bid_qty == 0) &&
                          (ask ? window.best_ask_qty > 0 : window.best_ask_qty == 0) &&
                          (!window.window_valid || window.book_valid) && window.spot_ref_price_int >= 0;
        check.expect(good, window.window_end_ts_ns, [&] {
            return fmt::format("best bid {} x {}, best ask {} x {}, spot {}, book_valid {}, window_valid {}",
                               window.best_bid_price_int, window.best_bid_qty, window.best_ask_price_int,
                               window.best_ask_qty, window.spot_ref_price_int, window.book_valid,
                               window.window_valid);
        });
    }
    return check.result();
}

}  // namespace

void check_snapshots(const BookDay& day, double min_valid_share, CheckResults& results) {
    results.push_back(seconds(day));
    results.push_back(valid_share(day, min_valid_share));
    results.push_back(not_crossed(day));
    results.push_back(quantities(day));
}

}  // namespace spymaster::pipeline::checks
