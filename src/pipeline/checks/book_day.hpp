// The seconds of a day as its snapshots have them: what every other table of the day is held against.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "pipeline/checks/subject.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline::checks {

struct BookDay {
    Subject subject;
    lake::PartitionKey key;  // of the snapshots
    lake::Manifest manifest;
    market::Grid grid;
    std::vector<windows::BookSnapshot1s> windows;      // in the order of the file, whatever it is
    std::unordered_map<std::int64_t, std::size_t> at;  // the first window that ends then
    std::vector<std::int64_t> anchors;  // of each window, unrounded; 0: no row of the wall tells it

    // nullptr: no window ends then.
    [[nodiscard]] const windows::BookSnapshot1s* find(std::int64_t window_end_ts_ns) const;
    // The anchor that a row of the wall or radar may have: one that is rounded to the snapshot's spot.
    [[nodiscard]] bool is_spot_of(std::int64_t anchor, const windows::BookSnapshot1s& window) const;
};

// Error: as lake::Lake::read, and a manifest without a grid.
Result<BookDay> read_book_day(const lake::Lake& lake, const Subject& subject);

}  // namespace spymaster::pipeline::checks
