// The tables of silver that are surfaces, filled by their contracts with values that are functions of the place, and what
// a client has to see of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arrow_table.hpp"
#include "serve/surfaces.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {

struct SmallTable {
    Surface surface = Surface::wall;
    std::int64_t seed = 0;         // moves every value
    std::int64_t dense = 1;        // window k has k % 4 times as many rows; tables of a row a window one
    std::string calibration = {};  // of the manifest; empty: it says nothing
};

inline const std::vector<Surface> kTables{Surface::book_snapshot, Surface::wall,          Surface::vacuum,
                                          Surface::radar,         Surface::physics_bands, Surface::gex,
                                          Surface::gex_levels};

// Writes the partition. Of book_snapshot, the snapshots of the session have to be written after it.
void write_table(const TemporaryLake& lake, const SmallSession& session, const SmallTable& table);
// All but book_snapshot, which comes with the session.
void write_tables(const TemporaryLake& lake, const SmallSession& session);

std::int64_t rows_in(const SmallTable& table, std::int64_t k);

// Windows [first, last) as they were written: schema, columns, nulls.
ArrowTable table_of(const TemporaryLake& lake, const SmallSession& session, const SmallTable& table,
                    std::int64_t first, std::int64_t last);

// Everything alike, doubles to the bit; the sizes of the batches are not looked at.
void expect_same(const ArrowTable& came, const ArrowTable& expected);

}  // namespace spymaster::serve
