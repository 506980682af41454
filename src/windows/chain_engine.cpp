#include "windows/chain_engine.hpp"

#include <algorithm>
#include <limits>

namespace spymaster::windows {

namespace {

// Look-ahead, in records: the option, its book, then order and level in it must come one after the other.
constexpr std::size_t kOptionAhead = 32;
constexpr std::size_t kBookAhead = 24;
constexpr std::size_t kOrderAhead = 16;
constexpr std::size_t kLevelAhead = 8;

// Brings an object's cache lines into the cache. PERF: always inlined, as gcc 12 deletes calls to functions that do
// nothing but prefetch.
template <class T>
[[gnu::always_inline]] inline void prefetch_lines(const T* object) {
    const auto* bytes = reinterpret_cast<const char*>(object);
    if (object == nullptr) return;
    for (std::size_t line = 0; line < sizeof(T); line += 64) __builtin_prefetch(bytes + line, 1);
}

// The state of an option is given, or begun anew.
template <class Msg>
bool is_reset(const Msg& msg) {
    return msg.action == 'R' || (msg.flags & dbn::flag::snapshot) != 0;
}

}  // namespace

ChainEngine::ChainEngine(const market::Grid& grid, market::SessionWindow session, const SpotTrack& spots,
                         ChainSink& sink)
    : grid_(grid), clock_(grid, session), spots_(spots), sink_(sink) {}

void ChainEngine::add_option(std::uint32_t instrument_id, const OptionTerms& terms,
                             std::int64_t price_increment) {
    if (places_.find(instrument_id) != InstrumentIndex::kNone) return;
    const auto place = static_cast<std::uint32_t>(options_.size());
    places_.add(instrument_id, place);
    options_.push_back(
        {instrument_id, terms, price_increment > 0 ? price_increment : grid_.price_increment.nanos, {}});
    by_id_.push_back(place);
}

ChainEngine::Option* ChainEngine::find(std::uint32_t instrument_id) {
    const std::uint32_t place = places_.find(instrument_id);
    return place == InstrumentIndex::kNone ? nullptr : &options_[place];
}

// Before a record is applied to an option whose book is there: counts it, and begins its window in the option.
template <class Msg>
void ChainEngine::turn_to(OptionBook& book, const Msg& msg, std::int64_t t) {
    if (totals_.records == 0) begins_with_reset_ = is_reset(msg);
    ++totals_.records;
    totals_.late_records += t < clock_.start() ? 1U : 0U;
    if (book.window() != clock_.index() && clock_.emitting()) book.begin_window(clock_.index(), clock_.end());
}

const book::Book* ChainEngine::orders_of(const dbn::MboMsg& msg) {
    const Option* option = find(msg.hd.instrument_id);
    return option == nullptr ? nullptr : option->book.orders();
}

void ChainEngine::apply(const dbn::MboMsg& msg) {
    Option* option = find(msg.hd.instrument_id);
    if (option == nullptr) return;
    const std::int64_t t = book::Book::window_time(msg);
    if (!clock_.covers(t) && !roll_to(t)) return;
    book::Book* book = option->book.orders({option->price_increment}, grid_.rest_ns);
    if (book == nullptr) return;
    turn_to(option->book, msg, t);
    book->apply(msg, t);
}

void ChainEngine::apply(const dbn::Cmbp1Msg& msg) {
    Option* option = find(msg.hd.instrument_id);
    if (option == nullptr) return;
    const std::int64_t t = book::TopOfBook::window_time(msg);
    if (!clock_.covers(t) && !roll_to(t)) return;
    book::TopOfBook* book = option->book.quotes();
    if (book == nullptr) return;
    turn_to(option->book, msg, t);
    book->apply(msg);
}

void ChainEngine::apply(std::span<const dbn::MboMsg> records) {
    for (std::size_t i = 0; i < records.size() && !done(); ++i) {
        if (i + kOptionAhead < records.size()) {
            prefetch_lines<Option>(find(records[i + kOptionAhead].hd.instrument_id));
            prefetch_lines<book::Book>(orders_of(records[i + kBookAhead]));
            const dbn::MboMsg& soon = records[i + kOrderAhead];
            if (const book::Book* book = orders_of(soon)) book->prefetch_order(soon);
            const dbn::MboMsg& next = records[i + kLevelAhead];
            if (const book::Book* book = orders_of(next)) book->prefetch_level(next);
        }
        apply(records[i]);
    }
}

void ChainEngine::apply(std::span<const dbn::Cmbp1Msg> records) {
    for (std::size_t i = 0; i < records.size() && !done(); ++i) {
        if (i + kOptionAhead < records.size())
            prefetch_lines<Option>(find(records[i + kOptionAhead].hd.instrument_id));
        apply(records[i]);
    }
}

bool ChainEngine::roll_to(std::int64_t t) {
    return clock_.roll_to(t, [this] { open_window(); }, [this] { close_window(); });
}

void ChainEngine::finish() {
    clock_.finish([this] { open_window(); }, [this] { close_window(); });
}

void ChainEngine::open_window() {
    if (settled_ || !clock_.emitting()) return;
    settled_ = true;
    for (Option& option : options_) option.book.settle();
}

void ChainEngine::close_window() {
    window_.window_start_ts_ns = clock_.start();
    window_.window_end_ts_ns = clock_.end();
    window_.spot_ref_price_int = std::max<std::int64_t>(0, spots_.spot_ref_price_int(clock_.end()));
    window_.quotes.clear();
    order_options();
    empty_cells();
    for (const std::uint32_t place : by_id_) {
        Option& option = options_[place];
        const bool trusted_at_start = trusted(option.book);
        const OptionBook::WindowFlow flow =
            option.book.window() == clock_.index() ? option.book.close_window() : option.book.still();
        const bool trusted_now = trusted(option.book);
        add_quote(option, trusted_now);
        add_to_cells(option, flow, trusted_at_start && trusted_now && !flow.disrupted);
    }
    for (std::size_t i = 0; i < window_.cells.size(); ++i) {
        const StrikeFlow1s& cell = window_.cells[i];
        const std::int64_t end = cell.depth_qty_start + cell.add_qty - cell.pull_qty_total - cell.fill_qty;
        totals_.identity_violations += !cleared_[i] && end != cell.depth_qty_end ? 1U : 0U;
    }
    ++totals_.windows;
    totals_.quotes += window_.quotes.size();
    sink_.on_window(window_);
}

// Options become known between windows, a few or all at once.
void ChainEngine::order_options() {
    if (ordered_ == by_id_.size()) return;
    const auto id_of = [this](std::uint32_t place) { return options_[place].instrument_id; };
    const auto added = by_id_.begin() + static_cast<std::ptrdiff_t>(ordered_);
    std::ranges::sort(added, by_id_.end(), {}, id_of);
    std::ranges::inplace_merge(by_id_.begin(), added, by_id_.end(), {}, id_of);
    ordered_ = by_id_.size();
}

// Every cell of the grid around the window's spot, with nothing in it yet.
void ChainEngine::empty_cells() {
    window_.cells.clear();
    const std::int64_t spot = window_.spot_ref_price_int;
    for (const market::Right right : {market::Right::call, market::Right::put}) {
        for (const market::Side side : market::kSides) {
            for (int x = -grid_.half_width_ticks; x <= grid_.half_width_ticks; x += grid_.step_ticks) {
                window_.cells.push_back({.strike_price_int = grid_price(spot, x, grid_),
                                         .right = right,
                                         .side = side,
                                         .rel_ticks = x,
                                         .window_valid = spot > 0});
            }
        }
    }
    cleared_.assign(window_.cells.size(), false);
}

void ChainEngine::add_quote(const Option& option, bool trusted) {
    const std::int64_t bid = option.book.best_bid();
    const std::int64_t ask = option.book.best_ask();
    if (bid <= 0 || ask <= bid) return;
    // Unsigned, as the sum of two prices without end may need the 64th bit.
    const double mid =
        static_cast<double>(static_cast<std::uint64_t>(bid) + static_cast<std::uint64_t>(ask)) * 0.5;
    window_.quotes.push_back({.instrument_id = option.instrument_id,
                              .right = option.terms.right,
                              .strike_price_int = option.terms.strike_price_int,
                              .bid_price_int = bid,
                              .ask_price_int = ask,
                              .mid_price = mid * market::kPriceScale,
                              .mid_price_int = mid,
                              .book_valid = trusted});
}

void ChainEngine::add_to_cells(const Option& option, const OptionBook::WindowFlow& flow, bool trusted) {
    const std::optional<std::int64_t> offset =
        strike_offset(option.terms.strike_price_int, window_.spot_ref_price_int, grid_);
    if (!offset || window_.spot_ref_price_int <= 0) return;
    const auto rows = static_cast<std::size_t>(grid_.rows_per_side());
    const auto row = static_cast<std::size_t>(*offset + grid_.steps_per_side());
    for (const market::Side side : market::kSides) {
        const std::size_t lane =
            2 * static_cast<std::size_t>(option.terms.right) + static_cast<std::size_t>(side);
        const book::SideFlow& of_side = flow.sides[static_cast<std::size_t>(side)];
        StrikeFlow1s& cell = window_.cells[lane * rows + row];
        cell.depth_qty_start += of_side.start;
        cell.depth_qty_end += of_side.end;
        cell.add_qty += of_side.add;
        cell.pull_qty_total += of_side.pull;
        cell.pull_qty_rest += of_side.pull_rest;
        cell.fill_qty += of_side.fill;
        cell.depth_qty_rest += of_side.rest;
        cell.window_valid &= trusted;
        if (flow.cleared) cleared_[lane * rows + row] = true;
    }
}

// An option that has never been reset was empty when the stream began, if the stream began with the others' state. A
// clear later on says nothing of the options it is not of.
bool ChainEngine::trusted(const OptionBook& book) const {
    using enum OptionBook::Trust;
    return book.trust() == good || book.trust() == unheard || (book.trust() == unreset && begins_with_reset_);
}

ChainTotals ChainEngine::totals() const {
    ChainTotals totals = totals_;
    for (const Option& option : options_) {
        const book::Book* book = option.book.orders();
        if (book == nullptr) continue;
        totals.crossed_publishes += book->crossed_publishes().count;
        for (std::size_t kind = 0; kind < book::kAnomalyKinds; ++kind)
            totals.anomalies.by_kind[kind] += book->anomalies().by_kind[kind];
    }
    return totals;
}

std::size_t ChainEngine::memory_bytes() const {
    std::size_t bytes =
        sizeof(ChainEngine) + places_.memory_bytes() + by_id_.capacity() * sizeof(std::uint32_t) +
        (options_.capacity() - options_.size()) * sizeof(Option) +
        window_.quotes.capacity() * sizeof(OptionQuote1s) + window_.cells.capacity() * sizeof(StrikeFlow1s);
    for (const Option& option : options_)
        bytes += sizeof(Option) - sizeof(OptionBook) + option.book.memory_bytes();
    return bytes;
}

// Spec 4.8 [C]: floor((2 (strike - spot) + step) / (2 step)) = floor((strike - spot + step / 2) / step), without
// doubling.
std::optional<std::int64_t> strike_offset(std::int64_t strike, std::int64_t spot, const market::Grid& grid) {
    const std::int64_t step = grid.step().nanos;
    std::int64_t distance = 0;
    if (__builtin_sub_overflow(strike, spot, &distance)) return std::nullopt;
    std::int64_t offset = distance / step;  // floor, and what is left over it
    std::int64_t rest = distance % step;
    if (rest < 0) {
        offset -= 1;
        rest += step;
    }
    if (rest >= step - rest) offset += 1;  // half or more goes up
    if (offset < -grid.steps_per_side() || offset > grid.steps_per_side()) return std::nullopt;
    return offset;
}

}  // namespace spymaster::windows
