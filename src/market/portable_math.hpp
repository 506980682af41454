// Exponential, logarithm and normal distribution whose bits are the same on every machine: only + - * / of IEEE, which
// are exactly rounded. The C library's differ between processors. Any thread.
#pragma once

#include <bit>
#include <cstdint>

namespace spymaster::market {

// Natural logarithm, to about 1e-15. REQUIRES: x > 0, normal.
constexpr double portable_log(double x) {
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
    const auto exponent = static_cast<double>(static_cast<int>(bits >> 52) - 1023);
    const double m = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFU) | 0x3FF0000000000000U);  // [1, 2)
    const double z = (m - 1.0) / (m + 1.0);  // ln m = 2 (z + z^3/3 + z^5/5 + ...), z < 1/3
    double sum = 0.0;
    for (int k = 29; k >= 1; k -= 2) sum = sum * (z * z) + 1.0 / k;
    return exponent * 0.6931471805599453 + 2.0 * z * sum;
}

// e^x to 1e-14 relative; 0 below -700. REQUIRES: x <= 700.
double portable_exp(double x);

// The standard normal distribution up to x, to 1e-13 absolute (Hart 1968, no. 5666; Mills' ratio beyond 7).
double normal_cdf(double x);

// Its density at x.
inline double normal_density(double x) {
    return 0.39894228040143268 * portable_exp(-0.5 * x * x);
}

}  // namespace spymaster::market
