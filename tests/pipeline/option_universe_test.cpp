#include "pipeline/reference/option_universe.hpp"

#include <gmock/gmock.h>

#include <random>

#include "reference_files.hpp"

namespace spymaster::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr market::Date kDate{2026, 1, 6};

UniverseQuery query_of(std::string_view product, const std::string& symbol,
                       const market::Date& date = kDate) {
    return {*market::find_product(product), symbol, date};
}

std::vector<Definition> definitions_of(const std::vector<DefinitionSpec>& specs) {
    std::vector<Definition> rows;
    for (const DefinitionSpec& spec : specs)
        rows.push_back(to_definition(definition<dbn::InstrumentDefMsg>(spec)));
    return rows;
}

std::vector<std::uint32_t> ids_of(const Result<OptionUniverse>& universe) {
    EXPECT_TRUE(universe.ok()) << (universe.ok() ? "" : universe.error().message);
    std::vector<std::uint32_t> ids;
    for (const OptionTerms& option : universe->options()) ids.push_back(option.instrument_id);
    return ids;
}

TEST(OptionUniverse, WhatIsLeftOutAndWhy) {
    const auto universe = OptionUniverse::of(
        definitions_of({{.id = 9, .raw_symbol = "E1AF6 P6900", .instrument_class = 'P'},
                        {.id = 1},
                        {.id = 2, .raw_symbol = "ESH6", .instrument_class = 'F', .underlying = ""},
                        {.id = 3, .underlying = "NQH6"},
                        {.id = 4, .action = 'D'},
                        {.id = 5, .raw_symbol = "UD:1V: GN 123"},
                        {.id = 6, .user_defined = 'Y'},
                        {.id = 7, .raw_symbol = "E1AF6-E2AF6"},
                        {.id = 8, .expires = "2026-01-07T21:00:00Z"},
                        {.id = 10, .expires = ""},
                        {.id = 11, .strike = dbn::kUndefPrice}}),
        query_of("future_option_mbo", "ES"));
    EXPECT_THAT(ids_of(universe), ElementsAre(1, 9));
    EXPECT_EQ(universe->counts().other_classes, 1U);
    EXPECT_EQ(universe->counts().other_underlyings, 1U);
    EXPECT_EQ(universe->counts().deleted, 1U);
    EXPECT_EQ(universe->counts().user_defined, 2U);
    EXPECT_EQ(universe->counts().spreads, 1U);
    EXPECT_EQ(universe->counts().other_expirations, 2U);
    EXPECT_EQ(universe->counts().without_terms, 1U);
    EXPECT_THAT(universe->underlyings(), ElementsAre("ESH6"));

    const OptionTerms* const put = universe->find(9);
    ASSERT_NE(put, nullptr);
    EXPECT_EQ(put->right, market::Right::put);
    EXPECT_EQ(put->strike_price, 6'900'000'000'000);
    EXPECT_EQ(put->expiration, *market::parse_instant("2026-01-06T21:00:00Z"));
    EXPECT_EQ(put->raw_symbol, "E1AF6 P6900");
    EXPECT_EQ(universe->find(4), nullptr);
}

TEST(OptionUniverse, OptionsOfFuturesAreChosenByTheFutureTheyAreOn) {
    // Weeklies and month ends have assets of their own; ES itself may also be a stock.
    const std::vector<Definition> rows = definitions_of({{.id = 1, .underlying = "ESH6", .asset = "E1A"},
                                                         {.id = 2, .underlying = "ESM6", .asset = "ES"},
                                                         {.id = 3, .underlying = "ESH6", .asset = "EW3"},
                                                         {.id = 4, .underlying = "MESH6", .asset = "ES"},
                                                         {.id = 5, .underlying = "ES", .asset = "ES"}});
    const auto of_root = OptionUniverse::of(rows, query_of("future_option_mbo", "ES"));
    EXPECT_THAT(ids_of(of_root), ElementsAre(1, 2, 3));
    EXPECT_THAT(of_root->underlyings(), ElementsAre("ESH6", "ESM6"));
    EXPECT_THAT(ids_of(OptionUniverse::of(rows, query_of("future_option_mbo", "ESH6"))), ElementsAre(1, 3));
    EXPECT_THAT(ids_of(OptionUniverse::of(rows, query_of("equity_option_mbo", "es"))), ElementsAre(5));
}

