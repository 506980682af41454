#include "physics/gamma/flip_level.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "market/portable_math.hpp"

namespace spymaster::physics {

namespace {

constexpr double kResolution = 1e-7;  // points
constexpr int kMostSteps = 60;

double total_at(std::span<const FlipTerm> terms, double price) {
    const double log_price = market::portable_log(price);
    double total = 0.0;
    for (const FlipTerm& term : terms) {
        const double d1 = (log_price - term.log_strike) / term.deviation + 0.5 * term.deviation;
        total += term.weight * market::normal_density(d1);
    }
    return total;
}

struct Point {
    double price = 0.0;
    double total = 0.0;
};

// Between two prices whose totals have different signs. Every step at least halves the way between them.
double close_in(std::span<const FlipTerm> terms, Point a, Point b) {
    for (int step = 0; step < kMostSteps && std::abs(b.price - a.price) > kResolution; ++step) {
        Point middle{0.5 * (a.price + b.price), 0.0};
        middle.total = total_at(terms, middle.price);
        if (middle.total == 0.0) return middle.price;
        // Of the largest, as squares of small totals would underflow.
        const double most = std::max({std::abs(a.total), std::abs(b.total), std::abs(middle.total)});
        const double share = middle.total / most;
        const double root = std::sqrt(share * share - a.total / most * (b.total / most));
        const double way = (middle.price - a.price) * share / root;
        Point next{a.total > b.total ? middle.price + way : middle.price - way, 0.0};
        next.total = total_at(terms, next.price);
        if (next.total == 0.0) return next.price;
        const auto differ = [](const Point& one, const Point& other) {
            return (one.total < 0.0) != (other.total < 0.0);
        };
        if (differ(middle, next)) {
            a = middle;
            b = next;
        } else if (differ(a, next)) {
            b = next;
        } else {
            a = next;
        }
    }
    return 0.5 * (a.price + b.price);
}

// The way up or down from the underlying, strike after strike, to the first change of sign.
class Walk {
  public:
    Walk(std::span<const FlipTerm> terms, std::span<const double> strikes, double underlying, Point from,
         std::ptrdiff_t next, std::ptrdiff_t step)
        : terms_(terms),
          strikes_(strikes),
          underlying_(underlying),
          last_(underlying),
          here_(from),
          next_(next),
          step_(step) {}

    [[nodiscard]] bool ended() const { return change_ || next_ < 0 || next_ >= std::ssize(strikes_); }
    // How far from the underlying the next strike is. REQUIRES: !ended()
    [[nodiscard]] double next_distance() const {
        return std::abs(strikes_[static_cast<std::size_t>(next_)] - underlying_);
    }
    // A change beyond the last strike with a sign is at least so far away.
    [[nodiscard]] double distance() const { return std::abs(change_.value_or(last_) - underlying_); }
    [[nodiscard]] std::optional<double> change() const { return change_; }

    void go_on() {
        const double price = strikes_[static_cast<std::size_t>(next_)];
        const Point there{price, total_at(terms_, price)};
        next_ += step_;
        if (there.total == 0.0) return;  // underflow: too far from every strike to have a sign
        if (here_.total != 0.0 && (here_.total < 0.0) != (there.total < 0.0))
            change_ = close_in(terms_, here_, there);
        here_ = there;
        last_ = price;
    }

  private:
    std::span<const FlipTerm> terms_;
    std::span<const double> strikes_;
    double underlying_;
    double last_;  // strike with a sign that was reached
    Point here_;
    std::ptrdiff_t next_;
    std::ptrdiff_t step_;
    std::optional<double> change_;
};

}  // namespace

std::optional<double> flip_level(std::span<const FlipTerm> terms, std::span<const double> strikes,
                                 double underlying) {
    const Point here{underlying, total_at(terms, underlying)};
    const std::ptrdiff_t above = std::ranges::upper_bound(strikes, underlying) - strikes.begin();
    Walk down(terms, strikes, underlying, here, above - 1, -1);
    // Without a sign here, a change from the next below to the next above is one too.
    Point below = here;
    for (std::ptrdiff_t next = above - 1; below.total == 0.0 && next >= 0; --next) {
        const double price = strikes[static_cast<std::size_t>(next)];
        below = {price, total_at(terms, price)};
    }
    Walk up(terms, strikes, underlying, below.total == 0.0 ? here : below, above, 1);
    while (!up.ended() || !down.ended()) {
        const bool go_up = down.ended() || (!up.ended() && up.next_distance() <= down.next_distance());
        Walk& way = go_up ? up : down;
        const Walk& other = go_up ? down : up;
        // Nothing on this way can be nearer than what was found on the other.
        if (other.change() && way.distance() > other.distance()) break;
        way.go_on();
    }
    if (!up.change() || !down.change()) return up.change() ? up.change() : down.change();
    return up.distance() <= down.distance() ? up.change() : down.change();
}

}  // namespace spymaster::physics
