#include "pipeline/reference/selection_builder.hpp"

#include <gmock/gmock.h>

#include "pipeline/reference/contract_expirations.hpp"
#include "pipeline/reference/definitions.hpp"
#include "reference_files.hpp"

namespace spymaster::pipeline {
namespace {

using market::Date;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Friday, Monday, Tuesday, Wednesday: the third Friday of March 2026 is the 20th.
constexpr Date kFriday{2026, 3, 6};
constexpr Date kMonday{2026, 3, 9};  // New York has changed its clock the day before
constexpr Date kTuesday{2026, 3, 10};
constexpr Date kWednesday{2026, 3, 11};

struct OrderRow {
    std::string time;  // of the date, UTC
    std::string action;
    std::int64_t size = 0;
};

class SelectionTest : public ::testing::Test {
  protected:
    // A bronze partition; columns that the selection does not read are zero.
    void put(const std::string& symbol, const Date& date, const std::vector<OrderRow>& rows) {
        const lake::PartitionKey key{"bronze.future_mbo.mbo", symbol, date};
        const lake::Contract& contract = (*lake_.dataset(key.dataset))->contract;
        lake::ColumnBatch batch(contract);
        for (std::size_t place = 0; place < contract.fields.size(); ++place) {
            const std::string& name = contract.fields[place].name;
            if (auto* const text = std::get_if<lake::TextColumn>(&batch.column(place))) {
                for (const OrderRow& row : rows) {
                    text->dictionary.push_back(name == "action" ? row.action : "x");
                    text->codes.push_back(static_cast<std::int32_t>(text->codes.size()));
                }
                continue;
            }
            for (const OrderRow& row : rows) {
                const auto time = static_cast<std::int64_t>(at(date.iso() + "T" + row.time + "Z"));
                batch.at<std::vector<std::int64_t>>(place).push_back(name == "ts_event" ? time
                                                                     : name == "size"   ? row.size
                                                                                        : 0);
            }
        }
        auto writer = lake_.write(key);
        ASSERT_TRUE(writer.ok()) << writer.error().message;
        ASSERT_TRUE((*writer)->append(batch).ok());
        ASSERT_TRUE((*writer)->commit({"test", {}, {}}).ok());
    }
    // A day with so many lots, one of them before the opening.
    void put_volume(const std::string& symbol, const Date& date, std::int64_t lots) {
        put(symbol, date, {{"00:00:00", "A", 1'000}, {"12:00:00", "T", 1}, {"18:00:00", "T", lots - 1}});
    }
    void put_definitions(const Date& date,
                         const std::vector<std::pair<std::string, std::string_view>>& futures) {
        std::vector<DefinitionSpec> specs;
        const std::string midnight = date.iso() + "T00:00:00Z";
        for (const auto& [symbol, expires] : futures) {
            specs.push_back({.id = static_cast<std::uint32_t>(specs.size() + 1),
                             .raw_symbol = symbol,
                             .instrument_class = 'F',
                             .underlying = "",
                             .asset = "ES",
                             .expires = expires,
                             .strike = dbn::kUndefPrice,
                             .received = midnight,
                             .tick = 250'000'000});
        }
        const fs::path file = write_definitions(
            folder_.path() / ("glbx-mdp3-" + date.compact() + ".ES.definition.dbn.zst"), specs);
        Progress progress;
        const auto done = ingest_definitions(lake_, market::product_of(market::ProductType::future_mbo), "ES",
                                             date, {file}, progress);
        ASSERT_TRUE(done.ok()) << done.error().message;
    }
    Result<BuiltSelection> build(const std::vector<Date>& dates, const std::string& root = "ES") {
        Progress progress;
        return build_selection(lake_, root, dates, progress);
    }
    SelectionMap rows(const std::vector<Date>& dates) {
        auto built = build(dates);
        EXPECT_TRUE(built.ok()) << (built.ok() ? "" : built.error().message);
        return built.ok() ? built->rows : SelectionMap{};
    }

    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
};

TEST_F(SelectionTest, TheContractMostTradedTheTradingDateBefore) {
    put_definitions(kFriday, {{"ESH6", "2026-03-20T13:30:00Z"}, {"ESM6", "2026-06-18T13:30:00Z"}});
    put_volume("ESH6", kFriday, 500);
    put_volume("ESM6", kFriday, 90);
    put_volume("ESH6", kMonday, 300);
    put_volume("ESM6", kMonday, 400);
    put_volume("ESH6", kTuesday, 1);
    put_volume("ESM6", kTuesday, 800);
    const auto built = build({kFriday, kMonday, kTuesday, kWednesday});
    ASSERT_TRUE(built.ok()) << built.error().message;
    const SelectionMap expected{
        {kFriday, {"ESH6", {2026, 3, 20}, std::nullopt, 0, 0, false}},
        {kMonday, {"ESH6", {2026, 3, 20}, kFriday, 500, 90, false}},
        {kTuesday, {"ESM6", {2026, 6, 18}, kMonday, 400, 300, true}},
    };
    EXPECT_EQ(built->rows, expected);
    ASSERT_EQ(built->notes.size(), 1U);  // of Wednesday; every expiration is known
    EXPECT_THAT(built->notes[0], HasSubstr("2026-03-11 is left out"));
    // The same whichever dates are asked for together.
    for (const auto& [date, row] : expected) EXPECT_EQ(rows({date}).at(date), row) << date.iso();
}

TEST_F(SelectionTest, WhatIsTradedOnADateDecidesNothingOfThatDate) {
    for (const std::int64_t lots : {2, 1'000'000}) {
        const TemporaryFolder folder;
        lake_ = open_lake(folder.path());
        put_volume("ESH6", kFriday, 500);
        put_volume("ESM6", kFriday, 400);
        put_volume("ESH6", kMonday, 2);
        put_volume("ESM6", kMonday, lots);
        const auto selected = rows({kMonday});
        EXPECT_EQ(selected.at(kMonday),
                  (ContractDaySelection{"ESH6", {2026, 3, 20}, kFriday, 500, 400, false}));
    }
}

TEST_F(SelectionTest, EqualVolumesGoToTheEarliestExpirationThenTheName) {
    put_definitions(kFriday, {{"ESH6", "2026-03-20T13:30:00Z"},
                              {"ESM6", "2026-03-20T13:30:00Z"},
                              {"ESU6", "2026-03-19T13:30:00Z"}});
    for (const Date& date : {kFriday, kMonday}) {
        for (const char* symbol : {"ESM6", "ESH6", "ESU6"}) put_volume(symbol, date, 100);
    }
    EXPECT_EQ(rows({kMonday}).at(kMonday).selected_symbol, "ESU6");
    EXPECT_EQ(rows({kMonday}).at(kMonday).prev_volume_rank2, 100);
    // Without it, two expire together.
    put_definitions(kMonday, {{"ESU6", "2026-09-18T13:30:00Z"}});
    EXPECT_EQ(rows({kMonday}).at(kMonday).selected_symbol, "ESH6");
}

TEST_F(SelectionTest, AContractIsNoCandidateFromItsExpirationOn) {
    // A holiday moves the expiration to the day before the third Friday: the definition knows.
    put_definitions(kFriday, {{"ESH6", "2026-03-10T13:30:00Z"}});
    for (const Date& date : {kFriday, kMonday, kTuesday}) {
        put_volume("ESH6", date, 1'000);
        put_volume("ESM6", date, 10);
    }
    const SelectionMap selected = rows({kMonday, kTuesday});
    EXPECT_EQ(selected.at(kMonday).selected_symbol, "ESH6");
    EXPECT_EQ(selected.at(kTuesday), (ContractDaySelection{"ESM6", {2026, 6, 19}, kMonday, 10, 0, true}));
    const TemporaryFolder alone;
    lake_ = open_lake(alone.path());
    put_definitions(kFriday, {{"ESH6", "2026-03-10T13:30:00Z"}});
    put_volume("ESH6", kTuesday, 1'000);
    const auto none = build({kTuesday});
    ASSERT_FALSE(none.ok());
    EXPECT_THAT(none.error().message, HasSubstr("expired before 2026-03-10"));
}

TEST_F(SelectionTest, ATradingDateHasATradeBeforeTheOpeningInNewYork) {
    put("ESH6", kFriday, {{"13:29:59.999999999", "T", 5}});  // 08:29 in winter
    put("ESH6", kMonday, {{"12:29:59.999999999", "T", 5}});  // 08:29 in summer
    put("ESH6", kTuesday, {{"12:30:00", "T", 7}, {"08:59:59", "T", 7}, {"10:00:00", "A", 7}});
    put("ESH6", kWednesday, {{"09:00:00", "T", 7}});  // 05:00
    const auto built = build({kFriday, kMonday, kTuesday, kWednesday});
    ASSERT_TRUE(built.ok()) << built.error().message;
    EXPECT_FALSE(built->rows.contains(kTuesday));
    EXPECT_THAT(built->notes, Contains(HasSubstr("2026-03-10 is left out: no contract traded in")));
    // Nor is it the date before another.
    EXPECT_EQ(built->rows.at(kWednesday).prev_trading_date, kMonday);
    EXPECT_EQ(built->rows.at(kWednesday).prev_volume_selected, 5);
}

TEST_F(SelectionTest, OnTheFirstDateTheNearestExpiration) {
    put_volume("ESM6", kFriday, 900);
    put_volume("ESH6", kFriday, 2);
    EXPECT_EQ(rows({kFriday}).at(kFriday),
              (ContractDaySelection{"ESH6", {2026, 3, 20}, std::nullopt, 0, 0, false}));
}

TEST_F(SelectionTest, OnlyContractsOfTheRootAndOnlyThoseSeenByThen) {
    put_volume("ESH6", kFriday, 10);
    put_volume("MESH6", kFriday, 10'000);
    put_volume("NQH6", kFriday, 10'000);
    put_volume("ESH6", kMonday, 10);
    put_volume("ESF6", kTuesday, 10);  // expired in January, and seen later only
    const auto built = build({kMonday});
    ASSERT_TRUE(built.ok()) << built.error().message;
    EXPECT_EQ(built->rows.at(kMonday), (ContractDaySelection{"ESH6", {2026, 3, 20}, kFriday, 10, 0, false}));
    EXPECT_THAT(built->notes, Not(Contains(HasSubstr("ESF6"))));
    EXPECT_EQ(build({kMonday}, "ESH6").error().code, ErrorCode::usage);
    EXPECT_EQ(build({kMonday}, "GC").error().code, ErrorCode::missing);
    EXPECT_EQ(build({{2026, 3, 14}}).error().code, ErrorCode::missing);
}

TEST_F(SelectionTest, ExpirationsThatNoDefinitionGivesAreThirdFridaysAndSaidSo) {
    put_volume("ESH6", kFriday, 10);
    put_volume("ESM6", kFriday, 10);
    // Raw definition files of the date serve where the lake has none.
    write_definitions(
        folder_.path() / "raw/source=databento/dataset=definition/glbx-mdp3-20260306.ES.definition.dbn",
        {{.raw_symbol = "ESM6",
          .instrument_class = 'F',
          .underlying = "",
          .asset = "ES",
          .expires = "2026-06-18T13:30:00Z",
          .received = "2026-03-06T00:00:00Z"}});
    auto expirations = ContractExpirations::of_root(lake_, "ES");
    ASSERT_TRUE(expirations.ok()) << expirations.error().message;
    Progress progress;
    EXPECT_EQ(*expirations->find("ESM6", kFriday, progress), (Date{2026, 6, 18}));
    EXPECT_THAT(expirations->notes(), IsEmpty());
    EXPECT_EQ(*expirations->find("ESH6", kFriday, progress), (Date{2026, 3, 20}));
    EXPECT_THAT(expirations->notes().at("ESH6"), HasSubstr("third Friday, 2026-03-20"));
    EXPECT_THAT(build({kFriday})->notes, Contains(HasSubstr("ESH6 has no definition")));
}

TEST_F(SelectionTest, ADigitIsAYearOfTheDecadeFromTheDateOn) {
    EXPECT_EQ(third_friday_expiration("ESH6", {2026, 3, 6}), (Date{2026, 3, 20}));
    EXPECT_EQ(third_friday_expiration("ESH0", {2029, 12, 20}), (Date{2030, 3, 15}));
    EXPECT_EQ(third_friday_expiration("ESZ9", {2029, 12, 20}), (Date{2029, 12, 21}));
    EXPECT_EQ(third_friday_expiration("ESU5", {2026, 1, 6}), (Date{2035, 9, 21}));
    EXPECT_EQ(third_friday_expiration("ESH24", {2023, 12, 25}), (Date{2024, 3, 15}));

    // The definition of ten years before is that of another contract.
    put_definitions({2020, 2, 3}, {{"ESH0", "2020-03-20T13:30:00Z"}, {"ESZ9", "2019-12-20T14:30:00Z"}});
    auto expirations = ContractExpirations::of_root(lake_, "ES");
    Progress progress;
    EXPECT_EQ(*expirations->find("ESH0", {2020, 2, 10}, progress), (Date{2020, 3, 20}));
    EXPECT_EQ(*expirations->find("ESZ9", {2020, 2, 10}, progress),
              (Date{2019, 12, 20}));  // gone, and known to be
    EXPECT_EQ(*expirations->find("ESH0", {2029, 12, 20}, progress), (Date{2030, 3, 15}));
    put_volume("ESZ9", {2029, 12, 19}, 30);
    put_volume("ESH0", {2029, 12, 19}, 20);
    put_volume("ESH0", {2029, 12, 20}, 20);
    put_volume("ESH0", {2029, 12, 21}, 20);
    const SelectionMap selected = rows({{2029, 12, 20}, {2029, 12, 21}});
    EXPECT_EQ((selected.at({2029, 12, 20}).selected_symbol), "ESZ9");
    EXPECT_EQ((selected.at({2029, 12, 21}).selected_symbol), "ESH0");
}

TEST_F(SelectionTest, TheLatestDefinitionUpToTheDateGoesFirst) {
    put_definitions(kFriday, {{"ESH6", "2026-03-20T13:30:00Z"}});
    put_definitions(kTuesday, {{"ESH6", "2026-03-19T13:30:00Z"}});
    auto expirations = ContractExpirations::of_root(lake_, "ES");
    Progress progress;
    EXPECT_EQ(*expirations->find("ESH6", kMonday, progress), (Date{2026, 3, 20}));
    EXPECT_EQ(*expirations->find("ESH6", kTuesday, progress), (Date{2026, 3, 19}));
    EXPECT_EQ(*expirations->find("ESH6", {2026, 3, 5}, progress),
              (Date{2026, 3, 20}));  // a later one, the nearest
}

}  // namespace
}  // namespace spymaster::pipeline
