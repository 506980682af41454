// The DBN project's own test files: all of them, in every version and packing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "dbn/encoder.hpp"
#include "dbn/legacy_records.hpp"
#include "dbn/record_walk.hpp"
#include "dbn/upgrade.hpp"
#include "vectors.hpp"

namespace spymaster::dbn {
namespace {

using namespace test;

// "mbo" of "test_data.mbo.v1.dbn.zst".
std::string schema_in_name(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    const std::size_t first = name.find('.') + 1;
    return name.substr(first, name.find('.', first) - first);
}

template <class T>
std::string bytes_of(const std::optional<T>& record) {
    return record ? std::string(reinterpret_cast<const char*>(&*record), sizeof(T)) : "no layout";
}

// The record in its version 3 layout, as bytes to compare.
std::string newest_layout(const std::byte* record) {
    const auto header = load<RecordHeader>(record);
    switch (header.rtype) {
        case rtype::instrument_def:
            return bytes_of(read_definition(record));
        case rtype::statistics:
            return bytes_of(read_statistics(record));
        case rtype::symbol_mapping:
            return bytes_of(read_symbol_mapping(record));
        case rtype::error:
            return bytes_of(read_error(record));
        case rtype::system:
            return bytes_of(read_system(record));
        default:
            return {reinterpret_cast<const char*>(record), header.size()};
    }
}

std::vector<std::string> newest_layouts(const Decoded& decoded) {
    std::vector<std::string> all;
    for (const std::byte* record : split(decoded.records)) all.push_back(newest_layout(record));
    return all;
}

// What both versions of the metadata say: symbol lengths and the unused count are the version's own.
Metadata without_version(Metadata metadata) {
    metadata.version = 0;
    metadata.symbol_cstr_len = 0;
    metadata.record_count = 0;
    return metadata;
}

TEST(Vectors, EveryFileDecodesToItsEnd) {
    SPY_NEEDS_DATA();
    const auto files = files_under(data_folder() / "dbn_vectors");
    ASSERT_EQ(files.size(), 144U);
    for (const auto& file : files) {
        const Decoded decoded = decode_file(file);
        EXPECT_FALSE(decoded.error) << decoded.error->message;
        // The four daily bars of the DBN project's own set hold metadata alone.
        const bool empty = file.parent_path() == dbn_vectors() && schema_in_name(file) == "ohlcv-1d";
        EXPECT_EQ(decoded.record_count == 0, empty) << file;
        const bool fragment = file.string().find(".frag") != std::string::npos;
        EXPECT_EQ(decoded.metadata.has_value(), !fragment) << file;
        for (const std::byte* record : split(decoded.records)) {
            const auto header = load<RecordHeader>(record);
            EXPECT_TRUE(is_known_type(header.rtype)) << file << " type " << int{header.rtype};
            EXPECT_NE(newest_layout(record), "no layout") << file;
        }
    }
}

TEST(Vectors, SchemaOfTheMetadataIsThatOfTheName) {
    SPY_NEEDS_DATA();
    for (const auto& file : files_under(data_folder() / "dbn_vectors")) {
        const Decoded decoded = decode_file(file);
        if (!decoded.metadata || schema_in_name(file) == "live") continue;
        ASSERT_TRUE(decoded.metadata->schema) << file;
        EXPECT_EQ(to_string(*decoded.metadata->schema), schema_in_name(file)) << file;
    }
}

TEST(Vectors, TypeOfTheRecordsIsThatOfTheSchema) {
    SPY_NEEDS_DATA();
    const std::map<std::string, std::uint8_t> types = {{"mbo", rtype::mbo},
                                                       {"mbp-1", rtype::mbp_1},
                                                       {"mbp-10", rtype::mbp_10},
                                                       {"tbbo", rtype::mbp_1},
                                                       {"trades", rtype::mbp_0},
                                                       {"bbo-1s", rtype::bbo_1s},
                                                       {"bbo-1m", rtype::bbo_1m},
                                                       {"cbbo-1s", rtype::cbbo_1s},
                                                       {"cbbo-1m", rtype::cbbo_1m},
                                                       {"ohlcv-1s", rtype::ohlcv_1s},
                                                       {"ohlcv-1m", rtype::ohlcv_1m},
                                                       {"ohlcv-1h", rtype::ohlcv_1h},
                                                       {"ohlcv-1d", rtype::ohlcv_1d},
                                                       {"status", rtype::status},
                                                       {"definition", rtype::instrument_def},
                                                       {"imbalance", rtype::imbalance},
                                                       {"statistics", rtype::statistics}};
    for (const auto& file : files_under(data_folder() / "dbn_vectors")) {
        const auto type = types.find(schema_in_name(file));
        if (type == types.end()) continue;
        const Decoded decoded = decode_file(file);
        for (const std::byte* record : split(decoded.records)) {
            EXPECT_EQ(load<RecordHeader>(record).rtype, type->second) << file;
        }
    }
}

// A version 1 or 2 file says what its version 3 twin says, record for record, and the metadata agree.
TEST(Vectors, VersionsAgree) {
    SPY_NEEDS_DATA();
    int pairs = 0;
    for (const auto& file : files_under(dbn_vectors())) {
        const std::string name = file.filename().string();
        const std::size_t at = name.find(".v3.");
        if (at == std::string::npos) continue;
        const Decoded newest = decode_file(file);
        ASSERT_FALSE(newest.error);
        ASSERT_EQ(newest.version, 3);
        for (const int version : {1, 2}) {
            std::string twin_name = name;
            twin_name.replace(at, 4, fmt::format(".v{}.", version));
            const auto twin_path = dbn_vectors() / twin_name;
            if (!std::filesystem::exists(twin_path)) continue;
            const Decoded twin = decode_file(twin_path);
            ASSERT_FALSE(twin.error) << twin.error->message;
            EXPECT_EQ(twin.version, version) << twin_name;
            EXPECT_EQ(newest_layouts(twin), newest_layouts(newest)) << twin_name;
            if (twin.metadata) {
                EXPECT_EQ(without_version(*twin.metadata), without_version(*newest.metadata)) << twin_name;
            }
            ++pairs;
        }
    }
    EXPECT_GE(pairs, 30);
}

TEST(Vectors, RawAndCompressedAgree) {
    SPY_NEEDS_DATA();
    int pairs = 0;
    for (const auto& file : files_under(dbn_vectors())) {
        if (file.extension() == ".zst") continue;
        // "x.dbn" is version 2; its compressed twin says so in its name.
        std::string twin = file.filename().string() + ".zst";
        if (!std::filesystem::exists(dbn_vectors() / twin)) {
            twin = file.stem().string() + ".v2.dbn.zst";
        }
        if (!std::filesystem::exists(dbn_vectors() / twin)) continue;
        EXPECT_EQ(decode_file(file), decode_file(dbn_vectors() / twin)) << file << " and " << twin;
        ++pairs;
    }
    EXPECT_GE(pairs, 18);
}

TEST(Vectors, MetadataEncodeToTheirOwnBytes) {
    SPY_NEEDS_DATA();
    int files = 0;
    for (const auto& file : files_under(dbn_vectors())) {
        if (file.extension() != ".dbn") continue;
        const Bytes bytes = read_file(file);
        const Decoded decoded = decode_bytes(bytes);
        ASSERT_TRUE(decoded.metadata) << file;
        auto again = encode_metadata(*decoded.metadata);
        ASSERT_TRUE(again) << again.error().message;
        again->insert(again->end(), decoded.records.begin(), decoded.records.end());
        EXPECT_EQ(*again, bytes) << file;
        ++files;
    }
    EXPECT_EQ(files, 18);
}

// The compressed files too: the decompressed bytes are the same after decode and encode.
TEST(Vectors, EncoderWritesWhatTheDecoderRead) {
    SPY_NEEDS_DATA();
    const TemporaryFolder folder;
    for (const auto& file : files_under(data_folder() / "dbn_vectors")) {
        const Decoded decoded = decode_file(file);
        if (!decoded.metadata) continue;
        const bool zstd = file.extension() == ".zst";
        const auto copy = folder / "copy.dbn";
        auto encoder = Encoder::create(copy, *decoded.metadata, {.zstd = zstd});
        ASSERT_TRUE(encoder) << encoder.error().message;
        ASSERT_TRUE(encoder->write(decoded.records));
        ASSERT_TRUE(encoder->finish());
        EXPECT_EQ(decode_file(copy), decoded) << file;
        if (!zstd) {
            EXPECT_EQ(read_file(copy), read_file(file)) << file;
        }
    }
}

TEST(Vectors, BlockSizeAndThreadChangeNothing) {
    SPY_NEEDS_DATA();
    for (const auto& file : files_under(data_folder() / "dbn_vectors")) {
        const Decoded whole = decode_file(file, {.own_thread = false});
        for (const std::size_t block : {1UL, 7UL, 64UL, 1000UL}) {
            EXPECT_EQ(decode_file(file, {.own_thread = false, .block_bytes = block}), whole)
                << file << " " << block;
        }
        EXPECT_EQ(decode_file(file, {.own_thread = true, .block_bytes = 61}), whole) << file;
    }
}

TEST(Vectors, FragmentsKnowTheirVersion) {
    SPY_NEEDS_DATA();
    for (const int version : {1, 3}) {
        const auto name = fmt::format("test_data.definition.v{}.dbn.frag", version);
        const Decoded named = decode_file(dbn_vectors() / name);
        EXPECT_EQ(named.version, version);
        EXPECT_EQ(named.record_count, 2U);
        EXPECT_EQ(decode_file(dbn_vectors() / (name + ".zst")), named);
        // Without a name the length of the first record tells.
        EXPECT_EQ(
            decode_bytes(read_file(dbn_vectors() / name), {.own_thread = false, .fragment = true}).version,
            version);
        EXPECT_EQ(decode_bytes(read_file(dbn_vectors() / name),
                               {.own_thread = false, .fragment = true, .fragment_version = 2})
                      .version,
                  2);
    }
    EXPECT_EQ(decode_bytes(read_file(dbn_vectors() / "test_data.definition.v2.dbn.frag"),
                           {.own_thread = false, .fragment = true})
                  .version,
              2);
    EXPECT_GT(decode_file(dbn_vectors() / "multi-frame.definition.v1.dbn.frag.zst").record_count, 2U);
}

// The mixed live capture: 46 records of 9 kinds in 6 sizes.
TEST(Vectors, LiveCaptureMixesRecordTypes) {
    SPY_NEEDS_DATA();
    const Decoded live = decode_file(python_vectors() / "LIVE" / "test_data.live.dbn.zst");
    ASSERT_FALSE(live.error);
    EXPECT_EQ(live.record_count, 46U);
    std::map<std::pair<std::size_t, std::uint8_t>, int> kinds;
    for (const std::byte* record : split(live.records)) {
        const auto header = load<RecordHeader>(record);
        ++kinds[{header.size(), header.rtype}];
    }
    const std::map<std::pair<std::size_t, std::uint8_t>, int> expected = {{{176, rtype::symbol_mapping}, 20},
                                                                          {{80, rtype::statistics}, 9},
                                                                          {{56, rtype::mbo}, 5},
                                                                          {{56, rtype::ohlcv_1m}, 2},
                                                                          {{56, rtype::ohlcv_1s}, 2},
                                                                          {{520, rtype::instrument_def}, 2},
                                                                          {{80, rtype::mbp_1}, 2},
                                                                          {{48, rtype::mbp_0}, 2},
                                                                          {{368, rtype::mbp_10}, 2}};
    EXPECT_EQ(kinds, expected);
    ASSERT_TRUE(live.metadata);
    EXPECT_FALSE(live.metadata->schema);
}

TEST(Vectors, MboValues) {
    SPY_NEEDS_DATA();
    const Decoded decoded = decode_file(dbn_vectors() / "test_data.mbo.v3.dbn");
    ASSERT_EQ(decoded.record_count, 2U);
    const auto first = load<MboMsg>(decoded.records.data());
    EXPECT_EQ(first.hd.publisher_id, 1);
    EXPECT_EQ(first.hd.instrument_id, 5482U);
    EXPECT_EQ(first.order_id, 647784973705U);
    EXPECT_EQ(first.price, 3'722'750'000'000);
    EXPECT_EQ(first.size, 1U);
    EXPECT_EQ(first.action, 'C');
    EXPECT_EQ(first.side, 'A');
    EXPECT_EQ(first.flags, 128);
    EXPECT_EQ(first.ts_recv, 1609160400000704060U);
    EXPECT_EQ(first.ts_in_delta, 22993);
    EXPECT_EQ(first.sequence, 1170352U);
}

}  // namespace
}  // namespace spymaster::dbn
