#include "dbn/encoder.hpp"

#include <gtest/gtest.h>

#include "dbn/legacy_records.hpp"
#include "dbn/record_walk.hpp"
#include "dbn/upgrade.hpp"
#include "vectors.hpp"

namespace spymaster::dbn {
namespace {

using namespace test;

Metadata metadata_of(int version) {
    Metadata metadata;
    metadata.version = version;
    metadata.symbol_cstr_len = version == 1 ? kSymbolLengthV1 : kSymbolLength;
    metadata.dataset = "XNAS.ITCH";
    metadata.schema = Schema::mbo;
    metadata.start = 1;
    metadata.end = 2;
    metadata.limit = 3;
    metadata.stype_in = SymbolType::parent;
    metadata.symbols = {"ES.FUT", "NQ.FUT"};
    metadata.partial = {"ES.FUT"};
    metadata.not_found = {"XX.FUT"};
    metadata.mappings = {{"ESH4", {{{2023, 12, 25}, {2023, 12, 26}, "17077"}}}, {"ESM4", {}}};
    return metadata;
}

TEST(Metadata, RoundTripInEveryVersion) {
    for (const int version : {1, 2, 3}) {
        const Metadata metadata = metadata_of(version);
        const auto bytes = encode_metadata(metadata);
        ASSERT_TRUE(bytes) << bytes.error().message;
        EXPECT_EQ(bytes->size() % (version == 3 ? 8 : 1), 0U);
        const Decoded decoded = decode_bytes(*bytes);
        ASSERT_FALSE(decoded.error) << decoded.error->message;
        EXPECT_EQ(decoded.metadata, metadata);
        EXPECT_EQ(decoded.record_count, 0U);
    }
}

TEST(Metadata, AbsentSchemaAndSymbolType) {
    Metadata metadata = metadata_of(3);
    metadata.schema.reset();
    metadata.stype_in.reset();
    metadata.ts_out = true;
    EXPECT_EQ(decode_bytes(*encode_metadata(metadata)).metadata, metadata);
}

TEST(Metadata, WhatDoesNotFitIsAnError) {
    Metadata metadata = metadata_of(1);
    metadata.symbols = {"A23456789012345678901"};  // 21 letters and a zero: fits
    EXPECT_TRUE(encode_metadata(metadata));
    metadata.symbols = {"A234567890123456789012"};
    EXPECT_EQ(encode_metadata(metadata).error().code, ErrorCode::usage);
    metadata = metadata_of(3);
    metadata.dataset = "SIXTEEN.LETTERS!";
    EXPECT_FALSE(encode_metadata(metadata));
    metadata = metadata_of(3);
    metadata.version = 4;
    EXPECT_FALSE(encode_metadata(metadata));
    metadata = metadata_of(1);
    metadata.symbol_cstr_len = 71;
    EXPECT_FALSE(encode_metadata(metadata));
}

TEST(Metadata, NamesOfSchemasAndSymbolTypes) {
    EXPECT_EQ(to_string(Schema::mbo), "mbo");
    EXPECT_EQ(to_string(Schema::bbo_1m), "bbo-1m");
    EXPECT_EQ(to_string(static_cast<Schema>(77)), "schema 77");
    EXPECT_EQ(to_string(SymbolType::continuous), "continuous");
    EXPECT_EQ(to_string(static_cast<SymbolType>(99)), "symbol type 99");
}

TEST(Encoder, SameRecordsSameBytes) {
    const TemporaryFolder folder;
    for (const bool zstd : {false, true}) {
        for (const char* name : {"a.dbn", "b.dbn"}) {
            auto encoder = Encoder::create(folder / name, metadata_of(3), {.zstd = zstd});
            ASSERT_TRUE(encoder);
            MboMsg mbo{};
            mbo.hd = {kRecordLength<MboMsg>, rtype::mbo, 1, 2, 3};
            // Enough to pass through the encoder's buffer several times.
            for (std::uint64_t id = 0; id < 60'000; ++id) {
                mbo.order_id = id;
                ASSERT_TRUE(encoder->write(mbo));
            }
            ASSERT_TRUE(encoder->finish());
        }
        EXPECT_EQ(read_file(folder / "a.dbn"), read_file(folder / "b.dbn"));
        const Decoded decoded = decode_file(folder / "a.dbn");
        ASSERT_EQ(decoded.record_count, 60'000U);
        EXPECT_EQ(load<MboMsg>(split(decoded.records)[59'999]).order_id, 59'999U);
    }
}

TEST(Records, EachOnceInOrderWhateverTheirKinds) {
    Bytes bytes;
    std::vector<std::uint64_t> expected;
    const auto append = [&](auto record, std::uint8_t type) {
        record.hd = {static_cast<std::uint8_t>(sizeof record / 4), type, 0, 0, expected.size()};
        const auto view = std::as_bytes(std::span(&record, 1));
        bytes.insert(bytes.end(), view.begin(), view.end());
        expected.push_back(record.hd.ts_event);
    };
    // Runs of every short length, kinds of equal and of different size in turn.
    for (int run = 0; run < 20; ++run) {
        for (int i = 0; i < run; ++i) append(MboMsg{}, rtype::mbo);
        append(OhlcvMsg{}, rtype::ohlcv_1s);
        for (int i = 0; i < run % 3; ++i) append(StatusMsg{}, rtype::status);
    }
    std::vector<std::uint64_t> seen;
    for_each_record(bytes,
                    [&](const std::byte* record) { seen.push_back(load<RecordHeader>(record).ts_event); });
    EXPECT_EQ(seen, expected);
    for_each_record({}, [&](const std::byte*) { FAIL(); });

    const RecordWalk walk = walk_records(bytes.data(), bytes.data() + bytes.size());
    EXPECT_EQ(walk.records, expected.size());
    EXPECT_EQ(walk.bytes, bytes.size());
    EXPECT_TRUE(walk.sound);
}

TEST(Encoder, UnfinishedFileIsAbsent) {
    const TemporaryFolder folder;
    {
        auto encoder = Encoder::create(folder / "never.dbn", metadata_of(3));
        ASSERT_TRUE(encoder);
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "never.dbn"));
    EXPECT_TRUE(files_under((folder / "never.dbn").parent_path()).empty());
}

TEST(Encoder, FolderThatIsNotThere) {
    const auto encoder = Encoder::create("/nonexistent/folder/file.dbn", metadata_of(3));
    ASSERT_FALSE(encoder);
    EXPECT_EQ(encoder.error().code, ErrorCode::io);
}

// A record whose send time follows it (ts_out) is longer by eight bytes and keeps its layout.
TEST(Upgrade, TakesRecordsWithSendTime) {
    struct {
        v1::StatMsg stat;
        std::uint64_t sent;
    } record{};
    record.stat.hd = {static_cast<std::uint8_t>(sizeof record / 4), rtype::statistics, 1, 2, 3};
    record.stat.quantity = std::numeric_limits<std::int32_t>::max();
    record.stat.stat_type = 9;
    record.sent = 12345;
    const auto* bytes = reinterpret_cast<const std::byte*>(&record);
    const auto stat = read_statistics(bytes);
    ASSERT_TRUE(stat);
    EXPECT_EQ(stat->stat_type, 9);
    EXPECT_EQ(stat->quantity, kUndefStatQuantity);
    EXPECT_EQ(stat->hd.size(), sizeof(StatMsg));
    EXPECT_EQ(ts_out(bytes), 12345U);
}

TEST(Upgrade, OldGatewayMessages) {
    v1::SystemMsg system{};
    system.hd = {kRecordLength<v1::SystemMsg>, rtype::system, 0, 0, 5};
    std::memcpy(system.msg.data(), "Heartbeat", 9);
    auto heartbeat = read_system(reinterpret_cast<const std::byte*>(&system));
    ASSERT_TRUE(heartbeat);
    EXPECT_EQ(text(heartbeat->msg), "Heartbeat");
    EXPECT_EQ(heartbeat->code, 0);

    v1::SymbolMappingMsg mapping{};
    mapping.hd = {kRecordLength<v1::SymbolMappingMsg>, rtype::symbol_mapping, 0, 9, 5};
    std::memcpy(mapping.stype_in_symbol.data(), "ES.c.0", 6);
    std::memcpy(mapping.stype_out_symbol.data(), "ESH4", 4);
    mapping.start_ts = 1;
    mapping.end_ts = 2;
    const auto newer = read_symbol_mapping(reinterpret_cast<const std::byte*>(&mapping));
    ASSERT_TRUE(newer);
    EXPECT_EQ(text(newer->stype_in_symbol), "ES.c.0");
    EXPECT_EQ(text(newer->stype_out_symbol), "ESH4");
    EXPECT_EQ(newer->stype_in, kNotGiven);
    EXPECT_EQ(newer->end_ts, 2U);

    v1::ErrorMsg error{};
    error.hd = {kRecordLength<v1::ErrorMsg>, rtype::error, 0, 0, 5};
    std::memcpy(error.err.data(), "Internal error", 14);
    const auto now = read_error(reinterpret_cast<const std::byte*>(&error));
    ASSERT_TRUE(now);
    EXPECT_EQ(text(now->err), "Internal error");

    error.hd.length = 30;  // the length of no version
    EXPECT_FALSE(read_error(reinterpret_cast<const std::byte*>(&error)));
}

}  // namespace
}  // namespace spymaster::dbn
