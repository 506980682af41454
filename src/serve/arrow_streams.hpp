// Rows to Arrow IPC streams. No header of Arrow comes with this one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "forecast/forecast.hpp"

namespace spymaster::serve {

// Surface `snap`: one row.
struct SnapRow {
    std::int64_t window_end_ts_ns = 0;
    double mid_price = 0.0;  // points
    std::int64_t spot_ref_price_int = 0;
    bool book_valid = false;
};

// The double columns of surface `velocity`, as in the gold contract.
inline constexpr std::array<std::string_view, 7> kVelocityFields{
    "liquidity_velocity", "rho", "nu", "kappa", "pressure_grad", "u_wave_energy", "Omega"};

// Rows of surface `velocity` of one window: parallel columns of one length.
struct VelocityRows {
    std::vector<std::int64_t> window_end_ts_ns;
    std::vector<std::int64_t> spot_ref_price_int;
    std::vector<std::int32_t> rel_ticks;
    std::string side;  // a letter a row
    std::array<std::vector<double>, kVelocityFields.size()> fields;

    void clear();
};

// Rows of surface `options` of one window: a number a strike, rel_ticks ascending.
struct OptionRows {
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;
    std::vector<std::int32_t> rel_ticks;
    std::vector<double> liquidity_velocity;

    void clear();
};

// What is said of a window's future: surface `forecast`, and what `batch_start` says about it.
struct ForecastNote {
    const forecast::Forecast1s* forecast = nullptr;  // nullptr: it could not be made, the surface is empty
    std::string_view calibration;  // whose parameters it was made with; empty: none, uncalibrated
    std::string_view problem;      // why it could not be made
};

// The surfaces of a window, in the order they are sent (spec 6).
enum class Surface : std::uint8_t { snap, velocity, options, forecast };
inline constexpr std::array<std::string_view, 4> kSurfaceNames{"snap", "velocity", "options", "forecast"};

// One window as every client gets it, made once.
struct WindowFrames {
    std::int64_t window_end_ts_ns = 0;
    std::string bytes;  // the nine WebSocket messages of spec 6, framed: what goes on the socket
    struct Place {
        std::size_t at = 0;
        std::size_t size = 0;
    };
    std::array<Place, kSurfaceNames.size()> batches;  // in bytes: the record batch message of each surface

    // For range answers; empty if the surface has no rows.
    [[nodiscard]] std::string_view batch(Surface surface) const {
        const auto& place = batches[static_cast<std::size_t>(surface)];
        return std::string_view(bytes).substr(place.at, place.size);
    }
};
using WindowPtr = std::shared_ptr<const WindowFrames>;

// An Arrow IPC stream is a schema message, record batch messages, and these bytes.
inline constexpr std::string_view kArrowEnd{"\xFF\xFF\xFF\xFF\0\0\0\0", 8};

// Encodes windows. Immutable: any number of threads may use one.
class SurfaceEncoder {
  public:
    SurfaceEncoder();
    ~SurfaceEncoder();
    SurfaceEncoder(const SurfaceEncoder&) = delete;
    SurfaceEncoder& operator=(const SurfaceEncoder&) = delete;

    [[nodiscard]] Result<WindowPtr> encode(const SnapRow& snap, const VelocityRows& velocity,
                                           const OptionRows& options, const ForecastNote& note) const;
    [[nodiscard]] std::string_view schema_message(Surface surface) const;

  private:
    struct Schemas;
    std::unique_ptr<const Schemas> schemas_;
};

}  // namespace spymaster::serve
