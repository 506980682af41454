#include "feed/live/markers.hpp"

namespace spymaster::feed::live {

namespace {

template <class Record>
dbn::RecordHeader header_of(std::uint8_t type, std::uint16_t publisher_id, std::uint32_t instrument_id,
                            std::int64_t ts_ns) {
    return {static_cast<std::uint8_t>(sizeof(Record) / 4), type, publisher_id, instrument_id,
            static_cast<std::uint64_t>(ts_ns)};
}

}  // namespace

dbn::MboMsg mbo_marker(std::uint16_t publisher_id, std::uint32_t instrument_id, std::int64_t ts_ns,
                       std::uint8_t flags) {
    dbn::MboMsg marker{};
    marker.hd = header_of<dbn::MboMsg>(dbn::rtype::mbo, publisher_id, instrument_id, ts_ns);
    marker.price = dbn::kUndefPrice;
    marker.flags = flags;
    marker.action = 'N';
    marker.side = 'N';
    marker.ts_recv = static_cast<std::uint64_t>(ts_ns);
    marker.ts_in_delta = kMadeHere;
    return marker;
}

dbn::Cmbp1Msg cmbp1_marker(const dbn::Cmbp1Msg& last, std::int64_t ts_ns, std::uint8_t flags) {
    dbn::Cmbp1Msg marker{};
    marker.hd =
        header_of<dbn::Cmbp1Msg>(dbn::rtype::cmbp_1, last.hd.publisher_id, last.hd.instrument_id, ts_ns);
    marker.price = dbn::kUndefPrice;
    marker.action = 'N';
    marker.side = 'N';
    marker.flags = flags;
    marker.ts_recv = static_cast<std::uint64_t>(ts_ns);
    marker.ts_in_delta = kMadeHere;
    marker.levels = last.levels;
    return marker;
}

bool is_marker(const std::byte* record) {
    switch (dbn::load<dbn::RecordHeader>(record).rtype) {
        case dbn::rtype::mbo: {
            const auto msg = dbn::load<dbn::MboMsg>(record);
            return msg.action == 'N' && msg.ts_in_delta == kMadeHere;
        }
        case dbn::rtype::cmbp_1: {
            const auto msg = dbn::load<dbn::Cmbp1Msg>(record);
            return msg.action == 'N' && msg.ts_in_delta == kMadeHere;
        }
        default:
            return false;
    }
}

}  // namespace spymaster::feed::live
