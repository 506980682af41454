// A chain of 5,000 options: records in, one-second windows of the strike grid out, in ns a record with everything, and
// what the books cost in memory. Market-by-order, then best quotes (CMBP-1). Every strike is in the grid, so the last
// window must hold the generator's books and all windows together its flows, or the program fails.
//
//   bench_chain [--records N]       default 4,000,000; SPYMASTER_BENCH_SMALL in the environment: 100,000
//
// Processor time of the thread; the first run is not counted.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <span>
#include <unordered_map>
#include <vector>

#include "synthetic_market.hpp"
#include "windows/chain_engine.hpp"

namespace spymaster::bench {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kFirst = 1'700'000'000 * kSecond;
constexpr std::size_t kOptions = 5'000;
constexpr std::int64_t kSpot = 6'000 * kSecond;  // $6,000, as a second is 1e9 too
constexpr std::size_t kBatch = 4'096;            // records handed over at a time, as a decoder does

bool right = true;

double cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

struct Sums {
    std::int64_t added = 0;
    std::int64_t left = 0;  // pulled or filled
    std::int64_t qty = 0;   // there at the end
    bool operator==(const Sums&) const = default;
};

class SumOfWindows final : public windows::ChainSink {
  public:
    void on_window(const windows::ChainWindow& window) override {
        sums.qty = 0;
        for (const windows::StrikeFlow1s& cell : window.cells) {
            sums.added += cell.add_qty;
            sums.left += cell.pull_qty_total + cell.fill_qty;
            sums.qty += cell.depth_qty_end;
        }
    }
    Sums sums;
};

// `seconds` is how long the records last, from kFirst.
template <class Msg>
void scenario(const char* name, market::ProductType product, std::span<const Msg> records, const Sums& answer,
              int seconds, int runs) {
    const market::Grid& grid = market::product_of(product).grid;
    windows::SpotTrack spots;
    for (int i = 1; i <= seconds + 1; ++i) spots.add(kFirst + i * kSecond, kSpot + i % 3 * grid.tick.nanos);
    std::vector<double> ns;
    for (int run = 0; run <= runs; ++run) {
        SumOfWindows sink;
        windows::ChainEngine engine(grid, {kFirst + kSecond, kFirst + (seconds + 1) * kSecond}, spots, sink);
        const std::int64_t half = grid.steps_per_side() - 2;
        for (std::uint32_t id = 0; id < kOptions; ++id) {
            const std::int64_t k = id / 2 % (2 * half + 1) - half;
            engine.add_option(
                id, {id % 2 == 0 ? market::Right::call : market::Right::put, kSpot + k * grid.step().nanos});
        }
        const double start = cpu_ns();
        for (std::size_t at = 0; at < records.size(); at += kBatch)
            engine.apply(records.subspan(at, std::min(kBatch, records.size() - at)));
        engine.finish();
        if (run > 0 || runs == 0) ns.push_back((cpu_ns() - start) / static_cast<double>(records.size()));
        const windows::ChainTotals totals = engine.totals();
        right = right && sink.sums == answer && totals.identity_violations == 0 &&
                totals.anomalies.total() == 0 && totals.windows == static_cast<std::uint64_t>(seconds) + 1;
        if (run < runs) continue;
        std::sort(ns.begin(), ns.end());
        std::printf("%-24s %zu options  %6.1f ns/record [%.1f-%.1f], windows of %.0f records  %s\n", name,
                    engine.option_count(), ns[ns.size() / 2], ns.front(), ns.back(),
                    static_cast<double>(records.size()) / static_cast<double>(totals.windows),
                    right ? "answer right" : "ANSWER WRONG");
        std::printf("    %llu quotes, %.0f bytes an option, %.1f MB in all\n",
                    static_cast<unsigned long long>(totals.quotes),
                    static_cast<double>(engine.memory_bytes()) / static_cast<double>(engine.option_count()),
                    static_cast<double>(engine.memory_bytes()) / 1e6);
    }
}

Sums sums_of(const std::vector<dbn::MboMsg>& records, const Answer& answer) {
    Sums sums{.qty = answer.qty};
    // Adds by their records, and what came and is not there has left; modifies of this market keep the price, so that
    // they add or take the difference.
    std::unordered_map<std::uint64_t, std::int64_t> qty;
    for (const dbn::MboMsg& m : records) {
        const std::int64_t size = m.size;
        if (m.action == 'A' || m.action == 'M') {
            std::int64_t& now = qty[m.order_id];
            sums.added += std::max<std::int64_t>(0, size - now);
            now = size;
        } else if (m.action == 'C') {
            qty[m.order_id] -= size;
        }
    }
    sums.left = sums.added - sums.qty;
    return sums;
}

// Quotes of a cent around each option's own price: nine in ten records change a size, one in ten a price, one in
// fifty is a trade.
std::vector<dbn::Cmbp1Msg> random_quotes(std::size_t count, int seconds, Sums& answer) {
    std::mt19937_64 random(20261122);
    const auto below = [&](std::uint64_t n) { return random() % n; };
    constexpr std::int64_t kCent = 10'000'000;
    std::vector<dbn::ConsolidatedBidAskPair> state(kOptions);
    std::vector<dbn::Cmbp1Msg> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        dbn::Cmbp1Msg m{};
        m.hd.length = sizeof(m) / 4;
        m.hd.rtype = dbn::rtype::cmbp_1;
        m.hd.instrument_id = static_cast<std::uint32_t>(below(kOptions));
        m.hd.ts_event =
            static_cast<std::uint64_t>(kFirst) + static_cast<std::uint64_t>(seconds) * kSecond / count * i;
        m.ts_recv = m.hd.ts_event;
        m.action = 'A';
        m.side = 'N';
        dbn::ConsolidatedBidAskPair& l = state[m.hd.instrument_id];
        if (l.bid_sz == 0) {
            l.bid_px = 100 * kCent;
            l.ask_px = 105 * kCent;
        }
        const dbn::ConsolidatedBidAskPair before = l;
        if (below(10) == 0 && before.bid_sz != 0) {
            const std::int64_t by = below(2) == 0 || l.bid_px == kCent ? kCent : -kCent;
            l.bid_px += by;
            l.ask_px += by;
        }
        (below(2) == 0 || l.bid_sz == 0 ? l.bid_sz : l.ask_sz) = 1 + static_cast<std::uint32_t>(below(200));
        if (l.ask_sz == 0) l.ask_sz = 1 + static_cast<std::uint32_t>(below(200));
        if (below(50) == 0) {
            m.action = 'T';
            m.side = below(2) == 0 ? 'A' : 'B';
            m.price = m.side == 'A' ? before.bid_px : before.ask_px;
            m.size = 1 + static_cast<std::uint32_t>(below(20));
        }
        m.levels[0] = l;
        out.push_back(m);
        const auto moved = [&](std::int64_t old_px, std::int64_t old_qty, std::int64_t px, std::int64_t qty) {
            answer.added += old_px == px ? std::max<std::int64_t>(0, qty - old_qty) : qty;
            answer.left += old_px == px ? std::max<std::int64_t>(0, old_qty - qty) : old_qty;
            answer.qty += qty - old_qty;
        };
        moved(before.bid_px, before.bid_sz, l.bid_px, l.bid_sz);
        moved(before.ask_px, before.ask_sz, l.ask_px, l.ask_sz);
    }
    return out;
}

}  // namespace
}  // namespace spymaster::bench

