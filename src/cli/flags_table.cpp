#include "cli/flags_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace spymaster::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned int kSnapshotBit = 5;
constexpr unsigned int kLastBit = 7;

// "LAST|SNAPSHOT", the highest bit first; "none" of 0.
std::string names_of(std::size_t value) {
    std::string names;
    for (unsigned int bit = 8; bit-- > 0;) {
        if (((value >> bit) & 1U) == 0) continue;
        if (!names.empty()) names += '|';
        names += kFlagNames[bit];
    }
    std::ranges::transform(names, names.begin(), [](unsigned char c) { return std::toupper(c); });
    return names.empty() ? "none" : names;
}

void print_occurrence(const dbn::Inspection& found, unsigned int bit) {
    const std::uint64_t count = found.flag_bits[bit];
    if (count == 0) {
        fmt::print("  {:<22}never\n", kFlagNames[bit]);
    } else {
        fmt::print("  {:<22}{} records, first at record {}\n", kFlagNames[bit], count,
                   first_record_with_flag(found, bit));
    }
}

Json occurrence(const dbn::Inspection& found, unsigned int bit) {
    const std::uint64_t first = first_record_with_flag(found, bit);
    return {{"records", found.flag_bits[bit]}, {"first_record", first == 0 ? Json() : Json(first)}};
}

}  // namespace

void print_flags(const dbn::Inspection& found) {
    fmt::print("  {:<6}{:<32}{:>11} {:>9}", "flags", "", "records", "first");
    for (const char action : dbn::kActions) fmt::print(" {:>9}", action);
    fmt::print("\n");
    for (std::size_t value = 0; value < found.flags.size(); ++value) {
        const dbn::FlagsSeen& seen = found.flags[value];
        if (seen.records.count == 0) continue;
        fmt::print("  {:<6}{:<32}{:>11} {:>9}", fmt::format("{:#04x}", value), names_of(value),
                   seen.records.count, seen.records.first_record);
        for (const std::uint64_t count : seen.actions) fmt::print(" {:>9}", count);
        fmt::print("\n");
    }
    print_occurrence(found, kSnapshotBit);
    print_occurrence(found, kLastBit);
}

Json flags_json(const dbn::Inspection& found) {
    Json values = Json::array();
    for (std::size_t value = 0; value < found.flags.size(); ++value) {
        const dbn::FlagsSeen& seen = found.flags[value];
        if (seen.records.count == 0) continue;
        Json actions = Json::object();
        for (std::size_t i = 0; i < seen.actions.size(); ++i) {
            if (seen.actions[i] != 0) actions[std::string(1, dbn::kActions[i])] = seen.actions[i];
        }
        values.push_back({{"value", value},
                          {"hex", fmt::format("{:#04x}", value)},
                          {"names", names_of(value)},
                          {"records", seen.records.count},
                          {"first_record", seen.records.first_record},
                          {"actions", actions}});
    }
    return {{"values", values},
            {"snapshot", occurrence(found, kSnapshotBit)},
            {"last", occurrence(found, kLastBit)}};
}

}  // namespace spymaster::cli
