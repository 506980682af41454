#include "forecast/baselines/micro_price.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace spymaster::forecast {

namespace {

// Ten minutes of seconds: books forget within a few.
constexpr int kMostSteps = 600;
constexpr double kStill = 1e-9;  // ticks

bool has_two_sides(const Observation& second) {
    return second.bid_qty > 0 && second.ask_qty > 0;
}

double mid_of(const Observation& second) {
    return 0.5 * (second.bid_tick + second.ask_tick);
}

// None for equal quantities: such a book is its own mirror image, so nothing is expected of it.
std::optional<std::size_t> imbalance_state(const Observation& second) {
    if (second.bid_qty == second.ask_qty) return std::nullopt;
    const auto smaller = static_cast<double>(std::min(second.bid_qty, second.ask_qty));
    const auto larger = static_cast<double>(std::max(second.bid_qty, second.ask_qty));
    // By the smaller one, so that mirror images always lie in mirrored states.
    const double tenths = smaller / (smaller + larger) * static_cast<double>(kImbalanceStates);
    const std::size_t state = std::min(kImbalanceStates / 2 - 1, static_cast<std::size_t>(tenths));
    return second.bid_qty < second.ask_qty ? state : kImbalanceStates - 1 - state;
}

std::size_t spread_state(const Observation& second) {
    const double ticks = std::nearbyint(second.ask_tick - second.bid_tick);
    return static_cast<std::size_t>(std::clamp(ticks, 1.0, static_cast<double>(kSpreadStates))) - 1;
}

std::optional<std::size_t> state_of(const Observation& second) {
    const std::optional<std::size_t> imbalance = imbalance_state(second);
    if (!imbalance) return std::nullopt;
    return spread_state(second) * kImbalanceStates + *imbalance;
}

// The same spread, seen by who trades the other way.
std::size_t mirror_of(std::size_t state) {
    const std::size_t imbalance = state % kImbalanceStates;
    return state - imbalance + (kImbalanceStates - 1 - imbalance);
}

}  // namespace

double micro_price_forecast(const MicroPriceModel& model, const Observation& now) {
    if (!has_two_sides(now)) return 0.0;
    const std::optional<std::size_t> imbalance = imbalance_state(now);
    const double adjustment = imbalance ? model.adjustment[spread_state(now)][*imbalance] : 0.0;
    return mid_of(now) + adjustment - static_cast<double>(now.spot_tick);
}

void MicroPriceChain::add(const StudyDay& day) {
    for (std::size_t i = 0; i < day.seconds.size(); ++i) {
        const Observation& now = day.seconds[i];
        const Observation* next = valid_second_from(day, i, 1);
        if (!now.valid || next == nullptr || !has_two_sides(now) || !has_two_sides(*next)) continue;
        ++samples_;
        const std::optional<std::size_t> from = state_of(now);
        if (!from) continue;
        const std::optional<std::size_t> to = state_of(*next);
        const std::size_t mirror = mirror_of(*from);
        const double mid_change = mid_of(*next) - mid_of(now);
        left_[*from] += 1.0;
        left_[mirror] += 1.0;
        moved_[*from] += mid_change;
        moved_[mirror] -= mid_change;
        if (!to) continue;  // nothing more is expected from there
        counts_[*from][*to] += 1.0;
        counts_[mirror][mirror_of(*to)] += 1.0;
    }
}

MicroPriceModel MicroPriceChain::fit() const {
    std::array<double, kStates> step{};  // P ... P r: the change expected in the second that is so many ahead
    for (std::size_t x = 0; x < kStates; ++x)
        if (left_[x] > 0.0) step[x] = moved_[x] / left_[x];
    std::array<double, kStates> sum = step;
    const auto is_still = [&step](std::size_t x) { return std::abs(step[x]) <= kStill; };
    for (int n = 0; n < kMostSteps; ++n) {
        std::array<double, kStates> next{};
        for (std::size_t x = 0; x < kStates; ++x) {
            if (left_[x] == 0.0) continue;
            for (std::size_t y = 0; y < kStates; ++y) next[x] += counts_[x][y] / left_[x] * step[y];
            sum[x] += next[x];
        }
        step = next;
        if (std::ranges::all_of(step, [](double ticks) { return std::abs(ticks) <= kStill; })) break;
    }
    MicroPriceModel model;
    model.samples = samples_;
    for (std::size_t x = 0; x < kStates; ++x) {
        const std::size_t mirror = mirror_of(x);
        if (!is_still(x) || !is_still(mirror)) continue;
        // Sums in another order differ by a rounding; opposites are exactly so.
        model.adjustment[x / kImbalanceStates][x % kImbalanceStates] = 0.5 * (sum[x] - sum[mirror]);
    }
    return model;
}

}  // namespace spymaster::forecast
