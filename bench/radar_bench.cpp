// What the wall and the radar of a second cost beside the book: keeping what became of each order, order flows in ns a change,
// the radar and the wall in us a window. On one busy instrument; the flows of every window are counted a second time from the
// generator's records, and the wall's depth at the end is the book's, or the program fails.
//
//   bench_radar [--records N]      default 4,000,000; SPYMASTER_BENCH_SMALL in the environment: 100,000
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <unordered_map>
#include <vector>

#include "book/book.hpp"
#include "synthetic_market.hpp"
#include "windows/radar/order_flows.hpp"
#include "windows/radar/radar.hpp"
#include "windows/wall_rows.hpp"

namespace spymaster::bench {
namespace {

using book::Book;
using dbn::MboMsg;
using market::Side;
using windows::BothOrderFlows;
using windows::Bucket;
using windows::OrderFlows;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kRest = kSecond / 2;
constexpr std::size_t kOrderAhead = 16;

double cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Order by order from the records themselves: Adds, whole Cancels, Modifies of the size. Their Fills come a moment before the
// Cancel, so nothing carries them and the Cancel is a pull.
class PlainFlows {
  public:
    explicit PlainFlows(const windows::Buckets& buckets) : buckets_(buckets) {}

    void begin_window(std::int64_t spot) {
        spot_ = spot;
        bid_ = ask_ = {};
    }
    void apply(const MboMsg& m) {
        if (m.action != 'A' && m.action != 'C' && m.action != 'M') return;
        const auto t = static_cast<std::int64_t>(m.hd.ts_event);
        const Side side = m.side == 'B' ? Side::bid : Side::ask;
        const Bucket bucket = buckets_.of(side, m.price, spot_);
        OrderFlows ignored;
        OrderFlows& flows = bucket == Bucket::out ? ignored : side == Side::bid ? bid_ : ask_;
        Order& order = orders_[m.order_id];
        const bool rested = m.action != 'A' && t - order.t_enter >= kRest;
        const std::int64_t now = m.action == 'C' ? 0 : m.size;
        if (m.action == 'A') order.t_enter = t;
        if (now > order.qty) flows.add += now - order.qty;
        if (now < order.qty && rested) pull(flows, bucket, order.qty - now);
        if (m.action == 'M' && rested && m.price == spot_) flows.toward += order.qty;
        order.qty = now;
        if (m.action == 'C') orders_.erase(m.order_id);
    }
    [[nodiscard]] bool agrees(const BothOrderFlows& both) const {
        return both.bid == bid_ && both.ask == ask_;
    }

  private:
    struct Order {
        std::int64_t qty = 0;
        std::int64_t t_enter = 0;
    };
    static void pull(OrderFlows& flows, Bucket bucket, std::int64_t qty) {
        flows.pull += qty;
        if (bucket == Bucket::at) flows.pull_at += qty;
        if (bucket == Bucket::near) flows.pull_near += qty;
    }

    windows::Buckets buckets_;
    std::int64_t spot_ = 0;
    OrderFlows bid_, ask_;
    std::unordered_map<std::uint64_t, Order> orders_;
};

struct Costs {
    double records = 0, flows = 0, radar = 0, wall = 0;  // ns
    std::uint64_t windows = 0, changes = 0, rows = 0, wrong = 0;
};

// One window after another: its records are timed together, then each part of its end.
Costs measure(const SyntheticMarket& market, bool keep_changes, bool check) {
    const market::PriceDelta tick{market.shape().tick};
    Book book(tick, kRest, {.order_changes = keep_changes});
    const windows::Buckets buckets(tick.nanos);
    windows::Radar radar(tick, windows::Compatibility::corrected);
    windows::WallRows wall(tick, windows::Compatibility::corrected);
    std::vector<windows::WallRow1s> rows;
    PlainFlows plain(buckets);
    Costs costs;
    const std::vector<MboMsg>& records = market.records();
    for (std::size_t next = 0; next < records.size();) {
        const std::int64_t second = Book::window_time(records[next]) / kSecond;
        const std::int64_t spot = book.ladder().empty(Side::bid) ? market.shape().middle_ticks * tick.nanos
                                                                 : book.ladder().best_price(Side::bid);
        book.begin_window((second + 1) * kSecond, true);
        radar.open(book.ladder(), spot);
        plain.begin_window(spot);
        const std::size_t first = next;
        double start = cpu_ns();
        for (; next < records.size() && Book::window_time(records[next]) / kSecond == second; ++next) {
            book.prefetch_order(records[std::min(next + kOrderAhead, records.size() - 1)]);
            book.apply(records[next]);
        }
        const auto lap = [&start](double& sum) {
            const double now = cpu_ns();
            sum += now - start;
            start = now;
        };
        lap(costs.records);
        const BothOrderFlows both = windows::order_flows(book, spot, buckets);
        lap(costs.flows);
        const windows::RadarVacuum1s row = radar.close(book, spot, true);
        lap(costs.radar);
        wall.collect(book, spot, false, true, rows);
        lap(costs.wall);
        ++costs.windows;
        costs.changes += book.changes().all().size();
        costs.rows += rows.size();
        for (std::size_t i = first; check && i < next; ++i) plain.apply(records[i]);
        costs.wrong += check && !(plain.agrees(both) && row.spot_ref_price_int == spot) ? 1U : 0U;
    }
    std::int64_t depth = 0;
    for (const windows::WallRow1s& row : rows) depth += row.depth_qty_end;
    costs.wrong += depth > market.answer().qty || depth * 10 < market.answer().qty * 9 ? 1U : 0U;
    return costs;
}

}  // namespace
}  // namespace spymaster::bench

int main(int argc, char** argv) {
    std::size_t records = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr ? 100'000 : 4'000'000;
    if (argc == 3 && std::strcmp(argv[1], "--records") == 0) records = std::strtoull(argv[2], nullptr, 10);
    using namespace spymaster::bench;
    const SyntheticMarket market({.live_orders = 20'000, .records = records < 1'000 ? 1'000 : records});
    const std::uint64_t wrong =
        measure(market, true, true).wrong;  // its maps would be in the way of the clock
    const Costs without = measure(market, false, false);
    const Costs with = measure(market, true, false);
    const auto n = static_cast<double>(market.records().size());
    const auto windows = static_cast<double>(with.windows) * 1e3;
    std::printf("book, flows recorded            %6.1f ns/record\n", without.records / n);
    std::printf("  and what became of orders     %6.1f ns/record\n", with.records / n);
    std::printf("order flows                     %6.1f ns/change, %.1f us a window\n",
                with.flows / static_cast<double>(with.changes), with.flows / windows);
    std::printf("radar                           %6.1f us a window, order flows included\n",
                with.radar / windows);
    std::printf("wall                            %6.1f us a window, %.1f ns/row\n", with.wall / windows,
                with.wall / static_cast<double>(with.rows));
    std::printf("%llu windows, %llu changes, %llu wall rows: %s\n",
                static_cast<unsigned long long>(with.windows), static_cast<unsigned long long>(with.changes),
                static_cast<unsigned long long>(with.rows),
                with.wrong + without.wrong + wrong == 0 ? "answer right" : "ANSWER WRONG");
    return with.wrong + without.wrong + wrong == 0 ? 0 : 1;
}
