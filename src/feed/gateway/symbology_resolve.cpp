// Symbology::resolve.
#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "feed/gateway/contract_names.hpp"
#include "feed/gateway/symbology.hpp"
#include "feed/raw_files.hpp"

namespace spymaster::feed {

// One query's way through the tables.
class Symbology::Search {
  public:
    Search(const Symbology& symbology, const SymbolQuery& query)
        : symbology_(symbology), query_(query), first_(day_of(query.start)), end_(day_of(query.end)) {}

    Result<Resolution> run() {
        if (query_.symbols.size() == 1 && query_.symbols.front() == kAllSymbols) {
            found_.all_symbols = true;
            for (const auto& one : symbology_.instruments_) take(one.raw_symbol, one, first_, end_);
            return std::move(found_);
        }
        std::set<std::string_view> seen;
        for (const auto& symbol : query_.symbols) {
            if (!seen.insert(symbol).second) continue;
            covered_.clear();
            SPY_TRY(resolve(symbol));
            judge(symbol);
        }
        return std::move(found_);
    }

  private:
    Result<void> resolve(const std::string& symbol) {
        if (symbol == kAllSymbols) return make_error(ErrorCode::usage, "ALL_SYMBOLS must stand alone");
        switch (query_.stype_in) {
            case dbn::SymbolType::raw_symbol:
                resolve_name(symbol);
                return {};
            case dbn::SymbolType::instrument_id:
                return resolve_id(symbol);
            case dbn::SymbolType::parent:
                return resolve_parent(symbol);
            case dbn::SymbolType::continuous:
                return resolve_continuous(symbol);
            default:
                return make_error(
                    ErrorCode::usage,
                    "stype_in {} is not served; use raw_symbol, instrument_id, parent or continuous",
                    dbn::to_string(query_.stype_in));
        }
    }

    void resolve_name(const std::string& symbol) {
        const auto found = symbology_.by_name_.find(symbol);
        if (found != symbology_.by_name_.end())
            take(symbol, symbology_.instruments_[found->second], first_, end_);
    }

    Result<void> resolve_id(const std::string& symbol) {
        std::uint32_t id = 0;
        const auto [stop, failed] = std::from_chars(symbol.data(), symbol.data() + symbol.size(), id);
        if (failed != std::errc() || stop != symbol.data() + symbol.size())
            return make_error(ErrorCode::usage, "'{}' is not an instrument id", symbol);
        const auto found = symbology_.by_id_.find(id);
        if (found == symbology_.by_id_.end()) return {};
        for (const auto& [instrument, held] : found->second) {
            take(symbol, symbology_.instruments_[instrument], held, first_, end_);
        }
        return {};
    }

    Result<void> resolve_parent(const std::string& symbol) {
        if (!is_parent_name(symbol))
            return make_error(ErrorCode::usage, "'{}' is not a parent; it is ROOT.FUT or ROOT.OPT", symbol);
        const auto found = symbology_.by_parent_.find(symbol);
        if (found == symbology_.by_parent_.end()) return {};
        for (const std::size_t i : found->second) take(symbol, symbology_.instruments_[i], first_, end_);
        return {};
    }

    Result<void> resolve_continuous(const std::string& symbol) {
        SPY_ASSIGN(const auto name, read_continuous_name(symbol));
        for (Day day = std::max(first_, symbology_days().first);
             day < std::min(end_, symbology_days().second); ++day) {
            auto chain = symbology_.futures_of(name.root, day);
            if (name.by_front) begin_with_front(chain, name.root, day);
            if (name.rank < chain.size())
                take(symbol, symbology_.instruments_[chain[name.rank]], day, day + 1);
        }
        return {};
    }

    // Volume and open interest are not known: they are taken to be most in front_contract(), and then to follow the calendar.
    void begin_with_front(std::vector<std::size_t>& chain, const std::string& root, Day day) const {
        const std::string front = front_contract(root, date_of(day));
        const auto at = std::find_if(chain.begin(), chain.end(), [&](std::size_t i) {
            return symbology_.instruments_[i].raw_symbol == front;
        });
        if (at != chain.end()) chain.erase(chain.begin(), at);
    }

    // Days that any instrument is known on.
    std::pair<Day, Day> symbology_days() {
        if (!days_) {
            days_ = {std::numeric_limits<Day>::max(), std::numeric_limits<Day>::min()};
            for (const auto& one : symbology_.instruments_) {
                for (const auto& held : one.held) {
                    days_->first = std::min(days_->first, held.first);
                    days_->second = std::max(days_->second, held.end);
                }
            }
        }
        return *days_;
    }

    void take(const std::string& symbol, const Instrument& instrument, Day from, Day to) {
        for (const auto& held : instrument.held) take(symbol, instrument, held, from, to);
    }

    void take(const std::string& symbol, const Instrument& instrument, const Held& held, Day from, Day to) {
        const Day first = std::max(from, held.first);
        const Day end = std::min(to, held.end);
        if (first >= end) return;
        covered_.emplace_back(first, end);
        auto& all = found_.instruments;
        if (!all.empty() && all.back().requested == symbol && all.back().id == held.id &&
            all.back().raw_symbol == instrument.raw_symbol && all.back().end == date_of(first)) {
            all.back().end = date_of(end);
            return;
        }
        all.push_back({symbol, instrument.raw_symbol, held.id, date_of(first), date_of(end)});
    }

    void judge(const std::string& symbol) {
        if (covered_.empty()) {
            found_.not_found.push_back(symbol);
            return;
        }
        std::sort(covered_.begin(), covered_.end());
        Day reached = first_;
        for (const auto& [first, end] : covered_) {
            if (first > reached) break;
            reached = std::max(reached, end);
        }
        if (reached < end_) found_.partial.push_back(symbol);
    }

    const Symbology& symbology_;
    const SymbolQuery& query_;
    Day first_;
    Day end_;
    std::optional<std::pair<Day, Day>> days_;
    std::vector<std::pair<Day, Day>> covered_;
    Resolution found_;
};

Result<Resolution> Symbology::resolve(const SymbolQuery& query) const {
    return Search(*this, query).run();
}

}  // namespace spymaster::feed
