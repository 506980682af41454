// The library of the gateway: what it finds in a folder, and that it reads it as one archive.
#include "feed/gateway/raw_library.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <iterator>

#include "dbn/downgrade.hpp"
#include "feed/gateway/contract_names.hpp"
#include "small_library.hpp"

namespace spymaster::feed {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGlobex = "GLBX.MDP3";

template <class Record>
std::vector<Record> drain(Result<RecordReader> reader) {
    std::vector<Record> records;
    EXPECT_TRUE(reader.ok()) << reader.error().message;
    while (reader.ok()) {
        const auto record = reader->next();
        EXPECT_TRUE(record.ok()) << record.error().message;
        if (!record.ok() || record->empty()) break;
        EXPECT_EQ(record->size(), sizeof(Record));
        EXPECT_EQ(dbn::load<dbn::RecordHeader>(record->data()).size(), sizeof(Record));
        records.push_back(dbn::load<Record>(record->data()));
    }
    return records;
}

RawLibrary open_library(const std::filesystem::path& folder) {
    auto library = RawLibrary::open(folder);
    EXPECT_TRUE(library.ok()) << library.error().message;
    return std::move(library).value();
}

RecordQuery query(dbn::Schema schema = dbn::Schema::mbo) {
    RecordQuery query;
    query.dataset = kGlobex;
    query.schema = schema;
    return query;
}

std::vector<std::uint64_t> order_ids(const std::vector<dbn::MboMsg>& records) {
    std::vector<std::uint64_t> ids;
    for (const auto& record : records) ids.push_back(record.order_id * 10 + record.hd.instrument_id);
    return ids;
}

class Library : public testing::Test {
  protected:
    void SetUp() override { write_small_globex(folder_.path()); }
    TemporaryFolder folder_;
};

TEST_F(Library, FindsWhatThereIs) {
    const auto library = open_library(folder_.path());
    EXPECT_THAT(library.datasets(), ElementsAre(kGlobex));
    EXPECT_THAT(library.schemas(kGlobex),
                ElementsAre(dbn::Schema::mbo, dbn::Schema::trades, dbn::Schema::definition));
    const auto range = library.range(kGlobex);
    ASSERT_TRUE(range.ok());
    EXPECT_EQ(range->start, kDay);
    EXPECT_EQ(range->end, kDay.next());
    EXPECT_THAT(library.left_out(), IsEmpty());
    EXPECT_EQ(library.range("XNAS.ITCH").error().code, ErrorCode::missing);
    EXPECT_THAT(library.range(kGlobex, dbn::Schema::mbp_1).error().message, HasSubstr("mbo, trades"));
}

TEST_F(Library, LeavesOutWhatItCannotServe) {
    write_text(folder_.path() / "bad.dbn", "no DBN at all");
    write_text(folder_.path() / "empty.dbn.zst", "");
    write_records<dbn::MboMsg>(folder_.path() / "bare.dbn", metadata_of(kGlobex, dbn::Schema::mbo), {});
    write_text(folder_.path() / "piece.dbn.frag", std::string(56, '\x0e'));
    const auto library = open_library(folder_.path());
    EXPECT_EQ(library.files().size(), 3U);
    ASSERT_EQ(library.left_out().size(), 4U);
    for (const auto& left : library.left_out()) EXPECT_FALSE(left.reason.empty());

    TemporaryFolder nothing;
    EXPECT_EQ(RawLibrary::open(nothing.path()).error().code, ErrorCode::missing);
    EXPECT_EQ(RawLibrary::open(nothing.path() / "no").error().code, ErrorCode::missing);
}

TEST_F(Library, ServesAFileThatEndsEarlyAsFarAsItGoes) {
    const auto whole = folder_.path() / "m6" / "glbx-mdp3-20260106.mbo.dbn";
    std::filesystem::resize_file(whole, std::filesystem::file_size(whole) - 10);
    const auto library = open_library(folder_.path());
    EXPECT_THAT(library.left_out(), IsEmpty());
    EXPECT_FALSE(library.files().back().warning.empty());
    EXPECT_THAT(order_ids(drain<dbn::MboMsg>(library.read(query()))),
                ElementsAre(10001, 20002, 30001, 30001, 30002, 50001));
}

TEST_F(Library, MergesByTimeThenByFile) {
    const auto library = open_library(folder_.path());
    EXPECT_THAT(order_ids(drain<dbn::MboMsg>(library.read(query()))),
                ElementsAre(10001, 20002, 30001, 30001, 30002, 50001, 60002));
}

TEST_F(Library, FiltersByTimeInstrumentAndLimit) {
    const auto library = open_library(folder_.path());
    auto some = query();
    some.start_ns = kMidnight + 2100;  // ts_recv of the record at 2000
    some.end_ns = kMidnight + 5100;
    EXPECT_THAT(order_ids(drain<dbn::MboMsg>(library.read(some))), ElementsAre(20002, 30001, 30001, 30002));
    some.filter = TimeField::ts_event;
    EXPECT_THAT(order_ids(drain<dbn::MboMsg>(library.read(some))), ElementsAre(30001, 30001, 30002, 50001));
    some = query();
    some.limit = 2;
    EXPECT_THAT(order_ids(drain<dbn::MboMsg>(library.read(some))), ElementsAre(10001, 20002));
    some.limit = 0;
    some.instruments = InstrumentSelection();
    some.instruments.add(2, day_of(kDay), day_of(kDay) + 1);
    some.instruments.add(1, day_of(kDay) + 1, day_of(kDay) + 9);
    EXPECT_THAT(order_ids(drain<dbn::MboMsg>(library.read(some))), ElementsAre(20002, 30002, 60002));
    const auto bill = library.bill(some);
    ASSERT_TRUE(bill.ok());
    EXPECT_EQ(bill->records, 3U);
    EXPECT_EQ(bill->bytes, 3 * sizeof(dbn::MboMsg));
}

TEST_F(Library, TradesAreThoseOfTheOrders) {
    const auto library = open_library(folder_.path());
    const auto trades = drain<dbn::TradeMsg>(library.read(query(dbn::Schema::trades)));
    ASSERT_EQ(trades.size(), 2U);
    EXPECT_EQ(trades[0].hd.rtype, dbn::rtype::mbp_0);
    EXPECT_EQ(trades[0].hd.ts_event, kMidnight + 3000);
    EXPECT_EQ(trades[1].hd.instrument_id, 2U);
    EXPECT_EQ(trades[1].ts_recv, kMidnight + 6100);
    EXPECT_EQ(trades[1].size, 3U);
}

TEST_F(Library, OldLayoutsAndTimesOfSendingAreLeftBehind) {
    const auto definition_v1 = dbn::definition_v1(definition(7, "NQH6", 'F', "NQ", {2026, 3, 20}));
    ASSERT_TRUE(definition_v1.ok());
    auto old = metadata_of(kGlobex, dbn::Schema::definition);
    old.version = 1;
    old.symbol_cstr_len = dbn::kSymbolLengthV1;
    write_records<dbn::v1::InstrumentDefMsg>(folder_.path() / "old.dbn", old, {*definition_v1});
    struct Sent {
        dbn::MboMsg record;
        std::uint64_t ts_out;
    };
    auto live = metadata_of(kGlobex, dbn::Schema::mbo);
    live.ts_out = true;
    Sent sent{mbo(7, 7000), kMidnight + 9000};
    sent.record.hd.length = sizeof(Sent) / 4;
    write_records<Sent>(folder_.path() / "live.dbn", live, {sent});
    const auto library = open_library(folder_.path());
    auto nq = query(dbn::Schema::definition);
    nq.instruments = InstrumentSelection();
    nq.instruments.add(7, day_of(kDay), day_of(kDay) + 1);
    const auto definitions = drain<dbn::InstrumentDefMsg>(library.read(nq));
    ASSERT_EQ(definitions.size(), 1U);
    EXPECT_EQ(dbn::text(definitions[0].raw_symbol), "NQH6");
    nq.schema = dbn::Schema::mbo;
    EXPECT_THAT(order_ids(drain<dbn::MboMsg>(library.read(nq))), ElementsAre(70007));
}

TEST_F(Library, AFileThatShrinksWhileReadIsAnError) {
    const auto library = open_library(folder_.path());
    const auto file = folder_.path() / "m6" / "glbx-mdp3-20260106.mbo.dbn";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 56);
    auto reader = library.read(query());
    ASSERT_TRUE(reader.ok());
    Result<std::span<const std::byte>> record = reader->next();
    while (record.ok() && !record->empty()) record = reader->next();
    ASSERT_FALSE(record.ok());
    EXPECT_EQ(record.error().code, ErrorCode::truncated);
    EXPECT_FALSE(reader->next().ok());
}

