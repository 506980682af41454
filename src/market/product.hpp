// The four products as data. Nothing downstream asks which product it is working on: it reads these numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "market/price.hpp"

namespace spymaster::market {

// The grid a product is measured on, in space and in time (spec 1.1).
struct Grid {
    PriceDelta tick{250'000'000};  // the distance between neighbouring rows
    int half_width_ticks = 200;    // rows reach from -half_width to +half_width around spot
    std::int64_t window_ns = 1'000'000'000;
    std::int64_t rest_ns = 500'000'000;  // an order at least this old is resting; at most window_ns

    [[nodiscard]] int rows_per_side() const { return 2 * half_width_ticks + 1; }
};

// Error (usage): a grid that nothing can be measured on (a tick or window of 0, rest_ns above window_ns,
// ...).
Result<void> check_grid(const Grid& grid);

enum class ProductType : std::uint8_t { future_mbo, future_option_mbo, equity_mbo, equity_option_mbo };

struct Product {
    ProductType type;
    std::string_view name;        // "future_mbo", as in paths and flags
    std::string_view dataset;     // Databento's, "GLBX.MDP3"
    std::string_view raw_folder;  // under raw/source=databento/, with {symbol} for the root
    std::string_view table;       // bronze table
    Grid grid;
};

// Every product that the program can run.
std::span<const Product> products();

// By name. Error (usage) lists the names there are.
Result<const Product*> find_product(std::string_view name);

}  // namespace spymaster::market
