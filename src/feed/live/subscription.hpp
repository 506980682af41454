// What is asked of a live gateway.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dbn/metadata.hpp"

namespace spymaster::feed::live {

struct LiveSubscription {
    dbn::Schema schema = dbn::Schema::mbo;
    dbn::SymbolType stype_in = dbn::SymbolType::raw_symbol;
    std::vector<std::string> symbols;  // {"ALL_SYMBOLS"}: all of the dataset
    bool snapshot = false;             // mbo only: the books as they are, then what happens
    std::optional<std::int64_t>
        start;  // ns since 1970: replay from there; 0: all there is. Excludes snapshot
};

}  // namespace spymaster::feed::live
