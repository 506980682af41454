// The flags seen in a DBN file, value by value: `spymaster inspect --flags`.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "dbn/inspection.hpp"

namespace spymaster::cli {

// By bit, the lowest first.
inline constexpr std::array<std::string_view, 8> kFlagNames = {
    "reserved", "publisher_specific", "maybe_bad_book", "bad_ts_recv", "mbp", "snapshot", "tob", "last"};

// A line for every value, its records by action; then whether SNAPSHOT and LAST occur, and where first.
void print_flags(const dbn::Inspection& found);

// {"values": [{"value", "hex", "names", "records", "first_record", "actions"}], "snapshot": {"records",
// "first_record"}, "last": {...}}; "first_record" is null where there is none.
nlohmann::ordered_json flags_json(const dbn::Inspection& found);

}  // namespace spymaster::cli
