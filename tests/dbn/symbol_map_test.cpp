#include "dbn/symbol_map.hpp"

#include <gtest/gtest.h>

namespace spymaster::dbn {
namespace {

std::int64_t noon(int year, int month, int day) {
    return market::Date{year, month, day}.midnight_utc_ns() + 12 * 3600 * market::kNanosPerSecond;
}

Metadata rolled() {
    Metadata metadata;
    metadata.stype_in = SymbolType::raw_symbol;
    metadata.stype_out = SymbolType::instrument_id;
    metadata.mappings = {{"ESH4", {{{2024, 1, 1}, {2024, 1, 3}, "10"}, {{2024, 1, 5}, {2024, 1, 6}, "11"}}},
                         {"ESM4", {{{2024, 1, 3}, {2024, 1, 5}, "10"}}},
                         {"nothing", {{{2024, 1, 1}, {2024, 1, 2}, ""}}}};
    return metadata;
}

TEST(SymbolMap, AnswersByDate) {
    const SymbolMap map(rolled());
    EXPECT_EQ(map.find(10, noon(2024, 1, 1)), "ESH4");
    EXPECT_EQ(map.find(10, market::Date{2024, 1, 3}.midnight_utc_ns() - 1), "ESH4");
    EXPECT_EQ(map.find(10, market::Date{2024, 1, 3}.midnight_utc_ns()), "ESM4");
    EXPECT_EQ(map.find(10, noon(2024, 1, 4)), "ESM4");
    EXPECT_EQ(map.find(11, noon(2024, 1, 5)), "ESH4");
}

TEST(SymbolMap, UnmappedIsEmpty) {
    const SymbolMap map(rolled());
    EXPECT_EQ(map.find(10, noon(2023, 12, 31)), "");
    EXPECT_EQ(map.find(10, noon(2024, 1, 5)), "");
    EXPECT_EQ(map.find(9, noon(2024, 1, 2)), "");
    EXPECT_EQ(map.find(12, noon(2024, 1, 2)), "");
    EXPECT_EQ(SymbolMap().find(10, 0), "");
    EXPECT_EQ(map.interval_count(), 3U);  // the empty id is left out
}

TEST(SymbolMap, FindsIdsByName) {
    const SymbolMap map(rolled());
    EXPECT_EQ(map.find_id("ESH4", noon(2024, 1, 2)), 10U);
    EXPECT_EQ(map.find_id("ESH4", noon(2024, 1, 5)), 11U);
    EXPECT_EQ(map.find_id("ESH4", noon(2024, 1, 3)), std::nullopt);
    EXPECT_EQ(map.find_id("ESZ4", noon(2024, 1, 2)), std::nullopt);
}

TEST(SymbolMap, TakesMappingsFromIdsToNames) {
    Metadata metadata;
    metadata.stype_in = SymbolType::instrument_id;
    metadata.stype_out = SymbolType::raw_symbol;
    metadata.mappings = {
        {"10", {{{2024, 1, 1}, {2024, 1, 3}, "ESH4"}, {{2024, 1, 3}, {2024, 1, 5}, "ESM4"}}}};
    const SymbolMap map(metadata);
    EXPECT_EQ(map.find(10, noon(2024, 1, 2)), "ESH4");
    EXPECT_EQ(map.find(10, noon(2024, 1, 3)), "ESM4");
    EXPECT_EQ(map.find_id("ESM4", noon(2024, 1, 3)), 10U);
}

}  // namespace
}  // namespace spymaster::dbn
