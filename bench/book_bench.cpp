// The book alone, and the book with one-second flows, in ns a record, on one instrument, on 1,000, and on the 10,000 of a
// whole exchange in cents; beside a book of std::map. Then the window engine on one instrument, price by price and in
// buckets. Each ends with the generator's books, or the program fails.
//
//   bench_book [--records N]       default 4,000,000; SPYMASTER_BENCH_SMALL in the environment: 100,000
//
// Only the loop over the records is timed, in processor time of its thread; records and the books'
// memory are there before it starts.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "book/book.hpp"
#include "market/product.hpp"
#include "synthetic_market.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::bench {
namespace {

using book::Book;
using dbn::MboMsg;
using market::Side;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kOrderAhead = 16;
constexpr std::size_t kLevelAhead = 8;

struct Books {
    std::vector<std::unique_ptr<Book>> books;
    std::vector<std::int64_t> window_end;
    std::uint64_t rows = 0;
    std::uint64_t violations = 0;

    explicit Books(const MarketShape& shape) : window_end(shape.instruments, 0) {
        for (std::size_t i = 0; i < shape.instruments; ++i) {
            books.push_back(std::make_unique<Book>(market::PriceDelta{shape.tick}, kSecond / 2));
        }
    }

    [[nodiscard]] Answer answer() const {
        Answer answer;
        for (const auto& book : books) {
            answer.orders += book->orders().size();
            book->orders().for_each([&](const auto& order) { answer.qty += order.qty; });
            for (const Side side : {Side::ask, Side::bid}) {
                answer.levels += book->ladder().level_count(side);
                if (!book->ladder().empty(side)) answer.best_sum += book->ladder().best_price(side);
            }
        }
        return answer;
    }
    // Empty again, with the memory kept.
    void reset() {
        MboMsg clear{};
        clear.action = 'R';
        for (const auto& book : books) {
            book->apply(clear);
            book->begin_window(0, false);
        }
        window_end.assign(window_end.size(), 0);
        rows = violations = 0;
    }
    [[nodiscard]] std::size_t memory_bytes() const {
        std::size_t bytes = 0;
        for (const auto& book : books) bytes += book->memory_bytes();
        return bytes;
    }
};

// The levels of a single book are in the cache anyway: to look ahead for them costs 1 ns a record; with 1,000 books it
// gains 8. Always inlined, as gcc 12 deletes calls to functions that do nothing but prefetch.
[[gnu::always_inline]] inline void look_ahead(const Books& state, const std::vector<MboMsg>& records,
                                              std::size_t i) {
    const std::size_t last = records.size() - 1;
    const MboMsg& far = records[std::min(i + kOrderAhead, last)];
    state.books[far.hd.instrument_id]->prefetch_order(far);
    if (state.books.size() == 1) return;
    const MboMsg& near = records[std::min(i + kLevelAhead, last)];
    state.books[near.hd.instrument_id]->prefetch_level(near);
}

void replay_book(Books& state, const std::vector<MboMsg>& records) {
    const std::size_t n = records.size();
    for (std::size_t i = 0; i < n; ++i) {
        look_ahead(state, records, i);
        state.books[records[i].hd.instrument_id]->apply(records[i]);
    }
}

// Closes the window of one book: looks at every row, as a consumer would.
void close_rows(Books& state, const Book& book) {
    state.rows += book.ledger().rows().size();
    state.violations += windows::count_identity_violations(book);
}

void replay_flows(Books& state, const std::vector<MboMsg>& records) {
    const std::size_t n = records.size();
    for (std::size_t i = 0; i < n; ++i) {
        look_ahead(state, records, i);
        const MboMsg& msg = records[i];
        Book& book = *state.books[msg.hd.instrument_id];
        const std::int64_t t = Book::window_time(msg);
        std::int64_t& end = state.window_end[msg.hd.instrument_id];
        if (t >= end) {
            close_rows(state, book);
            end = (t / kSecond + 1) * kSecond;
            book.begin_window(end, true);
        }
        book.apply(msg, t);
    }
    for (const auto& book : state.books) close_rows(state, *book);
}

// What one writes first: std::map levels, std::unordered_map orders.
struct MapBook {
    struct Order {
        char side;
        std::int64_t price;
        std::uint32_t qty;
    };
    std::unordered_map<std::uint64_t, Order> orders;
    std::map<std::int64_t, std::int64_t> sides[2];

    void take(const Order& order, std::int64_t qty) {
        auto& levels = sides[order.side == 'B'];
        const auto level = levels.find(order.price);
        if ((level->second -= qty) == 0) levels.erase(level);
    }
    void apply(const MboMsg& m) {
        if (m.action == 'A') {
            orders[m.order_id] = {m.side, m.price, m.size};
            sides[m.side == 'B'][m.price] += m.size;
        } else if (m.action == 'C') {
            const auto found = orders.find(m.order_id);
            if (found == orders.end()) return;
            take(found->second, m.size);
            if ((found->second.qty -= m.size) == 0) orders.erase(found);
        } else if (m.action == 'M') {
            const auto found = orders.find(m.order_id);
            if (found == orders.end()) return;
            take(found->second, found->second.qty);
            found->second = {m.side, m.price, m.size};
            sides[m.side == 'B'][m.price] += m.size;
        }
    }
};

struct MapBooks {
    std::vector<MapBook> books;
    explicit MapBooks(const MarketShape& shape) : books(shape.instruments) {}
    void reset() { books.assign(books.size(), {}); }

