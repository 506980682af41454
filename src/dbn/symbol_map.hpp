// Which text symbol an instrument id stands for. Ids are unique within a day only (OPRA reuses them daily),
// so every question carries an instant, answered by its UTC date.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dbn/metadata.hpp"

namespace spymaster::dbn {

// Immutable once built: may be read from any thread.
class SymbolMap {
  public:
    SymbolMap() = default;
    // Takes the mappings in either direction: names to ids (stype_out = instrument_id) or ids to names. An
    // interval whose id is not a number is left out.
    explicit SymbolMap(const Metadata& metadata);

    // The symbol of the instrument on the UTC date of ts_ns; empty if unmapped. Valid as long as the map.
    [[nodiscard]] std::string_view find(std::uint32_t instrument_id, std::int64_t ts_ns) const;
    // The instrument with that symbol on the UTC date of ts_ns. Reads the whole map: for set-up, not for
    // every record.
    [[nodiscard]] std::optional<std::uint32_t> find_id(std::string_view symbol, std::int64_t ts_ns) const;

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] std::size_t interval_count() const { return entries_.size(); }

  private:
    struct Entry {
        std::uint32_t instrument_id;
        std::int32_t start_day;  // days since 1970
        std::int32_t end_day;    // exclusive
        std::uint32_t name;      // index into names_
    };
    std::vector<Entry> entries_;  // by id, then start
    std::vector<std::string> names_;
};

}  // namespace spymaster::dbn
