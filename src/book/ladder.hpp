// The price levels of one book, both sides: an array indexed by tick, in pages, with the best of each side at
// hand.
//
//   price -> tick       one multiplication (modular inverse of the tick), checked by multiplying back
//   tick  -> block      64 ticks: a mask of the occupied ones and the pages of their cells, per side; blocks are an
//                       array over a bounded, contiguous range of ticks that grows with the prices seen
//   page                the cells of 32 ticks of one side, made when one of them is first used
//   next best price     the block's mask, then a bitmap of the occupied blocks
//
// Prices off the tick, and prices too far from the others or from zero (stub quotes), are kept in an ordered map per side
// instead; they cost more and mean the same. A level is named by its cell number, whose lowest bit is its
// side.
//
// PERF: away from the touch, a price is used by one side only. Pages of one side halve the memory of a book, and the blocks
// are few enough to stay in the cache (bench_book, 1,000 instruments: 107 to 36 KB a book, together with the order table).
//
// A level is occupied while its quantity is above 0. Cells also carry the flow ledger's row number
// (flow_ledger.hpp).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "market/price.hpp"
#include "market/side.hpp"

namespace spymaster::book {

struct Cell {
    std::int64_t qty = 0;
    std::uint32_t orders = 0;
    std::uint32_t row = 0;  // of the ledger; below the window's first row: none yet
};
static_assert(sizeof(Cell) == 16);

// A level as callers see it.
struct Level {
    market::Price price;
    std::int64_t qty = 0;
    std::uint32_t orders = 0;
    bool operator==(const Level&) const = default;
};

class Ladder {
  public:
    static constexpr std::uint32_t kNoCell = std::numeric_limits<std::uint32_t>::max();

    // REQUIRES: tick > 0
    explicit Ladder(market::PriceDelta tick);

    // The cell of a price and side, made if it is not there.
    [[nodiscard]] std::uint32_t cell_of(std::int64_t price, market::Side side) {
        const std::uint32_t cell = paged_cell(price, side);
        if (cell != kNoCell) [[likely]]
            return cell;
        return make_cell(price, side);
    }
    // The same without making it; kNoCell if it is not there.
    [[nodiscard]] std::uint32_t find_cell(std::int64_t price, market::Side side) const;

    [[nodiscard]] Cell& cell(std::uint32_t index) { return cells_[index >> 1]; }
    [[nodiscard]] const Cell& cell(std::uint32_t index) const { return cells_[index >> 1]; }
    [[nodiscard]] static market::Side side(std::uint32_t cell) { return static_cast<market::Side>(cell & 1); }
    [[nodiscard]] std::int64_t price(std::uint32_t cell) const;

    // The level `cell` has become occupied; its price is `price`.
    void open(std::uint32_t cell, std::int64_t price);
    // The level `cell` has become empty. Its cell number stays valid until release_parked() if `keep`.
    void close(std::uint32_t cell, bool keep);

    // Empties every level. keep(cell) is asked for each before, and means what it means in close().
    template <class Keep>
    void clear(Keep&& keep) {
        for (std::uint32_t side = 0; side < 2; ++side) {
            while (best_cell_[side] != kNoCell) {
                const std::uint32_t cell = best_cell_[side];
                const bool kept = keep(this->cell(cell));
                this->cell(cell).qty = 0;
                this->cell(cell).orders = 0;
                close(cell, kept);
            }
        }
    }

    // No row refers to a cell any more: those kept by close() may be used for other prices.
    void release_parked();
    // Sets every cell's row number to 0.
    void forget_rows();

