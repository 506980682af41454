// The price levels of one book, both sides: an array indexed by tick, in pages, with the best of each side at
// hand.
//
//   price -> tick       one multiplication (modular inverse of the tick), checked by multiplying back
//   tick  -> page       a directory over a bounded, contiguous range of pages that grows with the prices seen
//   page                64 ticks, bid and ask of a tick side by side, and per side a mask of the occupied
//   ticks next best price     the page's mask, then a bitmap of the occupied pages
//
// Prices off the tick, and prices too far from the others (stub quotes), are kept in an ordered map per side
// instead; they cost more and mean the same. A level is named by its cell number, whose lowest bit is its
// side.
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

    [[nodiscard]] Cell& cell(std::uint32_t index) { return cells_[index]; }
    [[nodiscard]] const Cell& cell(std::uint32_t index) const { return cells_[index]; }
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
                const bool kept = keep(cells_[cell]);
                cells_[cell].qty = 0;
                cells_[cell].orders = 0;
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
    // REQUIRES: !empty(side)
    [[nodiscard]] Level best(market::Side side) const { return level(best_cell_[index(side)]); }
    [[nodiscard]] Level level(std::uint32_t cell) const {
        return {{price(cell)}, cells_[cell].qty, cells_[cell].orders};
    }
    [[nodiscard]] std::uint32_t level_count(market::Side side) const { return level_count_[index(side)]; }

    // Calls visit(cell, price) for every occupied level of a side with low <= price <= high, prices
    // ascending.
    template <class Visit>
    void for_each_between(market::Side side, std::int64_t low, std::int64_t high, Visit&& visit) const {
        const auto& overflow = overflow_[index(side)];
        auto next = overflow.empty() ? overflow.end() : overflow.lower_bound(low);
        walk_pages(side, low, high, [&](std::uint32_t cell, std::int64_t price) {
            for (; next != overflow.end() && next->first < price; ++next) visit(next->second, next->first);
            visit(cell, price);
        });
        for (; next != overflow.end() && next->first <= high; ++next) visit(next->second, next->first);
    }

    // Look-ahead: brings the cell of a price into the cache.
    void prefetch(std::int64_t price) const {
        const std::uint32_t cell = paged_cell(price, market::Side::ask);
        if (cell != kNoCell) __builtin_prefetch(&cells_[cell], 1);
    }
    [[nodiscard]] std::uint32_t row_hint(std::int64_t price, market::Side side) const {
        const std::uint32_t cell = paged_cell(price, side);
        return cell == kNoCell ? 0 : cells_[cell].row;
    }

    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    static constexpr std::int64_t kPageTicks = 64;
    static constexpr std::uint32_t kPageCells = 128;
    static constexpr std::int64_t kMaxPages = 4096;  // of the directory: 262,144 ticks

    struct Page {
        std::int64_t first_tick = 0;  // of a directory page
        std::uint32_t position = 0;   // in the directory; of an overflow page: in overflow_price_, in pages
        bool overflow = false;        // holds cells of the maps instead of neighbouring ticks
        std::array<std::uint64_t, 2> occupied{};  // by side, a bit per tick
    };
    using Map = std::map<std::int64_t, std::uint32_t>;

    static std::size_t index(market::Side side) { return static_cast<std::size_t>(side); }

    // kNoCell if the price is off the tick, or its page is not there.
    [[nodiscard]] std::uint32_t paged_cell(std::int64_t price, market::Side side) const {
        const std::int64_t tick =
            static_cast<std::int64_t>(static_cast<std::uint64_t>(price >> tick_shift_) * tick_inverse_);
        const std::uint64_t position = static_cast<std::uint64_t>((tick >> 6) - first_page_);
        // Within the directory tick * tick_nanos cannot overflow, so equality is divisibility.
        if (position >= directory_.size() ||
            static_cast<std::int64_t>(static_cast<std::uint64_t>(tick) * tick_nanos_) != price)
            return kNoCell;
        const std::uint32_t page = directory_[position];
        if (page == 0) return kNoCell;
        return (page << 7) | static_cast<std::uint32_t>((tick & 63) << 1) | static_cast<std::uint32_t>(side);
    }

    // for_each_between without the maps: visit(cell, price).
    template <class Visit>
    void walk_pages(market::Side side, std::int64_t low, std::int64_t high, Visit&& visit) const {
        const auto [first, last] = ticks_between(low, high);
        for (std::int64_t number = first >> 6; number <= last >> 6; ++number) {
            const std::uint32_t page = directory_[static_cast<std::size_t>(number - first_page_)];
            std::uint64_t mask = pages_[page].occupied[index(side)];
            if (number == first >> 6) mask &= ~std::uint64_t{0} << (first & 63);
            if (number == last >> 6) mask &= ~std::uint64_t{0} >> (63 - (last & 63));
            for (; mask != 0; mask &= mask - 1) {
                const int bit = std::countr_zero(mask);
                const std::uint32_t cell =
                    (page << 7) | (static_cast<std::uint32_t>(bit) << 1) | static_cast<std::uint32_t>(side);
                visit(cell, (number * kPageTicks + bit) * static_cast<std::int64_t>(tick_nanos_));
            }
        }
    }

    struct TickRange {
        std::int64_t first;
        std::int64_t last;  // below first: empty
    };
    // The ticks of the directory whose prices lie in [low, high].
    [[nodiscard]] TickRange ticks_between(std::int64_t low, std::int64_t high) const;

    std::uint32_t make_cell(std::int64_t price, market::Side side);
    std::uint32_t make_overflow_cell(std::int64_t price, market::Side side);
    std::uint32_t new_page();
    bool cover(std::int64_t page_number);
    // Finds the best level of a side again, knowing that none is better than the level `from` was.
    void find_best(std::size_t side, std::uint32_t from);
    // The best level in pages at or behind a directory position; kNoCell if there is none.
    [[nodiscard]] std::uint32_t best_in_pages(std::size_t side, std::int64_t position) const;

    std::uint64_t tick_nanos_;
    std::uint64_t tick_inverse_;  // of the odd part of the tick, modulo 2^64
    int tick_shift_;              // the tick is its odd part shifted left by this
    std::int64_t first_page_ = 0;
    std::vector<std::uint32_t> directory_;  // page number - first_page_ -> page; 0: none
    std::vector<Cell> cells_;               // pages_.size() * kPageCells
    std::vector<Page> pages_;               // the first is never used
    std::array<std::int64_t, 2> best_price_{std::numeric_limits<std::int64_t>::max(),
                                            std::numeric_limits<std::int64_t>::min()};
    std::array<std::uint32_t, 2> best_cell_{kNoCell, kNoCell};
    std::array<std::uint32_t, 2> level_count_{};
    std::array<std::vector<std::uint64_t>, 2> occupied_pages_;  // by side, a bit per directory position

    std::array<Map, 2> overflow_;                           // occupied levels by price
    std::array<Map, 2> parked_;                             // empty ones that a row may still refer to
    std::array<std::vector<std::uint32_t>, 2> free_cells_;  // of overflow pages, by side
    std::vector<std::int64_t> overflow_price_;
};

}  // namespace spymaster::book
