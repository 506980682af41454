// Small raw folders for the tests of the gateway: a few instruments of one day, written as DBN.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "dbn/encoder.hpp"
#include "dbn/reference_records.hpp"
#include "market/time.hpp"

namespace spymaster::feed::test {

inline constexpr market::Date kDay{2026, 1, 6};
inline const auto kMidnight = static_cast<std::uint64_t>(kDay.midnight_utc_ns());

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "spymaster-gateway-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline dbn::Metadata metadata_of(std::string dataset, dbn::Schema schema) {
    dbn::Metadata metadata;
    metadata.dataset = std::move(dataset);
    metadata.schema = schema;
    metadata.start = kMidnight;
    metadata.end = static_cast<std::uint64_t>(kDay.next().midnight_utc_ns());
    metadata.stype_in = dbn::SymbolType::raw_symbol;
    return metadata;
}

inline void map_symbol(dbn::Metadata& metadata, std::string name, std::uint32_t id, market::Date start = kDay,
                       market::Date end = kDay.next()) {
    metadata.symbols.push_back(name);
    metadata.mappings.push_back({std::move(name), {{start, end, std::to_string(id)}}});
}

inline dbn::MboMsg mbo(std::uint32_t id, std::uint64_t after_midnight_ns, char action = 'A') {
    dbn::MboMsg record{};
    record.hd = {dbn::kRecordLength<dbn::MboMsg>, dbn::rtype::mbo, 1, id, kMidnight + after_midnight_ns};
    record.order_id = after_midnight_ns;
    record.price = 6'900'000'000'000;
    record.size = 3;
    record.flags = dbn::flag::last;
    record.action = action;
    record.side = 'B';
    record.ts_recv = kMidnight + after_midnight_ns + 100;
    return record;
}

template <std::size_t N>
void put(std::array<char, N>& field, std::string_view text) {
    std::memcpy(field.data(), text.data(), std::min(N - 1, text.size()));
}

inline dbn::InstrumentDefMsg definition(std::uint32_t id, std::string_view name, char instrument_class,
                                        std::string_view asset, market::Date expiration) {
    dbn::InstrumentDefMsg record{};
    record.hd = {dbn::kRecordLength<dbn::InstrumentDefMsg>, dbn::rtype::instrument_def, 1, id, kMidnight};
    record.ts_recv = kMidnight + 1;
    record.expiration = static_cast<std::uint64_t>(expiration.midnight_utc_ns()) + 1;
    record.instrument_class = instrument_class;
    put(record.raw_symbol, name);
    put(record.asset, asset);
    return record;
}

template <class Record>
void write_records(const std::filesystem::path& path, const dbn::Metadata& metadata,
                   const std::vector<Record>& records) {
    std::filesystem::create_directories(path.parent_path());
    auto encoder = dbn::Encoder::create(path, metadata, {.zstd = path.extension() == ".zst"});
    ASSERT_TRUE(encoder.ok()) << encoder.error().message;
    for (const auto& record : records) ASSERT_TRUE(encoder->write(record).ok());
    ASSERT_TRUE(encoder->finish().ok());
}

inline void write_text(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

// ES futures H6 and M6 with a spread, two options on H6 of asset E1B, all defined; market data of H6 (id 1) and M6 (id 2).
inline void write_small_globex(const std::filesystem::path& folder) {
    auto definitions = metadata_of("GLBX.MDP3", dbn::Schema::definition);
    write_records<dbn::InstrumentDefMsg>(
        folder / "glbx-mdp3-20260106.definition.dbn.zst", definitions,
        {definition(2, "ESM6", 'F', "ES", {2026, 6, 19}), definition(1, "ESH6", 'F', "ES", {2026, 3, 20}),
         definition(3, "ESH6-ESM6", 'S', "ES", {2026, 3, 20}),
         definition(11, "E1BF6 C6900", 'C', "E1B", {2026, 1, 6}),
         definition(12, "E1BF6 P6900", 'P', "E1B", {2026, 1, 6})});
    auto first = metadata_of("GLBX.MDP3", dbn::Schema::mbo);
    map_symbol(first, "ESH6", 1);
    write_records<dbn::MboMsg>(folder / "h6" / "glbx-mdp3-20260106.mbo.dbn.zst", first,
                               {mbo(1, 1000), mbo(1, 3000, 'T'), mbo(1, 3000, 'F'), mbo(1, 5000, 'C')});
    auto second = metadata_of("GLBX.MDP3", dbn::Schema::mbo);
    map_symbol(second, "ESM6", 2);
    write_records<dbn::MboMsg>(folder / "m6" / "glbx-mdp3-20260106.mbo.dbn", second,
                               {mbo(2, 2000), mbo(2, 3000), mbo(2, 6000, 'T')});
}

}  // namespace spymaster::feed::test
