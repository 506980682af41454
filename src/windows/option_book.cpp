#include "windows/option_book.hpp"

#include <limits>

#include "base/assert.hpp"
#include "windows/flow_rows.hpp"

namespace spymaster::windows {

namespace {

std::size_t index(market::Side side) {
    return static_cast<std::size_t>(side);
}

void add_flow(book::SideFlow& sum, const DepthAndFlow1s& row) {
    sum.add += row.add_qty;
    sum.pull += row.pull_qty_total;
    sum.pull_rest += row.pull_qty_rest;
    sum.fill += row.fill_qty;
}

void add_whole(book::SideFlow& sum, const DepthAndFlow1s& row) {
    sum.start += row.depth_qty_start;
    sum.end += row.depth_qty_end;
    sum.rest += row.depth_qty_rest;
    add_flow(sum, row);
}

template <class Visit>
void for_each_level(const book::Book& book, market::Side side, Visit&& visit) {
    using Limits = std::numeric_limits<std::int64_t>;
    book.ladder().for_each_between(side, Limits::min(), Limits::max(),
                                   [&](std::uint32_t cell, std::int64_t) { visit(cell); });
}

// Every level of the book, and those that went: what is left after a disruption.
std::array<book::SideFlow, 2> scan(const book::Book& book, bool cleared) {
    std::array<book::SideFlow, 2> sums{};
    for (const market::Side side : market::kSides) {
        for_each_level(book, side, [&](std::uint32_t cell) {
            add_whole(sums[index(side)], flow_row(book, cell, cleared));
        });
    }
    for (const book::FlowRow& row : book.ledger().rows()) {
        if (book.ladder().cell(row.cell).qty == 0)
            add_whole(sums[index(book::Ladder::side(row.cell))], flow_row(book, row.cell, cleared));
    }
    return sums;
}

}  // namespace

book::Book* OptionBook::orders(market::PriceDelta tick, std::int64_t rest_ns) {
    if (auto* kept = std::get_if<std::unique_ptr<book::Book>>(&book_)) [[likely]]
        return kept->get();
    if (!std::holds_alternative<std::monostate>(book_)) return nullptr;
    ages_ = true;
    return book_.emplace<std::unique_ptr<book::Book>>(std::make_unique<book::Book>(tick, rest_ns)).get();
}

book::TopOfBook* OptionBook::quotes() {
    if (auto* kept = std::get_if<book::TopOfBook>(&book_)) [[likely]]
        return kept;
    return std::holds_alternative<std::monostate>(book_) ? &book_.emplace<book::TopOfBook>() : nullptr;
}

void OptionBook::begin_window(std::int64_t index, std::int64_t window_end) {
    window_ = index;
    if (auto* kept = std::get_if<std::unique_ptr<book::Book>>(&book_)) {
        (*kept)->begin_window(window_end, true);
        clears_ = (*kept)->continuity().clears();
        disruptions_ = (*kept)->continuity().disruptions();
    } else if (auto* quotes = std::get_if<book::TopOfBook>(&book_)) {
        quotes->begin_window();
    }
}

OptionBook::WindowFlow OptionBook::still() const {
    WindowFlow flow;
    for (std::size_t side = 0; side < depth_.size(); ++side) {
        flow.sides[side].start = flow.sides[side].end = depth_[side];
        flow.sides[side].rest = ages_ ? depth_[side] : 0;
    }
    return flow;
}

OptionBook::WindowFlow OptionBook::close_window() {
    WindowFlow flow;
    if (const auto* kept = std::get_if<std::unique_ptr<book::Book>>(&book_)) {
        flow = close_orders(**kept);
        read_state(**kept);
    } else if (const auto* quotes = std::get_if<book::TopOfBook>(&book_)) {
        for (const market::Side side : market::kSides) flow.sides[index(side)] = quotes->side_flow(side);
        flow.cleared = quotes->cleared();
        flow.disrupted = quotes->disrupted();
        read_state(*quotes);
    }
    for (std::size_t side = 0; side < depth_.size(); ++side) depth_[side] = flow.sides[side].end;
    return flow;
}

OptionBook::WindowFlow OptionBook::close_orders(const book::Book& book) {
    WindowFlow flow;
    flow.cleared = book.continuity().clears() != clears_;
    flow.disrupted = book.continuity().disruptions() != disruptions_;
    if (flow.disrupted) {
        flow.sides = scan(book, flow.cleared);
        return flow;
    }
    flow.sides = still().sides;
    for (const book::FlowRow& touched : book.ledger().rows()) {
        const DepthAndFlow1s row = flow_row(book, touched.cell, false);
        book::SideFlow& sum = flow.sides[index(row.side)];
        sum.end += row.depth_qty_end - row.depth_qty_start;
        sum.rest += row.depth_qty_rest - row.depth_qty_start;
        add_flow(sum, row);
    }
    return flow;
}

void OptionBook::settle() {
    if (const auto* kept = std::get_if<std::unique_ptr<book::Book>>(&book_)) {
        for (const market::Side side : market::kSides) {
            depth_[index(side)] = 0;
            for_each_level(**kept, side, [&](std::uint32_t cell) {
                depth_[index(side)] += (*kept)->ladder().cell(cell).qty;
            });
        }
        read_state(**kept);
    } else if (const auto* quotes = std::get_if<book::TopOfBook>(&book_)) {
        for (const market::Side side : market::kSides) depth_[index(side)] = quotes->quote(side).qty;
        read_state(*quotes);
    }
}

void OptionBook::read_state(const book::Book& book) {
    for (const market::Side side : market::kSides)
        best_[index(side)] = book.ladder().empty(side) ? 0 : book.ladder().best_price(side);
    trust_ = book.continuity().valid()        ? Trust::good
             : book.continuity().epoch() == 0 ? Trust::unreset
                                              : Trust::broken;
}

void OptionBook::read_state(const book::TopOfBook& book) {
    for (const market::Side side : market::kSides) best_[index(side)] = book.quote(side).price;
    trust_ = book.valid() ? Trust::good : Trust::broken;
}

std::size_t OptionBook::memory_bytes() const {
    if (const auto* kept = std::get_if<std::unique_ptr<book::Book>>(&book_))
        return sizeof(OptionBook) + (*kept)->memory_bytes();
    if (const auto* quotes = std::get_if<book::TopOfBook>(&book_))
        return sizeof(OptionBook) + quotes->memory_bytes() - sizeof(book::TopOfBook);
    return sizeof(OptionBook);
}

}  // namespace spymaster::windows
