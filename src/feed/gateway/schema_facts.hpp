// What the gateway says of schemas and publishers without looking into the library.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "dbn/metadata.hpp"

namespace spymaster::feed {

// Name and C type of each field of the schema's record, as it lies in DBN version 3; empty: not a schema of this gateway.
std::vector<std::pair<std::string_view, std::string_view>> fields_of(dbn::Schema schema);

// US dollars a gigabyte (2^30 bytes, uncompressed). A stand-in: the same for every dataset and not the service's prices.
double price_of(dbn::Schema schema);
double cost_of(dbn::Schema schema, std::uint64_t bytes);

struct Publisher {
    std::uint16_t id;
    std::string_view dataset;
    std::string_view venue;
    std::string_view description;
};
std::span<const Publisher> publishers();

}  // namespace spymaster::feed