    [[nodiscard]] Answer answer() const {
        Answer answer;
        for (const MapBook& book : books) {
            answer.orders += book.orders.size();
            for (const auto& [id, order] : book.orders) answer.qty += order.qty;
            answer.levels += book.sides[0].size() + book.sides[1].size();
            if (!book.sides[0].empty()) answer.best_sum += book.sides[0].begin()->first;
            if (!book.sides[1].empty()) answer.best_sum += book.sides[1].rbegin()->first;
        }
        return answer;
    }
};

void replay_map(MapBooks& state, const std::vector<MboMsg>& records) {
    for (const MboMsg& msg : records) state.books[msg.hd.instrument_id].apply(msg);
}

class RowCount final : public windows::WindowSink {
  public:
    void on_window(const windows::Window& window) override { rows += window.flow.size(); }
    std::uint64_t rows = 0;
};

bool right = true;

// The thread's own time: on a shared machine the clock on the wall measures the neighbours.
double cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Median of the runs, each on empty books. A run before them gets the memory from the system: a page fault costs as
// much as hundreds of records, and a day has more records than pages.
template <class State, class Replay>
State time_runs(const char* name, const SyntheticMarket& market, int runs, Replay&& replay) {
    std::vector<double> ns;
    const auto state = std::make_unique<State>(market.shape());
    replay(*state, market.records());
    for (int run = 0; run < runs; ++run) {
        state->reset();
        const double start = cpu_ns();
        replay(*state, market.records());
        const double took = cpu_ns() - start;
        ns.push_back(took / static_cast<double>(market.records().size()));
    }
    std::sort(ns.begin(), ns.end());
    const bool same = state->answer() == market.answer();
    right = right && same;
    std::printf("%-28s %7zu instr  %7.1f ns/record [%.1f-%.1f]  %s\n", name, market.shape().instruments,
                ns[ns.size() / 2], ns.front(), ns.back(), same ? "answer right" : "ANSWER WRONG");
    return std::move(*state);
}

void window_engine(const char* name, const SyntheticMarket& market, const market::Grid& grid) {
    const std::vector<MboMsg>& records = market.records();
    RowCount sink;
    const auto first = static_cast<std::int64_t>(records.front().hd.ts_event);
    windows::WindowEngine engine(grid, {first, first + 3600 * kSecond}, sink);
    const double start = cpu_ns();
    for (std::size_t i = 0; i < records.size(); ++i) {
        engine.prefetch_order(records[std::min(i + kOrderAhead, records.size() - 1)]);
        engine.apply(records[i]);
    }
    engine.finish();
    const double took = cpu_ns() - start;
    std::printf("%-28s %7zu instr  %7.1f ns/record, %.1f us a window, %llu rows\n", name, std::size_t{1},
                took / static_cast<double>(records.size()),
                took / 1e3 / static_cast<double>(engine.totals().windows),
                static_cast<unsigned long long>(sink.rows));
    right = right && engine.totals().identity_violations == 0;
}

void scenario(const SyntheticMarket& market, int runs) {
    const auto instruments = static_cast<double>(market.shape().instruments);
    const Books books = time_runs<Books>("book", market, runs, replay_book);
    const double orders = static_cast<double>(market.answer().orders);
    std::printf("    %llu orders, %llu levels, %.0f bytes an order, %.0f a book\n",
                static_cast<unsigned long long>(market.answer().orders),
                static_cast<unsigned long long>(market.answer().levels),
                static_cast<double>(books.memory_bytes()) / orders,
                static_cast<double>(books.memory_bytes()) / instruments);
    const Books flows = time_runs<Books>("book + 1 s flows", market, runs, replay_flows);
    std::printf("    %llu flow rows, %llu identity violations\n", static_cast<unsigned long long>(flows.rows),
                static_cast<unsigned long long>(flows.violations));
    right = right && flows.violations == 0 && flows.rows > 0;
    time_runs<MapBooks>("std::map book", market, std::min(runs, 3), replay_map);
}

}  // namespace
}  // namespace spymaster::bench

int main(int argc, char** argv) {
    std::size_t records = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr ? 100'000 : 4'000'000;
    if (argc == 3 && std::strcmp(argv[1], "--records") == 0) records = std::strtoull(argv[2], nullptr, 10);
    if (records < 1'000) records = 1'000;
    const int runs = records > 200'000 ? 5 : 1;
    using namespace spymaster;
    const market::Grid& equity = market::product_of(market::ProductType::equity_mbo).grid;
    const std::int64_t cent = equity.price_increment.nanos;
    {
        const bench::SyntheticMarket one({.live_orders = 20'000, .records = records});
        bench::scenario(one, runs);
        bench::window_engine("window engine, dense rows", one, {});
    }
    bench::scenario(
        bench::SyntheticMarket({.instruments = 1'000, .live_orders = 200'000, .records = records}), runs);
    bench::scenario(bench::SyntheticMarket({.instruments = 10'000,
                                            .live_orders = 400'000,
                                            .records = records,
                                            .tick = cent,
                                            .middle_ticks = 50'000}),
                    std::min(runs, 3));
    // Orders over the whole grid of $50: what a busy fund's book looks like.
    bench::window_engine("window engine, buckets",
                         bench::SyntheticMarket({.live_orders = 20'000,
                                                 .records = records,
                                                 .tick = cent,
                                                 .middle_ticks = 50'000,
                                                 .reach_ticks = 5'000}),
                         equity);
    return spymaster::bench::right ? 0 : 1;
}
