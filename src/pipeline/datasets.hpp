// The datasets of a product and the stages that write them (spec 8.1, 8.4).
#pragma once

#include <string>
#include <string_view>

#include "lake/lake.hpp"
#include "market/product.hpp"

namespace spymaster::pipeline {

inline constexpr std::string_view kBronzeStage = "bronze_ingest_future_mbo";
inline constexpr std::string_view kSilverStage = "silver_compute_book_states_1s";
inline constexpr std::string_view kGoldStage = "gold_compute_physics_surface_1s";

// The four partitions of one contract on one day.
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