    // Best prices. An empty side: INT64_MIN for bids, INT64_MAX for asks.
    [[nodiscard]] std::int64_t best_price(market::Side side) const { return best_price_[index(side)]; }
    [[nodiscard]] bool empty(market::Side side) const { return best_cell_[index(side)] == kNoCell; }
    // What rests at the best price; of an empty side 0.
    [[nodiscard]] std::int64_t best_qty(market::Side side) const {
        return empty(side) ? 0 : cell(best_cell_[index(side)]).qty;
    }
    // REQUIRES: !empty(side)
    [[nodiscard]] Level best(market::Side side) const { return level(best_cell_[index(side)]); }
    [[nodiscard]] Level level(std::uint32_t cell) const {
        return {{price(cell)}, this->cell(cell).qty, this->cell(cell).orders};
    }
    [[nodiscard]] std::uint32_t level_count(market::Side side) const { return level_count_[index(side)]; }

    // Calls visit(cell, price) for every occupied level of a side with low <= price <= high, prices
    // ascending.
    template <class Visit>
    void for_each_between(market::Side side, std::int64_t low, std::int64_t high, Visit&& visit) const {
        const auto& overflow = overflow_[index(side)];
        auto next = overflow.empty() ? overflow.end() : overflow.lower_bound(low);
        walk_blocks(side, low, high, [&](std::uint32_t cell, std::int64_t price) {
            for (; next != overflow.end() && next->first < price; ++next) visit(next->second, next->first);
            visit(cell, price);
        });
        for (; next != overflow.end() && next->first <= high; ++next) visit(next->second, next->first);
    }

    // Look-ahead: brings the cell of a price into the cache, if it has one.
    [[gnu::always_inline]] void prefetch(std::int64_t price, market::Side side) const {
        const std::int64_t tick = tick_of(price);
        const std::uint64_t position = block_of(tick);
        if (position >= blocks_.size()) [[unlikely]]
            return;
        const std::uint32_t page = blocks_[position].pages[index(side)][page_in_block(tick)];
        __builtin_prefetch(&cells_[cell_number(page, tick & (kPageTicks - 1), index(side)) >> 1], 1);
    }

    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    static constexpr std::int64_t kBlockTicks = 64;
    static constexpr std::int64_t kMaxBlocks = 4096;  // 262,144 ticks
    static constexpr std::int64_t kPageTicks = 32;
    static constexpr std::int64_t kFarTick = std::int64_t{1}
                                             << 23;  // $83,886 in cents: beyond it only the maps
    static constexpr std::size_t kBlockPages = kBlockTicks / kPageTicks;

    struct Block {                                                      // half a cache line
        std::array<std::uint64_t, 2> occupied{};                        // by side, a bit per tick
        std::array<std::array<std::uint32_t, kBlockPages>, 2> pages{};  // by side; 0: none
    };
    static_assert(sizeof(Block) == 32);
    struct Page {
        std::int64_t first = 0;  // its first tick; of an overflow page: its first place in overflow_price_
        bool overflow = false;   // holds cells of the maps instead of neighbouring ticks
    };
    using Map = std::map<std::int64_t, std::uint32_t>;

    static std::size_t index(market::Side side) { return static_cast<std::size_t>(side); }
    // The cell at a place (0 to kPageTicks - 1) of a page; and back.
    static std::uint32_t cell_number(std::uint32_t page, std::int64_t place, std::size_t side) {
        return (page * std::uint32_t{kPageTicks} + static_cast<std::uint32_t>(place)) << 1 |
               static_cast<std::uint32_t>(side);
    }
    static std::uint32_t page_of(std::uint32_t cell) { return (cell >> 1) / std::uint32_t{kPageTicks}; }
    static std::int64_t place_of(std::uint32_t cell) { return (cell >> 1) % std::uint32_t{kPageTicks}; }

    // Of a price on the tick, its tick; of another, anything.
    [[nodiscard]] std::int64_t tick_of(std::int64_t price) const {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(price >> tick_shift_) * tick_inverse_);
    }
    // Position of a tick's block, at or above blocks_.size() if there is none.
    [[nodiscard]] std::uint64_t block_of(std::int64_t tick) const {
        return static_cast<std::uint64_t>((tick >> 6) - first_block_);
    }

    static std::size_t page_in_block(std::int64_t tick) {
        return static_cast<std::size_t>(tick & (kBlockTicks - 1)) / kPageTicks;
    }

