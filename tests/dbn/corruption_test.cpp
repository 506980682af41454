// Bad input: whatever is cut or flipped, the records delivered are a prefix of the whole ones, then an Error
// says where.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "dbn/encoder.hpp"
#include "vectors.hpp"

namespace spymaster::dbn {
namespace {

using namespace test;

bool is_prefix(const Bytes& part, const Bytes& whole) {
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

MboMsg order(std::uint64_t id) {
    MboMsg mbo{};
    mbo.hd = {kRecordLength<MboMsg>, rtype::mbo, 1, 7, 1'700'000'000'000'000'000 + id};
    mbo.order_id = id;
    mbo.price = 4'800'000'000'000;
    mbo.size = 1;
    mbo.flags = flag::last;
    mbo.action = 'A';
    mbo.side = 'B';
    mbo.ts_recv = mbo.hd.ts_event + 1;
    return mbo;
}

Metadata metadata_of_one() {
    Metadata metadata;
    metadata.dataset = "GLBX.MDP3";
    metadata.schema = Schema::mbo;
    metadata.stype_in = SymbolType::raw_symbol;
    metadata.symbols = {"ESH4"};
    metadata.mappings = {{"ESH4", {{{2023, 11, 14}, {2023, 11, 15}, "7"}}}};
    return metadata;
}

// A DBN file of `count` orders, in memory.
Bytes file_of(std::uint64_t count, const EncodeOptions& options = {.zstd = false}) {
    const TemporaryFolder folder;
    auto encoder = Encoder::create(folder / "orders.dbn", metadata_of_one(), options);
    EXPECT_TRUE(encoder);
    for (std::uint64_t id = 0; id < count; ++id) EXPECT_TRUE(encoder->write(order(id)));
    EXPECT_TRUE(encoder->finish());
    return read_file(folder / "orders.dbn");
}

std::size_t head_size() {
    return encode_metadata(metadata_of_one())->size();
}

// Every official file, cut at every byte.
TEST(Corruption, CutAnywhereGivesAPrefixAndAnError) {
    SPY_NEEDS_DATA();
    for (const auto& file : files_under(dbn_vectors())) {
        const Bytes bytes = read_file(file);
        const bool raw = file.extension() != ".zst";
        const bool fragment = file.string().find(".frag") != std::string::npos;
        const DecodeOptions options{
            .own_thread = false, .fragment = fragment, .fragment_version = 1, .block_bytes = 512};
        const Decoded whole = decode_bytes(bytes, options);
        ASSERT_FALSE(whole.error) << file;
        const std::size_t head = bytes.size() - whole.records.size();  // of a raw file
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const Decoded part = decode_bytes(std::span(bytes).first(size), options);
            ASSERT_TRUE(is_prefix(part.records, whole.records)) << file << " cut at " << size;
            const bool clean =
                raw ? size >= head && part.records.size() == size - head : size == 0 && fragment;
            // A frame boundary of a multi-frame file is a clean end as well.
            const bool frame_end = file.filename().string().starts_with("multi-frame") && !part.error;
            EXPECT_EQ(!part.error.has_value(), clean || frame_end) << file << " cut at " << size;
        }
    }
}

TEST(Corruption, FlippedBytesNeverCrash) {
    SPY_NEEDS_DATA();
    for (const auto& file : files_under(data_folder() / "dbn_vectors")) {
        Bytes bytes = read_file(file);
        const bool fragment = file.string().find(".frag") != std::string::npos;
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            // Another flip at each byte: the lowest bit, the highest, or all.
            const std::byte flip = std::array{std::byte{0x01}, std::byte{0x80}, std::byte{0xFF}}[at % 3];
            bytes[at] ^= flip;
            const Decoded decoded =
                decode_bytes(bytes, {.own_thread = false, .fragment = fragment, .block_bytes = 512});
            std::uint64_t records = 0;
            for (std::size_t p = 0; p < decoded.records.size(); ++records) {
                const std::size_t size = load<RecordHeader>(&decoded.records[p]).size();
                ASSERT_GE(size, sizeof(RecordHeader));
                p += size;
                ASSERT_LE(p, decoded.records.size());
            }
            ASSERT_EQ(records, decoded.record_count);
            bytes[at] ^= flip;
        }
    }
}

// The checksum our encoder adds turns a flipped bit into an error instead of a wrong price.
TEST(Corruption, FlippedBitInACompressedFileIsAnError) {
    Bytes bytes = file_of(50, {.zstd = true});
    const Decoded whole = decode_bytes(bytes);
    ASSERT_EQ(whole.record_count, 50U);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        bytes[at] ^= std::byte{0x10};
        const Decoded decoded = decode_bytes(bytes);
        EXPECT_TRUE(decoded.error || decoded == whole) << at;
        bytes[at] ^= std::byte{0x10};
    }
}

