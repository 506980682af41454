// One option's book, market-by-order or best quotes, and what the last closed window left in it: what a chain needs
// of an option in which nothing happens.
//
// A book begins a window with its first record in it. An option without one costs nothing: its quantity is that of
// the window before, and, as rest_ns <= window_ns, all of it has rested.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "book/book.hpp"
#include "book/side_flow.hpp"
#include "book/top_of_book.hpp"

namespace spymaster::windows {

class OptionBook {
  public:
    // What is known of how good the book is.
    enum class Trust : std::uint8_t {
        unheard,  // no record yet
        unreset,  // records, but neither a clear nor a snapshot: good where the stream began with another's
        broken,   // loading, cleared or in a gap
        good,
    };

    // What a window did to the option. By side, as market::Side counts.
    struct WindowFlow {
        std::array<book::SideFlow, 2> sides{};
        bool cleared = false;    // a start has been deduced
        bool disrupted = false;  // a clear, a snapshot or a gap
    };

    // The state at the end of the last closed window. Best prices: 0 where the side is empty.
    [[nodiscard]] std::int64_t best_bid() const { return best_[static_cast<std::size_t>(market::Side::bid)]; }
    [[nodiscard]] std::int64_t best_ask() const { return best_[static_cast<std::size_t>(market::Side::ask)]; }
    [[nodiscard]] Trust trust() const { return trust_; }
    // What a window without a record of this option is.
    [[nodiscard]] WindowFlow still() const;

    // The market-by-order book, made if there is none; nullptr if the option is of best quotes. And the other way round.
    book::Book* orders(market::PriceDelta tick, std::int64_t rest_ns);
    book::TopOfBook* quotes();
    [[nodiscard]] const book::Book* orders() const {
        const auto* kept = std::get_if<std::unique_ptr<book::Book>>(&book_);
        return kept == nullptr ? nullptr : kept->get();
    }

    // The option's first record in window number `index`, which ends at `window_end`, is about to be applied.
    void begin_window(std::int64_t index, std::int64_t window_end);
    // The window its last record of a window begun belongs to.
    [[nodiscard]] std::int64_t window() const { return window_; }

    // Closes the window begun. REQUIRES: begun, and not closed yet.
    WindowFlow close_window();
    // Reads the state off the book, whatever its size: after the warm-up.
    void settle();

    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    WindowFlow close_orders(const book::Book& book);
    void read_state(const book::Book& book);
    void read_state(const book::TopOfBook& book);

    std::int64_t window_ = -1;
    std::array<std::int64_t, 2> depth_{};  // by side: all prices
    std::array<std::int64_t, 2> best_{};
    Trust trust_ = Trust::unheard;
    bool ages_ = false;         // of its quantity can be observed
    std::uint64_t clears_ = 0;  // of the book, when the window began
    std::uint64_t disruptions_ = 0;
    std::variant<std::monostate, std::unique_ptr<book::Book>, book::TopOfBook> book_;
};

}  // namespace spymaster::windows
