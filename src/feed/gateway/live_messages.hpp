// What the live gateway says of itself: the head of the stream, and the records that are not market data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dbn/gateway_codes.hpp"
#include "dbn/metadata.hpp"
#include "dbn/reference_records.hpp"
#include "feed/gateway/symbology.hpp"

namespace spymaster::feed {

using dbn::ErrorMsgCode;
using dbn::SystemCode;

// DBN version 3 without schema, symbols or mappings: a stream may mix them.
std::vector<std::byte> live_metadata(std::string_view dataset, std::uint64_t start_ns, bool ts_out);

// A text too long for its field is cut.
dbn::SystemMsg system_message(SystemCode code, std::string_view text, std::uint64_t ts_event_ns);
dbn::ErrorMsg error_message(ErrorMsgCode code, std::string_view text, std::uint64_t ts_event_ns);
dbn::SymbolMappingMsg mapping_message(const ResolvedInstrument& instrument, dbn::SymbolType stype_in,
                                      std::uint64_t ts_event_ns);

}  // namespace spymaster::feed
