// Arrow IPC streams as plain columns. Arrow's headers are in arrow_table.cpp alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spymaster::serve {

struct ArrowTable {
    std::string error;                // why it is not a stream; empty if it is
    std::vector<std::string> schema;  // "name type" and " not null", in order
    std::vector<std::int64_t> batch_rows;
    std::map<std::string, std::vector<std::size_t>>
        nulls;  // the rows without a value, of columns that have some
    std::map<std::string, std::vector<std::int64_t>>
        integers;  // int64, int32 and bool; 0 for a null, as below
    std::map<std::string, std::vector<double>> reals;
    std::map<std::string, std::vector<std::string>> texts;
};

// The bytes have to be one stream with its end marker, and nothing after it.
ArrowTable read_arrow(std::string_view stream);

}  // namespace spymaster::serve
