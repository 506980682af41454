// Which raw records are kept, and what becomes of what they lack.
#include "pipeline/bronze/raw_records.hpp"
#include "pipeline/bronze/bronze.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "pipeline_fixture.hpp"
#include "reference_files.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

constexpr market::Date kDate{2026, 1, 6};

dbn::MboMsg order(std::uint32_t id, std::string_view received, std::int64_t price,
                  std::uint16_t publisher = 2) {
    dbn::MboMsg record{};
    record.hd = {dbn::kRecordLength<dbn::MboMsg>, dbn::rtype::mbo, publisher, id, at(received)};
    record.order_id = 1;
    record.price = price;
    record.size = 100;
    record.flags = 128;
    record.action = 'A';
    record.side = 'B';
    record.ts_recv = at(received);
    return record;
}

dbn::Cmbp1Msg quote(std::uint32_t id, std::string_view received, std::uint16_t publisher = 30) {
    dbn::Cmbp1Msg record{};
    record.hd = {dbn::kRecordLength<dbn::Cmbp1Msg>, dbn::rtype::cmbp_1, publisher, id, at(received)};
    record.price = dbn::kUndefPrice;
    record.size = dbn::kUndefSize;
    record.action = 'A';
    record.side = 'N';
    record.ts_recv = at(received);
    record.levels[0].bid_px = 1'000'000'000;
    record.levels[0].bid_sz = 5;
    record.levels[0].ask_px = dbn::kUndefPrice;
    record.levels[0].ask_sz = dbn::kUndefSize;
    return record;
}

template <class Record>
fs::path write_raw(const fs::path& path, std::string_view dataset, dbn::Schema schema,
                   const std::vector<std::pair<std::string, std::string>>& symbols_and_ids,
                   const std::vector<Record>& records) {
    dbn::Metadata metadata;
    metadata.dataset = dataset;
    metadata.schema = schema;
    metadata.stype_in = dbn::SymbolType::raw_symbol;
    for (const auto& [symbol, id] : symbols_and_ids)
        metadata.mappings.push_back({symbol, {{kDate, kDate.next(), id}}});
    auto encoder = dbn::Encoder::create(path, metadata, {.zstd = false});
    EXPECT_TRUE(encoder.ok());
    for (const Record& record : records) EXPECT_TRUE(encoder->write(record).ok());
    EXPECT_TRUE(encoder->finish().ok());
    return path;
}

struct Taken {
    RawCounts counts;
    std::map<std::string, std::vector<dbn::MboMsg>> orders;
    std::map<std::string, std::vector<dbn::Cmbp1Msg>> quotes;
    std::map<std::string, std::vector<std::uint32_t>> new_options;
};

Result<Taken> take_all(const std::vector<fs::path>& files, const RawSelection& selection) {
    Taken taken;
    Progress progress;
    const auto take = [&taken](const std::string& partition, const RecordRun& run) -> Result<void> {
        for (const auto& record : run.orders) taken.orders[partition].push_back(record);
        for (const auto& record : run.quotes) taken.quotes[partition].push_back(record);
        for (const auto* option : run.new_options)
            taken.new_options[partition].push_back(option->instrument_id);
        return {};
    };
    SPY_ASSIGN(taken.counts, read_raw(files, selection, progress, take));
    return taken;
}

TEST(RawRecords, OfAFileOfManySharesOnlyTheOneAskedForIsKeptDashOrNot) {
    const TemporaryFolder folder;
    const auto file = write_raw<dbn::MboMsg>(
        folder.path() / "all.mbo.dbn", "XNAS.ITCH", dbn::Schema::mbo,
        {{"BRK-B", "7"}, {"SPY", "4103"}, {"ESH6", "8199"}},  // ids that share a place among the recent ones
        {order(7, "2026-01-06T14:00:00Z", 1), order(4103, "2026-01-06T14:00:01Z", 2),
         order(8199, "2026-01-06T14:00:02Z", 3), order(7, "2026-01-06T14:00:03Z", 4),
         order(99, "2026-01-06T14:00:04Z", 5), order(7, "2026-01-06T14:00:05Z", 6, 3),
         order(7, "2026-01-07T00:00:00Z", 7)});
    for (const auto& [symbol, prices] :
         {std::pair{"BRK-B", std::vector<std::int64_t>{1, 4}}, std::pair{"SPY", std::vector<std::int64_t>{2}},
          std::pair{"ESH6", std::vector<std::int64_t>{3}}}) {
        const auto taken =
            take_all({file}, {&market::product_of(ProductType::equity_mbo), symbol, kDate, nullptr});
        ASSERT_TRUE(taken.ok()) << taken.error().message;
        ASSERT_EQ(taken->orders.size(), 1U);
        std::vector<std::int64_t> kept;
        for (const auto& record : taken->orders.at(symbol)) kept.push_back(record.price);
        EXPECT_EQ(kept, prices);
        EXPECT_EQ(taken->counts.records, 7U);
        EXPECT_EQ(taken->counts.other_dates, 1U);
        EXPECT_EQ(taken->counts.other_publishers, symbol == std::string_view("BRK-B") ? 1U : 0U);
        EXPECT_EQ(taken->counts.kept + taken->counts.other_symbols + taken->counts.other_publishers, 6U);
    }
    const auto root = take_all({file}, {&market::product_of(ProductType::equity_mbo), "ES", kDate, nullptr});
    EXPECT_TRUE(root.ok() && root->orders.empty()) << "a share has no root";
}

