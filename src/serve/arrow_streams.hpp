// Rows of the surfaces that are made for the stream, to Arrow IPC streams. No header of Arrow comes with this one.
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
#include "serve/surface_frame.hpp"

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

// Encodes the four surfaces that are made for the stream. Immutable: any number of threads may use one.
class SurfaceEncoder {
  public:
    SurfaceEncoder();
    ~SurfaceEncoder();
    SurfaceEncoder(const SurfaceEncoder&) = delete;
    SurfaceEncoder& operator=(const SurfaceEncoder&) = delete;

    [[nodiscard]] Result<FramePtr> snap(const SnapRow& snap) const;
    [[nodiscard]] Result<FramePtr> velocity(const VelocityRows& velocity) const;
    [[nodiscard]] Result<FramePtr> options(const OptionRows& options) const;
    [[nodiscard]] Result<FramePtr> forecast(const ForecastNote& note) const;
    // REQUIRES: !is_table(surface)
    [[nodiscard]] std::string_view schema_message(Surface surface) const;

  private:
    struct Schemas;
    std::unique_ptr<const Schemas> schemas_;
};

}  // namespace spymaster::serve
