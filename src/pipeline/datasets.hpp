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

// The open interest of the options on one underlying on one day, as published and as it changed, and their gamma exposure.
// REQUIRES: a product of options.
struct GammaKeys {
    lake::PartitionKey statistics;
    lake::PartitionKey statistics_clean;
    lake::PartitionKey surface;
    lake::PartitionKey levels;
};

inline GammaKeys gamma_keys_of(const market::Product& product, const std::string& symbol,
                               const market::Date& date) {
    const std::string name(product.name);
    const std::string statistics(product.statistics_dataset);  // bronze.X.statistics
    return {{statistics, symbol, date},
            {"silver" + statistics.substr(statistics.find('.')) + "_clean", symbol, date},
            {"silver." + name + ".gex_surface_1s", symbol, date},
            {"silver." + name + ".gex_levels_1s", symbol, date}};
}

// The forecasts of one contract or share on one day.
inline lake::PartitionKey forecast_key(const std::string& symbol, const market::Date& date) {
    return {"stream.forecast_1s", symbol, date};
}

// The product whose options are on this one; nullptr if none is.
inline const market::Product* option_product_of(market::ProductType underlying) {
    for (const market::Product& product : market::products())
        if (product.underlying == underlying) return &product;
    return nullptr;
}

}  // namespace spymaster::pipeline
