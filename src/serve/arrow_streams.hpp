// Rows to Arrow IPC streams. The only file of `serve` that includes Arrow is arrow_streams.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

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

// One window as every client gets it, made once.
struct WindowFrames {
    std::int64_t window_end_ts_ns = 0;
    std::string bytes;  // the nine WebSocket messages of spec 6, framed: what goes on the socket
    std::size_t velocity_batch_at =
        0;  // in bytes: the record batch message of the velocity stream, for range answers
    std::size_t velocity_batch_size = 0;

    [[nodiscard]] std::string_view velocity_batch() const {
        return std::string_view(bytes).substr(velocity_batch_at, velocity_batch_size);
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

    [[nodiscard]] Result<WindowPtr> encode(const SnapRow& snap, const VelocityRows& velocity) const;
    [[nodiscard]] std::string_view velocity_schema_message() const;

  private:
    struct Schemas;
    std::unique_ptr<const Schemas> schemas_;
};

// A whole partition as one Arrow IPC stream: the contract's columns, one record batch a row group.
Result<std::string> arrow_stream(const lake::Contract& contract, lake::PartitionReader& reader);

}  // namespace spymaster::serve
