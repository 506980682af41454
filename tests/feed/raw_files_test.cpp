#include "feed/raw_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "dbn/decoder.hpp"
#include "feed/simulated/simulated_file.hpp"

namespace spymaster::feed {
namespace {

namespace fs = std::filesystem;

constexpr market::Date kDate{2026, 1, 6};

const market::Product& futures() {
    return **market::find_product("future_mbo");
}

class RawFiles : public ::testing::Test {
  protected:
    RawFiles() {
        std::string name = (fs::temp_directory_path() / "spymaster-feed-XXXXXX").string();
        lake_ = mkdtemp(name.data());
    }
    ~RawFiles() override {
        std::error_code ignored;
        fs::remove_all(lake_, ignored);
    }

    fs::path put(const std::string& name, const std::string& content = "x") const {
        const fs::path path = *raw_folder(lake_, futures(), RawKind::records, "ES") / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << content;
        return path;
    }

    fs::path lake_;
};

SimulationOptions short_session() {
    SimulationOptions options;
    options.session = *market::on_date(*market::parse_session("09:30-09:31"), options.date);
    options.events_per_second = 50.0;
    return options;
}

TEST(Symbols, RootOfAContract) {
    EXPECT_EQ(symbol_root("ESH4"), "ES");
    EXPECT_EQ(symbol_root("ESH24"), "ES");
    EXPECT_EQ(symbol_root("MESZ5"), "MES");
    EXPECT_EQ(symbol_root("ES"), "ES");
    EXPECT_EQ(symbol_root("SPY"), "SPY");
    EXPECT_EQ(symbol_root("ESA4"), "ESA4");  // A is no month
    EXPECT_EQ(symbol_root("6EH4"), "6E");
    EXPECT_EQ(symbol_root("H4"), "H4");
    EXPECT_EQ(symbol_root("4"), "4");
    EXPECT_EQ(symbol_root(""), "");
    EXPECT_EQ(symbol_root("ESH2024"), "ESH2024");
}

TEST(Symbols, FrontContractRollsEightDaysBeforeTheThirdFriday) {
    EXPECT_EQ(front_contract("ES", {2023, 12, 25}), "ESH4");
    EXPECT_EQ(front_contract("ES", {2024, 5, 8}), "ESM4");
    EXPECT_EQ(front_contract("ES", {2026, 1, 6}), "ESH6");
    EXPECT_EQ(front_contract("ES", {2026, 3, 11}), "ESH6");  // third Friday: 20 March 2026
    EXPECT_EQ(front_contract("ES", {2026, 3, 12}), "ESM6");
    EXPECT_EQ(front_contract("NQ", {2025, 12, 10}), "NQZ5");  // third Friday: 19 December 2025
    EXPECT_EQ(front_contract("NQ", {2025, 12, 11}), "NQH6");
    EXPECT_EQ(front_contract("ES", {2030, 8, 1}), "ESU0");
}

TEST_F(RawFiles, AreFoundAtAnyDepthInOrderOfTheirPaths) {
    const fs::path plain = put("glbx-mdp3-20260106.mbo.dbn.zst");
    const fs::path job = put("GLBX-20260123-5J57GFQPVQ/glbx-mdp3-20260106.mbo.dbn");
    put("glbx-mdp3-20260107.mbo.dbn.zst");
    put("glbx-mdp3-20260106.mbo.dbn.zst.simulated.json");
    put("glbx-mdp3-20260106.mbo.csv");
    const auto files = find_raw_files(lake_, futures(), RawKind::records, "ESH6", kDate);
    ASSERT_TRUE(files.ok()) << files.error().message;
    EXPECT_EQ(*files, (std::vector<fs::path>{job, plain}));
}

// What a stock is and what the options on it are is read together, wherever each venue's file lies.
TEST_F(RawFiles, DefinitionsOfEveryVenueAreFoundWhicheverProductAsks) {
    std::vector<fs::path> all;
    for (const char* product : {"future_mbo", "equity_option_mbo", "equity_mbo"}) {
        const market::Product& of = **market::find_product(product);
        all.push_back(*raw_folder(lake_, of, RawKind::definitions, "SPY") /
                      raw_file_name(of, RawKind::definitions, "SPY", kDate));
        fs::create_directories(all.back().parent_path());
        std::ofstream(all.back()) << "x";
    }
    for (const market::Product& product : market::products()) {
        const auto files = find_raw_files(lake_, product, RawKind::definitions, "SPY", kDate);
        ASSERT_TRUE(files.ok()) << files.error().message;
        EXPECT_EQ(*files, all) << product.name;
    }
    const auto none = find_raw_files(lake_, futures(), RawKind::definitions, "ES", kDate.next());
    ASSERT_FALSE(none.ok());
    EXPECT_NE(none.error().message.find("--definitions"), std::string::npos);
}

TEST_F(RawFiles, MissingNamesTheFolderAndTheCommandThatFillsIt) {
    for (const bool folder_is_there : {false, true}) {
        if (folder_is_there) put("glbx-mdp3-20260107.mbo.dbn.zst");
        const auto files = find_raw_files(lake_, futures(), RawKind::records, "ES", kDate);
        ASSERT_FALSE(files.ok());
        EXPECT_EQ(files.error().code, ErrorCode::missing);
        EXPECT_NE(files.error().message.find("symbol=ES/table=market_by_order_dbn"), std::string::npos);
        EXPECT_NE(files.error().message.find("spymaster simulate --products all --lake " + lake_.string()),
                  std::string::npos);
    }
}

TEST_F(RawFiles, ASymbolCannotLeaveTheFolder) {
    for (const char* symbol : {"../ES", "..", "", "ES/..", "E S", "ES\n"}) {
        const auto files = find_raw_files(lake_, futures(), RawKind::records, symbol, kDate);
        ASSERT_FALSE(files.ok()) << symbol;
        EXPECT_EQ(files.error().code, ErrorCode::usage) << symbol;
    }
}

TEST_F(RawFiles, OnlyAFileThatTheSidecarSpeaksOfIsSimulated) {
    const fs::path file = put("glbx-mdp3-20260106.mbo.dbn.zst", "12345");
    EXPECT_FALSE(is_simulated(file));
    std::ofstream(simulated_sidecar(file)) << R"({"size_bytes": 5})";
    EXPECT_TRUE(is_simulated(file));
    put("glbx-mdp3-20260106.mbo.dbn.zst", "a real file put in its place");
    EXPECT_FALSE(is_simulated(file));
    std::ofstream(simulated_sidecar(file)) << "not json";
    EXPECT_FALSE(is_simulated(file));
    EXPECT_FALSE(is_simulated(lake_ / "nothing.dbn"));
}

TEST_F(RawFiles, ASimulatedFileIsFoundMarkedAndReadsBack) {
    const SimulationOptions options = short_session();
    const fs::path path = *raw_folder(lake_, futures(), RawKind::records, "ES") /
                          raw_file_name(futures(), RawKind::records, "ES", kDate);
    EXPECT_EQ(path.filename(), "glbx-mdp3-20260106.mbo.dbn.zst");
    const auto written = write_simulated_file(options, path, false);
    ASSERT_TRUE(written.ok()) << written.error().message;
    EXPECT_EQ(written->bytes, fs::file_size(path));
    EXPECT_TRUE(is_simulated(path));
    const auto files = find_raw_files(lake_, futures(), RawKind::records, "ES", kDate);
    ASSERT_TRUE(files.ok());
    EXPECT_EQ(*files, std::vector<fs::path>{path});
    for (const auto& entry : fs::directory_iterator(path.parent_path())) {  // nothing else is left
        EXPECT_TRUE(entry.path() == path || entry.path() == simulated_sidecar(path)) << entry.path();
    }

    auto decoder = dbn::Decoder::open(path);
    ASSERT_TRUE(decoder.ok()) << decoder.error().message;
    EXPECT_EQ(decoder->version(), 3);
    ASSERT_NE(decoder->metadata(), nullptr);
    EXPECT_EQ(decoder->metadata()->dataset, "GLBX.MDP3");
    ASSERT_EQ(decoder->metadata()->mappings.size(), 1U);
    EXPECT_EQ(decoder->metadata()->mappings[0].raw_symbol, "ESH6");

    auto market = SimulatedMarket::create(options);
    ASSERT_TRUE(market.ok());
    EXPECT_EQ(decoder->metadata()->mappings[0].intervals.at(0).symbol,
              std::to_string(market->instrument_id()));
    std::string expected;
    for (auto some = market->next(); !some.empty(); some = market->next()) {
        const auto bytes = std::as_bytes(some);
        expected.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    std::string read;
    for (auto block = decoder->next_block(); block.ok() && !block->empty(); block = decoder->next_block()) {
        read.append(reinterpret_cast<const char*>(block->data()), block->size());
    }
    EXPECT_TRUE(read == expected);
    EXPECT_EQ(read.size(), written->records * sizeof(dbn::MboMsg));
}

TEST_F(RawFiles, TheSameArgumentsGiveTheSameFile) {
    const auto bytes_of = [](const fs::path& path) {
        std::ifstream in(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const auto one = write_simulated_file(short_session(), lake_ / "one/a.dbn.zst", false);
    const auto two = write_simulated_file(short_session(), lake_ / "two/a.dbn.zst", false);
    ASSERT_TRUE(one.ok() && two.ok());
    EXPECT_TRUE(bytes_of(one->path) == bytes_of(two->path));
    EXPECT_EQ(bytes_of(simulated_sidecar(one->path)), bytes_of(simulated_sidecar(two->path)));
}

TEST_F(RawFiles, WhatIsThereIsNotOverwrittenUnlessAskedAndSimulated) {
    SimulationOptions options = short_session();
    const fs::path path = lake_ / "a.dbn";
    ASSERT_TRUE(write_simulated_file(options, path, false).ok());
    EXPECT_EQ(write_simulated_file(options, path, false).error().code, ErrorCode::conflict);
    options.seed = 9;
    EXPECT_TRUE(write_simulated_file(options, path, true).ok());
    EXPECT_TRUE(is_simulated(path));

    const fs::path real = put("glbx-mdp3-20260106.mbo.dbn.zst", "somebody's data");
    EXPECT_EQ(write_simulated_file(options, real, true).error().code, ErrorCode::conflict);
    std::ifstream in(real);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "somebody's data");
}

TEST_F(RawFiles, AFolderThatCannotBeMadeIsAnError) {
    std::ofstream(lake_ / "file") << "x";
    EXPECT_EQ(write_simulated_file(short_session(), lake_ / "file/below/a.dbn", false).error().code,
              ErrorCode::io);
}

}  // namespace
}  // namespace spymaster::feed
