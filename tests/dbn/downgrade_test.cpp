#include "dbn/downgrade.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "dbn/encoder.hpp"
#include "dbn/upgrade.hpp"
#include "vectors.hpp"

namespace spymaster::dbn {
namespace {

using namespace test;

// Every byte that both layouts have is something, so that a field forgotten is a difference.
InstrumentDefMsg definition() {
    InstrumentDefMsg def{};
    auto* bytes = reinterpret_cast<unsigned char*>(&def);
    for (std::size_t i = 0; i < sizeof def; ++i) bytes[i] = static_cast<unsigned char>(1 + i % 120);
    def.hd.length = sizeof def / 4;
    def.hd.rtype = rtype::instrument_def;
    def.raw_instrument_id = 42'684'292;
    const auto put = [](auto& field, std::string_view text) {
        field = {};
        std::ranges::copy(text, field.begin());
    };
    put(def.currency, "USD");
    put(def.settl_currency, "EUR");
    put(def.secsubtype, "Z ");
    put(def.raw_symbol, "SPY   260106C00690000");
    put(def.group, "EW");
    put(def.exchange, "XCME");
    put(def.asset, "E1B");
    put(def.cfi, "OCAFPS");
    put(def.security_type, "OOF");
    put(def.unit_of_measure, "IPNT");
    put(def.underlying, "ESH6");
    put(def.strike_price_currency, "USD");
    // What only version 3 has, as upgrade.hpp gives it.
    def.leg_price = def.leg_delta = kUndefPrice;
    def.leg_instrument_id = def.leg_underlying_id = 0;
    def.leg_ratio_price_numerator = def.leg_ratio_price_denominator = 0;
    def.leg_ratio_qty_numerator = def.leg_ratio_qty_denominator = 0;
    def.leg_count = def.leg_index = 0;
    def.leg_raw_symbol = {};
    def.leg_instrument_class = '\0';
    def.leg_side = 'N';
    def.reserved = {};
    return def;
}

StatMsg statistic() {
    StatMsg stat{};
    stat.hd = {.length = sizeof stat / 4,
               .rtype = rtype::statistics,
               .publisher_id = 1,
               .instrument_id = 7,
               .ts_event = 8};
    stat.ts_recv = 9;
    stat.ts_ref = 10;
    stat.price = 11;
    stat.quantity = 12'345;
    stat.sequence = 13;
    stat.ts_in_delta = 14;
    stat.stat_type = 9;
    stat.channel_id = 15;
    stat.update_action = 2;
    stat.stat_flags = 16;
    return stat;
}

template <class T>
bool same_bytes(const T& a, const T& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

template <class T>
const std::byte* bytes_of(const T& record) {
    return reinterpret_cast<const std::byte*>(&record);
}

TEST(Downgrade, DefinitionsComeBack) {
    const InstrumentDefMsg def = definition();
    const auto one = definition_v1(def);
    ASSERT_TRUE(one.ok()) << one.error().message;
    const auto two = definition_v2(def);
    ASSERT_TRUE(two.ok()) << two.error().message;
    EXPECT_TRUE(same_bytes(*read_definition(bytes_of(*one)), def));
    EXPECT_TRUE(same_bytes(*read_definition(bytes_of(*two)), def));
}

TEST(Downgrade, StatisticsComeBack) {
    StatMsg stat = statistic();
    EXPECT_TRUE(same_bytes(*read_statistics(bytes_of(*statistics_v1(stat))), stat));
    stat.quantity = kUndefStatQuantity;
    EXPECT_EQ(statistics_v1(stat)->quantity, std::numeric_limits<std::int32_t>::max());
    EXPECT_TRUE(same_bytes(*read_statistics(bytes_of(*statistics_v1(stat))), stat));
    stat.quantity = -5;
    EXPECT_TRUE(same_bytes(*read_statistics(bytes_of(*statistics_v1(stat))), stat));
}

TEST(Downgrade, FilesOfEveryVersionHoldTheSame) {
    const auto folder = std::filesystem::temp_directory_path();
    for (const int version : {1, 2, 3}) {
        Metadata metadata;
        metadata.version = version;
        metadata.symbol_cstr_len = version == 1 ? kSymbolLengthV1 : kSymbolLength;
        metadata.dataset = "GLBX.MDP3";
        metadata.schema = Schema::definition;
        const auto path = folder / ("spymaster_downgrade_v" + std::to_string(version) + ".dbn.zst");
        auto encoder = Encoder::create(path, metadata);
        ASSERT_TRUE(encoder.ok()) << encoder.error().message;
        const InstrumentDefMsg def = definition();
        const auto written = version == 1   ? encoder->write(*definition_v1(def))
                             : version == 2 ? encoder->write(*definition_v2(def))
                                            : encoder->write(def);
        ASSERT_TRUE(written.ok());
        ASSERT_TRUE(encoder->finish().ok());
        const Decoded decoded = decode_bytes(read_file(path));
        std::filesystem::remove(path);
        ASSERT_FALSE(decoded.error);
        EXPECT_EQ(decoded.version, version);
        EXPECT_TRUE(same_bytes(*read_definition(decoded.records.data()), def));
    }
}

TEST(Downgrade, WhatDoesNotFitIsSaid) {
    InstrumentDefMsg def = definition();
    std::ranges::copy(std::string_view("UD:1V: VT 260000123456"), def.raw_symbol.begin());
    EXPECT_NE(definition_v1(def).error().message.find("raw_symbol 'UD:1V: VT 260000123456' has 22"),
              std::string::npos);
    EXPECT_TRUE(definition_v2(def).ok());
    def = definition();
    std::ranges::copy(std::string_view("SEVENLT"), def.asset.begin());
    EXPECT_EQ(definition_v2(def).error().code, ErrorCode::usage);
    def = definition();
    def.raw_instrument_id = std::uint64_t{1} << 32U;
    EXPECT_EQ(definition_v1(def).error().code, ErrorCode::usage);
    StatMsg stat = statistic();
    stat.quantity = std::numeric_limits<std::int32_t>::max();  // would be read as undefined
    EXPECT_EQ(statistics_v1(stat).error().code, ErrorCode::usage);
    stat.quantity = std::int64_t{-1} << 40;
    EXPECT_EQ(statistics_v1(stat).error().code, ErrorCode::usage);
}

// Records of an official version 1 file, read and written, are that file's again.
TEST(Downgrade, OfficialRecordsComeBack) {
    SPY_NEEDS_DATA();
    const Decoded old = decode_bytes(read_file(dbn_vectors() / "test_data.definition.v1.dbn.zst"));
    ASSERT_FALSE(old.error);
    ASSERT_EQ(old.records.size() % sizeof(v1::InstrumentDefMsg), 0U);
    for (std::size_t at = 0; at < old.records.size(); at += sizeof(v1::InstrumentDefMsg)) {
        const auto was = load<v1::InstrumentDefMsg>(old.records.data() + at);
        auto is = *definition_v1(*read_definition(old.records.data() + at));
        // What version 3 gave up.
        is.trading_reference_price = was.trading_reference_price;
        is.trading_reference_date = was.trading_reference_date;
        is.md_security_trading_status = was.md_security_trading_status;
        is.settl_price_type = was.settl_price_type;
        is.reserved2 = was.reserved2;  // a field of the time before version 1
        EXPECT_TRUE(same_bytes(is, was));
    }
    const Decoded stats = decode_bytes(read_file(dbn_vectors() / "test_data.statistics.v1.dbn.zst"));
    for (std::size_t at = 0; at < stats.records.size(); at += sizeof(v1::StatMsg)) {
        const auto was = load<v1::StatMsg>(stats.records.data() + at);
        EXPECT_TRUE(same_bytes(*statistics_v1(*read_statistics(stats.records.data() + at)), was));
    }
}

}  // namespace
}  // namespace spymaster::dbn
