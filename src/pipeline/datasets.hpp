// The datasets of a product (spec 8.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lake/lake.hpp"
#include "market/product.hpp"

namespace spymaster::pipeline {

// The partitions of one contract, or of the options on one underlying, on one day, that come from one pass over its records.
struct ContractDayKeys {
    lake::PartitionKey bronze;
    lake::PartitionKey snapshots;
    lake::PartitionKey flows;
    lake::PartitionKey gold;
    std::optional<lake::PartitionKey> walls;  // these two not of options
    std::optional<lake::PartitionKey> radar;

    // The tables of silver, in the order in which they are written.
    [[nodiscard]] std::vector<lake::PartitionKey> silver() const {
        std::vector<lake::PartitionKey> keys{snapshots, flows};
        for (const auto* const key : {&walls, &radar}) {
            if (*key) keys.push_back(**key);
        }
        return keys;
    }
};

inline ContractDayKeys keys_of(const market::Product& product, const std::string& symbol,
                               const market::Date& date) {
    const std::string name(product.name);
    const auto outright = [&](const char* table) -> std::optional<lake::PartitionKey> {
        if (product.is_option()) return std::nullopt;
        return lake::PartitionKey{"silver." + name + table, symbol, date};
    };
    return {{"bronze." + name + "." + std::string(product.table), symbol, date},
            {"silver." + name + ".book_snapshot_1s", symbol, date},
            {"silver." + name + ".depth_and_flow_1s", symbol, date},
            {"gold." + name + ".physics_surface_1s", symbol, date},
            outright(".wall_surface_1s"),
            outright(".radar_vacuum_1s")};
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

// What the vacuum and bands of one contract or share on one day are made from, and they.
struct VacuumKeys {
    lake::PartitionKey snapshots;
    lake::PartitionKey walls;
    lake::PartitionKey calibration;
    lake::PartitionKey vacuum;
    lake::PartitionKey bands;
};

inline VacuumKeys vacuum_keys(const market::Product& product, const std::string& symbol,
                              const market::Date& date) {
    const std::string silver = "silver." + std::string(product.name);
    return {{silver + ".book_snapshot_1s", symbol, date},
            {silver + ".wall_surface_1s", symbol, date},
            {"gold.hud.physics_norm_calibration", symbol, date},
            {silver + ".vacuum_surface_1s", symbol, date},
            {silver + ".physics_bands_1s", symbol, date}};
}

// The product whose options are on this one; nullptr if none is.
inline const market::Product* option_product_of(market::ProductType underlying) {
    for (const market::Product& product : market::products())
        if (product.underlying == underlying) return &product;
    return nullptr;
}

}  // namespace spymaster::pipeline
