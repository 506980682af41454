#include "pipeline/reference/definitions.hpp"

#include <gmock/gmock.h>

#include "market/expiration.hpp"
#include "reference_files.hpp"

namespace spymaster::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr market::Date kDate{2026, 1, 6};

const market::Product& product(std::string_view name) {
    return **market::find_product(name);
}

Definitions read(const std::vector<fs::path>& files, DefinitionQuery query = {kDate, "", {}}) {
    Progress progress;
    auto read = read_definitions(files, query, progress);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
    return read.ok() ? std::move(*read) : Definitions{};
}

Result<DefinitionIngest> ingest(const lake::Lake& lake, std::string_view product_name,
                                const std::string& symbol, const std::vector<fs::path>& files = {}) {
    Progress progress;
    return ingest_definitions(lake, product(product_name), symbol, kDate, files, progress);
}

std::vector<std::string> symbols_of(const std::vector<Definition>& rows) {
    std::vector<std::string> symbols;
    for (const Definition& row : rows) symbols.push_back(row.raw_symbol);
    return symbols;
}

class DefinitionsTest : public ::testing::Test {
  protected:
    fs::path file(const std::string& name) const { return folder_.path() / "files" / name; }
    fs::path raw(const std::string& name) const {
        return folder_.path() / "raw/source=databento/dataset=definition" / name;
    }

    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
};

TEST_F(DefinitionsTest, EveryDbnVersionSaysTheSame) {
    const std::vector<DefinitionSpec> specs{{.id = 7},
                                            {.id = 5,
                                             .raw_symbol = "ESH6",
                                             .instrument_class = 'F',
                                             .underlying = "",
                                             .asset = "ES",
                                             .expires = "2026-03-20T13:30:00Z",
                                             .strike = dbn::kUndefPrice,
                                             .tick = 250'000'000}};
    const Definitions newest = read({write_definitions(file("3.dbn"), specs, {.version = 3})});
    EXPECT_EQ(read({write_definitions(file("1.dbn"), specs, {.version = 1})}).rows, newest.rows);
    EXPECT_EQ(read({write_definitions(file("2.dbn.zst"), specs, {.version = 2})}).rows, newest.rows);

    ASSERT_EQ(newest.rows.size(), 2U);
    const Definition& future = newest.rows[0];
    EXPECT_EQ(future.raw_symbol, "ESH6");
    EXPECT_EQ(future.strike_price, 0);
    EXPECT_EQ(future.min_price_increment, 250'000'000);
    EXPECT_EQ(future.multiplier, 50.0);
    EXPECT_EQ(future.currency, "USD");
    const Definition& option = newest.rows[1];
    EXPECT_EQ(option.instrument_id, 7U);
    EXPECT_EQ(option.strike_price, 6'900'000'000'000);
    EXPECT_EQ(option.min_price_increment, 0);  // undefined
    EXPECT_EQ(option.expiration, *market::parse_instant("2026-01-06T21:00:00Z"));
    EXPECT_EQ(option.asset, "E1A");
}

TEST_F(DefinitionsTest, TheWholeLastRecordByTimeStaysAndTiesGoToTheLaterInPathOrder) {
    write_definitions(file("a.dbn"),
                      {{.id = 1, .raw_symbol = "NEWER", .strike = 2, .sent = "2026-01-05T00:00:00Z"},
                       {.id = 2, .raw_symbol = "FIRST", .asset = "OLD"},
                       {.id = 3, .publisher = 2}});
    // Nothing of an older record shines through a newer one: its asset is empty, and stays so.
    write_definitions(file("b.dbn"), {{.id = 1, .raw_symbol = "OLDER", .sent = "2026-01-04T00:00:00Z"},
                                      {.id = 2, .raw_symbol = "SECOND", .asset = ""},
                                      {.id = 3, .publisher = 1}});
    const Definitions definitions = read({file("b.dbn"), file("a.dbn")});
    EXPECT_THAT(symbols_of(definitions.rows), ElementsAre("NEWER", "SECOND", "E1AF6 C6900", "E1AF6 C6900"));
    EXPECT_EQ(definitions.rows[1].asset, "");
    EXPECT_EQ(definitions.rows[2].publisher_id, 1);
    EXPECT_EQ(definitions.rows[3].publisher_id, 2);
    EXPECT_EQ(definitions.counts.replaced, 2U);
    EXPECT_THAT(definitions.counts.files_read, ElementsAre(file("a.dbn"), file("b.dbn")));
}

