// Small raw files of definitions and statistics, in the layout of any DBN version.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dbn/encoder.hpp"
#include "dbn/legacy_records.hpp"
#include "dbn/reference_records.hpp"
#include "market/time.hpp"
#include "temporary_lake.hpp"

namespace spymaster::pipeline {

inline std::uint64_t at(std::string_view instant) {
    return static_cast<std::uint64_t>(*market::parse_instant(instant));
}

template <std::size_t N>
void put_text(std::array<char, N>& field, std::string_view text) {
    field.fill('\0');
    std::copy(text.begin(), text.end(), field.begin());
}

// What a definition file says of an instrument; the rest is undefined, as venues leave it.
struct DefinitionSpec {
    std::uint32_t id = 1;
    std::string raw_symbol = "E1AF6 C6900";
    char instrument_class = 'C';
    std::string underlying = "ESH6";
    std::string asset = "E1A";
    std::string_view expires = "2026-01-06T21:00:00Z";  // empty: never
    std::int64_t strike = 6'900'000'000'000;
    std::string_view received = "2026-01-06T00:00:00Z";
    std::string_view sent = "2026-01-04T11:00:00Z";
    char action = 'A';
    char user_defined = 'N';
    std::uint16_t publisher = 1;
    std::int64_t tick = dbn::kUndefPrice;
    std::int64_t unit_quantity = 50'000'000'000;
    std::int32_t multiplier = std::numeric_limits<std::int32_t>::max();
};

// Layouts of versions 1 to 3 have the same names for what is filled here.
template <class Record>
Record definition(const DefinitionSpec& spec) {
    Record record{};
    record.hd = {dbn::kRecordLength<Record>, dbn::rtype::instrument_def, spec.publisher, spec.id,
                 at(spec.sent)};
    record.ts_recv = at(spec.received);
    record.min_price_increment = spec.tick;
    record.expiration = spec.expires.empty() ? market::kUndefTimestamp : at(spec.expires);
    record.unit_of_measure_qty = spec.unit_quantity;
    record.strike_price = spec.strike;
    record.contract_multiplier = spec.multiplier;
    put_text(record.raw_symbol, spec.raw_symbol);
    put_text(record.underlying, spec.underlying);
    put_text(record.asset, spec.asset);
    put_text(record.currency, "USD");
    put_text(record.security_type, spec.instrument_class == 'F' ? "FUT" : "OOF");
    record.instrument_class = spec.instrument_class;
    record.security_update_action = spec.action;
    record.user_defined_instrument = spec.user_defined;
    return record;
}

struct StatisticsSpec {
    std::uint32_t id = 1;
    std::int64_t quantity = 100;
    std::string_view received = "2026-01-06T13:00:00Z";
    std::uint16_t type = 9;
    std::uint8_t action = 1;
    std::uint16_t publisher = 1;
};

template <class Record>
Record statistics(const StatisticsSpec& spec) {
    Record record{};
    record.hd = {dbn::kRecordLength<Record>, dbn::rtype::statistics, spec.publisher, spec.id,
                 at(spec.received) - 1'000};
    record.ts_recv = at(spec.received);
    record.ts_ref = market::kUndefTimestamp;
    record.price = dbn::kUndefPrice;
    record.quantity = static_cast<decltype(record.quantity)>(spec.quantity);
    record.stat_type = spec.type;
    record.update_action = spec.action;
    return record;
}

struct RawFileSpec {
    int version = 3;
    std::string dataset = "GLBX.MDP3";
    dbn::Schema schema = dbn::Schema::definition;
};

// Writes records of any type to a raw file; its folder is made.
template <class Record>
fs::path write_records(const fs::path& path, const RawFileSpec& spec, std::span<const Record> records) {
    fs::create_directories(path.parent_path());
    dbn::Metadata metadata;
    metadata.version = spec.version;
    metadata.dataset = spec.dataset;
    metadata.schema = spec.schema;
    metadata.stype_in = dbn::SymbolType::raw_symbol;
    metadata.symbol_cstr_len = spec.version == 1 ? dbn::kSymbolLengthV1 : dbn::kSymbolLength;
    auto encoder = dbn::Encoder::create(path, metadata, {.zstd = path.extension() == ".zst"});
    EXPECT_TRUE(encoder.ok()) << (encoder.ok() ? "" : encoder.error().message);
    for (const Record& record : records) EXPECT_TRUE(encoder->write(record).ok());
    EXPECT_TRUE(encoder->finish().ok());
    return path;
}

inline fs::path write_definitions(const fs::path& path, const std::vector<DefinitionSpec>& specs,
                                  const RawFileSpec& file = {}) {
    const auto write = [&]<class Record>(Record) {
        std::vector<Record> records;
        for (const DefinitionSpec& spec : specs) records.push_back(definition<Record>(spec));
        return write_records<Record>(path, file, records);
    };
    if (file.version == 1) return write(dbn::v1::InstrumentDefMsg{});
    if (file.version == 2) return write(dbn::v2::InstrumentDefMsg{});
    return write(dbn::InstrumentDefMsg{});
}

inline fs::path write_statistics(const fs::path& path, const std::vector<StatisticsSpec>& specs,
                                 RawFileSpec file = {}) {
    file.schema = dbn::Schema::statistics;
    const auto write = [&]<class Record>(Record) {
        std::vector<Record> records;
        for (const StatisticsSpec& spec : specs) records.push_back(statistics<Record>(spec));
        return write_records<Record>(path, file, records);
    };
    return file.version < 3 ? write(dbn::v1::StatMsg{}) : write(dbn::StatMsg{});
}

}  // namespace spymaster::pipeline
