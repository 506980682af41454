// How each column is stored in Parquet: the one place where that is decided. Measurements: docs/lake.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lake/contract.hpp"

namespace spymaster::lake {

enum class Encoding : std::uint8_t {
    plain,
    dictionary,         // few distinct values
    delta,              // DELTA_BINARY_PACKED: integers near their neighbours
    byte_stream_split,  // doubles, byte by byte: exponents compress, mantissas follow
};

struct ColumnEncoding {
    Encoding encoding = Encoding::plain;
    int zstd_level = 1;  // 0: not compressed

    bool operator==(const ColumnEncoding&) const = default;
};

// By the column's name where it is listed, else by its type.
ColumnEncoding encoding_of(const ContractField& field);
std::vector<ColumnEncoding> encodings_of(const Contract& contract);

}  // namespace spymaster::lake
