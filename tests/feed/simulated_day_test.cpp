// All raw files of a simulated date: that they are there, agree with each other, and are read as what they are.
#include "feed/simulated/simulated_day.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "dbn/decoder.hpp"
#include "dbn/upgrade.hpp"
#include "simulated_records.hpp"

namespace spymaster::feed {
namespace {

namespace fs = std::filesystem;

std::vector<const market::Product*> all_products() {
    std::vector<const market::Product*> all;
    for (const market::Product& product : market::products()) all.push_back(&product);
    return all;
}

DayOptions day_options() {
    DayOptions day;
    day.future = options_of("09:30-09:31", 100.0, 1);
    day.share = options_of("09:30-09:31", 100.0, 1, "SPY");
    day.option_events_per_second = 100.0;
    day.strikes = 11;
    return day;
}

struct Kept {
    dbn::Metadata metadata;
    std::vector<std::byte> bytes;
};

// Every file of the day by its place in the lake.
std::map<std::string, Kept> all_files(const DayOptions& day) {
    std::map<std::string, Kept> kept;
    auto files = simulated_day(all_products(), day);
    EXPECT_TRUE(files.ok()) << (files.ok() ? "" : files.error().message);
    for (const DayFile& file : *files) {
        auto stream = file.open();
        EXPECT_TRUE(stream.ok()) << (stream.ok() ? "" : stream.error().message);
        Kept& here = kept[place_in_lake(file, "", day.future.date)->string()];
        here.metadata = stream->metadata;
        for (auto some = stream->next(); !some.empty(); some = stream->next())
            here.bytes.insert(here.bytes.end(), some.begin(), some.end());
        EXPECT_EQ(stream->progress(), 1.0);
    }
    return kept;
}

std::set<std::uint32_t> ids_of(const std::vector<std::byte>& bytes) {
    std::set<std::uint32_t> ids;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto header = dbn::load<dbn::RecordHeader>(bytes.data() + at);
        ids.insert(header.instrument_id);
        at += header.size();
    }
    return ids;
}

constexpr const char* kRaw = "raw/source=databento/";

TEST(SimulatedDay, HasEveryFileWhereItIsLookedFor) {
    std::vector<std::string> places;
    for (const auto& [place, kept] : all_files(day_options())) {
        places.push_back(place.substr(std::string(kRaw).size()));
        EXPECT_FALSE(kept.bytes.empty()) << place;
    }
    EXPECT_EQ(
        places,
        (std::vector<std::string>{
            "dataset=definition/glbx-mdp3-20260106.ES.definition.dbn.zst",
            "dataset=definition/venue=opra/opra-pillar-20260106.SPY.definition.dbn.zst",
            "dataset=definition/venue=xnas/xnas-itch-20260106.SPY.definition.dbn.zst",
            "product_type=equity_mbo/symbol=SPY/table=market_by_order_dbn/xnas-itch-20260106.mbo.dbn.zst",
            "product_type=equity_option_cmbp_1/symbol=SPY/table=cmbp_1/"
            "opra-pillar-20260106.cmbp-1.dbn.zst",
            "product_type=equity_option_statistics/symbol=SPY/table=statistics/"
            "opra-pillar-20260106.statistics.dbn.zst",
            "product_type=future_mbo/symbol=ES/table=market_by_order_dbn/glbx-mdp3-20260106.mbo.dbn.zst",
            "product_type=future_option_mbo/symbol=ES/table=market_by_order_dbn/"
            "glbx-mdp3-20260106.mbo.dbn.zst",
            "product_type=future_option_mbo/symbol=ES/table=statistics/"
            "glbx-mdp3-20260106.statistics.dbn.zst",
        }));
}

// Whatever trades is defined, and has a name in its own file.
TEST(SimulatedDay, EveryInstrumentIsDefinedAndNamed) {
    auto files = all_files(day_options());
    const auto ids = [&](const char* place) { return ids_of(files.at(std::string(kRaw) + place).bytes); };
    const auto globex = ids("dataset=definition/glbx-mdp3-20260106.ES.definition.dbn.zst");
    const auto opra = ids("dataset=definition/venue=opra/opra-pillar-20260106.SPY.definition.dbn.zst");
    const auto xnas = ids("dataset=definition/venue=xnas/xnas-itch-20260106.SPY.definition.dbn.zst");
    for (const auto& [place, kept] : files) {
        const bool of_opra = kept.metadata.dataset == "OPRA.PILLAR";
        const auto& defined = of_opra ? opra : (kept.metadata.dataset == "XNAS.ITCH" ? xnas : globex);
        std::set<std::uint32_t> named;
        for (const auto& mapping : kept.metadata.mappings)
            named.insert(static_cast<std::uint32_t>(std::stoul(mapping.intervals.at(0).symbol)));
        for (const std::uint32_t id : ids_of(kept.bytes)) {
            EXPECT_TRUE(defined.contains(id)) << place << ' ' << id;
            EXPECT_TRUE(named.contains(id)) << place << ' ' << id;
        }
    }
    EXPECT_GT(opra.size(), 22U);
}

TEST(SimulatedDay, SameOptionsSameBytesAndTheFuturesOwn) {
    const auto one = all_files(day_options());
    const auto two = all_files(day_options());
    for (const auto& [place, kept] : one) EXPECT_EQ(kept.bytes, two.at(place).bytes) << place;
    const auto alone = all_records(day_options().future);
    const auto& kept = one.at(std::string(kRaw) +
                              "product_type=future_mbo/symbol=ES/table=market_by_order_dbn/"
                              "glbx-mdp3-20260106.mbo.dbn.zst");
    const auto bytes = std::as_bytes(std::span(alone));
    EXPECT_TRUE(std::ranges::equal(kept.bytes, bytes));
}

// Reference data in old layouts are shorter, and as many.
TEST(SimulatedDay, ReferenceDataComeInAllVersions) {
    std::map<std::string, std::size_t> records;
    for (const int version : {3, 2, 1}) {
        DayOptions day = day_options();
        day.reference_version = version;
        for (const auto& [place, kept] : all_files(day)) {
            const bool reference = kept.metadata.schema == dbn::Schema::definition ||
                                   kept.metadata.schema == dbn::Schema::statistics;
            EXPECT_EQ(kept.metadata.version, reference ? version : dbn::kNewestVersion) << place;
            if (!reference) continue;
            std::size_t count = 0;
            for (std::size_t at = 0; at < kept.bytes.size(); ++count)
                at += dbn::load<dbn::RecordHeader>(kept.bytes.data() + at).size();
            const std::size_t newest = records.emplace(place, count).first->second;
            EXPECT_EQ(count, newest) << place << " version " << version;
            EXPECT_TRUE(dbn::encode_metadata(kept.metadata).ok()) << place;
        }
    }
}

TEST(SimulatedDay, SaysWhatItCannotDo) {
    DayOptions day = day_options();
    day.reference_version = 4;
    EXPECT_EQ(simulated_day(all_products(), day).error().code, ErrorCode::usage);
    day = day_options();
    day.share.symbol = "ES";
    EXPECT_NE(simulated_day(all_products(), day).error().message.find("'ES' is no share"), std::string::npos);
    day = day_options();
    day.future.date = {2026, 1, 10};
    EXPECT_EQ(simulated_day(all_products(), day).error().code, ErrorCode::usage);
    const std::vector<const market::Product*> shares{&market::product_of(market::ProductType::equity_mbo)};
    EXPECT_EQ(simulated_day(shares, day)->size(), 2U) << "futures that nobody asked for cannot be wrong";
}

}  // namespace
}  // namespace spymaster::feed
