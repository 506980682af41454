// Which instruments a dataset of the library has, on which dates, and what a request's symbols mean there.
//
// Instrument ids hold for a UTC day; names are the venue's own. What parents and continuous contracts need (class, asset,
// expiration) comes from definitions. Where an instrument has none:
//   parent      a name with a month code ("ESH6") is a future of its root; an OCC name ("SPY   260106C00630000") an option of
//               its first word; else the instrument belongs to the one parent that its file was requested with
//   expiration  that of an OCC name, or the third Friday of a future's month
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "dbn/reference_records.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

inline constexpr std::string_view kAllSymbols = "ALL_SYMBOLS";

// Days since 1970 (UTC). Intervals of days exclude their end.
using Day = std::int32_t;
[[nodiscard]] Day day_of(const market::Date& date);
[[nodiscard]] Day day_of_ns(std::uint64_t ts_ns);
[[nodiscard]] market::Date date_of(Day day);

// Instruments of a request, by id and day; or all there are. May be read from any thread.
class InstrumentSelection {
  public:
    static InstrumentSelection all();
    void add(std::uint32_t id, Day first, Day end);
    [[nodiscard]] bool is_all() const { return all_; }
    [[nodiscard]] bool empty() const { return !all_ && days_.empty(); }
    [[nodiscard]] bool holds(std::uint32_t id, std::uint64_t ts_ns) const;

  private:
    struct Days {
        Day first;
        Day end;
    };
    bool all_ = false;
    std::unordered_map<std::uint32_t, std::vector<Days>> days_;
};

struct SymbolQuery {
    dbn::SymbolType stype_in =
        dbn::SymbolType::raw_symbol;   // raw_symbol, instrument_id, parent or continuous
    std::vector<std::string> symbols;  // ALL_SYMBOLS, alone, is every instrument
    market::Date start;
    market::Date end;  // exclusive
};

// One instrument that a symbol stands for from one date to another.
struct ResolvedInstrument {
    std::string requested;
    std::string raw_symbol;
    std::uint32_t id = 0;
    market::Date start;
    market::Date end;  // exclusive
};

struct Resolution {
    std::vector<ResolvedInstrument> instruments;  // in the order of the symbols, each by date
    std::vector<std::string> partial;             // symbols that stand for nothing on some date
    std::vector<std::string> not_found;           // ... on any date
    bool all_symbols = false;

    [[nodiscard]] InstrumentSelection selection() const;
    // As metadata and symbology.resolve have them: of a parent or ALL_SYMBOLS by raw symbol, else by the symbol asked for;
    // in each interval the id, or the raw symbol if stype_out is that.
    [[nodiscard]] std::vector<dbn::SymbolMapping> mappings(dbn::SymbolType stype_in,
                                                           dbn::SymbolType stype_out) const;
};

// Filled once, then sealed; sealed it may be read from any thread.
class Symbology {
  public:
    // `parent`: what the file was requested with, if that was one parent.
    void add_mapping(std::string_view raw_symbol, std::uint32_t id, Day first, Day end,
                     std::string_view parent = {});
    void add_definition(const dbn::InstrumentDefMsg& definition);
    void seal();

    // Error (usage): an stype that is none of the four, ALL_SYMBOLS beside others, a continuous or parent symbol that is
    // malformed (named).
    [[nodiscard]] Result<Resolution> resolve(const SymbolQuery& query) const;

  private:
    struct Held {
        std::uint32_t id;
        Day first;
        Day end;
    };
    struct Instrument {
        std::string raw_symbol;
        char instrument_class = 0;  // 0: no definition
        std::string asset;
        std::uint64_t expiration = dbn::kUndefTimestamp;
        std::string parent;
        std::vector<Held> held;
    };
    struct Named {
        std::size_t instrument;
        Held held;
    };
    class Search;

    Instrument& instrument(std::string_view raw_symbol);
    void fill_without_definition(Instrument& instrument);
    [[nodiscard]] std::string parent_of(const Instrument& instrument) const;
    [[nodiscard]] std::vector<std::size_t> futures_of(std::string_view asset, Day day) const;

    std::vector<Instrument> instruments_;
    std::unordered_map<std::string, std::size_t> by_name_;
    std::unordered_map<std::uint32_t, std::vector<Named>> by_id_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_parent_;
};

}  // namespace spymaster::feed