TEST(OptionUniverse, MidnightStampsAreTheDateForEquitiesAndTheEveningBeforeForFutures) {
    const std::vector<Definition> rows =
        definitions_of({{.id = 1, .underlying = "SPY", .expires = "2026-01-06T00:00:00Z"},
                        {.id = 2, .underlying = "SPY", .expires = "2026-01-07T00:00:00Z"},
                        {.id = 3, .underlying = "ESH6", .expires = "2026-01-07T00:00:00Z"}});
    EXPECT_THAT(ids_of(OptionUniverse::of(rows, query_of("equity_option_mbo", "SPY"))), ElementsAre(1));
    EXPECT_THAT(ids_of(OptionUniverse::of(rows, query_of("future_option_mbo", "ES"))), ElementsAre(3));
}

TEST(OptionUniverse, MonthEndsThirdFridaysAndMorningExpiries) {
    const auto ids_on = [](const market::Date& date, std::string_view expires) {
        return ids_of(OptionUniverse::of(definitions_of({{.id = 1, .expires = expires}}),
                                         query_of("future_option_mbo", "ES", date)));
    };
    EXPECT_THAT(ids_on({2026, 3, 31}, "2026-03-31T20:00:00Z"), ElementsAre(1));  // month end on a Tuesday
    EXPECT_THAT(ids_on({2026, 1, 16}, "2026-01-16T21:00:00Z"), ElementsAre(1));  // third Friday, afternoon
    EXPECT_THAT(ids_on({2024, 6, 21}, "2024-06-21T13:30:00Z"), ElementsAre(1));  // quarterly, at the opening
}

// Stocks and options of two venues may share a number.
TEST(OptionUniverse, ADeletionCountsOnlyIfItIsTheLastWordOnThatOption) {
    const auto ids = [](const std::vector<DefinitionSpec>& specs) {
        auto rows = definitions_of(specs);
        rows.push_back(to_definition(definition<dbn::InstrumentDefMsg>({.id = 99})));
        return ids_of(OptionUniverse::of(rows, query_of("future_option_mbo", "ES")));
    };
    const DefinitionSpec added{.id = 1, .sent = "2026-01-04T00:00:00Z"};
    const DefinitionSpec deleted{.id = 1, .sent = "2026-01-05T00:00:00Z", .action = 'D', .publisher = 2};
    const DefinitionSpec back{.id = 1, .sent = "2026-01-06T00:00:00Z", .action = 'M', .publisher = 3};
    const DefinitionSpec stock{
        .id = 1, .instrument_class = 'K', .sent = "2026-01-06T01:00:00Z", .publisher = 4};
    EXPECT_THAT(ids({added, deleted}), ElementsAre(99));
    EXPECT_THAT(ids({deleted, added}), ElementsAre(99));
    EXPECT_THAT(ids({back, deleted, added}), ElementsAre(1, 99));
    EXPECT_THAT(ids({added, stock}), ElementsAre(1, 99));
}

