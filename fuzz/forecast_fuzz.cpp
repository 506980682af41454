// Fields, spots, options and parameters of any bits, NaN and infinity among them, on grids of any width: the forecast
// must not crash, and everything in it is finite and within its bounds.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "base/assert.hpp"
#include "forecast/forecaster.hpp"

namespace {

using namespace spymaster;

// Values from the input, over and over; 0 if it is empty.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    template <class T>
    T next() {
        T value{};
        auto* to = reinterpret_cast<unsigned char*>(&value);
        for (std::size_t i = 0; i < sizeof value && size_ > 0; ++i) to[i] = data_[at_++ % size_];
        return value;
    }

    // Of gold's size, or any bits.
    double number() {
        const auto kind = next<std::uint8_t>();
        if (kind < 64) return 0.0;
        if (kind < 128) return next<std::int8_t>() / 8.0;
        return next<double>();
    }

    std::vector<double> numbers(std::size_t count) {
        std::vector<double> values(count);
        std::ranges::generate(values, [&] { return number(); });
        return values;
    }

  private:
    const std::uint8_t* data_;
    std::size_t size_;
    std::size_t at_ = 0;
};

void check_way(const forecast::Way& way) {
    SPY_ASSERT(way.D >= 1 && way.D <= forecast::kReachTicks);
    for (const double value : {way.wall, way.vacuum, way.reinforce, way.run_score, way.corridor})
        SPY_ASSERT(std::isfinite(value));
    SPY_ASSERT(way.vacuum >= 0.0 && way.reinforce >= 0.0 && way.corridor >= 0.0);
}

void check(const forecast::Forecast1s& out) {
    check_way(out.up);
    check_way(out.down);
    for (const double value : {out.force, out.damping, out.drive, out.velocity})
        SPY_ASSERT(std::isfinite(value));
    for (const double delta : out.delta) SPY_ASSERT(std::abs(delta) <= 80.0);
    for (const forecast::PathStep& step : out.path) {
        SPY_ASSERT(std::abs(step.predicted_tick_delta) <= 80);
        SPY_ASSERT(step.confidence >= 0.0 && step.confidence <= 1.0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr int kHalfWidths[] = {1, 15, 63, 64, 100, 145, 200, 400};
    Input in(data, size);
    market::Grid grid;
    grid.half_width_ticks = kHalfWidths[in.next<std::uint8_t>() % 8];
    if (in.next<std::uint8_t>() % 4 == 0) grid.tick = {1};
    market::Grid strikes = grid;
    strikes.step_ticks = 1 + in.next<std::uint8_t>() % 40;
    strikes.half_width_ticks = strikes.step_ticks * (1 + in.next<std::uint8_t>() % 20);
    const bool literal = in.next<std::uint8_t>() % 2 != 0;
    forecast::Forecaster forecaster(grid, strikes,
                                    literal ? forecast::Sampling::literal : forecast::Sampling::ahead);

    for (int second = 0; second < 3; ++second) {
        const forecast::Second now{in.next<std::int64_t>(), in.next<std::int64_t>(), in.next<std::int64_t>(),
                                   in.next<std::uint8_t>() % 4 != 0};
        const auto rows = static_cast<std::size_t>(2 * grid.rows_per_side());
        const std::vector<double> u_near = in.numbers(rows);
        const std::vector<double> u_p_slow = in.numbers(rows);
        const std::vector<double> omega = in.numbers(rows);
        const std::vector<double> pressure = in.numbers(rows);
        const bool options = in.next<std::uint8_t>() % 2 != 0;
        const std::vector<double> obstacles =
            in.numbers(options ? static_cast<std::size_t>(strikes.rows_per_side()) : 0);
        const double beta = std::abs(in.number());  // as read from a calibration: finite, gamma a share
        const forecast::Parameters parameters{std::isfinite(beta) ? beta : 1.0,
                                              in.next<std::uint8_t>() / 255.0};
        const forecast::Forecast1s& out =
            forecaster.forecast(now, {u_near, u_p_slow, omega, pressure}, obstacles, parameters);
        SPY_ASSERT(out.given == (now.valid && now.spot_ref_price_int > 0));
        check(out.given ? out
                        : forecaster.forecast({0, 1, 0, true}, {u_near, u_p_slow, omega, pressure}, obstacles,
                                              parameters));
    }
    return 0;
}
