#include "pipeline/reference/selection.hpp"

#include <gmock/gmock.h>

#include "lake/table_file.hpp"
#include "pipeline/reference/definitions.hpp"
#include "temporary_lake.hpp"

namespace spymaster::pipeline {
namespace {

using market::Date;
using ::testing::HasSubstr;

constexpr Date kFriday{2026, 3, 6};
constexpr Date kMonday{2026, 3, 9};
constexpr Date kTuesday{2026, 3, 10};
constexpr Date kWednesday{2026, 3, 11};

class SelectionMapTest : public ::testing::Test {
  protected:
    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
    fs::path map_ = lake_.root() / "selection" / "mbo_contract_day_selection.parquet";
};

TEST_F(SelectionMapTest, LiesInTheLakeOrWhereTheEnvironmentSays) {
    ::unsetenv("MBO_SELECTION_PATH");
    EXPECT_EQ(selection_path(lake_), map_);
    ::setenv("MBO_SELECTION_PATH", "/elsewhere/map.parquet", 1);
    EXPECT_EQ(selection_path(lake_), "/elsewhere/map.parquet");
    ::unsetenv("MBO_SELECTION_PATH");
}

const ContractDaySelection kMarch{"ESH6", {2026, 3, 20}, kFriday, 500, 90, false};
const ContractDaySelection kJune{"ESM6", {2026, 6, 18}, kMonday, 400, 300, true};

TEST_F(SelectionMapTest, TheMapKeepsOtherDatesAndReplacesThoseBuiltAgain) {
    EXPECT_EQ(load_selection(lake_, map_).error().code, ErrorCode::missing);
    ASSERT_TRUE(merge_selection(lake_, map_, {{kMonday, kMarch}, {kWednesday, kMarch}}).ok());
    ASSERT_TRUE(merge_selection(lake_, map_, {{kMonday, kJune}, {kTuesday, kMarch}}).ok());
    const auto map = load_selection(lake_, map_);
    ASSERT_TRUE(map.ok()) << map.error().message;
    EXPECT_EQ(*map, (SelectionMap{{kMonday, kJune}, {kTuesday, kMarch}, {kWednesday, kMarch}}));
    // Nothing else is left in its folder, and the same rows are the same bytes.
    EXPECT_EQ(std::distance(fs::directory_iterator(map_.parent_path()), {}), 1);
    const std::string bytes = bytes_of(map_);
    ASSERT_TRUE(merge_selection(lake_, map_, {{kMonday, kJune}}).ok());
    EXPECT_EQ(bytes_of(map_), bytes);
}

TEST_F(SelectionMapTest, AMapIsOfOneRoot) {
    ASSERT_TRUE(merge_selection(lake_, map_, {{kMonday, kMarch}}).ok());
    const std::string bytes = bytes_of(map_);
    ContractDaySelection nasdaq = kMarch;
    nasdaq.selected_symbol = "NQH6";
    const auto mixed = merge_selection(lake_, map_, {{kTuesday, nasdaq}});
    ASSERT_FALSE(mixed.ok());
    EXPECT_EQ(mixed.error().code, ErrorCode::conflict);
    EXPECT_EQ(bytes_of(map_), bytes);
}

TEST_F(SelectionMapTest, WhatIsNoMapIsRefused) {
    const lake::Contract contract = *lake_.contract("selection/mbo_contract_day_selection.avsc");
    const auto write = [&](const std::vector<std::string>& dates, const std::string& expires) {
        lake::ColumnBatch batch(contract);
        for (std::size_t place = 0; place < contract.fields.size(); ++place) {
            for (const std::string& date : dates) {
                if (auto* const text = std::get_if<lake::TextColumn>(&batch.column(place))) {
                    text->dictionary.push_back(place == 0   ? date
                                               : place == 1 ? "ESH6"
                                               : place == 2 ? expires
                                                            : "");
                    text->codes.push_back(static_cast<std::int32_t>(text->codes.size()));
                } else {
                    batch.at<std::vector<std::int64_t>>(place).push_back(0);
                }
            }
        }
        ASSERT_TRUE(lake::write_table_file(map_, contract, batch).ok());
    };
    write({"2026-03-09", "2026-03-10"}, "2026-03-20");
    EXPECT_EQ(load_selection(lake_, map_)->size(), 2U);
    write({"2026-03-09", "2026-03-10", "2026-03-09"}, "2026-03-20");
    auto map = load_selection(lake_, map_);
    ASSERT_FALSE(map.ok());
    EXPECT_EQ(map.error().code, ErrorCode::conflict);
    EXPECT_THAT(map.error().message, HasSubstr("2026-03-09 is there twice"));
    write({"2026-03-9"}, "2026-03-20");
    EXPECT_EQ(load_selection(lake_, map_).error().code, ErrorCode::malformed);
    write({"2026-03-09"}, "soon");
    EXPECT_EQ(load_selection(lake_, map_).error().code, ErrorCode::malformed);

    // A table of other columns, a file of other bytes, and half a file.
    const lake::Contract& other = (*lake_.dataset(kDefinitionsDataset))->contract;
    lake::ColumnBatch none(other);
    ASSERT_TRUE(lake::write_table_file(map_, other, none).ok());
    EXPECT_EQ(load_selection(lake_, map_).error().code, ErrorCode::conflict);
    std::ofstream(map_) << "session_date,selected_symbol";
    EXPECT_FALSE(load_selection(lake_, map_).ok());
    EXPECT_FALSE(merge_selection(lake_, map_, {{kMonday, kMarch}}).ok());
    EXPECT_EQ(bytes_of(map_),
              "session_date,selected_symbol");  // not replaced by what cannot be merged with it
}

}  // namespace
}  // namespace spymaster::pipeline
