#include "physics/gamma/flip_level.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

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

// The first change of sign on the way from `here` through the prices.
std::optional<double> first_change(std::span<const FlipTerm> terms, Point here, auto&& prices) {
    for (const double price : prices) {
        const Point there{price, total_at(terms, price)};
        if (there.total == 0.0) continue;  // underflow: too far from every strike to have a sign
        if (here.total != 0.0 && (here.total < 0.0) != (there.total < 0.0))
            return close_in(terms, here, there);
        here = there;
    }
    return std::nullopt;
}

}  // namespace

std::optional<double> flip_level(std::span<const FlipTerm> terms, std::span<const double> strikes,
                                 double underlying) {
    Point here{underlying, total_at(terms, underlying)};
    const auto split =
        static_cast<std::size_t>(std::ranges::upper_bound(strikes, underlying) - strikes.begin());
    const auto below = strikes.first(split) | std::views::reverse;
    const auto down = first_change(terms, here, below);
    // Without a sign here, a change from the next below to the next above is one too.
    for (auto price = below.begin(); here.total == 0.0 && price != below.end(); ++price)
        here = {*price, total_at(terms, *price)};
    const auto up = first_change(terms, here, strikes.subspan(split));
    if (!up || !down) return up ? up : down;
    return std::abs(*up - underlying) <= underlying - *down ? up : down;
}

}  // namespace spymaster::physics
