// The datasets of a product (spec 8.1).
#pragma once

#include <string>

#include "lake/lake.hpp"
#include "market/product.hpp"

namespace spymaster::pipeline {

// The four partitions of one contract, or of the options on one underlying, on one day.
struct ContractDayKeys {
    lake::PartitionKey bronze;
    lake::PartitionKey snapshots;
    lake::PartitionKey flows;
    lake::PartitionKey gold;
};

inline ContractDayKeys keys_of(const market::Product& product, const std::string& symbol,
                               const market::Date& date) {
    const std::string name(product.name);
    return {{"bronze." + name + "." + std::string(product.table), symbol, date},
            {"silver." + name + ".book_snapshot_1s", symbol, date},
            {"silver." + name + ".depth_and_flow_1s", symbol, date},
            {"gold." + name + ".physics_surface_1s", symbol, date}};
}

}  // namespace spymaster::pipeline
