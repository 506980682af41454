// What is checked together: one contract or share, or the options on one, on one date.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"

namespace spymaster::pipeline::checks {

// What is to be checked, and how strictly.
struct Request {
    market::Date date;
    std::string symbol;                        // a contract, a root or a share; empty: all of the date
    const market::Product* product = nullptr;  // nullptr: all
    double min_valid_share = 0.9;              // of a session's windows
};

struct Subject {
    const market::Product* product = nullptr;
    std::string symbol;
    market::Date date;

    // The partition of "silver" or "gold" of a table of the product.
    [[nodiscard]] lake::PartitionKey silver(std::string_view table) const;
    [[nodiscard]] lake::PartitionKey gold_surface() const;
    [[nodiscard]] lake::PartitionKey calibration() const;
    [[nodiscard]] lake::PartitionKey open_interest() const;  // statistics_clean of options
    // What options are on, for its own tables. REQUIRES: an option product.
    [[nodiscard]] Subject underlying() const;
    // "spymaster run --product-type future_mbo --layer silver --symbol ESH6 --dt 2026-01-06"
    [[nodiscard]] std::string command(std::string_view layer) const;
};

// Those of the date that have silver or gold; of a product without either, those that have bronze. In the order of the
// products. Error: missing (nothing in the lake is of that date and symbol), usage (a lake without that dataset).
Result<std::vector<Subject>> subjects_of(const lake::Lake& lake, const Request& request);

// Every complete partition of the date and symbol, whatever its dataset.
Result<std::vector<lake::PartitionKey>> partitions_of(const lake::Lake& lake, const Request& request);

}  // namespace spymaster::pipeline::checks