// A wrong checksum at the end of a frame, small enough for zstd to decompress in one go, takes none of its records away.
TEST(Corruption, WrongChecksumIsAnErrorAfterTheRecords) {
    Bytes bytes = file_of(50, {.zstd = true});
    bytes.back() ^= std::byte{1};
    for (const std::size_t block_bytes : {std::size_t{0}, std::size_t{100}}) {
        const Decoded decoded = decode_bytes(bytes, {.own_thread = false, .block_bytes = block_bytes});
        EXPECT_EQ(decoded.record_count, 50U);
        ASSERT_TRUE(decoded.error);
        EXPECT_EQ(decoded.error->code, ErrorCode::malformed);
    }
}

// A frame of several zstd blocks (128 KiB each), damaged in the last: the records of the others come first, whatever the
// size of our own blocks.
TEST(Corruption, DamagedZstdBlockKeepsTheBlocksBeforeIt) {
    constexpr std::uint64_t kOrders = 20'000;
    Bytes bytes = file_of(kOrders, {.zstd = true});
    const Decoded whole = decode_bytes(bytes);
    std::fill_n(bytes.end() - 1000, 900, std::byte{0x5A});
    const std::uint64_t least = kOrders - 2 * (std::uint64_t{128} << 10U) / sizeof(MboMsg);
    for (const std::size_t block_bytes : {std::size_t{0}, std::size_t{1000}, std::size_t{1} << 22U}) {
        const Decoded decoded = decode_bytes(bytes, {.own_thread = false, .block_bytes = block_bytes});
        ASSERT_TRUE(decoded.error);
        ASSERT_GE(decoded.record_count, least) << block_bytes;
        // zstd may notice the damage by the checksum only, after it has given the damaged block.
        EXPECT_TRUE(is_prefix({decoded.records.begin(), decoded.records.begin() + least * sizeof(MboMsg)},
                              whole.records));
    }
}

TEST(Corruption, CutRecordNamesFileByteAndRecord) {
    const TemporaryFolder folder;
    Bytes bytes = file_of(10);
    bytes.resize(head_size() + 3 * sizeof(MboMsg) + 20);
    const auto path = folder / "cut.dbn";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    const Decoded decoded = decode_file(path);
    EXPECT_EQ(decoded.record_count, 3U);
    ASSERT_TRUE(decoded.error);
    EXPECT_EQ(decoded.error->code, ErrorCode::truncated);
    EXPECT_EQ(decoded.error->message,
              fmt::format("{}: byte {}, record 4: the data end 20 bytes into it; fetch the file again",
                          path.string(), head_size() + 3 * sizeof(MboMsg)));
}

TEST(Corruption, ErrorStaysAfterTheWholeRecords) {
    Bytes bytes = file_of(10);
    bytes.pop_back();
    auto decoder = Decoder::from_memory(bytes, "memory");
    ASSERT_TRUE(decoder);
    ASSERT_EQ(decoder->next_block()->size(), 9 * sizeof(MboMsg));
    for (int again = 0; again < 3; ++again) {
        const auto block = decoder->next_block();
        ASSERT_FALSE(block);
        EXPECT_EQ(block.error().code, ErrorCode::truncated);
    }
    EXPECT_EQ(decoder->records_consumed(), 9U);
    EXPECT_EQ(decoder->bytes_consumed(), head_size() + 9 * sizeof(MboMsg));
}

TEST(Corruption, EndStaysTheEnd) {
    const Bytes bytes = file_of(10, {.zstd = true});
    for (const bool own_thread : {false, true}) {
        auto decoder = Decoder::from_memory(bytes, "memory", {.own_thread = own_thread});
        ASSERT_EQ(decoder->next_block()->size(), 10 * sizeof(MboMsg));
        for (int again = 0; again < 3; ++again) EXPECT_TRUE(decoder->next_block()->empty());
        EXPECT_EQ(decoder->compressed_bytes_consumed(), bytes.size());
        EXPECT_EQ(decoder->compressed_size(), bytes.size());
    }
}

