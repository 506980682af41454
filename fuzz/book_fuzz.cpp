// Records of any bytes through the window engine: it must not crash, overflow or break the identity.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "dbn/records.hpp"
#include "windows/window_engine.hpp"

namespace {

class CountingSink final : public spymaster::windows::WindowSink {
  public:
    void on_window(const spymaster::windows::Window& window) override {
        for (const auto& row : window.flow) SPY_ASSERT(row.depth_qty_end >= 0 && row.depth_qty_rest >= 0);
    }
};

// A record from 20 bytes: near values mostly, so that ids, prices and times meet, and raw ones sometimes.
spymaster::dbn::MboMsg record_of(const std::byte* p) {
    using spymaster::dbn::load;
    constexpr char kActions[] = "ACMFTRNACMFAACMX";
    constexpr char kSides[] = "ABABABNX";
    spymaster::dbn::MboMsg m{};
    const auto kind = load<std::uint8_t>(p);
    const auto wide = load<std::uint64_t>(p + 8);
    m.action = kActions[kind & 15];
    m.side = kSides[(kind >> 4) & 7];
    m.flags = load<std::uint8_t>(p + 1);
    m.order_id = load<std::uint8_t>(p + 2) % 32;
    const bool raw = (kind & 128) != 0;
    m.price = raw ? static_cast<std::int64_t>(wide)
                  : std::int64_t{load<std::int8_t>(p + 3)} * 125'000'000 + 1'000'000'000;
    m.size = raw ? load<std::uint32_t>(p + 4) : load<std::uint8_t>(p + 4);
    const auto steps = load<std::uint16_t>(p + 16);
    m.hd.ts_event = raw && (steps & 1) != 0 ? wide : 1'000'000'000'000 + std::uint64_t{steps} * 100'000'000;
    m.ts_recv = m.hd.ts_event + load<std::uint16_t>(p + 18);
    return m;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kBytes = 20;
    CountingSink sink;
    const spymaster::market::SessionWindow session{1'002'000'000'000, 1'100'000'000'000};
    spymaster::windows::WindowEngine engine(spymaster::market::Grid{.half_width_ticks = 20}, session, sink);
    const auto bytes = std::as_bytes(std::span(data, size));
    for (std::size_t at = 0; at + kBytes <= size; at += kBytes) {
        const auto record = record_of(bytes.data() + at);
        engine.prefetch_order(record);
        engine.apply(record);
    }
    engine.finish();
    SPY_ASSERT(engine.done() && engine.totals().identity_violations == 0);
    return 0;
}
