#include "windows/touched_levels.hpp"

#include <algorithm>

namespace spymaster::windows {

namespace {

bool has_flow(const book::FlowRow& row) {
    return row.add != 0 || row.pull != 0 || row.fill != 0;
}

}  // namespace

void TouchedLevels::find_gone(const book::Book& book, market::Side side, PriceRange range) {
    gone_.clear();
    for (const book::FlowRow& row : book.ledger().rows()) {
        if (book::Ladder::side(row.cell) != side || book.ladder().cell(row.cell).qty != 0 || !has_flow(row))
            continue;
        const std::int64_t price = book.ladder().price(row.cell);
        if (range.contains(price)) gone_.push_back({price, row.cell});
    }
    std::sort(gone_.begin(), gone_.end(), [](const Gone& a, const Gone& b) { return a.price < b.price; });
}

}  // namespace spymaster::windows
