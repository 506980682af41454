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
    cells_.resize(kPageTicks);
}

std::int64_t Ladder::price(std::uint32_t cell) const {
    const Page& page = pages_[page_of(cell)];
    const std::int64_t at = page.first + place_of(cell);
    if (page.overflow) return overflow_price_[static_cast<std::size_t>(at)];
    return at * static_cast<std::int64_t>(tick_nanos_);
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
    // Ticks this near to zero can be multiplied back to prices anywhere in the blocks that hold them. And a stub quote
    // that comes first, such as $199,999.99, must not be what the blocks are laid around.
    const std::int64_t max_tick = std::min(
        kFarTick, std::numeric_limits<std::int64_t>::max() / tick_nanos - (kMaxBlocks + 2) * kBlockTicks);
    const std::int64_t tick = price / tick_nanos;
    const bool pageable = price % tick_nanos == 0 && tick <= max_tick && tick >= -max_tick;
    if (!pageable || !cover(tick >> 6)) return make_overflow_cell(price, side);
    const std::uint32_t page = new_page({.first = tick & ~(kPageTicks - 1)});
    blocks_[block_of(tick)].pages[index(side)][page_in_block(tick)] = page;
    return paged_cell(price, side);
}

// Stretches the blocks to hold a block number, with some room on both sides; false if they would become too many.
bool Ladder::cover(std::int64_t block_number) {
    const auto length = static_cast<std::int64_t>(blocks_.size());
    const std::int64_t first = length == 0 ? block_number : std::min(first_block_, block_number);
    const std::int64_t last = length == 0 ? block_number : std::max(first_block_ + length - 1, block_number);
    if (first_block_ <= block_number && block_number < first_block_ + length) return true;
    const std::int64_t needed = last - first + 1;
    if (needed > kMaxBlocks) return false;
    const std::int64_t margin = std::min(std::max<std::int64_t>(needed / 4, 4), (kMaxBlocks - needed) / 2);
    const std::int64_t new_first = first - margin;
    std::vector<Block> blocks(static_cast<std::size_t>(needed + 2 * margin));
    std::copy(blocks_.begin(), blocks_.end(), blocks.begin() + (length == 0 ? 0 : first_block_ - new_first));
    blocks_ = std::move(blocks);
    first_block_ = new_first;
    for (std::size_t side = 0; side < 2; ++side) {
        occupied_blocks_[side].assign(blocks_.size() / 64 + 1, 0);
        for (std::size_t position = 0; position < blocks_.size(); ++position) {
            if (blocks_[position].occupied[side] != 0)
                occupied_blocks_[side][position / 64] |= std::uint64_t{1} << (position % 64);
        }
    }
    return true;
}

std::uint32_t Ladder::new_page(Page page) {
    SPY_ASSERT(pages_.size() < kNoCell / 2 / kPageTicks);
    // A book has few pages, and there are many books: grown by a quarter, not doubled.
    if (pages_.size() == pages_.capacity()) {
        pages_.reserve(pages_.size() + pages_.size() / 4 + 4);
        cells_.reserve(pages_.capacity() * kPageTicks);
    }
    pages_.push_back(page);
    cells_.resize(pages_.size() * kPageTicks);
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
        const auto first = static_cast<std::int64_t>(overflow_price_.size());
        const std::uint32_t page = new_page({.first = first, .overflow = true});
        overflow_price_.resize(overflow_price_.size() + kPageTicks);
        for (std::int64_t place = kPageTicks; place-- > 0;)
            free_cells_[s].push_back(cell_number(page, place, s));
    }
    const std::uint32_t cell = free_cells_[s].back();
    free_cells_[s].pop_back();
    overflow_price_[static_cast<std::size_t>(pages_[page_of(cell)].first + place_of(cell))] = price;
    parked_[s].emplace(price, cell);
    return cell;
}

void Ladder::open(std::uint32_t cell, std::int64_t price) {
    const std::size_t side = cell & 1;
    const Page& page = pages_[page_of(cell)];
    if (page.overflow) [[unlikely]] {
        overflow_[side].insert(parked_[side].extract(price));
    } else {
        const std::uint64_t position = block_of(page.first);
        blocks_[position].occupied[side] |= std::uint64_t{1} << ((page.first + place_of(cell)) & 63);
        occupied_blocks_[side][position / 64] |= std::uint64_t{1} << (position % 64);
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
    const Page& page = pages_[page_of(cell)];
    if (page.overflow) [[unlikely]] {
        auto node = overflow_[side].extract(price(cell));
        if (keep) {
            parked_[side].insert(std::move(node));
        } else {
            free_cells_[side].push_back(cell);
        }
    } else {
        const std::uint64_t position = block_of(page.first);
        std::uint64_t& occupied = blocks_[position].occupied[side];
        occupied &= ~(std::uint64_t{1} << ((page.first + place_of(cell)) & 63));
        if (occupied == 0) occupied_blocks_[side][position / 64] &= ~(std::uint64_t{1} << (position % 64));
    }
    --level_count_[side];
    if (best_cell_[side] == cell) find_best(side, cell);
}

void Ladder::find_best(std::size_t side, std::uint32_t from) {
    const Page& page = pages_[page_of(from)];
    const auto end = static_cast<std::int64_t>(blocks_.size()) - 1;
    std::uint32_t best = kNoCell;
    if (!page.overflow) {
        best = best_in_blocks(side, static_cast<std::int64_t>(block_of(page.first)));
    } else if (end >= 0) {
        best = best_in_blocks(side, side == kBid ? end : 0);
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

std::uint32_t Ladder::best_in_blocks(std::size_t side, std::int64_t position) const {
    const auto& bitmap = occupied_blocks_[side];
    auto word = static_cast<std::size_t>(position / 64);
    std::uint64_t blocks = bitmap[word];
    if (side == kBid) {
        blocks &= ~std::uint64_t{0} >> (63 - position % 64);
        while (blocks == 0 && word > 0) blocks = bitmap[--word];
    } else {
        blocks &= ~std::uint64_t{0} << (position % 64);
        while (blocks == 0 && word + 1 < bitmap.size()) blocks = bitmap[++word];
    }
    if (blocks == 0) return kNoCell;
    const int block_bit = side == kBid ? 63 - std::countl_zero(blocks) : std::countr_zero(blocks);
    const Block& block = blocks_[word * 64 + static_cast<std::size_t>(block_bit)];
    const std::uint64_t ticks = block.occupied[side];
    return cell_at(block, side == kBid ? 63 - std::countl_zero(ticks) : std::countr_zero(ticks), side);
}

Ladder::TickRange Ladder::ticks_between(std::int64_t low, std::int64_t high) const {
    if (blocks_.empty() || low > high) return {0, -1};
    const auto tick_nanos = static_cast<std::int64_t>(tick_nanos_);
    const std::int64_t first = floor_div(low, tick_nanos) + (low % tick_nanos != 0 ? 1 : 0);
    const std::int64_t last = floor_div(high, tick_nanos);
    const std::int64_t end = first_block_ + static_cast<std::int64_t>(blocks_.size());
    const TickRange range{std::max(first, first_block_ * kBlockTicks), std::min(last, end * kBlockTicks - 1)};
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
           blocks_.capacity() * sizeof(Block) + overflow_price_.capacity() * sizeof(std::int64_t) +
           (occupied_blocks_[0].capacity() + occupied_blocks_[1].capacity()) * sizeof(std::uint64_t) +
           (overflow_[0].size() + overflow_[1].size() + parked_[0].size() + parked_[1].size()) * 48;
}

}  // namespace spymaster::book
