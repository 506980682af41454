// The records of the radar spec's vectors.
#pragma once

#include "../book/records.hpp"
#include "../spec_vectors.hpp"

namespace spymaster::testing {

inline std::vector<Record> records_of(const std::vector<CsvRow>& events) {
    std::vector<Record> records;
    for (const CsvRow& row : events) {
        const Record r = record(row.at("action")[0], static_cast<std::uint64_t>(integer(row, "order_id")),
                                row.at("side")[0], integer(row, "price"),
                                static_cast<std::uint32_t>(integer(row, "size")));
        records.push_back(
            r.at(integer(row, "ts_event")).with(static_cast<std::uint8_t>(integer(row, "flags"))));
    }
    return records;
}

}  // namespace spymaster::testing