OptionUniverse universe() {
    Definition call;
    call.instrument_id = 11;
    call.instrument_class = 'C';
    call.expiration = static_cast<std::int64_t>(at("2026-01-06T00:00:00Z"));
    call.strike_price = 690'000'000'000;
    call.underlying = "SPY";
    call.raw_symbol = "SPY   260106C00690000";
    Definition tomorrow = call;
    tomorrow.instrument_id = 12;
    tomorrow.expiration = static_cast<std::int64_t>(at("2026-01-07T00:00:00Z"));
    auto made = OptionUniverse::of({call, tomorrow},
                                   {&market::product_of(ProductType::equity_option_mbo), "SPY", kDate});
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
    return std::move(made).value();
}

// One consolidated book has many publishers; what is undefined becomes 0.
TEST(RawRecords, QuotesOfTodaysOptionsAreKeptWhoeverPublishedThem) {
    const TemporaryFolder folder;
    dbn::Cmbp1Msg unstamped = quote(11, "2026-01-06T15:00:02Z", 31);
    unstamped.ts_recv = dbn::kUndefTimestamp;
    const auto file =
        write_raw<dbn::Cmbp1Msg>(folder.path() / "opra.cmbp-1.dbn", "OPRA.PILLAR", dbn::Schema::cmbp_1, {},
                                 {quote(11, "2026-01-06T15:00:00Z"), quote(12, "2026-01-06T15:00:01Z"),
                                  unstamped, quote(13, "2026-01-06T15:00:03Z")});
    const OptionUniverse options = universe();
    const auto taken =
        take_all({file}, {&market::product_of(ProductType::equity_option_mbo), "SPY", kDate, &options});
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    EXPECT_EQ(taken->counts.kept, 2U);
    EXPECT_EQ(taken->counts.other_symbols, 2U);
    EXPECT_EQ(taken->new_options.at("SPY"), std::vector<std::uint32_t>{11});
    for (const dbn::Cmbp1Msg& record : taken->quotes.at("SPY")) {
        EXPECT_EQ(record.price, 0);
        EXPECT_EQ(record.size, 0U);
        EXPECT_EQ(record.levels[0].bid_px, 1'000'000'000);
        EXPECT_EQ(record.levels[0].ask_px, 0);
        EXPECT_EQ(record.levels[0].ask_sz, 0U);
    }
    EXPECT_EQ(taken->quotes.at("SPY")[1].ts_recv, at("2026-01-06T15:00:02Z"));
}

// What bronze gives back is what was kept, as far as the contract has columns for it.
TEST(RawRecords, BronzeGivesQuotesAndTermsBack) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const market::Product& product = market::product_of(ProductType::equity_option_mbo);
    const OptionUniverse options = universe();
    const lake::PartitionKey key = keys_of(product, "SPY", kDate).bronze;
    auto sink = BronzeSink::create(lake, key, product);
    ASSERT_TRUE(sink.ok()) << sink.error().message;
    dbn::Cmbp1Msg trade = quote(11, "2026-01-06T15:00:00Z", 31);
    ASSERT_TRUE(make_canonical(trade).ok());
    trade.action = 'T';
    trade.side = 'B';
    trade.price = 2'000'000'000;
    trade.size = 3;
    trade.flags = 130;
    const OptionTerms* const option = options.find(11);
    ASSERT_TRUE(sink->append({{}, {&trade, 1}, {&option, 1}, {&option, 1}}).ok());
    ASSERT_TRUE(sink->commit({"test", {}, {}}).ok());
    std::size_t runs = 0;
    const auto read = read_bronze(lake, key, product, [&](const RecordRun& run) -> Result<bool> {
        ++runs;
        EXPECT_EQ(run.size(), 1U);
        EXPECT_EQ(std::memcmp(run.quotes.data(), &trade, sizeof trade), 0);
        EXPECT_EQ(run.new_options.size(), 1U);
        EXPECT_EQ(run.options[0]->strike_price, option->strike_price);
        EXPECT_EQ(run.options[0]->right, option->right);
        EXPECT_EQ(run.options[0]->expiration, option->expiration);
        return true;
    });
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(runs, 1U);
}

TEST(RawRecords, AnAddWithoutAPriceIsRefused) {
    const TemporaryFolder folder;
    const auto file =
        write_raw<dbn::MboMsg>(folder.path() / "bad.mbo.dbn", "XNAS.ITCH", dbn::Schema::mbo, {{"SPY", "7"}},
                               {order(7, "2026-01-06T14:00:00Z", dbn::kUndefPrice)});
    const auto taken =
        take_all({file}, {&market::product_of(ProductType::equity_mbo), "SPY", kDate, nullptr});
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace spymaster::pipeline
