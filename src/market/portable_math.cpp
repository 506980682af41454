#include "market/portable_math.hpp"

#include <array>
#include <cstddef>

namespace spymaster::market {

namespace {

template <std::size_t N>
double polynomial(const std::array<double, N>& highest_first, double x) {
    double sum = 0.0;
    for (const double coefficient : highest_first) sum = sum * x + coefficient;
    return sum;
}

constexpr std::array<double, 15> inverse_factorials() {  // 1/14! ... 1/0!
    std::array<double, 15> inverse{};
    double factorial = 1.0;
    for (std::size_t k = 0; k < inverse.size(); ++k) {
        if (k > 0) factorial *= static_cast<double>(k);
        inverse[inverse.size() - 1 - k] = 1.0 / factorial;
    }
    return inverse;
}
constexpr std::array kInverseFactorials = inverse_factorials();

constexpr std::array kHartAbove{3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383,
                                112.079291497871,     221.213596169931,  220.206867912376};
constexpr std::array kHartBelow{8.83883476483184e-02, 1.75566716318264, 16.064177579207,  86.7807322029461,
                                296.564248779674,     637.333633378831, 793.826512519948, 440.413735824752};

}  // namespace
double portable_exp(double x) {
    if (x < -700.0) return 0.0;
    const double scaled = x * 1.4426950408889634;
    const auto doublings = static_cast<int>(scaled + (scaled < 0.0 ? -0.5 : 0.5));
    // ln 2 in two parts, the first so short that its product with a whole number is exact.
    constexpr double kLn2High = 6.93147180369123816490e-01;
    constexpr double kLn2Low = 1.90821492927058770002e-10;
    const double rest = (x - doublings * kLn2High) - doublings * kLn2Low;  // within +-0.35
    return polynomial(kInverseFactorials, rest) *
           std::bit_cast<double>(static_cast<std::uint64_t>(1023 + doublings) << 52);
}

double normal_cdf(double x) {
    const double size = x < 0.0 ? -x : x;
    if (size > 37.0) return x < 0.0 ? 0.0 : 1.0;
    const double density = portable_exp(-0.5 * size * size);
    double tail = 0.0;
    if (size < 7.07106781186547) {
        tail = density * polynomial(kHartAbove, size) / polynomial(kHartBelow, size);
    } else {
        const double fraction = size + 1.0 / (size + 2.0 / (size + 3.0 / (size + 4.0 / (size + 0.65))));
        tail = density / fraction / 2.506628274631;
    }
    return x < 0.0 ? tail : 1.0 - tail;
}

}  // namespace spymaster::market
