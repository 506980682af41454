// The surfaces of a session: what they are called, in which order they are sent, and sets of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::serve {

// In the order they are sent. The first four are made for the stream; the others are tables of silver as they are.
enum class Surface : std::uint8_t {
    snap,
    velocity,
    options,
    forecast,
    book_snapshot,
    wall,
    vacuum,
    radar,
    physics_bands,
    gex,
    gex_levels
};
inline constexpr std::array kSurfaces{Surface::snap,     Surface::velocity,      Surface::options,
                                      Surface::forecast, Surface::book_snapshot, Surface::wall,
                                      Surface::vacuum,   Surface::radar,         Surface::physics_bands,
                                      Surface::gex,      Surface::gex_levels};
inline constexpr std::array<std::string_view, kSurfaces.size()> kSurfaceNames{
    "snap",   "velocity", "options",       "forecast", "book_snapshot", "wall",
    "vacuum", "radar",    "physics_bands", "gex",      "gex_levels"};

constexpr std::size_t place_of(Surface surface) {
    return static_cast<std::size_t>(surface);
}
constexpr std::string_view name_of(Surface surface) {
    return kSurfaceNames[place_of(surface)];
}
constexpr bool is_table(Surface surface) {
    return surface >= Surface::book_snapshot;
}

class SurfaceSet {
  public:
    constexpr SurfaceSet() = default;
    constexpr SurfaceSet(std::initializer_list<Surface> surfaces) {
        for (const auto surface : surfaces) insert(surface);
    }

    [[nodiscard]] constexpr bool contains(Surface surface) const { return (bits_ & bit(surface)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr bool is_within(SurfaceSet other) const { return (bits_ & ~other.bits_) == 0; }
    constexpr void insert(Surface surface) { bits_ |= bit(surface); }
    constexpr void insert(SurfaceSet others) { bits_ |= others.bits_; }
    [[nodiscard]] constexpr SurfaceSet without(SurfaceSet others) const {
        SurfaceSet rest;
        rest.bits_ = bits_ & ~others.bits_;
        return rest;
    }

    bool operator==(const SurfaceSet&) const = default;

  private:
    static constexpr std::uint32_t bit(Surface surface) { return std::uint32_t{1} << place_of(surface); }
    std::uint32_t bits_ = 0;
};

// What the two streams send to those who do not say what they want.
inline constexpr SurfaceSet kVelocityStreamSurfaces{Surface::snap, Surface::velocity, Surface::options,
                                                    Surface::forecast};
inline constexpr SurfaceSet kHudStreamSurfaces{
    Surface::book_snapshot, Surface::wall, Surface::vacuum,    Surface::radar,
    Surface::physics_bands, Surface::gex,  Surface::gex_levels};

// The two streams. They frame windows differently, and an old name has two meanings: `snap` is itself on the velocity
// stream, and book_snapshot below /v1/hud.
enum class StreamKind : std::uint8_t { velocity, hud };

// By its name, or an old one. Error (usage) lists the surfaces there are.
Result<Surface> find_surface(std::string_view name, StreamKind kind);
// Names with commas between them. Error: likewise; none at all.
Result<SurfaceSet> parse_surfaces(std::string_view list, StreamKind kind);

// ["snap","velocity"]
std::string json_list(SurfaceSet surfaces);

}  // namespace spymaster::serve
