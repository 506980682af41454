#include "market/product.hpp"

#include <array>

#include "market/time.hpp"

namespace spymaster::market {

namespace {

constexpr std::array kProducts{
    Product{ProductType::future_mbo, "future_mbo", "GLBX.MDP3",
            "product_type=future_mbo/symbol={symbol}/table=market_by_order_dbn", "mbo", Grid{}},
};

}  // namespace

Result<void> check_grid(const Grid& grid) {
    if (grid.tick.nanos <= 0)
        return make_error(ErrorCode::usage, "a tick of {} (1e-9): it must be above 0", grid.tick.nanos);
    if (grid.half_width_ticks < 1 || grid.half_width_ticks > 10'000) {
        return make_error(ErrorCode::usage, "a grid of {} ticks to each side: it must have 1 to 10000",
                          grid.half_width_ticks);
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
