#pragma once

#include <cstdint>

namespace spymaster::market {

// What an option gives the right to. The letters are DBN's and the contracts'; 'C' sorts before 'P'.
enum class Right : std::uint8_t { call = 0, put = 1 };

constexpr char letter(Right right) {
    return right == Right::call ? 'C' : 'P';
}

}  // namespace spymaster::market
