#include "market/product.hpp"

#include <algorithm>
#include <array>

#include "market/time.hpp"

namespace spymaster::market {

namespace {

constexpr std::array kProducts{
    Product{.type = ProductType::future_mbo,
            .name = "future_mbo",
            .dataset = "GLBX.MDP3",
            .raw_schema = "mbo",
            .raw_folder = "product_type=future_mbo/symbol={symbol}/table=market_by_order_dbn",
            .definition_folder = "dataset=definition",
            .table = "mbo",
            .stages = {"bronze_ingest_future_mbo", "silver_compute_book_states_1s",
                       "gold_compute_physics_surface_1s"},
            .grid = {},
            .underlying = {},
            .statistics_folder = {},
            .statistics_dataset = {}},
    Product{.type = ProductType::equity_mbo,
            .name = "equity_mbo",
            .dataset = "XNAS.ITCH",
            .raw_schema = "mbo",
            .raw_folder = "product_type=equity_mbo/symbol={symbol}/table=market_by_order_dbn",
            .definition_folder = "dataset=definition/venue=xnas",
            .table = "mbo",
            .stages = {"bronze_ingest_equity_mbo", "silver_compute_equity_book_states_1s",
                       "gold_compute_equity_physics_surface_1s"},
            // Cents, in buckets of half a dollar, to 50 dollars.
            .grid = {.tick = {500'000'000}, .half_width_ticks = 100, .price_increment = {10'000'000}},
            .underlying = {},
            .statistics_folder = {},
            .statistics_dataset = {}},
    Product{.type = ProductType::future_option_mbo,
            .name = "future_option_mbo",
            .dataset = "GLBX.MDP3",
            .raw_schema = "mbo",
            .raw_folder = "product_type=future_option_mbo/symbol={symbol}/table=market_by_order_dbn",
            .definition_folder = "dataset=definition",
            .table = "mbo",
            .stages = {"bronze_ingest_future_option_mbo", "silver_compute_option_book_states_1s",
                       "gold_compute_option_physics_surface_1s"},
            // Strikes 5 dollars apart, to 50 dollars; premiums move in 5 cents.
            .grid = {.tick = {250'000'000},
                     .half_width_ticks = 200,
                     .step_ticks = 20,
                     .price_increment = {50'000'000}},
            .underlying = ProductType::future_mbo,
            .statistics_folder = "product_type=future_option_mbo/symbol={symbol}/table=statistics",
            .statistics_dataset = "bronze.future_option.statistics"},
    Product{.type = ProductType::equity_option_mbo,
            .name = "equity_option_mbo",
            .dataset = "OPRA.PILLAR",
            .raw_schema = "cmbp-1",
            .raw_folder = "product_type=equity_option_cmbp_1/symbol={symbol}/table=cmbp_1",
            .definition_folder = "dataset=definition/venue=opra",
            .table = "cmbp_1",
            .stages = {"bronze_ingest_equity_option_mbo", "silver_compute_equity_option_book_states_1s",
                       "gold_compute_equity_option_physics_surface_1s"},
            // Strikes a dollar apart, to 25 dollars; premiums move in cents.
            .grid = {.tick = {500'000'000},
                     .half_width_ticks = 50,
                     .step_ticks = 2,
                     .price_increment = {10'000'000}},
            .underlying = ProductType::equity_mbo,
            .statistics_folder = "product_type=equity_option_statistics/symbol={symbol}/table=statistics",
            .statistics_dataset = "bronze.equity_option.statistics"},
};

}  // namespace

Result<void> check_grid(const Grid& grid) {
    if (grid.tick.nanos <= 0)
        return make_error(ErrorCode::usage, "a tick of {} (1e-9): it must be above 0", grid.tick.nanos);
    if (grid.half_width_ticks < 1 || grid.half_width_ticks > 10'000) {
        return make_error(ErrorCode::usage, "a grid of {} ticks to each side: it must have 1 to 10000",
                          grid.half_width_ticks);
    }
    if (grid.step_ticks < 1 || grid.half_width_ticks % grid.step_ticks != 0) {
        return make_error(ErrorCode::usage, "rows every {} ticks do not meet a half width of {} ticks",
                          grid.step_ticks, grid.half_width_ticks);
    }
    if (grid.price_increment.nanos <= 0) {
        return make_error(ErrorCode::usage, "a price increment of {} (1e-9): it must be above 0",
                          grid.price_increment.nanos);
    }
    if (grid.window_ns < 1'000'000 || grid.window_ns > 3'600 * kNanosPerSecond) {
        return make_error(ErrorCode::usage, "a window of {} ns: it must last 1 ms to 1 h", grid.window_ns);
    }
    if (grid.rest_ns < 0 || grid.rest_ns > grid.window_ns) {
        return make_error(ErrorCode::usage, "a rest age of {} ns: it must be 0 to the window's {} ns",
                          grid.rest_ns, grid.window_ns);
    }
    return {};
}

std::span<const Product> products() {
    return kProducts;
}

const Product& product_of(ProductType type) {
    return *std::ranges::find(kProducts, type, &Product::type);
}

Result<const Product*> find_product(std::string_view name) {
    std::string known;
    for (const Product& product : kProducts) {
        if (product.name == name) return &product;
        known += known.empty() ? "" : ", ";
        known += product.name;
    }
    return make_error(ErrorCode::usage, "unknown product type '{}'; there are: {}", name, known);
}

}  // namespace spymaster::market
