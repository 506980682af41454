// The four products as data. Nothing downstream asks which product it is working on: it reads these numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "market/price.hpp"

namespace spymaster::market {

// The grid a product is measured on, in space and in time (spec 1.1). A row stands at every step_ticks from
// -half_width_ticks to +half_width_ticks around spot.
struct Grid {
    PriceDelta tick{250'000'000};  // one rel_tick, in prices of what the grid is centred on
    int half_width_ticks = 200;
    int step_ticks = 1;  // between neighbouring rows: 1 for prices, the strike step for strikes
    PriceDelta price_increment{
        250'000'000};  // that prices of the book move in; below tick, they are gathered into buckets of a tick
    std::int64_t window_ns = 1'000'000'000;
    std::int64_t rest_ns = 500'000'000;  // an order at least this old is resting; at most window_ns

    [[nodiscard]] int steps_per_side() const { return half_width_ticks / step_ticks; }
    [[nodiscard]] int rows_per_side() const { return 2 * steps_per_side() + 1; }
    [[nodiscard]] PriceDelta step() const { return {tick.nanos * step_ticks}; }
    bool operator==(const Grid&) const = default;
};

// Error (usage): a grid that nothing can be measured on (a tick or window of 0, rest_ns above window_ns, a
// half width that is no multiple of the step, ...).
Result<void> check_grid(const Grid& grid);

enum class ProductType : std::uint8_t { future_mbo, future_option_mbo, equity_mbo, equity_option_mbo };

// What a stage is called in the manifests it writes (spec 8.4).
struct StageNames {
    std::string_view bronze;
    std::string_view silver;
    std::string_view gold;
};

struct Product {
    ProductType type;
    std::string_view name;               // "future_mbo", as in dataset keys and flags
    std::string_view dataset;            // Databento's, "GLBX.MDP3"
    std::string_view raw_schema;         // "mbo" or "cmbp-1", as in raw file names
    std::string_view raw_folder;         // under raw/source=databento/, with {symbol} for the root
    std::string_view definition_folder;  // likewise
    std::string_view table;              // bronze table
    StageNames stages;
    Grid grid;
    // Options: the product whose spot centres their grid, and where their statistics are; else none and empty.
    std::optional<ProductType> underlying;
    std::string_view statistics_folder;   // likewise under raw/source=databento/
    std::string_view statistics_dataset;  // "bronze.future_option.statistics"

    [[nodiscard]] bool is_option() const { return underlying.has_value(); }
    // Its symbols are contracts of a root, as ESH6 is of ES, and the options on them.
    [[nodiscard]] bool has_roots() const { return dataset == "GLBX.MDP3"; }
};

// Every product that the program can run, in the order in which one needs the other.
std::span<const Product> products();

const Product& product_of(ProductType type);

// By name. Error (usage) lists the names there are.
Result<const Product*> find_product(std::string_view name);

}  // namespace spymaster::market
