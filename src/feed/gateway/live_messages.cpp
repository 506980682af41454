#include "feed/gateway/live_messages.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "dbn/encoder.hpp"

namespace spymaster::feed {

namespace {

template <class Record>
Record record_of(std::uint8_t type, std::uint64_t ts_event_ns) {
    Record record{};
    record.hd = {dbn::kRecordLength<Record>, type, 0, 0, ts_event_ns};
    return record;
}

// Always ends with a zero byte.
template <std::size_t N>
void put(std::array<char, N>& field, std::string_view text) {
    std::copy_n(text.begin(), std::min(text.size(), N - 1), field.begin());
}

}  // namespace

std::vector<std::byte> live_metadata(std::string_view dataset, std::uint64_t start_ns, bool ts_out) {
    dbn::Metadata metadata;
    metadata.dataset = dataset;
    metadata.start = start_ns;
    metadata.ts_out = ts_out;
    auto bytes = dbn::encode_metadata(metadata);
    SPY_ASSERT(bytes.ok());  // a dataset of the library fits
    return std::move(bytes).value();
}

dbn::SystemMsg system_message(SystemCode code, std::string_view text, std::uint64_t ts_event_ns) {
    auto message = record_of<dbn::SystemMsg>(dbn::rtype::system, ts_event_ns);
    put(message.msg, text);
    message.code = static_cast<std::uint8_t>(code);
    return message;
}

dbn::ErrorMsg error_message(ErrorMsgCode code, std::string_view text, std::uint64_t ts_event_ns) {
    auto message = record_of<dbn::ErrorMsg>(dbn::rtype::error, ts_event_ns);
    put(message.err, text);
    message.code = static_cast<std::uint8_t>(code);
    message.is_last = 1;
    return message;
}

dbn::SymbolMappingMsg mapping_message(const ResolvedInstrument& instrument, dbn::SymbolType stype_in,
                                      std::uint64_t ts_event_ns) {
    auto message = record_of<dbn::SymbolMappingMsg>(dbn::rtype::symbol_mapping, ts_event_ns);
    message.hd.instrument_id = instrument.id;
    message.stype_in = static_cast<std::uint8_t>(stype_in);
    put(message.stype_in_symbol, instrument.requested);
    message.stype_out = static_cast<std::uint8_t>(dbn::SymbolType::raw_symbol);
    put(message.stype_out_symbol, instrument.raw_symbol);
    message.start_ts = dbn::kUndefTimestamp;
    message.end_ts = dbn::kUndefTimestamp;
    return message;
}

}  // namespace spymaster::feed
