#include "forecast/evaluation/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace spymaster::forecast {

namespace {

// splitmix64 (Steele, Lea, Flood 2014): the same sequence on every machine.
class Draws {
  public:
    explicit Draws(std::uint64_t seed) : state_(seed) {}
    // 0 .. n-1, uneven by at most one part in 2^32 / n. REQUIRES: n below 2^32.
    std::size_t below(std::size_t n) {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return ((z ^ (z >> 31)) >> 32) * n >> 32;
    }

  private:
    std::uint64_t state_;
};

// Student's t where the normal curve has z: the first terms of its expansion, good to a few thousandths from 9 degrees on.
double student_t(double z, double degrees) {
    const double z3 = z * z * z;
    const double z5 = z3 * z * z;
    return z + (z3 + z) / (4.0 * degrees) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees * degrees);
}

double widening(const Tail& tail, const Support& support) {
    const auto n = static_cast<double>(support.blocks);
    const double overlap =
        static_cast<double>(support.horizon_s) / (3.0 * static_cast<double>(support.block_seconds));
    return student_t(tail.z, n - 1.0) / tail.z * std::sqrt(n / (n - 1.0)) / std::sqrt(1.0 - overlap);
}

// Between the two nearest in proportion. REQUIRES: sorted, not empty.
double quantile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    const double part = place - static_cast<double>(below);
    return part == 0.0 ? sorted[below] : sorted[below] + (sorted[above] - sorted[below]) * part;
}

}  // namespace

std::vector<Tally> resampled_totals(std::span<const Tally> blocks, std::size_t resamples,
                                    std::uint64_t seed) {
    std::vector<Tally> totals(resamples);
    Draws draws(seed);
    for (Tally& total : totals) {
        Tally sum;
        for (std::size_t i = 0; i < blocks.size(); ++i) sum += blocks[draws.below(blocks.size())];
        total = sum;
    }
    return totals;
}

std::optional<Interval> interval_about(double estimate, std::vector<double> drawn, const Tail& tail,
                                       const Support& support) {
    SPY_ASSERT(static_cast<std::size_t>(support.horizon_s) < 3 * support.block_seconds);
    if (support.blocks < kFewestBlocks || drawn.empty()) return std::nullopt;
    std::ranges::sort(drawn);
    if (!std::isfinite(drawn.front()) || !std::isfinite(drawn.back())) return std::nullopt;
    const double wider = widening(tail, support);
    const double below = std::max(0.0, estimate - quantile(drawn, tail.share));
    const double above = std::max(0.0, quantile(drawn, 1.0 - tail.share) - estimate);
    return Interval{estimate - wider * below, estimate + wider * above};
}

Interval wilson_interval(std::int64_t k, std::int64_t n, const Tail& tail) {
    const auto trials = static_cast<double>(n);
    const double share = static_cast<double>(k) / trials;
    const double zz = tail.z * tail.z;
    const double centre = (share + zz / (2.0 * trials)) / (1.0 + zz / trials);
    const double half = tail.z * std::sqrt(share * (1.0 - share) / trials + zz / (4.0 * trials * trials)) /
                        (1.0 + zz / trials);
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace spymaster::forecast
