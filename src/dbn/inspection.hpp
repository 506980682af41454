// What is in a DBN file: counts by kind, time ranges, and whatever looks wrong. The core of `spymaster inspect`.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dbn/decoder.hpp"

namespace spymaster::dbn {

// Earliest and latest of the defined times; ns since 1970, UTC.
struct TimeRange {
    std::uint64_t first = kUndefTimestamp;
    std::uint64_t last = 0;

    [[nodiscard]] bool empty() const { return first > last; }
    void add(std::uint64_t ts) {
        if (ts < first) first = ts;
        if (ts > last) last = ts;
    }
};

struct RecordKind {
    std::uint8_t rtype = 0;
    std::size_t size = 0;  // bytes of one record
    auto operator<=>(const RecordKind&) const = default;
};

// How often something odd was seen, and at which record (from 1) first.
struct Oddity {
    std::uint64_t count = 0;
    std::uint64_t first_record = 0;
    void add(std::uint64_t record) {
        if (count++ == 0) first_record = record;
    }
};

// The letters that a record's action may be, in the order of FlagsSeen::actions.
inline constexpr std::string_view kActions = "ACMRTFN";

// Records with one value of the flags.
struct FlagsSeen {
    Oddity records;
    std::array<std::uint64_t, kActions.size()> actions{};  // by kActions; types without an action are in none
};

struct Inspection {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;  // decompressed, metadata included
    std::map<RecordKind, std::uint64_t> kinds;
    // By letter, of the types that have one: mbo, mbp, trades, cmbp; sides also of bbo, cbbo.
    std::array<std::uint64_t, 256> actions{};
    std::array<std::uint64_t, 256> sides{};
    std::array<std::uint64_t, 8> flag_bits{};  // [7] is LAST
    std::array<FlagsSeen, 256> flags{};        // by value, of the types that have sides
    std::map<std::uint16_t, std::uint64_t> publishers;
    std::map<std::uint32_t, std::uint64_t> instruments;
    TimeRange ts_event;
    TimeRange ts_recv;

    Oddity ts_recv_backwards;  // before the record before it that has one
    Oddity ts_recv_undefined;
    Oddity price_undefined;      // of an Add or Modify, TOB records apart: there it means an empty side
    Oddity size_zero;            // of an Add
    Oddity unknown_type;         // an rtype this program does not know
    Oddity unknown_layout;       // a length no version of its type has
    Oddity unknown_action;       // not one of A C M R T F N
    Oddity unknown_side;         // not one of A B N
    Oddity unmapped_instrument;  // metadata have mappings, but none for this id on this date
    Oddity maybe_bad_book;       // flag MAYBE_BAD_BOOK: a gap upstream

    std::optional<Error> error;  // why the file could not be read to its end; all before it is counted
};

// The first record, from 1, with that bit (0 to 7) in its flags; 0: none.
std::uint64_t first_record_with_flag(const Inspection& inspection, unsigned int bit);

// Reads the decoder to its end or first error.
Inspection inspect(Decoder& decoder);

// Where a record of this type keeps its ts_recv; -1: it has none.
[[nodiscard]] int ts_recv_offset(std::uint8_t type);

// "mbo", "definition", …; "0xee" for a type that is not known.
[[nodiscard]] std::string type_name(std::uint8_t type);

}  // namespace spymaster::dbn
