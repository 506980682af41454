#include "pipeline/checks/gex_checks.hpp"

#include <cmath>
#include <set>
#include <string>
#include <tuple>

#include "market/price.hpp"
#include "pipeline/checks/known_open_interest.hpp"
#include "pipeline/checks/table_rows.hpp"
#include "pipeline/checks/window_sequence.hpp"

namespace spymaster::pipeline::checks {

namespace {

constexpr std::string_view kSurface = "gex_surface_1s";

// Totals are sums in another order than their parts.
constexpr double kRounding = 1e-9;

bool is_anchor(const BookDay& underlying, const windows::BookSnapshot1s& window, double points) {
    return underlying.is_spot_of(std::llround(points / market::kPriceScale), window);
}

Result<std::set<std::int64_t>> strikes_of(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key, {"strike_price_int"}));
    std::set<std::int64_t> strikes;
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) return strikes;
        strikes.insert(rows.integer(0));
    }
}

enum SurfaceColumn : std::size_t {
    kStart,
    kEnd,
    kStrike,
    kSpot,
    kCall,
    kPut,
    kAbs,
    kNet,
    kRatio,
    kCallOpen,
    kPutOpen,
    kValid
};
namespace level {
enum Column : std::size_t { kStart, kEnd, kSpot, kCall, kPut, kTotal, kPriced, kUnpriced };
}
const std::vector<std::string> kSurfaceNames{
    "window_start_ts_ns",  "window_end_ts_ns",   "strike_price_int",  "underlying_spot_ref",
    "gex_call_abs",        "gex_put_abs",        "gex_abs",           "gex",
    "gex_imbalance_ratio", "call_open_interest", "put_open_interest", "window_valid"};

class SurfaceChecks {
  public:
    SurfaceChecks(const lake::PartitionKey& key, const BookDay& underlying,
                  const std::set<std::int64_t>& strikes, KnownOpenInterest* known)
        : underlying_(underlying),
          strikes_(strikes),
          known_(known),
          sequence_(underlying, true),
          seconds_("physics", "gex every second", key, "windows with a spot"),
          order_("physics", "gex strikes", key, "rows"),
          sums_("physics", "gex sums", key, "rows"),
          spot_("physics", "gex spot", key, "rows"),
          open_("physics", "gex open interest", key, "rows") {}

    void look_at(const TableRows& row) {
        const std::int64_t end = row.integer(kEnd);
        const std::int64_t strike = row.integer(kStrike);
        const bool first = end != end_;
        if (first) index_ = sequence_.look_at(row.integer(kStart), end, seconds_);
        if (first && known_ != nullptr && end > end_) known_->move_to(end);
        // Between its first and last, a window has every strike that there is.
        const auto after = first ? strikes_.end() : strikes_.upper_bound(strike_);
        order_.expect(first || (after != strikes_.end() && *after == strike), end,
                      [&] { return fmt::format("strike {} after {}", strike, strike_); });
        end_ = end;
        strike_ = strike;
        look_at_values(row);
        if (!index_) return;
        const auto& window = underlying_.windows[*index_];
        spot_.expect(
            is_anchor(underlying_, window, row.real(kSpot)) && row.flag(kValid) == window.window_valid, end,
            [&] {
                return fmt::format("strike {}: spot {}, window_valid {}; {} has {}, {}", strike,
                                   row.real(kSpot), row.flag(kValid), underlying_.key.symbol,
                                   window.spot_ref_price_int, window.window_valid);
            });
    }

    void finish(CheckResults& results) {
        sequence_.end(seconds_);
        for (const Check* check : {&seconds_, &order_, &sums_, &spot_}) results.push_back(check->result());
        if (known_ != nullptr) results.push_back(open_.result());
    }

  private:
    void look_at_values(const TableRows& row) {
        const double call = row.real(kCall);
        const double put = row.real(kPut);
        const double ratio = row.real(kRatio);
        const bool adds_up = call >= 0 && put >= 0 && row.real(kAbs) == call + put &&
                             row.real(kNet) == call - put && std::abs(ratio) <= 1.0;
        sums_.expect(adds_up, end_, [&] {
            return fmt::format("strike {}: calls {}, puts {}, both {}, net {}, imbalance {}", strike_, call,
                               put, row.real(kAbs), row.real(kNet), ratio);
        });
        if (known_ == nullptr) return;
        const double calls = known_->of(strike_, true);
        const double puts = known_->of(strike_, false);
        open_.expect(row.real(kCallOpen) == calls && row.real(kPutOpen) == puts, end_, [&] {
            return fmt::format("strike {}: {} calls and {} puts open; known by then were {} and {}", strike_,
                               row.real(kCallOpen), row.real(kPutOpen), calls, puts);
        });
    }