TEST(OptionUniverse, FindsEveryOptionAndNoOther) {
    std::mt19937 random(7);
    std::vector<DefinitionSpec> specs;
    for (int i = 0; i < 5'000; ++i) specs.push_back({.id = static_cast<std::uint32_t>(random()) | 1U});
    // Runs of neighbours too, at both ends of the numbers.
    for (std::uint32_t i = 0; i < 1'000; ++i) specs.push_back({.id = 2 * i + 1});
    specs.push_back({.id = std::numeric_limits<std::uint32_t>::max()});
    const auto universe = OptionUniverse::of(definitions_of(specs), query_of("future_option_mbo", "ES"));
    ASSERT_TRUE(universe.ok()) << universe.error().message;
    for (const DefinitionSpec& spec : specs) {
        const OptionTerms* const found = universe->find(spec.id);
        ASSERT_NE(found, nullptr) << spec.id;
        EXPECT_EQ(found->instrument_id, spec.id);
        EXPECT_EQ(universe->find(spec.id - 1), nullptr) << spec.id - 1;  // even
    }
    EXPECT_EQ(OptionUniverse().find(1), nullptr);
}

TEST(OptionUniverse, TheSameFromRawFilesAndFromTheLake) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const fs::path file = write_definitions(folder.path() / "glbx.dbn.zst", {{.id = 1},
                                                                             {.id = 2, .underlying = "ESM6"},
                                                                             {.id = 3, .action = 'D'},
                                                                             {.id = 4, .underlying = "NQH6"},
                                                                             {.id = 6, .user_defined = 'Y'}});
    const fs::path other =
        write_definitions(folder.path() / "opra.dbn", {{.id = 5}}, {.dataset = "OPRA.PILLAR"});
    const UniverseQuery query = query_of("future_option_mbo", "ES");
    Progress progress;
    const auto from_files = OptionUniverse::from_files({file, other}, query, progress);
    EXPECT_THAT(ids_of(from_files), ElementsAre(1, 2));

    ASSERT_FALSE(OptionUniverse::from_lake(lake, query).ok());
    ASSERT_TRUE(ingest_definitions(lake, *query.product, "ES", kDate, {file}, progress).ok());
    const auto from_lake = OptionUniverse::from_lake(lake, query);
    ASSERT_TRUE(from_lake.ok()) << from_lake.error().message;
    EXPECT_TRUE(std::ranges::equal(from_lake->options(), from_files->options()));
    EXPECT_EQ(from_lake->counts().user_defined, 1U);  // by its flag alone: its symbol is like any other
    EXPECT_EQ(from_lake->underlyings(), from_files->underlyings());
}

TEST(OptionUniverse, AnOptionListedTwiceIsWhatItsLastWholeRecordSays) {
    const TemporaryFolder folder;
    const fs::path file = write_definitions(
        folder.path() / "glbx.dbn",
        {{.id = 1, .strike = 6'800'000'000'000, .sent = "2026-01-05T00:00:00Z"},
         {.id = 2, .strike = 6'800'000'000'000, .sent = "2026-01-05T00:00:00Z"},
         {.id = 3, .sent = "2026-01-05T00:00:00Z"},
         {.id = 1, .instrument_class = 'P', .strike = 6'810'000'000'000, .sent = "2026-01-06T00:00:00Z"},
         {.id = 2, .strike = 6'790'000'000'000, .sent = "2026-01-04T00:00:00Z"},
         {.id = 3, .underlying = "NQH6", .sent = "2026-01-06T00:00:00Z"}});
    Progress progress;
    for (const char* symbol : {"ES", "ESH6"}) {
        const auto universe =
            OptionUniverse::from_files({file}, query_of("future_option_mbo", symbol), progress);
        EXPECT_THAT(ids_of(universe), ElementsAre(1, 2)) << symbol;  // the third is another root's now
        EXPECT_EQ(universe->find(1)->strike_price, 6'810'000'000'000);
        EXPECT_EQ(universe->find(1)->right, market::Right::put);
        EXPECT_EQ(universe->find(2)->strike_price, 6'800'000'000'000);
    }
}

TEST(OptionUniverse, NothingLeftIsAnErrorThatSaysWhy) {
    const auto none = OptionUniverse::of(definitions_of({{.id = 1, .expires = "2026-01-09T21:00:00Z"}}),
                                         query_of("future_option_mbo", "ES"));
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::missing);
    EXPECT_THAT(none.error().message, HasSubstr("1 expire on other dates"));
    EXPECT_EQ(OptionUniverse::of({}, query_of("future_mbo", "ES")).error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace spymaster::pipeline
