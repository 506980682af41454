// Records of any bytes, orders and quotes, through the option chain's engine: it must not crash, overflow or
// break the identity, and its grid is dense in every second.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "dbn/records.hpp"
#include "windows/chain_engine.hpp"

namespace {

using namespace spymaster;

constexpr market::Grid kGrid{.half_width_ticks = 10, .step_ticks = 2};
constexpr std::int64_t kStartNs = 1'000'000'000'000;
constexpr std::uint32_t kOptions = 12;

class CheckingSink final : public windows::ChainSink {
  public:
    void on_window(const windows::ChainWindow& window) override {
        SPY_ASSERT(window.cells.size() == 4 * static_cast<std::size_t>(kGrid.rows_per_side()));
        for (const auto& cell : window.cells) {
            SPY_ASSERT(cell.depth_qty_start >= 0 && cell.depth_qty_end >= 0 && cell.depth_qty_rest >= 0);
            SPY_ASSERT(cell.add_qty >= 0 && cell.pull_qty_total >= 0 && cell.fill_qty >= 0);
        }
        for (const auto& quote : window.quotes)
            SPY_ASSERT(0 < quote.bid_price_int && quote.bid_price_int < quote.ask_price_int);
    }
};

// What both kinds of record take from 24 bytes: near values mostly, so that ids, prices and times meet.
struct Input {
    explicit Input(const std::byte* p)
        : kind(dbn::load<std::uint8_t>(p)),
          flags(dbn::load<std::uint8_t>(p + 1)),
          instrument(dbn::load<std::uint8_t>(p + 2) % (kOptions + 2U)),
          order(dbn::load<std::uint8_t>(p + 3) % 8U),
          size(dbn::load<std::uint32_t>(p + 4)),
          wide(dbn::load<std::uint64_t>(p + 8)),
          steps(dbn::load<std::uint16_t>(p + 16)),
          prices(dbn::load<std::uint32_t>(p + 20)) {}

    [[nodiscard]] bool raw() const { return (kind & 128) != 0; }
    [[nodiscard]] std::int64_t price(int byte) const {
        const auto near = static_cast<std::int8_t>(prices >> (8 * byte));
        return raw() && byte == 0 ? static_cast<std::int64_t>(wide) : std::int64_t{near} * 50'000'000;
    }
    [[nodiscard]] dbn::RecordHeader header(std::uint8_t rtype, std::size_t bytes) const {
        const std::uint64_t near = kStartNs + std::uint64_t{steps} * 50'000'000;
        return {static_cast<std::uint8_t>(bytes / 4), rtype, 1, instrument,
                raw() && (steps & 1) != 0 ? wide : near};
    }

    std::uint8_t kind;
    std::uint8_t flags;
    std::uint32_t instrument;
    std::uint32_t order;
    std::uint32_t size;
    std::uint64_t wide;
    std::uint16_t steps;
    std::uint32_t prices;
};

constexpr char kActions[] = "ACMFTRNACMFATCMX";
constexpr char kSides[] = "ABABABNX";

dbn::MboMsg order_of(const Input& in) {
    dbn::MboMsg m{};
    m.hd = in.header(dbn::rtype::mbo, sizeof m);
    m.action = kActions[in.kind & 15];
    m.side = kSides[(in.kind >> 4) & 7];
    m.flags = in.flags;
    m.order_id = in.order;
    m.price = in.price(0);
    m.size = in.raw() ? in.size : in.size & 31;
    m.ts_recv = m.hd.ts_event;
    return m;
}

dbn::Cmbp1Msg quote_of(const Input& in) {
    dbn::Cmbp1Msg m{};
    m.hd = in.header(dbn::rtype::cmbp_1, sizeof m);
    m.action = kActions[in.kind & 15];
    m.side = kSides[(in.kind >> 4) & 7];
    m.flags = in.flags;
    m.price = in.price(0);
    m.size = in.raw() ? in.size : in.size & 31;
    m.levels[0].bid_px = in.price(1);
    m.levels[0].ask_px = in.price(2);
    m.levels[0].bid_sz = in.raw() ? in.size : (in.size >> 8) & 31;
    m.levels[0].ask_sz = (in.size >> 16) & 31;
    m.ts_recv = m.hd.ts_event;
    return m;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kBytes = 24;
    const market::SessionWindow session{kStartNs + 1'000'000'000, kStartNs + 40'000'000'000};
    windows::SpotTrack spots;
    for (std::int64_t second = 1; second <= 40; ++second)
        spots.add(kStartNs + second * 1'000'000'000,
                  second % 7 == 0 ? 0 : 100'000'000'000 + second * 250'000'000);
    CheckingSink sink;
    windows::ChainEngine engine(kGrid, session, spots, sink);
    for (std::uint32_t id = 0; id < kOptions; ++id) {
        const std::int64_t strike = 100'000'000'000 + (std::int64_t{id} / 2 - 2) * 500'000'000;
        engine.add_option(id, {id % 2 == 0 ? market::Right::call : market::Right::put, strike});
    }
    const auto bytes = std::as_bytes(std::span(data, size));
    for (std::size_t at = 0; at + kBytes <= size; at += kBytes) {
        const Input in(bytes.data() + at);
        if ((in.kind & 64) != 0) {
            engine.apply(quote_of(in));
        } else {
            engine.apply(order_of(in));
        }
    }
    engine.finish();
    SPY_ASSERT(engine.done() && engine.totals().identity_violations == 0);
    return 0;
}
