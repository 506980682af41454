// What a stream can say that does not fit the book: counted by kind, never fatal. A record counts at most
// once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace spymaster::book {

enum class Anomaly : std::uint8_t {
    unknown_cancel,   // Cancel of an order that is not there: ignored
    unknown_modify,   // Modify of an order that is not there: taken as an Add
    unknown_fill,     // Fill of an order that is not there: no Cancel or Modify will carry it
    duplicate_add,    // Add of an id that is there: the old order is withdrawn first
    over_cancel,      // Cancel of more than the order has: all of it goes
    side_change,      // Modify to the other side: withdrawn there, added here
    bad_side,         // Add, Cancel or Modify without a side: ignored
    undefined_price,  // Add or Modify without a price: ignored
    zero_size,        // Add of nothing: ignored
    unknown_action,   // an action that DBN does not have: ignored
};
inline constexpr std::size_t kAnomalyKinds = 10;

inline constexpr std::array<std::string_view, kAnomalyKinds> kAnomalyNames{
    "unknown_cancel", "unknown_modify", "unknown_fill",    "duplicate_add", "over_cancel",
    "side_change",    "bad_side",       "undefined_price", "zero_size",     "unknown_action"};

struct AnomalyCounts {
    std::array<std::uint64_t, kAnomalyKinds> by_kind{};

    void count(Anomaly kind) { ++by_kind[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] std::uint64_t of(Anomaly kind) const { return by_kind[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] std::uint64_t total() const {
        return std::accumulate(by_kind.begin(), by_kind.end(), std::uint64_t{0});
    }
    bool operator==(const AnomalyCounts&) const = default;
};

}  // namespace spymaster::book