RC_GTEST_PROP(LibraryProperty, ReadsAsOneSortedArchive, ()) {
    TemporaryFolder folder;
    std::vector<dbn::MboMsg> all;
    const auto files = *rc::gen::inRange(1, 5);
    for (int f = 0; f < files; ++f) {
        auto times = *rc::gen::nonEmpty(
            rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 2'000)));
        std::sort(times.begin(), times.end());
        std::vector<dbn::MboMsg> records;
        for (const auto ts : times) {
            records.push_back(mbo(static_cast<std::uint32_t>(f), ts));
            records.back().sequence = static_cast<std::uint32_t>(all.size() + records.size());
        }
        write_records(folder.path() / fmt::format("{}.dbn", f), metadata_of(kGlobex, dbn::Schema::mbo),
                      records);
        all.insert(all.end(), records.begin(), records.end());
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.ts_recv < b.ts_recv; });
    auto asked = query();
    asked.start_ns = kMidnight + *rc::gen::inRange<std::uint64_t>(0, 2'200);
    asked.end_ns = kMidnight + *rc::gen::inRange<std::uint64_t>(0, 2'200);
    std::erase_if(all,
                  [&](const auto& r) { return r.ts_recv < asked.start_ns || r.ts_recv >= asked.end_ns; });
    const auto read = drain<dbn::MboMsg>(open_library(folder.path()).read(asked));
    RC_ASSERT(read.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) RC_ASSERT(read[i].sequence == all[i].sequence);
}

// Names and ids of a resolution: "ESH6=1".
std::vector<std::string> resolved(const RawLibrary& library, dbn::SymbolType stype, std::string symbol) {
    const auto found = library.resolve(kGlobex, {stype, {std::move(symbol)}, kDay, kDay.next()});
    EXPECT_TRUE(found.ok()) << found.error().message;
    std::vector<std::string> names;
    for (const auto& one : found->instruments) names.push_back(fmt::format("{}={}", one.raw_symbol, one.id));
    std::sort(names.begin(), names.end());
    return names;
}

TEST_F(Library, SymbolsOfEveryType) {
    const auto library = open_library(folder_.path());
    using enum dbn::SymbolType;
    EXPECT_THAT(resolved(library, raw_symbol, "ESM6"), ElementsAre("ESM6=2"));
    EXPECT_THAT(resolved(library, instrument_id, "11"), ElementsAre("E1BF6 C6900=11"));
    EXPECT_THAT(resolved(library, parent, "ES.FUT"), ElementsAre("ESH6-ESM6=3", "ESH6=1", "ESM6=2"));
    EXPECT_THAT(resolved(library, parent, "E1B.OPT"), ElementsAre("E1BF6 C6900=11", "E1BF6 P6900=12"));
    EXPECT_THAT(resolved(library, parent, "ES.OPT"), IsEmpty());
    EXPECT_THAT(resolved(library, continuous, "ES.c.0"), ElementsAre("ESH6=1"));
    EXPECT_THAT(resolved(library, continuous, "ES.c.1"), ElementsAre("ESM6=2"));
    EXPECT_THAT(resolved(library, continuous, "ES.v.0"), ElementsAre("ESH6=1"));
    EXPECT_THAT(resolved(library, continuous, "ES.n.2"), IsEmpty());
    EXPECT_EQ(resolved(library, raw_symbol, "ALL_SYMBOLS").size(), 5U);
    const auto bad = [&](dbn::SymbolType stype, std::string symbol) {
        const auto found = library.resolve(kGlobex, {stype, {std::move(symbol)}, kDay, kDay.next()});
        return !found.ok() && found.error().code == ErrorCode::usage;
    };
    EXPECT_TRUE(bad(parent, "ES"));
    EXPECT_TRUE(bad(continuous, "ES.x.0"));
    EXPECT_TRUE(bad(instrument_id, "12a"));
    EXPECT_TRUE(bad(figi, "x"));
}

TEST_F(Library, SaysWhatDidNotResolve) {
    const auto library = open_library(folder_.path());
    const auto found = library.resolve(
        kGlobex, {dbn::SymbolType::raw_symbol, {"ESH6", "NOPE", "ESH6"}, kDay, kDay.next().next()});
    ASSERT_TRUE(found.ok());
    EXPECT_THAT(found->partial, ElementsAre("ESH6"));
    EXPECT_THAT(found->not_found, ElementsAre("NOPE"));
    const auto mappings = found->mappings(dbn::SymbolType::raw_symbol, dbn::SymbolType::instrument_id);
    ASSERT_EQ(mappings.size(), 1U);
    EXPECT_EQ(mappings[0], (dbn::SymbolMapping{"ESH6", {{kDay, kDay.next(), "1"}}}));
}

TEST(LibraryWithoutDefinitions, NamesSayWhatTheyAre) {
    TemporaryFolder folder;
    auto opra = metadata_of("OPRA.PILLAR", dbn::Schema::mbo);
    map_symbol(opra, "SPY   260106C00630000", 5);
    map_symbol(opra, "ESZ5", 6);
    map_symbol(opra, "ESH6", 7);
    write_records<dbn::MboMsg>(folder.path() / "a.dbn", opra, {mbo(5, 1), mbo(6, 2), mbo(7, 3)});
    auto spread = metadata_of("OPRA.PILLAR", dbn::Schema::mbo);
    spread.stype_in = dbn::SymbolType::parent;
    map_symbol(spread, "UD:1V: VT 28", 28);
    spread.symbols = {"ES.OPT"};
    write_records<dbn::MboMsg>(folder.path() / "b.dbn", spread, {mbo(28, 4)});
    const auto library = open_library(folder.path());
    const auto names = [&](dbn::SymbolType stype, std::string symbol) {
        std::vector<std::string> all;
        const auto found = library.resolve("OPRA.PILLAR", {stype, {std::move(symbol)}, kDay, kDay.next()});
        for (const auto& one : found->instruments) all.push_back(one.raw_symbol);
        return all;
    };
    EXPECT_THAT(names(dbn::SymbolType::parent, "SPY.OPT"), ElementsAre("SPY   260106C00630000"));
    EXPECT_THAT(names(dbn::SymbolType::parent, "ES.FUT"), ElementsAre("ESZ5", "ESH6"));
    EXPECT_THAT(names(dbn::SymbolType::parent, "ES.OPT"), ElementsAre("UD:1V: VT 28"));
    EXPECT_THAT(names(dbn::SymbolType::continuous, "ES.c.0"), ElementsAre("ESH6"));  // Z5 has expired
}

TEST(ContractNames, Read) {
    EXPECT_EQ(read_occ_name("SPXW  260106P06900000")->root, "SPXW");
    EXPECT_FALSE(read_occ_name("SPY   261306C00630000"));
    EXPECT_FALSE(read_occ_name("SPY"));
    EXPECT_EQ(read_future_name("ESH6", kDay)->third_friday, (market::Date{2026, 3, 20}));
    EXPECT_EQ(read_future_name("ESZ5", kDay)->third_friday.year, 2025);
    EXPECT_EQ(read_future_name("ESZ4", kDay)->third_friday.year, 2034);
    EXPECT_EQ(read_future_name("ESZ31", kDay)->third_friday.year, 2031);
    EXPECT_FALSE(read_future_name("SPY", kDay));
    EXPECT_EQ(read_continuous_name("BRN.FUT.n.12")->root, "BRN.FUT");
    EXPECT_FALSE(read_continuous_name("ES.c."));
    EXPECT_FALSE(read_continuous_name(".c.0"));
}

}  // namespace
}  // namespace spymaster::feed
