// Random numbers whose sequence is the same on every machine, compiler and library.
//
// xoshiro256** (Blackman, Vigna 2018) seeded by splitmix64. The samplers use only integer operations and IEEE
// + - * /, which are exactly rounded; the C library's log and exp are not, and differ between processors.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "market/portable_math.hpp"

namespace spymaster::feed {

// One step of splitmix64: also a good hash of a 64-bit value.
constexpr std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

// e^-x, to about 1e-15 relative; 0 beyond x = 700. REQUIRES: x >= 0.
constexpr double portable_exp_negative(double x) {
    if (x > 700.0) return 0.0;
    const int halvings = static_cast<int>(x * 1.4426950408889634);  // e^-x = 2^-halvings * e^-rest
    const double rest = x - halvings * 0.6931471805599453;
    double sum = 1.0;
    for (int k = 18; k >= 1; --k) sum = 1.0 - sum * rest / k;
    return sum * std::bit_cast<double>(static_cast<std::uint64_t>(1023 - halvings) << 52);
}

class Random {
  public:
    explicit constexpr Random(std::uint64_t seed) {
        for (std::uint64_t& word : state_) word = splitmix64(seed);
    }

    constexpr std::uint64_t bits() {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // 0 .. n-1, uneven by at most one part in 2^32 / n, which no market notices.
    constexpr std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>(((bits() >> 32) * n) >> 32);
    }
    // first .. last, both included. REQUIRES: first <= last.
    constexpr std::int32_t between(std::int32_t first, std::int32_t last) {
        return first + static_cast<std::int32_t>(below(static_cast<std::uint32_t>(last - first + 1)));
    }
    // [0, 1), 53 bits.
    constexpr double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    constexpr bool chance(double probability) { return unit() < probability; }
    // Mean 1.
    constexpr double exponential() { return -market::portable_log(1.0 - unit()); }
    // Mean 0, variance 1: a sum of twelve uniforms, so never beyond 6.
    constexpr double normal() {
        double sum = -6.0;
        for (int i = 0; i < 12; ++i) sum += unit();
        return sum;
    }

  private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace spymaster::feed