TEST(Corruption, ImpossibleLengthsStopAtTheRecord) {
    // Zero, shorter than a header, shorter than an mbo record.
    for (const unsigned length : {0U, 3U, 13U}) {
        Bytes bytes = file_of(10);
        bytes[head_size() + 4 * sizeof(MboMsg)] = static_cast<std::byte>(length);
        const Decoded decoded = decode_bytes(bytes);
        EXPECT_EQ(decoded.record_count, 4U) << length;
        ASSERT_TRUE(decoded.error);
        EXPECT_EQ(decoded.error->code, ErrorCode::malformed);
        EXPECT_NE(
            decoded.error->message.find(fmt::format("memory: byte {}, record 5: ", head_size() + 4 * 56)),
            std::string::npos)
            << decoded.error->message;
    }
}

TEST(Corruption, UnknownTypesAreStillWhole) {
    Bytes bytes = file_of(10);
    bytes[head_size() + 4 * sizeof(MboMsg) + 1] = std::byte{0xEE};
    EXPECT_EQ(decode_bytes(bytes).record_count, 10U);
    EXPECT_FALSE(decode_bytes(bytes).error);
}

// A length or a count that lies must not make us allocate what it says.
TEST(Corruption, HostileMetadataLengthsAreRefused) {
    const Bytes good = file_of(1);
    const auto with = [&](std::size_t at, std::uint32_t value) {
        Bytes bytes = good;
        std::memcpy(&bytes[at], &value, sizeof value);
        return decode_bytes(bytes);
    };
    EXPECT_EQ(with(4, 0xFFFFFFFF).error->code, ErrorCode::malformed);
    EXPECT_EQ(with(4, 10).error->code, ErrorCode::malformed);
    EXPECT_EQ(with(4, kMaxMetadataSize).error->code, ErrorCode::truncated);
    // Numbers of symbols, partly resolved, not found, mappings, intervals.
    const std::size_t symbols = 8 + 104;
    const std::size_t partial = symbols + 4 + 71;
    for (const std::size_t count : {symbols, partial, partial + 4, partial + 8, partial + 12 + 71}) {
        const Decoded decoded = with(count, 0x10000000);
        ASSERT_TRUE(decoded.error) << count;
        EXPECT_EQ(decoded.error->code, ErrorCode::malformed) << count;
        EXPECT_NE(decoded.error->message.find("more than their remaining"), std::string::npos)
            << decoded.error->message;
    }
    EXPECT_EQ(with(partial + 12 + 71 + 4, 20231399).error->code, ErrorCode::malformed);  // no such date
}

TEST(Corruption, ForeignFilesSaySo) {
    const std::string text = "ts_recv,ts_event,rtype\n1,2,3\n";
    const Decoded csv = decode_bytes(std::as_bytes(std::span(text)));
    ASSERT_TRUE(csv.error);
    EXPECT_NE(csv.error->message.find("not DBN"), std::string::npos) << csv.error->message;

    Bytes newer = file_of(1);
    newer[3] = std::byte{4};
    EXPECT_NE(decode_bytes(newer).error->message.find("version 4"), std::string::npos);

    EXPECT_EQ(decode_bytes({}).error->code, ErrorCode::truncated);
    EXPECT_EQ(decode_file("/nonexistent/file.dbn").error->code, ErrorCode::missing);
    EXPECT_EQ(decode_file("/tmp").error->code, ErrorCode::io);
}

TEST(Corruption, BytesAfterAFrameAreAnErrorAfterItsRecords) {
    Bytes bytes = file_of(20, {.zstd = true});
    bytes.resize(bytes.size() + 100, std::byte{0x55});
    for (const bool own_thread : {false, true}) {
        const Decoded decoded = decode_bytes(bytes, {.own_thread = own_thread});
        EXPECT_EQ(decoded.record_count, 20U);
        ASSERT_TRUE(decoded.error);
        EXPECT_EQ(decoded.error->code, ErrorCode::malformed);
    }
}

// A decoder dropped half-way ends its thread.
TEST(Corruption, DecoderMayBeDroppedBeforeTheEnd) {
    const Bytes bytes = file_of(20'000, {.zstd = true});
    auto decoder = Decoder::from_memory(bytes, "memory", {.own_thread = true, .block_bytes = 4096});
    ASSERT_TRUE(decoder);
    EXPECT_FALSE(decoder->next_block()->empty());
}

}  // namespace
}  // namespace spymaster::dbn
