#include "market/product.hpp"

#include <array>

namespace spymaster::market {

namespace {

constexpr std::array kProducts{
    Product{ProductType::future_mbo, "future_mbo", "GLBX.MDP3",
            "product_type=future_mbo/symbol={symbol}/table=market_by_order_dbn", "mbo", Grid{}},
};

}  // namespace

std::span<const Product> products() { return kProducts; }

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
