// Gold, surface by surface: the fields of one second over its lattice, read from the lake and believed only where the
// rows are dense and in order (spec 5.2, 5.5).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "physics/lattice_shape.hpp"
#include "pipeline/tables/row_ranges.hpp"

namespace spymaster::pipeline {

class LatticeRows {
  public:
    // `surfaces`: how many the partition must have. Error: as RowRanges::open; malformed (it has not).
    static Result<LatticeRows> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                    const physics::LatticeShape& shape, std::vector<std::string> fields,
                                    std::int64_t surfaces);

    // Reads a surface, counted from 0, which is to be that of this second. Error: malformed (rows that are not those
    // of the lattice or of the second, a value that is not finite; names the window), io.
    // REQUIRES: surface < surfaces
    Result<void> read(std::int64_t surface, std::int64_t window_end_ts_ns, std::int64_t spot_ref_price_int);
    // A field of the surface read, by its place in `fields`. Valid until the next read().
    [[nodiscard]] const std::vector<double>& field(std::size_t place) const { return values_[place]; }

  private:
    // What a row is keyed by.
    struct Cell {
        std::int32_t rel_ticks;
        char side;
        char right;  // of prices none: 0
    };

    LatticeRows(lake::PartitionKey key, RowRanges rows, const physics::LatticeShape& shape,
                std::size_t fields);
    Result<void> add(const lake::ColumnBatch& rows, std::size_t first, std::size_t last, std::size_t row,
                     std::int64_t window_end_ts_ns, std::int64_t spot_ref_price_int);

    lake::PartitionKey key_;
    RowRanges rows_;
    std::vector<Cell> cells_;
    std::size_t first_field_;                  // its place among the columns read
    std::vector<std::vector<double>> values_;  // by field, then row
};

}  // namespace spymaster::pipeline
