// What the live gateway says of itself: the head of the stream, and the records that are not market data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dbn/metadata.hpp"
#include "dbn/reference_records.hpp"
#include "feed/gateway/symbology.hpp"

namespace spymaster::feed {

// SystemMsg::code.
enum class SystemCode : std::uint8_t {
    heartbeat = 0,
    subscription_ack = 1,
    slow_reader_warning = 2,
    replay_completed = 3,
};

// ErrorMsg::code. invalid_subscription and internal_error end the session.
enum class ErrorMsgCode : std::uint8_t {
    symbol_resolution_failed = 4,
    invalid_subscription = 5,
    internal_error = 6,
    skipped_records_after_slow_reading = 7,
    replay_data_aged_out = 8,
};

// DBN version 3 without schema, symbols or mappings: a stream may mix them.
std::vector<std::byte> live_metadata(std::string_view dataset, std::uint64_t start_ns, bool ts_out);

// A text too long for its field is cut.
dbn::SystemMsg system_message(SystemCode code, std::string_view text, std::uint64_t ts_event_ns);
dbn::ErrorMsg error_message(ErrorMsgCode code, std::string_view text, std::uint64_t ts_event_ns);
dbn::SymbolMappingMsg mapping_message(const ResolvedInstrument& instrument, dbn::SymbolType stype_in,
                                      std::uint64_t ts_event_ns);

}  // namespace spymaster::feed
