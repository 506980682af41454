// Reads the record types that changed between DBN versions, from any version, as their version 3 layout.
//
// The layout is known by the record's own length (with or without the 8 bytes of ts_out), so a mixed or
// headerless stream needs no version. Fields an old version did not have: prices undefined, other numbers 0,
// text empty, kNotGiven where reference_records.hpp says so.
#pragma once

#include <cstddef>
#include <optional>

#include "dbn/reference_records.hpp"

namespace spymaster::dbn {

// `record` points at a whole record of the named rtype, as a Decoder delivers it. nullopt: its length is that
// of no version.
[[nodiscard]] std::optional<InstrumentDefMsg> read_definition(const std::byte* record);
[[nodiscard]] std::optional<StatMsg> read_statistics(const std::byte* record);
[[nodiscard]] std::optional<SymbolMappingMsg> read_symbol_mapping(const std::byte* record);
[[nodiscard]] std::optional<ErrorMsg> read_error(const std::byte* record);
[[nodiscard]] std::optional<SystemMsg> read_system(const std::byte* record);

// The newest version in which a record of this type has this length, with or without ts_out; 0: in none, or the type is not
// known.
[[nodiscard]] int newest_version_with(const RecordHeader& header);

// The time the gateway sent the record. REQUIRES: metadata.ts_out.
[[nodiscard]] inline std::uint64_t ts_out(const std::byte* record) {
    return load<std::uint64_t>(record + load<RecordHeader>(record).size() - sizeof(std::uint64_t));
}

}  // namespace spymaster::dbn
