// Days of observations, made: by hand, or as markets whose truth is known.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "forecast/calibration/calibration.hpp"
#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast::testing {

inline constexpr std::int64_t kSecond = 1'000'000'000;

// 09:30 in New York on 2026-01-05, a Monday; later days follow on it.
inline std::int64_t opening_ns(int day) {
    return (1'767'623'400LL + 86'400LL * day) * kSecond;
}

// Valid seconds from 09:30 on, with these spots and nothing else.
inline StudyDay day_of(std::span<const std::int64_t> spots, int day = 0) {
    StudyDay made{.date = {2026, 1, 5 + day}, .seconds = {}};
    for (const std::int64_t spot : spots) {
        Observation& second = made.seconds.emplace_back();
        second.window_end_ts_ns = opening_ns(day) + std::ssize(made.seconds) * kSecond;
        second.valid = true;
        second.spot_tick = spot;
    }
    return made;
}

// What stands in a second that is not valid must not matter.
inline void spoil(Observation& second, std::mt19937_64& random) {
    const auto any = [&random] { return static_cast<std::int64_t>(random() % 2'000) - 1'000; };
    second.valid = false;
    second.spot_tick = any();
    second.drive = static_cast<double>(any());
    for (std::int64_t& ticks : second.predicted_tick_delta) ticks = any();
    for (double& confidence : second.confidence) confidence = 0.001 * static_cast<double>(random() % 1'000);
    second.bid_tick = static_cast<double>(any());
    second.ask_tick = second.bid_tick + 1.0;
    second.bid_qty = 1 + static_cast<std::int64_t>(random() % 100);
    second.ask_qty = 1 + static_cast<std::int64_t>(random() % 100);
    second.order_flow_imbalance_qty = any();
}

// Random numbers that are the same with every library: the sequence of the engine is given by the standard, those
// of its distributions are not.
class Noise {
  public:
    explicit Noise(std::uint64_t seed) : engine_(seed) {}
    double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
    bool chance(double share) { return unit() < share; }
    // Mean 0, variance 1: twelve uniforms.
    double normal() {
        double sum = -6.0;
        for (int i = 0; i < 12; ++i) sum += unit();
        return sum;
    }
    std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(engine_() % n); }
    std::mt19937_64& engine() { return engine_; }

  private:
    std::mt19937_64 engine_;
};

// A book a tick wide whose mid walks; the spot is the last trade, on either side of it.
struct RandomWalk {
    double volatility = 0.7;    // ticks a second, of the mid
    double trade_share = 1.0;   // of seconds with a trade; in others the spot stays where it is
    bool bounces = false;       // trades are at bid or ask, whichever; else at the bid
    double fields_noise = 0.3;  // of what the fields saw of where the spot went in their own second
};

// Predictions are left at 0.
inline StudyDay walk(const RandomWalk& market, std::size_t seconds, int day, Noise& noise) {
    StudyDay made{.date = {2026, 1, 5 + day}, .seconds = std::vector<Observation>(seconds)};
    double place = 20'000.0;
    std::int64_t spot = 20'000;
    for (std::size_t i = 0; i < seconds; ++i) {
        Observation& second = made.seconds[i];
        second.window_end_ts_ns = opening_ns(day) + static_cast<std::int64_t>(i + 1) * kSecond;
        second.valid = true;
        second.spot_tick = spot;
        const double moved = market.volatility * noise.normal();
        place += moved;
        second.bid_tick = std::floor(place);
        second.ask_tick = second.bid_tick + 1.0;
        second.bid_qty = 1 + noise.below(200);
        second.ask_qty = 1 + noise.below(200);
        const bool at_ask = market.bounces && noise.chance(0.5);
        if (noise.chance(market.trade_share))
            spot = static_cast<std::int64_t>(second.bid_tick) + (at_ask ? 1 : 0);
        second.order_flow_imbalance_qty =
            static_cast<std::int64_t>(std::nearbyint(100.0 * (moved + noise.normal())));
        second.drive = static_cast<double>(spot - second.spot_tick) + market.fields_noise * noise.normal();
    }
    return made;
}

// A market that does what the path's regression supposes, with a push that goes on for a while:
//   S(t+1) - S(t) = a (S(t) - S(t-1)) + b drive(t) + noise,   drive(t) = decay * drive(t-1) + ...
struct Planted {
    double a = 0.25;
    double b = 0.5;
    double decay = 0.9;
};

inline StudyDay planted(const Planted& market, std::size_t seconds, int day, Noise& noise) {
    StudyDay made{.date = {2026, 1, 5 + day}, .seconds = std::vector<Observation>(seconds)};
    std::int64_t spot = 20'000;
    std::int64_t moved = 0;
    double drive = 0.0;
    for (std::size_t i = 0; i < seconds; ++i) {
        Observation& second = made.seconds[i];
        second.window_end_ts_ns = opening_ns(day) + static_cast<std::int64_t>(i + 1) * kSecond;
        second.valid = true;
        second.spot_tick = spot;
        drive = market.decay * drive + std::sqrt(1.0 - market.decay * market.decay) * noise.normal();
        second.drive = drive;
        // Rounded down after a throw between 0 and 1, the mean is what it was; livelier where the push is stronger.
        const double expected = market.a * static_cast<double>(moved) + market.b * drive;
        const double shock = 0.5 * (1.0 + std::abs(drive)) * noise.normal();
        moved = static_cast<std::int64_t>(std::floor(expected + shock + noise.unit()));
        spot += moved;
        second.bid_tick = static_cast<double>(spot);
        second.ask_tick = second.bid_tick + 1.0;
        second.bid_qty = 1 + noise.below(200);
        second.ask_qty = 1 + noise.below(200);
        second.order_flow_imbalance_qty = noise.below(200) - 100;
    }
    return made;
}

// The path of every second, if the drive dies away by `decay` a second.
inline void say_paths(StudyDay& day, const Parameters& parameters, double decay) {
    for (std::size_t i = 0; i < day.seconds.size(); ++i) {
        Observation& now = day.seconds[i];
        const Observation* before = valid_second_from(day, i, -1);
        double velocity = before == nullptr ? 0.0 : static_cast<double>(now.spot_tick - before->spot_tick);
        double drive = now.drive;
        double delta = 0.0;
        std::size_t h = 0;
        for (int second = 1; second <= kStudyHorizons.back(); ++second, drive *= decay) {
            velocity = (1.0 - parameters.gamma) * velocity + parameters.beta * drive;
            delta += velocity;
            if (second != kStudyHorizons[h]) continue;
            now.predicted_tick_delta[h] = static_cast<std::int64_t>(std::nearbyint(delta));
            now.confidence[h] = std::tanh(std::abs(now.drive));
            ++h;
        }
    }
}

}  // namespace spymaster::forecast::testing
