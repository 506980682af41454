// The times in a record of any type, and what kind of record it is to a live feed.
#pragma once

#include <cstdint>
#include <optional>

#include "dbn/metadata.hpp"
#include "dbn/records.hpp"

namespace spymaster::feed::live {

struct RecordTimes {
    std::int64_t ts_event = 0;  // 0: it has none, or one after 2199
    std::int64_t ts_recv = 0;
};

// REQUIRES, here and below: a whole, sound record (dbn/record_walk.hpp).
[[nodiscard]] RecordTimes times_of(const std::byte* record);

// The gateway's own: symbol mappings, system and error messages. They belong to a session, not to the market.
[[nodiscard]] inline bool is_session_record(std::uint8_t rtype) {
    return rtype == dbn::rtype::error || rtype == dbn::rtype::symbol_mapping || rtype == dbn::rtype::system;
}

// Of a snapshot of a book, whose orders are as old as they are.
[[nodiscard]] bool is_snapshot(const std::byte* record);

// The type of the records that a schema has; nullopt: of a schema that is not known.
[[nodiscard]] std::optional<std::uint8_t> rtype_of(dbn::Schema schema);

}  // namespace spymaster::feed::live
