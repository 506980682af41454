// The levels around a price that say something about a window: those that are occupied at its end, and those that had flow in
// it and have nothing left.
#pragma once

#include <cstdint>
#include <vector>

#include "book/book.hpp"
#include "market/side.hpp"
#include "windows/price_range.hpp"

namespace spymaster::windows {

class TouchedLevels {
  public:
    // visit(cell, price) for every touched level of a side in a range, prices ascending.
    template <class Visit>
    void for_each(const book::Book& book, market::Side side, PriceRange range, Visit&& visit) {
        find_gone(book, side, range);
        auto gone = gone_.begin();
        book.ladder().for_each_between(side, range.low, range.high,
                                       [&](std::uint32_t cell, std::int64_t price) {
                                           for (; gone != gone_.end() && gone->price < price; ++gone)
                                               visit(gone->cell, gone->price);
                                           visit(cell, price);
                                       });
        for (; gone != gone_.end(); ++gone) visit(gone->cell, gone->price);
    }

  private:
    struct Gone {
        std::int64_t price;
        std::uint32_t cell;
    };
    void find_gone(const book::Book& book, market::Side side, PriceRange range);

    std::vector<Gone> gone_;  // levels of a side with flow in the window and nothing left; reused
};

}  // namespace spymaster::windows