TEST_F(DefinitionsTest, DeletionsAreKept) {
    write_definitions(file("a.dbn"), {{.id = 1}, {.id = 1, .sent = "2026-01-05T00:00:00Z", .action = 'D'}});
    const Definitions definitions = read({file("a.dbn")});
    ASSERT_EQ(definitions.rows.size(), 1U);
    EXPECT_EQ(definitions.rows[0].security_update_action, 'D');
}

TEST_F(DefinitionsTest, InstrumentsOfOtherDaysAreOthers) {
    write_definitions(file("a.dbn"), {{.id = 1, .received = "2026-01-05T23:59:59.999999999Z"},
                                      {.id = 2, .received = "2026-01-06T00:00:00Z"},
                                      {.id = 3, .received = "2026-01-06T23:59:59.999999999Z"},
                                      {.id = 4, .received = "2026-01-07T00:00:00Z"}});
    const Definitions definitions = read({file("a.dbn")});
    ASSERT_EQ(definitions.rows.size(), 2U);
    EXPECT_EQ(definitions.rows[0].instrument_id, 2U);
    EXPECT_EQ(definitions.rows[1].instrument_id, 3U);
    EXPECT_EQ(definitions.counts.other_dates, 2U);
}

TEST_F(DefinitionsTest, MultiplierIsSizeTimesCountOfWhatIsGiven) {
    const auto multiplier = [](std::int64_t size, std::int32_t count) {
        return multiplier_of(definition<dbn::InstrumentDefMsg>({.unit_quantity = size, .multiplier = count}));
    };
    constexpr std::int32_t kNoCount = std::numeric_limits<std::int32_t>::max();
    EXPECT_EQ(multiplier(50'000'000'000, kNoCount), 50.0);  // ES
    EXPECT_EQ(multiplier(dbn::kUndefPrice, 100), 100.0);
    EXPECT_EQ(multiplier(2'500'000'000, 30), 75.0);  // two and a half units on each of thirty days
    EXPECT_EQ(multiplier(dbn::kUndefPrice, kNoCount), 0.0);
    EXPECT_EQ(multiplier(0, 0), 0.0);
}

TEST_F(DefinitionsTest, OnePartitionAnUnderlyingWithRowsInOrderOfTheirIds) {
    write_definitions(
        raw("glbx-mdp3-20260106.ES.definition.dbn.zst"),
        {{.id = 9, .raw_symbol = "EW1H6 P6800", .instrument_class = 'P'},
         {.id = 4, .raw_symbol = "ESM6 C7000", .underlying = "ESM6", .asset = "ES"},
         {.id = 3, .raw_symbol = "E1AF6 C6900"},
         {.id = 2, .raw_symbol = "ESH6", .instrument_class = 'F', .underlying = "", .asset = "ES"},
         {.id = 1, .raw_symbol = "NQH6", .instrument_class = 'F', .underlying = "", .asset = "NQ"}});
    const auto report = ingest(lake_, "future_option_mbo", "ES");
    ASSERT_TRUE(report.ok()) << report.error().message;
    ASSERT_EQ(report->written.size(), 3U);
    EXPECT_EQ(report->written[0].symbol, "ES");
    EXPECT_EQ(report->written[1].symbol, "ESH6");
    EXPECT_EQ(report->written[2].symbol, "ESM6");
    EXPECT_EQ(report->counts.other_symbols, 1U);  // NQ was not asked for

    const auto all = load_definitions(lake_, {kDate, "ES", {}});
    ASSERT_TRUE(all.ok()) << all.error().message;
    EXPECT_THAT(symbols_of(*all), ElementsAre("ESH6", "E1AF6 C6900", "EW1H6 P6800", "ESM6 C7000"));
    const auto of_one = load_definitions(lake_, {kDate, "ESM6", {}});  // and of its root
    ASSERT_TRUE(of_one.ok());
    EXPECT_THAT(symbols_of(*of_one), ElementsAre("ESH6", "ESM6 C7000"));
    for (const lake::PartitionKey& key : report->written) EXPECT_TRUE(lake_.verify(key).ok()) << key.symbol;
}

TEST_F(DefinitionsTest, RowsComeBackFromTheLakeAsTheyWere) {
    write_definitions(file("a.dbn"), {{.id = 1, .raw_symbol = "UD:1V: GN 123", .user_defined = 'Y'},
                                      {.id = 4'294'967'295U,
                                       .expires = "",
                                       .strike = dbn::kUndefPrice,
                                       .action = 'D',
                                       .publisher = 65'535,
                                       .tick = 50'000'000}});
    const Definitions read_now = read({file("a.dbn")});
    ASSERT_TRUE(ingest(lake_, "future_option_mbo", "ESH6", {file("a.dbn")}).ok());
    const auto loaded = load_definitions(lake_, {kDate, "ESH6", {}});
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_EQ(*loaded, read_now.rows);
    EXPECT_EQ((*loaded)[1].expiration, market::kNoExpiration);
}

TEST_F(DefinitionsTest, CompletePartitionsAreLeftAloneOneByOne) {
    write_definitions(file("a.dbn"), {{.id = 1, .raw_symbol = "FIRST"}});
    ASSERT_TRUE(ingest(lake_, "future_option_mbo", "ES", {file("a.dbn")}).ok());
    const lake::PartitionKey key{std::string(kDefinitionsDataset), "ESH6", kDate};
    const std::string before = bytes_of(*lake_.partition_path(key) / "part-00000.parquet");

    write_definitions(file("b.dbn"), {{.id = 1, .raw_symbol = "OTHER"},
                                      {.id = 2, .raw_symbol = "ESM6 C7000", .underlying = "ESM6"}});
    const auto again = ingest(lake_, "future_option_mbo", "ES", {file("b.dbn")});
    ASSERT_TRUE(again.ok()) << again.error().message;
    ASSERT_EQ(again->complete.size(), 1U);
    EXPECT_EQ(again->complete[0].symbol, "ESH6");
    ASSERT_EQ(again->written.size(), 1U);
    EXPECT_EQ(again->written[0].symbol, "ESM6");
    EXPECT_EQ(bytes_of(*lake_.partition_path(key) / "part-00000.parquet"), before);
}

TEST_F(DefinitionsTest, InstrumentsThatALaterFileHasAreAddedAndWhatIsThereStays) {
    write_definitions(file("xnas.dbn"), {{.id = 9, .raw_symbol = "FIRST", .publisher = 2}});
    ASSERT_TRUE(ingest(lake_, "future_option_mbo", "ESH6", {file("xnas.dbn")}).ok());
    write_definitions(file("later.dbn"), {{.id = 9, .raw_symbol = "CHANGED", .publisher = 2},
                                          {.id = 3, .raw_symbol = "LATER", .publisher = 2},
                                          {.id = 1, .raw_symbol = "OTHER", .publisher = 30}});
    const auto later = ingest(lake_, "future_option_mbo", "ESH6", {file("later.dbn")});
    ASSERT_TRUE(later.ok()) << later.error().message;
    EXPECT_EQ(later->written.size(), 1U);
    const auto loaded = load_definitions(lake_, {kDate, "ESH6", {}});
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_EQ(symbols_of(*loaded), (std::vector<std::string>{"LATER", "FIRST", "OTHER"}));
    EXPECT_TRUE(lake_.verify({std::string(kDefinitionsDataset), "ESH6", kDate}).ok());

    const auto again = ingest(lake_, "future_option_mbo", "ESH6", {file("later.dbn")});
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(again->written.empty());
}

TEST_F(DefinitionsTest, AStockAndTheOptionsOnItShareAPartitionWhicheverProductAsks) {
    const std::vector<DefinitionSpec> stock{{.id = 1,
                                             .raw_symbol = "SPY",
                                             .instrument_class = 'K',
                                             .underlying = "",
                                             .asset = "",
                                             .expires = "",
                                             .publisher = 2}};
    const std::vector<DefinitionSpec> options{{.id = 70,
                                               .raw_symbol = "SPY   260106C00690000",
                                               .underlying = "SPY",
                                               .asset = "",
                                               .expires = "2026-01-06T00:00:00Z",
                                               .publisher = 30}};
    for (const std::string_view asks : {"equity_mbo", "equity_option_mbo"}) {
        const TemporaryFolder folder;
        const lake::Lake lake = open_lake(folder.path());
        const fs::path definitions = folder.path() / "raw/source=databento/dataset=definition";
        write_definitions(definitions / "venue=xnas/xnas-itch-20260106.SPY.definition.dbn.zst", stock,
                          {.dataset = "XNAS.ITCH"});
        write_definitions(definitions / "venue=opra/opra-pillar-20260106.SPY.definition.dbn.zst", options,
                          {.dataset = "OPRA.PILLAR"});
        write_definitions(definitions / "glbx-mdp3-20260106.ES.definition.dbn.zst", {{.underlying = "SPY"}});
        const auto report = ingest(lake, asks, "SPY");
        ASSERT_TRUE(report.ok()) << report.error().message;
        EXPECT_EQ(report->counts.other_datasets, 1U);
        const auto rows = load_definitions(lake, {kDate, "spy", {}});
        ASSERT_TRUE(rows.ok()) << rows.error().message;
        EXPECT_THAT(symbols_of(*rows), ElementsAre("SPY", "SPY   260106C00690000")) << asks;
    }
}

TEST_F(DefinitionsTest, TheSameBytesWhateverOrderTheFilesAreGivenIn) {
    write_definitions(file("a.dbn"), {{.id = 2, .raw_symbol = "A"}, {.id = 1, .raw_symbol = "B"}});
    write_definitions(file("b.dbn"), {{.id = 2, .raw_symbol = "C"}});
    const TemporaryFolder other;
    const lake::Lake other_lake = open_lake(other.path());
    ASSERT_TRUE(ingest(lake_, "future_option_mbo", "ES", {file("a.dbn"), file("b.dbn")}).ok());
    ASSERT_TRUE(ingest(other_lake, "future_option_mbo", "ES", {file("b.dbn"), file("a.dbn")}).ok());
    const lake::PartitionKey key{std::string(kDefinitionsDataset), "ESH6", kDate};
    for (const char* name : {"part-00000.parquet", "_MANIFEST.json"}) {
        EXPECT_EQ(bytes_of(*lake_.partition_path(key) / name),
                  bytes_of(*other_lake.partition_path(key) / name));
    }
}

TEST_F(DefinitionsTest, DamagedFilesAreSaidWithFileByteAndRecordAndNothingIsWritten) {
    const fs::path whole = write_definitions(file("whole.dbn"), {{.id = 1}, {.id = 2}});
    std::string bytes = bytes_of(whole);
    const std::size_t first = bytes.size() - 2 * sizeof(dbn::InstrumentDefMsg);

    std::ofstream(file("cut.dbn"), std::ios::binary) << bytes.substr(0, bytes.size() - 100);
    auto report = ingest(lake_, "future_option_mbo", "ES", {file("cut.dbn")});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::truncated);
    EXPECT_THAT(report.error().message, HasSubstr("cut.dbn"));

    // A definition of a length that no version has: 400 + 4 bytes.
    bytes[first + sizeof(dbn::InstrumentDefMsg)] = static_cast<char>(101);
    std::ofstream(file("odd.dbn"), std::ios::binary) << bytes;
    report = ingest(lake_, "future_option_mbo", "ES", {file("odd.dbn")});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::malformed);
    EXPECT_THAT(report.error().message, HasSubstr("odd.dbn"));
    EXPECT_THAT(report.error().message,
                HasSubstr(fmt::format("record 1 at byte {}", first + sizeof(dbn::InstrumentDefMsg))));

    const fs::path strange = write_definitions(file("text.dbn"), {{.id = 1, .raw_symbol = "ES\xFF"}});
    report = ingest(lake_, "future_option_mbo", "ES", {strange});
    ASSERT_FALSE(report.ok());
    EXPECT_THAT(report.error().message, HasSubstr("record 0"));

    EXPECT_TRUE(lake_.partitions(kDefinitionsDataset)->empty());
}

TEST_F(DefinitionsTest, NothingFoundIsAnErrorThatSaysWhy) {
    auto report = ingest(lake_, "future_option_mbo", "ES");
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::missing);
    EXPECT_THAT(report.error().message, HasSubstr("dataset=definition"));

    write_definitions(raw("glbx-mdp3-20260106.NQ.definition.dbn.zst"), {{.underlying = "NQH6"}});
    report = ingest(lake_, "future_option_mbo", "ES");
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::missing);
    EXPECT_THAT(report.error().message, HasSubstr("1 of other symbols"));

    const auto loaded = load_definitions(lake_, {kDate, "ES", {}});
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, ErrorCode::missing);
}

// An underlying is text from outside: it is never a path.
TEST_F(DefinitionsTest, AnUnderlyingThatIsNoNameIsLeftOutAndSaid) {
    write_definitions(file("a.dbn"),
                      {{.id = 1}, {.id = 2, .underlying = "../../ESH6"}, {.id = 3, .underlying = "."}});
    const auto report = ingest(lake_, "future_option_mbo", "", {file("a.dbn")});
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->written.size(), 1U);
    ASSERT_EQ(report->notes.size(), 1U);
    EXPECT_THAT(report->notes[0], HasSubstr("2 definitions left out"));
}

}  // namespace
}  // namespace spymaster::pipeline
