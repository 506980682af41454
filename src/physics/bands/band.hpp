// Bands: how far from spot a level is, in the steps that matter to a trader, and on which side of it.
//
//   at 0..2    near 3..5    mid 6..14    far 15..20      price increments from spot
//   above: asks at spot or higher; below: bids at spot or lower
//
// Spot itself is in the band "at" of both directions, as in the radar. Compatibility::reference leaves distance 0 out.
// (Radar spec 1.8, 2.2, D-14.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "windows/compatibility.hpp"
#include "windows/rows.hpp"

namespace spymaster::physics {

enum class Direction : std::uint8_t { above, below };
enum class Band : std::uint8_t { at, near, mid, far };

inline constexpr std::size_t kBands = 4;
inline constexpr std::array<std::int32_t, kBands> kLastTickOfBand{2, 5, 14, 20};
inline constexpr std::int32_t kBandReachTicks = kLastTickOfBand.back();

struct BandPlace {
    Direction direction;
    Band band;
    std::int32_t distance_ticks;  // 0 to kBandReachTicks

    bool operator==(const BandPlace&) const = default;
};

// The first distance of a band, and how many there are.
constexpr std::int32_t first_tick_of(Band band) {
    return band == Band::at ? 0 : kLastTickOfBand[static_cast<std::size_t>(band) - 1] + 1;
}
constexpr std::int32_t ticks_of(Band band) {
    return kLastTickOfBand[static_cast<std::size_t>(band)] - first_tick_of(band) + 1;
}

// Where a level counts; nowhere: it is too far away, or on the wrong side of spot.
inline std::optional<BandPlace> band_place(const windows::WallRow1s& row, std::int64_t spot_price_int,
                                           windows::Compatibility compatibility) {
    const bool ask = row.side == market::Side::ask;
    const std::int32_t distance = ask ? row.rel_ticks : -row.rel_ticks;
    if (distance < 0 || distance > kBandReachTicks) return std::nullopt;
    if (compatibility == windows::Compatibility::reference) {
        if (distance == 0) return std::nullopt;
    } else if (ask ? row.price_int < spot_price_int : row.price_int > spot_price_int) {
        return std::nullopt;  // off the ticks, and nearer to spot than half of one
    }
    std::size_t band = 0;
    while (distance > kLastTickOfBand[band]) ++band;
    return BandPlace{ask ? Direction::above : Direction::below, static_cast<Band>(band), distance};
}

}  // namespace spymaster::physics
