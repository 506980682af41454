// The derivatives that the tables of the radar family carry of each measure, from second to second (radar spec 1.7):
//
//   d1 = x - x'      d2 = d1 - d1'      d3 = d2 - d2'          ' the second before
#pragma once

namespace spymaster::windows {

template <class Number>
struct Differences {
    Number d1{};
    Number d2{};
    Number d3{};
    bool operator==(const Differences&) const = default;
};

// What a measure was a second ago. One made of a value alone is that of a first sight: it had no derivatives.
template <class Number>
struct DifferenceMemory {
    Number x{};
    Number d1{};
    Number d2{};

    // The derivatives of the next value, which is remembered.
    Differences<Number> next(Number value) {
        Differences<Number> result;
        result.d1 = value - x;
        result.d2 = result.d1 - d1;
        result.d3 = result.d2 - d2;
        *this = {value, result.d1, result.d2};
        return result;
    }
    bool operator==(const DifferenceMemory&) const = default;
};

}  // namespace spymaster::windows
