#pragma once

#include <array>
#include <cstdint>

namespace spymaster::market {

// The two sides of a book. The letters are DBN's and the contracts'; 'A' sorts before 'B'.
enum class Side : std::uint8_t { ask = 0, bid = 1 };

inline constexpr std::array kSides{Side::ask, Side::bid};

constexpr char letter(Side side) {
    return side == Side::ask ? 'A' : 'B';
}
constexpr Side opposite(Side side) {
    return side == Side::ask ? Side::bid : Side::ask;
}

}  // namespace spymaster::market
