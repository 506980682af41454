#include "feed/gateway/symbology.hpp"

#include <algorithm>
#include <tuple>

#include "feed/gateway/contract_names.hpp"

namespace spymaster::feed {

namespace {

constexpr std::int64_t kNanosPerDay = std::int64_t{86'400} * market::kNanosPerSecond;

bool is_option(char instrument_class) {  // spreads of options and mixed ones are of the options' parent
    return instrument_class == 'C' || instrument_class == 'P' || instrument_class == 'T' ||
           instrument_class == 'M';
}

bool is_future(char instrument_class) {
    return instrument_class == 'F' || instrument_class == 'S';
}

}  // namespace

Day day_of(const market::Date& date) {
    return static_cast<Day>(date.midnight_utc_ns() / kNanosPerDay);
}

Day day_of_ns(std::uint64_t ts_ns) {
    return static_cast<Day>(ts_ns / static_cast<std::uint64_t>(kNanosPerDay));
}

market::Date date_of(Day day) {
    return market::utc_date(std::int64_t{day} * kNanosPerDay);
}

InstrumentSelection InstrumentSelection::all() {
    InstrumentSelection selection;
    selection.all_ = true;
    return selection;
}

void InstrumentSelection::add(std::uint32_t id, Day first, Day end) {
    days_[id].push_back({first, end});
}

bool InstrumentSelection::holds(std::uint32_t id, std::uint64_t ts_ns) const {
    if (all_) return true;
    const auto found = days_.find(id);
    if (found == days_.end()) return false;
    const Day day = day_of_ns(ts_ns);
    return std::any_of(found->second.begin(), found->second.end(),
                       [day](const Days& days) { return days.first <= day && day < days.end; });
}

InstrumentSelection Resolution::selection() const {
    if (all_symbols) return InstrumentSelection::all();
    InstrumentSelection selection;
    for (const auto& one : instruments) selection.add(one.id, day_of(one.start), day_of(one.end));
    return selection;
}

std::vector<dbn::SymbolMapping> Resolution::mappings(dbn::SymbolType stype_in,
                                                     dbn::SymbolType stype_out) const {
    const bool by_name = all_symbols || stype_in == dbn::SymbolType::parent;
    std::vector<dbn::SymbolMapping> mappings;
    std::unordered_map<std::string, std::size_t> places;
    for (const auto& one : instruments) {
        const std::string& key = by_name ? one.raw_symbol : one.requested;
        const auto [place, fresh] = places.emplace(key, mappings.size());
        if (fresh) mappings.push_back({key, {}});
        auto& intervals = mappings[place->second].intervals;
        std::string symbol =
            stype_out == dbn::SymbolType::raw_symbol ? one.raw_symbol : std::to_string(one.id);
        const dbn::MappingInterval interval{one.start, one.end, std::move(symbol)};
        if (std::find(intervals.begin(), intervals.end(), interval) == intervals.end())
            intervals.push_back(interval);
    }
    return mappings;
}

Symbology::Instrument& Symbology::instrument(std::string_view raw_symbol) {
    const auto [place, fresh] = by_name_.emplace(std::string(raw_symbol), instruments_.size());
    if (fresh) instruments_.emplace_back().raw_symbol = raw_symbol;
    return instruments_[place->second];
}

void Symbology::add_mapping(std::string_view raw_symbol, std::uint32_t id, Day first, Day end,
                            std::string_view parent) {
    if (first >= end || raw_symbol.empty()) return;
    auto& known = instrument(raw_symbol);
    known.held.push_back({id, first, end});
    if (known.parent.empty()) known.parent = parent;
}

void Symbology::add_definition(const dbn::InstrumentDefMsg& definition) {
    const auto name = dbn::text(definition.raw_symbol);
    if (name.empty() || definition.ts_recv == dbn::kUndefTimestamp) return;
    auto& known = instrument(name);
    const Day day = day_of_ns(definition.ts_recv);
    known.held.push_back({definition.hd.instrument_id, day, day + 1});
    known.instrument_class = definition.instrument_class;
    known.asset = dbn::text(definition.asset);
    known.expiration = definition.expiration;
}

void Symbology::fill_without_definition(Instrument& instrument) {
    const Day seen = instrument.held.front().first;
    if (instrument.instrument_class == 0) {
        if (const auto option = read_occ_name(instrument.raw_symbol)) {
            instrument.instrument_class = option->right;
            instrument.expiration = static_cast<std::uint64_t>(option->expiration.midnight_utc_ns());
        } else if (const auto future = read_future_name(instrument.raw_symbol, date_of(seen))) {
            instrument.instrument_class = 'F';
            instrument.asset = future->root;
            instrument.expiration = static_cast<std::uint64_t>(future->third_friday.midnight_utc_ns());
        }
    }
    if (instrument.asset.empty() && is_option(instrument.instrument_class)) {
        if (const auto option = read_occ_name(instrument.raw_symbol)) instrument.asset = option->root;
    }
}

std::string Symbology::parent_of(const Instrument& instrument) const {
    if (instrument.asset.empty()) return instrument.instrument_class == 0 ? instrument.parent : std::string();
    if (is_option(instrument.instrument_class)) return instrument.asset + ".OPT";
    if (is_future(instrument.instrument_class)) return instrument.asset + ".FUT";
    return {};
}

void Symbology::seal() {
    for (std::size_t i = 0; i < instruments_.size(); ++i) {
        auto& one = instruments_[i];
        std::sort(one.held.begin(), one.held.end(), [](const Held& a, const Held& b) {
            return std::tie(a.first, a.id, a.end) < std::tie(b.first, b.id, b.end);
        });
        // Several files say the same: one interval for days that touch and have one id.
        std::vector<Held> joined;
        for (const auto& held : one.held) {
            if (!joined.empty() && joined.back().id == held.id && held.first <= joined.back().end) {
                joined.back().end = std::max(joined.back().end, held.end);
            } else {
                joined.push_back(held);
            }
        }
        one.held = std::move(joined);
        for (const auto& held : one.held) by_id_[held.id].push_back({i, held});
        fill_without_definition(one);
        if (auto parent = parent_of(one); !parent.empty()) by_parent_[std::move(parent)].push_back(i);
    }
}

// Outright futures of an asset that trade on a day, the next to expire first.
std::vector<std::size_t> Symbology::futures_of(std::string_view asset, Day day) const {
    const auto family = by_parent_.find(std::string(asset) + ".FUT");
    std::vector<std::size_t> found;
    if (family == by_parent_.end()) return found;
    const auto midnight = static_cast<std::uint64_t>(date_of(day).midnight_utc_ns());
    for (const std::size_t i : family->second) {
        const auto& one = instruments_[i];
        const bool trades = std::any_of(one.held.begin(), one.held.end(), [day](const Held& held) {
            return held.first <= day && day < held.end;
        });
        if (one.instrument_class == 'F' && trades && one.expiration >= midnight) found.push_back(i);
    }
    std::sort(found.begin(), found.end(), [this](std::size_t a, std::size_t b) {
        return std::tie(instruments_[a].expiration, instruments_[a].raw_symbol) <
               std::tie(instruments_[b].expiration, instruments_[b].raw_symbol);
    });
    return found;
}

}  // namespace spymaster::feed
