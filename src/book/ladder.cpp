#include "book/ladder.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace spymaster::book {

namespace {

constexpr std::int64_t kNoBid = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoAsk = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kBid = static_cast<std::size_t>(market::Side::bid);

// The inverse of an odd number modulo 2^64, by Newton's iteration: each step doubles the number of right
// bits.
std::uint64_t inverse_of_odd(std::uint64_t odd) {
    std::uint64_t inverse = odd;  // right to 3 bits
    for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
    return inverse;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

}  // namespace

Ladder::Ladder(market::PriceDelta tick)
    : tick_nanos_(static_cast<std::uint64_t>(tick.nanos)),
      tick_shift_(std::countr_zero(tick_nanos_)),
      pages_(1) {
    SPY_ASSERT(tick.nanos > 0);
    tick_inverse_ = inverse_of_odd(tick_nanos_ >> tick_shift_);
    cells_.resize(kPageCells);
}

std::int64_t Ladder::price(std::uint32_t cell) const {
    const Page& page = pages_[cell / kPageCells];
    const std::uint32_t place = cell % kPageCells;
    if (page.overflow) return overflow_price_[page.position * kPageCells + place];
    return (page.first_tick + place / 2) * static_cast<std::int64_t>(tick_nanos_);
}

std::uint32_t Ladder::find_cell(std::int64_t price, market::Side side) const {
    if (const std::uint32_t cell = paged_cell(price, side); cell != kNoCell) return cell;
    for (const auto* map : {&overflow_[index(side)], &parked_[index(side)]}) {
        if (const auto found = map->find(price); found != map->end()) return found->second;
    }
    return kNoCell;
}

std::uint32_t Ladder::make_cell(std::int64_t price, market::Side side) {
    const auto tick_nanos = static_cast<std::int64_t>(tick_nanos_);
    // Ticks this near to zero can be multiplied back to prices anywhere in a directory that holds them.
    const std::int64_t max_tick =
        std::numeric_limits<std::int64_t>::max() / tick_nanos - (kMaxPages + 2) * kPageTicks;
    const std::int64_t tick = price / tick_nanos;
    const bool pageable = price % tick_nanos == 0 && tick <= max_tick && tick >= -max_tick;
    if (!pageable || !cover(tick >> 6)) return make_overflow_cell(price, side);
    const std::uint32_t page = new_page();
    const std::int64_t position = (tick >> 6) - first_page_;
    pages_[page].first_tick = tick & ~(kPageTicks - 1);
    pages_[page].position = static_cast<std::uint32_t>(position);
    directory_[static_cast<std::size_t>(position)] = page;
    return paged_cell(price, side);
}

// Stretches the directory to hold a page number, with some room on both sides; false if it would become too
// long.
bool Ladder::cover(std::int64_t page_number) {
    const auto length = static_cast<std::int64_t>(directory_.size());
    const std::int64_t first = length == 0 ? page_number : std::min(first_page_, page_number);
    const std::int64_t last = length == 0 ? page_number : std::max(first_page_ + length - 1, page_number);
    if (first_page_ <= page_number && page_number < first_page_ + length) return true;
    const std::int64_t needed = last - first + 1;
    if (needed > kMaxPages) return false;
    const std::int64_t margin = std::min(std::max<std::int64_t>(needed / 4, 4), (kMaxPages - needed) / 2);
    const std::int64_t new_first = first - margin;
    std::vector<std::uint32_t> directory(static_cast<std::size_t>(needed + 2 * margin), 0);
    if (length != 0)
        std::copy(directory_.begin(), directory_.end(), directory.begin() + (first_page_ - new_first));
    directory_ = std::move(directory);
    first_page_ = new_first;
    for (auto& bitmap : occupied_pages_) bitmap.assign(directory_.size() / 64 + 1, 0);
    for (std::size_t position = 0; position < directory_.size(); ++position) {
        const std::uint32_t page = directory_[position];
        if (page == 0) continue;
        pages_[page].position = static_cast<std::uint32_t>(position);
        for (std::size_t side = 0; side < 2; ++side) {
            if (pages_[page].occupied[side] != 0)
                occupied_pages_[side][position / 64] |= std::uint64_t{1} << (position % 64);
        }
    }
    return true;
}

std::uint32_t Ladder::new_page() {
    SPY_ASSERT(pages_.size() < kNoCell / kPageCells);
    cells_.resize(cells_.size() + kPageCells);
    pages_.emplace_back();
    return static_cast<std::uint32_t>(pages_.size() - 1);
}

std::uint32_t Ladder::make_overflow_cell(std::int64_t price, market::Side side) {
    const std::size_t s = index(side);
    // A cell is in one of the maps from here on: occupied and parked ones are found, others taken from the
    // free list.
    for (const Map* map : {&overflow_[s], &parked_[s]}) {
        if (const auto found = map->find(price); found != map->end()) return found->second;
    }
    if (free_cells_[s].empty()) {
        const std::uint32_t page = new_page();
        pages_[page].overflow = true;
        pages_[page].position = static_cast<std::uint32_t>(overflow_price_.size() / kPageCells);
        overflow_price_.resize(overflow_price_.size() + kPageCells);
        for (std::uint32_t place = kPageCells; place-- > 0;)
            free_cells_[place % 2].push_back(page * kPageCells + place);
    }
    const std::uint32_t cell = free_cells_[s].back();
    free_cells_[s].pop_back();
    overflow_price_[pages_[cell / kPageCells].position * kPageCells + cell % kPageCells] = price;
    parked_[s].emplace(price, cell);
    return cell;
}

void Ladder::open(std::uint32_t cell, std::int64_t price) {
    const std::size_t side = cell & 1;
    Page& page = pages_[cell / kPageCells];
    if (page.overflow) [[unlikely]] {
        overflow_[side].insert(parked_[side].extract(price));
    } else {
        page.occupied[side] |= std::uint64_t{1} << (cell % kPageCells / 2);
        occupied_pages_[side][page.position / 64] |= std::uint64_t{1} << (page.position % 64);
    }
    ++level_count_[side];
    const bool better = side == kBid ? price > best_price_[side] : price < best_price_[side];
    if (better || best_cell_[side] == kNoCell) {
        best_price_[side] = price;
        best_cell_[side] = cell;
    }
}

void Ladder::close(std::uint32_t cell, bool keep) {
    const std::size_t side = cell & 1;
    Page& page = pages_[cell / kPageCells];
    if (page.overflow) [[unlikely]] {
        auto node = overflow_[side].extract(price(cell));
        if (keep) {
            parked_[side].insert(std::move(node));
        } else {
            free_cells_[side].push_back(cell);
        }
    } else {
        page.occupied[side] &= ~(std::uint64_t{1} << (cell % kPageCells / 2));
        if (page.occupied[side] == 0) {
            occupied_pages_[side][page.position / 64] &= ~(std::uint64_t{1} << (page.position % 64));
        }
    }
    --level_count_[side];
    if (best_cell_[side] == cell) find_best(side, cell);
}

void Ladder::find_best(std::size_t side, std::uint32_t from) {
    const Page& page = pages_[from / kPageCells];
    const auto end = static_cast<std::int64_t>(directory_.size()) - 1;
    std::uint32_t best = kNoCell;
    if (!page.overflow) {
        best = best_in_pages(side, page.position);
    } else if (end >= 0) {
        best = best_in_pages(side, side == kBid ? end : 0);
    }
    if (!overflow_[side].empty()) {
        const auto& [map_price, map_cell] =
            side == kBid ? *overflow_[side].rbegin() : *overflow_[side].begin();
        const bool better =
            best == kNoCell || (side == kBid ? map_price > price(best) : map_price < price(best));
        if (better) best = map_cell;
    }
    best_cell_[side] = best;
    best_price_[side] = best != kNoCell ? price(best) : side == kBid ? kNoBid : kNoAsk;
}

std::uint32_t Ladder::best_in_pages(std::size_t side, std::int64_t position) const {
    const auto& bitmap = occupied_pages_[side];
    auto word = static_cast<std::size_t>(position / 64);
    std::uint64_t pages = bitmap[word];
    if (side == kBid) {
        pages &= ~std::uint64_t{0} >> (63 - position % 64);
        while (pages == 0 && word > 0) pages = bitmap[--word];
    } else {
        pages &= ~std::uint64_t{0} << (position % 64);
        while (pages == 0 && word + 1 < bitmap.size()) pages = bitmap[++word];
    }
    if (pages == 0) return kNoCell;
    const int page_bit = side == kBid ? 63 - std::countl_zero(pages) : std::countr_zero(pages);
    const std::uint32_t page = directory_[word * 64 + static_cast<std::size_t>(page_bit)];
    const std::uint64_t ticks = pages_[page].occupied[side];
    const int tick_bit = side == kBid ? 63 - std::countl_zero(ticks) : std::countr_zero(ticks);
    return page * kPageCells + static_cast<std::uint32_t>(tick_bit) * 2 + static_cast<std::uint32_t>(side);
}

Ladder::TickRange Ladder::ticks_between(std::int64_t low, std::int64_t high) const {
    if (directory_.empty() || low > high) return {0, -1};
    const auto tick_nanos = static_cast<std::int64_t>(tick_nanos_);
    const std::int64_t first = floor_div(low, tick_nanos) + (low % tick_nanos != 0 ? 1 : 0);
    const std::int64_t last = floor_div(high, tick_nanos);
    const std::int64_t end = first_page_ + static_cast<std::int64_t>(directory_.size());
    const TickRange range{std::max(first, first_page_ * kPageTicks), std::min(last, end * kPageTicks - 1)};
    return range.last < range.first ? TickRange{0, -1} : range;
}

void Ladder::release_parked() {
    for (std::size_t side = 0; side < 2; ++side) {
        for (const auto& [price, cell] : parked_[side]) free_cells_[side].push_back(cell);
        parked_[side].clear();
    }
}

void Ladder::forget_rows() {
    for (Cell& cell : cells_) cell.row = 0;
}

std::size_t Ladder::memory_bytes() const {
    return cells_.capacity() * sizeof(Cell) + pages_.capacity() * sizeof(Page) +
           directory_.capacity() * sizeof(std::uint32_t) + overflow_price_.capacity() * sizeof(std::int64_t) +
           (occupied_pages_[0].capacity() + occupied_pages_[1].capacity()) * sizeof(std::uint64_t) +
           (overflow_[0].size() + overflow_[1].size() + parked_[0].size() + parked_[1].size()) * 48;
}

}  // namespace spymaster::book
