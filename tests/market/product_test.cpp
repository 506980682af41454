#include "market/product.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

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

// Spec 1.1.
TEST(Product, GridsAreAsSpecified) {
    const Grid& future = product_of(ProductType::future_mbo).grid;
    EXPECT_EQ(future.rows_per_side(), 401);
    EXPECT_EQ(future.step(), PriceDelta{250'000'000});
    EXPECT_EQ(future.price_increment, future.tick);
    const Grid& equity = product_of(ProductType::equity_mbo).grid;
    EXPECT_EQ(equity.rows_per_side(), 201);
    EXPECT_EQ(equity.step(), PriceDelta{500'000'000});
    EXPECT_EQ(equity.price_increment, PriceDelta{10'000'000});
    const Grid& future_option = product_of(ProductType::future_option_mbo).grid;
    EXPECT_EQ(future_option.rows_per_side(), 21);
    EXPECT_EQ(future_option.step(), PriceDelta{5'000'000'000});
    EXPECT_EQ(future_option.tick, future.tick);
    EXPECT_EQ(future_option.half_width_ticks, 200);
    const Grid& equity_option = product_of(ProductType::equity_option_mbo).grid;
    EXPECT_EQ(equity_option.rows_per_side(), 51);
    EXPECT_EQ(equity_option.step(), PriceDelta{1'000'000'000});
    EXPECT_EQ(equity_option.tick, equity.tick);
    EXPECT_EQ(equity_option.half_width_ticks, 50);
}

TEST(Product, EveryGridIsUsable) {
    for (const Product& product : products()) {
        EXPECT_TRUE(check_grid(product.grid).ok()) << product.name;
        EXPECT_NE(product.raw_folder.find("symbol={symbol}"), std::string_view::npos) << product.name;
        EXPECT_EQ(*find_product(product.name), &product);
        EXPECT_EQ(&product_of(product.type), &product);
    }
}

TEST(Product, OptionsComeAfterWhatTheyAreOn) {
    std::vector<ProductType> before;
    for (const Product& product : products()) {
        EXPECT_EQ(product.is_option(), product.name.find("option") != std::string_view::npos);
        EXPECT_EQ(product.is_option(), !product.statistics_folder.empty());
        EXPECT_EQ(product.is_option(), !product.statistics_dataset.empty());
        const bool ready =
            !product.underlying || std::ranges::find(before, *product.underlying) != before.end();
        EXPECT_TRUE(ready) << product.name;
        before.push_back(product.type);
    }
}

TEST(Product, AGridThatDoesNotMeetItsHalfWidthIsRefused) {
    Grid grid;
    grid.step_ticks = 3;
    EXPECT_EQ(check_grid(grid).error().code, ErrorCode::usage);
    grid.step_ticks = 0;
    EXPECT_EQ(check_grid(grid).error().code, ErrorCode::usage);
    grid.step_ticks = 20;
    EXPECT_TRUE(check_grid(grid).ok());
    grid.price_increment = {0};
    EXPECT_EQ(check_grid(grid).error().code, ErrorCode::usage);
}

TEST(Product, AnUnknownNameListsTheKnownOnes) {
    const Result<const Product*> bad = find_product("future");
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code, ErrorCode::usage);
    EXPECT_NE(bad.error().message.find("future_mbo"), std::string::npos);
}

}  // namespace
}  // namespace spymaster::market
