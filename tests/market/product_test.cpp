#include "market/product.hpp"

#include <gtest/gtest.h>

namespace spymaster::market {
namespace {

TEST(Product, IsFoundByName) {
    const Result<const Product*> found = find_product("future_mbo");
    ASSERT_TRUE(found.ok());
    EXPECT_EQ((*found)->type, ProductType::future_mbo);
    EXPECT_EQ((*found)->dataset, "GLBX.MDP3");
    EXPECT_EQ((*found)->grid.tick, PriceDelta{250'000'000});
    EXPECT_EQ((*found)->grid.rows_per_side(), 401);
}

TEST(Product, EveryGridIsUsable) {
    for (const Product& product : products()) {
        EXPECT_GT(product.grid.tick.nanos, 0) << product.name;
        EXPECT_GT(product.grid.half_width_ticks, 0) << product.name;
        EXPECT_GT(product.grid.window_ns, 0) << product.name;
        EXPECT_GT(product.grid.rest_ns, 0) << product.name;
        EXPECT_LE(product.grid.rest_ns, product.grid.window_ns) << product.name;
        EXPECT_NE(product.raw_folder.find("symbol={symbol}"), std::string_view::npos) << product.name;
        EXPECT_EQ(*find_product(product.name), &product);
    }
}

TEST(Product, AnUnknownNameListsTheKnownOnes) {
    const Result<const Product*> bad = find_product("future");
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code, ErrorCode::usage);
    EXPECT_NE(bad.error().message.find("future_mbo"), std::string::npos);
}

}  // namespace
}  // namespace spymaster::market
