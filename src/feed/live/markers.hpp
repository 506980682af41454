// Records that no gateway has sent: what the feed, or its consumer, writes into a recording so that reading it again is the
// same as having been there. All have action N and side N, so that a book is not changed by them, and kMadeHere where a
// received record has the delta of its sending time, by which they are known.
//
//   a clock marker   flags LAST (mbo) or none: time has come this far, though nothing happened
//   a gap marker     flags MAYBE_BAD_BOOK | LAST: records are missing here. The book's epoch grows by one and it is not valid
//                    until a snapshot or clear has completed (book/continuity.hpp); a best quote, until the next record
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "dbn/records.hpp"

namespace spymaster::feed::live {

inline constexpr std::int32_t kMadeHere = std::numeric_limits<std::int32_t>::min();  // ts_in_delta

// ts_event = ts_recv = ts_ns; no order, no price, sequence 0.
[[nodiscard]] dbn::MboMsg mbo_marker(std::uint16_t publisher_id, std::uint32_t instrument_id,
                                     std::int64_t ts_ns, std::uint8_t flags);
// The quotes of `last`, the newest record of the instrument, as they are.
[[nodiscard]] dbn::Cmbp1Msg cmbp1_marker(const dbn::Cmbp1Msg& last, std::int64_t ts_ns, std::uint8_t flags);

// REQUIRES: a whole, sound record.
[[nodiscard]] bool is_marker(const std::byte* record);

}  // namespace spymaster::feed::live
