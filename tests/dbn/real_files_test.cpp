// Real market files, against counts taken with an independent decoder (README of the test data).
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "dbn/symbol_map.hpp"
#include "dbn/upgrade.hpp"
#include "vectors.hpp"

namespace spymaster::dbn {
namespace {

using namespace test;

struct MboCounts {
    std::array<std::uint64_t, 128> action{};
    std::uint64_t records = 0;
    std::uint64_t last = 0;
    std::uint64_t snapshot = 0;
    bool ts_recv_ordered = true;
};

MboCounts count_mbo(const Decoded& decoded) {
    MboCounts counts;
    std::uint64_t previous = 0;
    for (const std::byte* record : split(decoded.records)) {
        const auto header = load<RecordHeader>(record);
        EXPECT_EQ(header.rtype, rtype::mbo);
        const auto mbo = load<MboMsg>(record);
        ++counts.records;
        ++counts.action[static_cast<unsigned char>(mbo.action) & 127U];
        counts.last += (mbo.flags & flag::last) != 0 ? 1U : 0U;
        counts.snapshot += (mbo.flags & flag::snapshot) != 0 ? 1U : 0U;
        counts.ts_recv_ordered = counts.ts_recv_ordered && mbo.ts_recv >= previous;
        previous = mbo.ts_recv;
    }
    return counts;
}

TEST(RealFiles, ESH4Christmas) {
    SPY_NEEDS_DATA();
    const Decoded decoded = decode_file(real_files() / "esh4-glbx-mdp3-20231225.mbo.dbn.zst");
    ASSERT_FALSE(decoded.error) << decoded.error->message;
    EXPECT_EQ(decoded.version, 1);
    const MboCounts counts = count_mbo(decoded);
    EXPECT_EQ(counts.records, 68'792U);
    EXPECT_EQ(decoded.record_count, 68'792U);
    EXPECT_EQ(counts.action['A'], 29'216U);
    EXPECT_EQ(counts.action['C'], 17'999U);
    EXPECT_EQ(counts.action['M'], 12'233U);
    EXPECT_EQ(counts.action['F'], 6'371U);
    EXPECT_EQ(counts.action['T'], 2'973U);
    EXPECT_EQ(counts.last, 47'022U);
    EXPECT_EQ(counts.snapshot, 8'725U);
    EXPECT_TRUE(counts.ts_recv_ordered);
    EXPECT_EQ(decode_file(real_files() / "esh4-glbx-mdp3-20231225.mbo.dbn.zst", {.own_thread = false}),
              decoded);

    const SymbolMap symbols(*decoded.metadata);
    const auto first = load<MboMsg>(decoded.records.data());
    EXPECT_EQ(symbols.find(first.hd.instrument_id, static_cast<std::int64_t>(first.ts_recv)), "ESH4");
    EXPECT_EQ(symbols.find_id("ESH4", static_cast<std::int64_t>(first.ts_recv)), first.hd.instrument_id);
}

TEST(RealFiles, ESM4May) {
    SPY_NEEDS_DATA();
    const Decoded decoded = decode_file(real_files() / "esm4-glbx-mdp3-20240508T000000-000002.mbo.dbn.zst");
    ASSERT_FALSE(decoded.error) << decoded.error->message;
    const MboCounts counts = count_mbo(decoded);
    EXPECT_EQ(counts.action['A'], 13'678U);
    EXPECT_EQ(counts.action['C'], 80U);
    EXPECT_EQ(counts.action['M'], 27U);
    EXPECT_EQ(counts.action['T'], 5U);
    EXPECT_EQ(counts.action['F'], 5U);
    EXPECT_EQ(counts.action['R'], 1U);
    EXPECT_EQ(counts.records, 13'678U + 80 + 27 + 5 + 5 + 1);
}

TEST(RealFiles, DefinitionOfESM4) {
    SPY_NEEDS_DATA();
    const Decoded decoded = decode_file(real_files() / "esm4-glbx-mdp3-20240508.definition.dbn.zst");
    ASSERT_EQ(decoded.record_count, 1U);
    const auto definition = read_definition(decoded.records.data());
    ASSERT_TRUE(definition);
    EXPECT_EQ(text(definition->raw_symbol), "ESM4");
    EXPECT_EQ(text(definition->asset), "ES");
    EXPECT_EQ(definition->instrument_class, 'F');
    EXPECT_EQ(definition->min_price_increment, 250'000'000);
}

TEST(RealFiles, OptionDefinitionMappings) {
    SPY_NEEDS_DATA();
    const Decoded es = decode_file(real_files() / "glbx-mdp3-es-opt-202308.definition.dbn.zst");
    ASSERT_FALSE(es.error) << es.error->message;
    EXPECT_EQ(es.record_count, 2U);
    EXPECT_EQ(es.metadata->mappings.size(), 11'294U);
    const auto spreads = std::ranges::count_if(
        es.metadata->mappings, [](const SymbolMapping& m) { return m.raw_symbol.starts_with("UD:"); });
    EXPECT_EQ(spreads, 9'350);
    EXPECT_EQ(es.metadata->mappings.size() - static_cast<std::size_t>(spreads), 1'944U);
}

// OPRA's ids change daily: the map must answer by date.
TEST(RealFiles, OpraMappingsByDate) {
    SPY_NEEDS_DATA();
    const Decoded opra = decode_file(real_files() / "opra-pillar-spy-opt-202308.definition.dbn.zst");
    ASSERT_FALSE(opra.error) << opra.error->message;
    EXPECT_EQ(opra.record_count, 2U);
    EXPECT_EQ(opra.metadata->mappings.size(), 13'492U);
    std::size_t most = 0;
    for (const SymbolMapping& mapping : opra.metadata->mappings)
        most = std::max(most, mapping.intervals.size());
    EXPECT_EQ(most, 23U);

    const SymbolMap symbols(*opra.metadata);
    std::size_t checked = 0;
    for (const SymbolMapping& mapping : opra.metadata->mappings) {
        for (const MappingInterval& interval : mapping.intervals) {
            const auto id = static_cast<std::uint32_t>(std::stoul(interval.symbol));
            ASSERT_EQ(symbols.find(id, interval.start.midnight_utc_ns()), mapping.raw_symbol);
            ASSERT_EQ(symbols.find(id, interval.end.midnight_utc_ns() - 1), mapping.raw_symbol);
            ++checked;
        }
    }
    EXPECT_EQ(checked, symbols.interval_count());
    EXPECT_EQ(checked, 183'523U);
}

TEST(RealFiles, NewestDefinitions) {
    SPY_NEEDS_DATA();
    for (const char* name : {"glbx-mdp3-es-option-v3.definition.dbn.zst", "equity-v3.definition.dbn.zst"}) {
        const Decoded decoded = decode_file(real_files() / name);
        ASSERT_FALSE(decoded.error) << decoded.error->message;
        EXPECT_EQ(decoded.version, 3);
        ASSERT_GE(decoded.record_count, 1U);
        const auto definition = read_definition(decoded.records.data());
        ASSERT_TRUE(definition);
        if (definition->strike_price == kUndefPrice) continue;
        const std::int64_t strike = definition->strike_price / 1'000'000'000;
        EXPECT_TRUE(strike == 9600 || strike == 6575) << strike << " " << text(definition->raw_symbol);
    }
}

}  // namespace
}  // namespace spymaster::dbn