int main(int argc, char** argv) {
    using namespace spymaster;
    std::size_t records = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr ? 100'000 : 4'000'000;
    if (argc == 3 && std::strcmp(argv[1], "--records") == 0) records = std::strtoull(argv[2], nullptr, 10);
    records = std::max<std::size_t>(records, 10'000);
    const bool small = records <= 200'000;
    const int runs = small ? 0 : 3;
    const int seconds = small ? 5 : 120;
    {
        const bench::SyntheticMarket market({.instruments = bench::kOptions,
                                             .live_orders = 200'000,
                                             .records = records,
                                             .duration_ns = seconds * bench::kSecond,
                                             .tick = 50'000'000,
                                             .middle_ticks = 400,
                                             .reach_ticks = 60});
        bench::scenario<dbn::MboMsg>("market by order", market::ProductType::future_option_mbo,
                                     market.records(), bench::sums_of(market.records(), market.answer()),
                                     seconds, runs);
    }
    bench::Sums answer;
    const std::vector<dbn::Cmbp1Msg> quotes = bench::random_quotes(records, seconds, answer);
    bench::scenario<dbn::Cmbp1Msg>("best quotes", market::ProductType::equity_option_mbo, quotes, answer,
                                   seconds, runs);
    return bench::right ? 0 : 1;
}
