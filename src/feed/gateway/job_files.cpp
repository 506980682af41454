#include "feed/gateway/job_files.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "base/sha256.hpp"
#include "dbn/encoder.hpp"
#include "feed/gateway/file_body.hpp"
#include "feed/raw_files.hpp"

namespace spymaster::feed {

namespace {

constexpr std::size_t kMaxParts = 10'000;

// The first day of the next stretch.
Day next_boundary(Day day, SplitDuration split) {
    const auto date = date_of(day);
    switch (split) {
        case SplitDuration::day:
            return day + 1;
        case SplitDuration::week:
            return day + 7 - (day + 4) % 7;  // 1970-01-01 was a Thursday, the fifth day of its week
        case SplitDuration::month:
            return day_of(date.month == 12 ? market::Date{date.year + 1, 1, 1}
                                           : market::Date{date.year, date.month + 1, 1});
        case SplitDuration::year:
            return day_of({date.year + 1, 1, 1});
        case SplitDuration::none:
            break;
    }
    return std::numeric_limits<Day>::max();
}

std::string file_safe(std::string_view symbol) {
    std::string text(symbol);
    for (char& c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           c == '.' || c == '-' || c == '_';
        if (!plain) c = '_';
    }
    return text;
}

std::uint64_t midnight(Day day) {
    return static_cast<std::uint64_t>(date_of(day).midnight_utc_ns());
}

std::string part_name(const DataPlan& plan, const Packing& packing, Day first, Day last,
                      const std::string& symbol) {
    std::string name = fmt::format("{}-{}", lower_dataset(plan.request.dataset), date_of(first).compact());
    if (packing.split != SplitDuration::day && last > first) name += "-" + date_of(last).compact();
    name += "." + dbn::to_string(plan.request.schema);
    if (!symbol.empty()) name += "." + file_safe(symbol);
    return name + (packing.zstd ? ".dbn.zst" : ".dbn");
}

std::set<std::string> split_symbols(const DataPlan& plan, const Packing& packing) {
    if (!packing.split_symbols) return {std::string()};
    std::set<std::string> symbols;
    for (const auto& one : plan.resolution.instruments) symbols.insert(one.raw_symbol);
    return symbols;
}

// The plan of one file: its time, its instrument, and what mappings it needs.
DataPlan plan_of_part(const DataPlan& plan, const FilePart& part) {
    DataPlan own = plan;
    own.request.start_ns = own.query.start_ns = part.start_ns;
    own.request.end_ns = own.query.end_ns = part.end_ns;
    const auto first = date_of(day_of_ns(part.start_ns));
    const auto end = date_of(day_of_ns(part.end_ns - 1) + 1);
    std::erase_if(own.resolution.instruments, [&](const ResolvedInstrument& one) {
        return one.end <= first || one.start >= end ||
               (!part.raw_symbol.empty() && one.raw_symbol != part.raw_symbol);
    });
    for (auto& one : own.resolution.instruments) {
        one.start = std::max(one.start, first);
        one.end = std::min(one.end, end);
    }
    if (!part.raw_symbol.empty()) own.query.instruments = own.resolution.selection();
    return own;
}

}  // namespace

Result<std::vector<FilePart>> file_parts(const DataPlan& plan, const Packing& packing) {
    if (packing.split_symbols && plan.resolution.all_symbols)
        return make_error(ErrorCode::usage, "`split_symbols` cannot be asked for with ALL_SYMBOLS");
    const auto symbols = split_symbols(plan, packing);
    const Day end = day_of_ns(plan.request.end_ns - 1) + 1;
    std::vector<FilePart> parts;
    for (Day day = day_of_ns(plan.request.start_ns); day < end;) {
        const Day next = std::min(next_boundary(day, packing.split), end);
        for (const auto& symbol : symbols) {
            parts.push_back({part_name(plan, packing, day, next - 1, symbol),
                             std::max(plan.request.start_ns, midnight(day)),
                             std::min(plan.request.end_ns, midnight(next)), symbol});
        }
        if (parts.size() > kMaxParts)
            return make_error(ErrorCode::usage, "the job would have more than {} files", kMaxParts);
        day = next;
    }
    return parts;
}

Result<WrittenFile> describe_file(const std::filesystem::path& folder, std::string_view name) {
    const auto path = folder / name;
    SPY_ASSIGN(const auto hash, sha256_of_file(path));
    SPY_ASSIGN(const auto crc32, crc32_of_file(path));
    return WrittenFile{std::string(name), static_cast<std::uint64_t>(hash.size_bytes), hash.sha256, crc32};
}

Result<WrittenData> write_parts(const RawLibrary& library, const DataPlan& plan, const Packing& packing,
                                const std::vector<FilePart>& parts, const std::filesystem::path& folder,
                                const std::atomic<bool>& stop) {
    WrittenData written;
    for (const auto& part : parts) {
        auto own = plan_of_part(plan, part);
        if (plan.request.limit > 0) {  // counts over all files
            if (written.bill.records == plan.request.limit) break;
            own.query.limit = plan.request.limit - written.bill.records;
        }
        SPY_ASSIGN(auto reader, library.read(own.query));
        SPY_ASSIGN(auto record, reader.next());
        if (record.empty()) continue;
        SPY_ASSIGN(auto encoder,
                   dbn::Encoder::create(folder / part.name, own.metadata(), {.zstd = packing.zstd}));
        while (!record.empty()) {
            if (stop) return make_error(ErrorCode::internal, "the gateway stops");
            SPY_TRY(encoder.write(record));
            ++written.bill.records;
            written.bill.bytes += record.size();
            SPY_ASSIGN(record, reader.next());
        }
        SPY_TRY(encoder.finish());
        SPY_ASSIGN(auto file, describe_file(folder, part.name));
        written.files.push_back(std::move(file));
    }
    return written;
}

}  // namespace spymaster::feed
