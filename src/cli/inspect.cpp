// spymaster inspect: what is in DBN files, and what looks wrong with them.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/flags_table.hpp"
#include "dbn/decoder.hpp"
#include "dbn/inspection.hpp"
#include "market/time.hpp"

namespace spymaster::cli {

namespace {

using dbn::Inspection;
using Json = nlohmann::ordered_json;

constexpr std::size_t kShownSymbols = 5;

struct NamedOddity {
    const char* key;
    const char* meaning;
    const dbn::Oddity Inspection::* counted;
};
constexpr std::array kOddities = {
    NamedOddity{"ts_recv_backwards", "ts_recv before the record before", &Inspection::ts_recv_backwards},
    NamedOddity{"ts_recv_undefined", "ts_recv undefined", &Inspection::ts_recv_undefined},
    NamedOddity{"price_undefined", "Add or Modify without a price", &Inspection::price_undefined},
    NamedOddity{"size_zero", "Add of size 0", &Inspection::size_zero},
    NamedOddity{"unknown_type", "record type not known", &Inspection::unknown_type},
    NamedOddity{"unknown_layout", "length of no version of its type", &Inspection::unknown_layout},
    NamedOddity{"unknown_action", "action not known", &Inspection::unknown_action},
    NamedOddity{"unknown_side", "side not known", &Inspection::unknown_side},
    NamedOddity{"unmapped_instrument", "instrument without a symbol on its date",
                &Inspection::unmapped_instrument},
    NamedOddity{"maybe_bad_book", "gap upstream (MAYBE_BAD_BOOK)", &Inspection::maybe_bad_book}};

// "68,792".
std::string grouped(std::uint64_t number) {
    std::string digits = fmt::format("{}", number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string instant(std::uint64_t ts) {
    if (ts > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return "undefined";
    return market::format_utc(static_cast<std::int64_t>(ts));
}

// A letter as it is, anything else as a number.
std::string letter(std::size_t value) {
    return value > ' ' && value < 127 ? std::string(1, static_cast<char>(value))
                                      : fmt::format("{:#04x}", value);
}

std::size_t interval_count(const dbn::Metadata& metadata) {
    std::size_t count = 0;
    for (const dbn::SymbolMapping& mapping : metadata.mappings) count += mapping.intervals.size();
    return count;
}

void row(std::string_view name, std::string_view value) {
    fmt::print("  {:<22}{}\n", name, value);
}

void print_metadata(const dbn::Metadata& metadata) {
    row("dataset", metadata.dataset);
    row("schema", metadata.schema ? to_string(*metadata.schema) : "mixed");
    const bool open = metadata.end == std::numeric_limits<std::uint64_t>::max();
    row("requested",
        fmt::format("{} to {}{}", instant(metadata.start), open ? "open" : instant(metadata.end),
                    metadata.limit == 0 ? "" : fmt::format(", at most {} records", grouped(metadata.limit))));
    std::string names;
    for (std::size_t i = 0; i < std::min(kShownSymbols, metadata.symbols.size()); ++i)
        names += " " + metadata.symbols[i];
    if (metadata.symbols.size() > kShownSymbols) names += " ...";
    row("symbols", fmt::format("{} ({} to {}){}", grouped(metadata.symbols.size()),
                               metadata.stype_in ? to_string(*metadata.stype_in) : "mixed",
                               to_string(metadata.stype_out), names.empty() ? "" : ":" + names));
    row("mappings", fmt::format("{} symbols, {} intervals; {} partial, {} not found",
                                grouped(metadata.mappings.size()), grouped(interval_count(metadata)),
                                grouped(metadata.partial.size()), grouped(metadata.not_found.size())));
    if (metadata.ts_out) row("ts_out", "every record is followed by its send time");
}

template <class Counts, class Name>
void print_counts(std::string_view title, const Counts& counts, const Name& name) {
    std::string_view heading = title;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        fmt::print("  {:<22}{:<20}{:>15}\n", heading, name(i), grouped(counts[i]));
        heading = "";
    }
}

void print_inspection(const Inspection& found) {
    row("records", grouped(found.records));
    for (const auto& [kind, count] : found.kinds) {
        fmt::print("  {:<22}{:<20}{:>15}  of {} bytes\n", "", dbn::type_name(kind.rtype), grouped(count),
                   kind.size);
    }
    print_counts("actions", found.actions, letter);
    print_counts("sides", found.sides, letter);
    print_counts("flags", found.flag_bits, [](std::size_t bit) { return kFlagNames[bit]; });
    if (!found.ts_event.empty()) {
        row("ts_event", fmt::format("{} to {}", instant(found.ts_event.first), instant(found.ts_event.last)));
    }
    if (!found.ts_recv.empty()) {
        row("ts_recv", fmt::format("{} to {}", instant(found.ts_recv.first), instant(found.ts_recv.last)));
    }
    row("instruments",
        fmt::format("{} of {} publishers", grouped(found.instruments.size()), found.publishers.size()));
    std::string_view heading = "anomalies";
    for (const NamedOddity& oddity : kOddities) {
        const dbn::Oddity& seen = found.*oddity.counted;
        if (seen.count == 0) continue;
        fmt::print("  {:<22}{}: {}, first at record {}\n", heading, oddity.meaning, grouped(seen.count),
                   grouped(seen.first_record));
        heading = "";
    }
    if (heading == "anomalies") row("anomalies", found.error ? "none before the error" : "none");
    if (found.error) row("error", found.error->message);
}

Json metadata_json(const dbn::Metadata& metadata) {
    Json json{{"dataset", metadata.dataset},
              {"schema", metadata.schema ? Json(to_string(*metadata.schema)) : Json()},
              {"start_ns", std::to_string(metadata.start)},
              {"end_ns", std::to_string(metadata.end)},
              {"limit", metadata.limit},
              {"stype_in", metadata.stype_in ? Json(to_string(*metadata.stype_in)) : Json()},
              {"stype_out", to_string(metadata.stype_out)},
              {"ts_out", metadata.ts_out},
              {"symbols", metadata.symbols.size()},
              {"partial", metadata.partial.size()},
              {"not_found", metadata.not_found.size()},
              {"mappings", metadata.mappings.size()},
              {"mapping_intervals", interval_count(metadata)}};
    const std::size_t shown = std::min(kShownSymbols, metadata.symbols.size());
    json["first_symbols"] = std::vector<std::string>(
        metadata.symbols.begin(), metadata.symbols.begin() + static_cast<std::ptrdiff_t>(shown));
    return json;
}

Json range_json(const dbn::TimeRange& range) {
    if (range.empty()) return nullptr;
    return {{"first", instant(range.first)},
            {"last", instant(range.last)},
            {"first_ns", std::to_string(range.first)},
            {"last_ns", std::to_string(range.last)}};
}

template <class Counts, class Name>
Json counts_json(const Counts& counts, const Name& name) {
    Json json = Json::object();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] != 0) json[name(i)] = counts[i];
    }
    return json;
}

Json inspection_json(const Inspection& found) {
    Json json{{"records", found.records}, {"bytes", found.bytes}};
    json["types"] = Json::array();
    for (const auto& [kind, count] : found.kinds) {
        json["types"].push_back({{"type", dbn::type_name(kind.rtype)},
                                 {"rtype", kind.rtype},
                                 {"bytes_each", kind.size},
                                 {"records", count}});
    }
    json["actions"] = counts_json(found.actions, letter);
    json["sides"] = counts_json(found.sides, letter);
    json["flags"] = counts_json(found.flag_bits, [](std::size_t bit) { return kFlagNames[bit]; });
    json["ts_event"] = range_json(found.ts_event);
    json["ts_recv"] = range_json(found.ts_recv);
    json["instruments"] = found.instruments.size();
    json["publishers"] = Json::object();
    for (const auto& [id, count] : found.publishers) json["publishers"][std::to_string(id)] = count;
    json["anomalies"] = Json::object();
    for (const NamedOddity& oddity : kOddities) {
        const dbn::Oddity& seen = found.*oddity.counted;
        if (seen.count != 0)
            json["anomalies"][oddity.key] = {{"records", seen.count}, {"first_record", seen.first_record}};
    }
    json["error"] = found.error ? Json(found.error->message) : Json();
    return json;
}

// One object a line. Names in damaged metadata need not be UTF-8; JSON has to be.
void print_json(const Json& json) {
    fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

struct InspectArguments {
    std::vector<std::string> files;
    bool json = false;
    bool flags = false;
    dbn::DecodeOptions decode;
};

// The exit code for this file.
int inspect_file(const std::string& path, const InspectArguments& arguments) {
    auto decoder = dbn::Decoder::open(path, arguments.decode);
    if (!decoder) {
        if (arguments.json) print_json({{"path", path}, {"error", decoder.error().message}});
        return fail(decoder.error());
    }
    const Inspection found = dbn::inspect(*decoder);
    const dbn::Metadata* metadata = decoder->metadata();
    if (arguments.json) {
        Json json{{"path", path},
                  {"version", decoder->version()},
                  {"stored_bytes", decoder->compressed_bytes_consumed()}};
        json["metadata"] = metadata != nullptr ? metadata_json(*metadata) : Json();
        json.update(inspection_json(found));
        if (arguments.flags) json["flag_values"] = flags_json(found);
        print_json(json);
    } else {
        fmt::print("{}\n", path);
        row("format",
            fmt::format("DBN version {}{}, {} bytes{}", decoder->version(),
                        metadata == nullptr ? " fragment" : "", grouped(decoder->compressed_bytes_consumed()),
                        decoder->compressed_bytes_consumed() == found.bytes
                            ? ""
                            : fmt::format(" ({} decompressed)", grouped(found.bytes))));
        if (metadata != nullptr) print_metadata(*metadata);
        print_inspection(found);
        if (arguments.flags) print_flags(found);
    }
    if (!found.error) return 0;
    std::fflush(stdout);
    return fail(*found.error);
}

}  // namespace

void add_inspect(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<InspectArguments>();
    CLI::App* command =
        app.add_subcommand("inspect", "Show what is in DBN files: metadata, counts, times, anomalies");
    command->add_option("files", arguments->files, "DBN files: raw or .zst, any version, or fragments")
        ->required();
    command->add_flag("--json", arguments->json, "One JSON object per file and line");
    command->add_flag("--flags", arguments->flags,
                      "Every value of the flags too: names, records by action, the first record");
    command->add_flag("--fragment", arguments->decode.fragment,
                      "The files have no metadata, whatever their names");
    command
        ->add_option("--fragment-version", arguments->decode.fragment_version, "DBN version of the fragments")
        ->check(CLI::Range(1, dbn::kNewestVersion));
    command->footer(
        "A damaged file is reported up to the damage; the error goes to stderr and the exit code is 3.");
    command->callback([arguments, &exit] {
        for (const std::string& file : arguments->files) {
            exit = std::max(exit, inspect_file(file, *arguments));
        }
    });
}

}  // namespace spymaster::cli