    const BookDay& underlying_;
    const std::set<std::int64_t>& strikes_;
    KnownOpenInterest* known_;
    WindowSequence sequence_;
    Check seconds_, order_, sums_, spot_, open_;
    std::int64_t end_ = 0;
    std::int64_t strike_ = 0;
    std::optional<std::size_t> index_;
};

}  // namespace

Result<void> check_open_interest(const lake::Lake& lake, const Subject& options, CheckResults& results) {
    enum Column : std::size_t { kRecv, kSymbol, kRight, kOpenInterest };
    const lake::PartitionKey key = options.open_interest();
    Check order("physics", "open interest order", key, "rows");
    Check values("physics", "open interest values", key, "rows");
    SPY_ASSIGN(TableRows rows,
               TableRows::open(lake, key, {"ts_recv_ns", "option_symbol", "right", "open_interest"}));
    std::pair<std::int64_t, std::string> last{};
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        std::pair place(rows.integer(kRecv), std::string(rows.text(kSymbol)));
        order.expect(last <= place, {}, [&] {
            return fmt::format("{} known at {} follows {} known at {}", place.second, place.first,
                               last.second, last.first);
        });
        last = std::move(place);
        const std::string_view right = rows.text(kRight);
        values.expect((right == "C" || right == "P") && rows.real(kOpenInterest) >= 0.0, {}, [&] {
            return fmt::format("{} at {}: right {}, open interest {}", last.second, last.first, right,
                               rows.real(kOpenInterest));
        });
    }
    results.push_back(order.result());
    results.push_back(values.result());
    return {};
}

Result<void> check_gex_surface(const lake::Lake& lake, const Subject& options, const BookDay& underlying,
                               CheckResults& results) {
    const lake::PartitionKey key = options.silver(kSurface);
    SPY_ASSIGN(const std::set<std::int64_t> strikes, strikes_of(lake, key));
    std::optional<KnownOpenInterest> known;
    if (lake.is_complete(options.open_interest())) {
        SPY_ASSIGN(known, KnownOpenInterest::read(lake, options.open_interest()));
    }
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key, kSurfaceNames));
    SurfaceChecks checks(key, underlying, strikes, known ? &*known : nullptr);
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        checks.look_at(rows);
    }
    checks.finish(results);
    return {};
}

Result<void> check_gex_levels(const lake::Lake& lake, const Subject& options, const BookDay& underlying,
                              CheckResults& results) {
    const lake::PartitionKey key = options.silver("gex_levels_1s");
    Check seconds("physics", "gex levels every second", key, "windows");
    Check totals("physics", "gex totals", key, "rows");
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key,
                                               {"window_start_ts_ns", "window_end_ts_ns",
                                                "underlying_spot_ref", "gex_call_total", "gex_put_total",
                                                "gex_total", "options_priced", "options_unpriced"}));
    WindowSequence sequence(underlying, false);
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        const std::int64_t end = rows.integer(level::kEnd);
        const auto index = sequence.look_at(rows.integer(level::kStart), end, seconds);
        const double call = rows.real(level::kCall);
        const double put = rows.real(level::kPut);
        const double total = rows.real(level::kTotal);
        const bool good =
            call >= 0 && put >= 0 && std::abs(total - (call - put)) <= kRounding * (call + put) &&
            rows.integer(level::kPriced) >= 0 && rows.integer(level::kUnpriced) >= 0 &&
            (!index || is_anchor(underlying, underlying.windows[*index], rows.real(level::kSpot)));
        totals.expect(good, end, [&] {
            return fmt::format("calls {}, puts {}, total {}; spot {}; {} options priced, {} not", call, put,
                               total, rows.real(level::kSpot), rows.integer(level::kPriced),
                               rows.integer(level::kUnpriced));
        });
    }
    sequence.end(seconds);
    results.push_back(seconds.result());
    results.push_back(totals.result());
    return {};
}

}  // namespace spymaster::pipeline::checks
