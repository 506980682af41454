// What happened to one side of a book in a window, all its prices together. Quantities in lots, shares or contracts.
//   start + add - pull - fill == end        in every window without a clear
#pragma once

#include <cstdint>

namespace spymaster::book {

struct SideFlow {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t add = 0;
    std::int64_t pull = 0;
    std::int64_t pull_rest = 0;  // of pull, what had rested
    std::int64_t fill = 0;
    std::int64_t rest = 0;  // of end, what has rested
    bool operator==(const SideFlow&) const = default;
};

}  // namespace spymaster::book
