#include "dbn/record_walk.hpp"

#include <array>

#include "dbn/legacy_records.hpp"
#include "dbn/reference_records.hpp"

namespace spymaster::dbn {

namespace {

constexpr std::size_t kUnit = 4;  // RecordHeader::length counts these
constexpr std::size_t kRun = 8;   // records of one kind checked at a time

template <class T>
constexpr std::uint8_t units() {
    static_assert(sizeof(T) % kUnit == 0);
    return sizeof(T) / kUnit;
}

// The shortest layout of each type, in units; 0 for a type that is not known.
constexpr std::array<std::uint8_t, 256> kMinUnits = [] {
    std::array<std::uint8_t, 256> table{};
    table[rtype::mbp_0] = units<TradeMsg>();
    table[rtype::mbp_1] = units<Mbp1Msg>();
    table[rtype::mbp_10] = units<Mbp10Msg>();
    table[rtype::status] = units<StatusMsg>();
    table[rtype::instrument_def] = units<v1::InstrumentDefMsg>();
    table[rtype::imbalance] = units<ImbalanceMsg>();
    table[rtype::error] = units<v1::ErrorMsg>();
    table[rtype::symbol_mapping] = units<v1::SymbolMappingMsg>();
    table[rtype::system] = units<v1::SystemMsg>();
    table[rtype::statistics] = units<v1::StatMsg>();
    for (const std::uint8_t type : {rtype::ohlcv_deprecated, rtype::ohlcv_1s, rtype::ohlcv_1m,
                                    rtype::ohlcv_1h, rtype::ohlcv_1d, rtype::ohlcv_eod}) {
        table[type] = units<OhlcvMsg>();
    }
    table[rtype::mbo] = units<MboMsg>();
    for (const std::uint8_t type : {rtype::cmbp_1, rtype::tcbbo}) table[type] = units<Cmbp1Msg>();
    for (const std::uint8_t type : {rtype::cbbo_1s, rtype::cbbo_1m}) table[type] = units<CbboMsg>();
    for (const std::uint8_t type : {rtype::bbo_1s, rtype::bbo_1m}) table[type] = units<BboMsg>();
    return table;
}();

constexpr std::uint8_t kHeaderUnits = units<RecordHeader>();

// The first two bytes of a record: length in the low byte, rtype in the high one.
std::uint16_t key_of(const std::byte* record) {
    return load<std::uint16_t>(record);
}

bool is_sound(std::uint16_t key) {
    const auto length = static_cast<std::uint8_t>(key & 0xFFU);
    return length >= kHeaderUnits && length >= kMinUnits[key >> 8U];
}

// Past the records from `p` on that have this key, whole groups of kRun only. Their lengths are guessed to be
// equal, so the loads do not wait for each other; a wrong guess is seen in the keys.
const std::byte* skip_run(const std::byte* p, const std::byte* end, std::uint16_t key) {
    const std::size_t stride = std::size_t{key & 0xFFU} * kUnit;
    const auto group = static_cast<std::ptrdiff_t>(stride * kRun);
    while (end - p >= group) {
        unsigned different = 0;
        for (std::size_t i = 0; i < kRun; ++i)
            different |= static_cast<unsigned>(key_of(p + i * stride) ^ key);
        if (different != 0) break;
        p += group;
    }
    return p;
}

}  // namespace

std::size_t min_record_size(std::uint8_t type) {
    return std::size_t{kMinUnits[type] == 0 ? kHeaderUnits : kMinUnits[type]} * kUnit;
}

bool is_known_type(std::uint8_t type) {
    return kMinUnits[type] != 0;
}

RecordWalk walk_records(const std::byte* begin, const std::byte* end) {
    RecordWalk walk;
    const std::byte* p = begin;
    while (end - p >= static_cast<std::ptrdiff_t>(sizeof(std::uint16_t))) {
        const std::uint16_t key = key_of(p);
        if (!is_sound(key)) {
            walk.sound = false;
            break;
        }
        const std::size_t size = std::size_t{key & 0xFFU} * kUnit;
        if (static_cast<std::size_t>(end - p) < size) break;
        const std::byte* const after = skip_run(p + size, end, key);
        walk.records += static_cast<std::size_t>(after - p) / size;
        p = after;
    }
    walk.bytes = static_cast<std::size_t>(p - begin);
    return walk;
}

}  // namespace spymaster::dbn
