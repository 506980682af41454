#include "dbn/symbol_map.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace spymaster::dbn {

namespace {

constexpr std::int64_t kNanosPerDay = 86'400 * market::kNanosPerSecond;

// Days since 1970, rounded down.
std::int32_t day_of(std::int64_t ts_ns) {
    const std::int64_t day = ts_ns / kNanosPerDay - (ts_ns % kNanosPerDay < 0 ? 1 : 0);
    return static_cast<std::int32_t>(day);
}

std::optional<std::uint32_t> number(std::string_view text) {
    std::uint32_t id = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return id;
}

}  // namespace

SymbolMap::SymbolMap(const Metadata& metadata) {
    const bool ids_to_names = metadata.stype_in == SymbolType::instrument_id;
    const auto add = [&](std::string_view id_text, const MappingInterval& interval, std::size_t name) {
        const std::optional<std::uint32_t> id = number(id_text);
        if (!id) return;
        entries_.push_back({*id, day_of(interval.start.midnight_utc_ns()),
                            day_of(interval.end.midnight_utc_ns()), static_cast<std::uint32_t>(name)});
    };
    for (const SymbolMapping& mapping : metadata.mappings) {
        if (!ids_to_names) names_.push_back(mapping.raw_symbol);
        for (const MappingInterval& interval : mapping.intervals) {
            if (ids_to_names) names_.push_back(interval.symbol);
            add(ids_to_names ? mapping.raw_symbol : interval.symbol, interval, names_.size() - 1);
        }
    }
    std::ranges::stable_sort(entries_, {},
                             [](const Entry& e) { return std::tuple(e.instrument_id, e.start_day); });
}

std::string_view SymbolMap::find(std::uint32_t instrument_id, std::int64_t ts_ns) const {
    const std::int32_t day = day_of(ts_ns);
    // The last interval that starts on the day or before it.
    auto after = std::ranges::upper_bound(entries_, std::tuple(instrument_id, day), {}, [](const Entry& e) {
        return std::tuple(e.instrument_id, e.start_day);
    });
    if (after == entries_.begin()) return {};
    const Entry& entry = *--after;
    return entry.instrument_id == instrument_id && day < entry.end_day ? std::string_view(names_[entry.name])
                                                                       : std::string_view();
}

std::optional<std::uint32_t> SymbolMap::find_id(std::string_view symbol, std::int64_t ts_ns) const {
    const std::int32_t day = day_of(ts_ns);
    const auto entry = std::ranges::find_if(entries_, [&](const Entry& e) {
        return e.start_day <= day && day < e.end_day && names_[e.name] == symbol;
    });
    if (entry == entries_.end()) return std::nullopt;
    return entry->instrument_id;
}

}  // namespace spymaster::dbn