    // kNoCell if the price is off the tick, or its page is not there.
    [[nodiscard]] std::uint32_t paged_cell(std::int64_t price, market::Side side) const {
        const std::int64_t tick = tick_of(price);
        const std::uint64_t position = block_of(tick);
        // Within the blocks tick * tick_nanos cannot overflow, so equality is divisibility.
        if (position >= blocks_.size() ||
            static_cast<std::int64_t>(static_cast<std::uint64_t>(tick) * tick_nanos_) != price)
            return kNoCell;
        const std::uint32_t page = blocks_[position].pages[index(side)][page_in_block(tick)];
        if (page == 0) return kNoCell;
        return cell_number(page, tick & (kPageTicks - 1), index(side));
    }
    // for_each_between without the maps: visit(cell, price).
    template <class Visit>
    void walk_blocks(market::Side side, std::int64_t low, std::int64_t high, Visit&& visit) const {
        const auto [first, last] = ticks_between(low, high);
        for (std::int64_t number = first >> 6; number <= last >> 6; ++number) {
            const Block& block = blocks_[static_cast<std::size_t>(number - first_block_)];
            std::uint64_t mask = block.occupied[index(side)];
            if (number == first >> 6) mask &= ~std::uint64_t{0} << (first & 63);
            if (number == last >> 6) mask &= ~std::uint64_t{0} >> (63 - (last & 63));
            for (; mask != 0; mask &= mask - 1) {
                const int bit = std::countr_zero(mask);
                visit(cell_at(block, bit, index(side)),
                      (number * kBlockTicks + bit) * static_cast<std::int64_t>(tick_nanos_));
            }
        }
    }
    // The cell of a tick of a block, which is there.
    static std::uint32_t cell_at(const Block& block, int bit, std::size_t side) {
        return cell_number(block.pages[side][static_cast<std::size_t>(bit / kPageTicks)], bit % kPageTicks,
                           side);
    }

    struct TickRange {
        std::int64_t first;
        std::int64_t last;  // below first: empty
    };
    // The ticks of the blocks whose prices lie in [low, high].
    [[nodiscard]] TickRange ticks_between(std::int64_t low, std::int64_t high) const;

    std::uint32_t make_cell(std::int64_t price, market::Side side);
    std::uint32_t make_overflow_cell(std::int64_t price, market::Side side);
    std::uint32_t new_page(Page page);
    bool cover(std::int64_t block_number);
    // Finds the best level of a side again, knowing that none is better than the level `from` was.
    void find_best(std::size_t side, std::uint32_t from);
    // The best level in blocks at or behind a position; kNoCell if there is none.
    [[nodiscard]] std::uint32_t best_in_blocks(std::size_t side, std::int64_t position) const;

    std::uint64_t tick_nanos_;
    std::uint64_t tick_inverse_;    // of the odd part of the tick, modulo 2^64
    int tick_shift_;                // the tick is its odd part shifted left by this
    std::int64_t first_block_ = 0;  // number (tick / 64) of the first of blocks_
    std::vector<Block> blocks_;
    std::vector<Cell> cells_;  // pages_.size() * kPageTicks
    std::vector<Page> pages_;  // the first is never used
    std::array<std::int64_t, 2> best_price_{std::numeric_limits<std::int64_t>::max(),
                                            std::numeric_limits<std::int64_t>::min()};
    std::array<std::uint32_t, 2> best_cell_{kNoCell, kNoCell};
    std::array<std::uint32_t, 2> level_count_{};
    std::array<std::vector<std::uint64_t>, 2> occupied_blocks_;  // by side, a bit per block

    std::array<Map, 2> overflow_;                           // occupied levels by price
    std::array<Map, 2> parked_;                             // empty ones that a row may still refer to
    std::array<std::vector<std::uint32_t>, 2> free_cells_;  // of overflow pages, by side
    std::vector<std::int64_t> overflow_price_;
};

}  // namespace spymaster::book
