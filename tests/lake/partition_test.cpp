// Partitions as things in a folder: listing, manifests, lineage, damage, and paths that must not be.
#include <nlohmann/json.hpp>

#include "lake/manifest.hpp"
#include "lake_fixture.hpp"

namespace spymaster::lake::testing {
namespace {

class PartitionTest : public LakeTest {
  protected:
    void write_small(const Lake& lake, const PartitionKey& key, std::uint64_t seed = 1,
                     std::vector<PartitionKey> inputs = {}) {
        const auto written =
            write(lake, key, random_rows(contract(lake, key), 100, seed), 0,
                  {.stage = "test", .inputs = std::move(inputs), .properties = {{"session", "18:00-19:00"}}});
        ASSERT_TRUE(written.ok()) << written.error().message;
    }
};

TEST_F(PartitionTest, the_manifest_is_as_documented) {
    const Lake lake = open();
    write_small(lake, kBronze);
    write_small(lake, kSnapshots, 2, {kBronze});
    const std::string text = text_of(folder(lake, kSnapshots) / "_MANIFEST.json");
    EXPECT_TRUE(
        text.starts_with("{\n  \"contract_path\": \"contracts/silver/future_mbo/book_snapshot_1s.avsc\",\n  "
                         "\"contract_sha256\": \""));
    const auto json = nlohmann::json::parse(text);
    EXPECT_EQ(json.size(), 11U);
    EXPECT_EQ(json["dataset"], kSnapshots.dataset);
    EXPECT_EQ(json["symbol"], "ESH4");
    EXPECT_EQ(json["dt"], "2023-12-25");
    EXPECT_TRUE(json["hour"].is_null());
    EXPECT_EQ(json["row_count"], 100);
    EXPECT_EQ(json["stage"], "test");
    EXPECT_EQ(json["properties"]["session"], "18:00-19:00");
    ASSERT_EQ(json["inputs"].size(), 1U);
    EXPECT_EQ(json["inputs"][0]["dataset"], kBronze.dataset);
    EXPECT_EQ(json["inputs"][0]["symbol"], "ESH4");
    EXPECT_EQ(json["inputs"][0]["dt"], "2023-12-25");
    ASSERT_EQ(json["files"].size(), 1U);
    EXPECT_EQ(json["files"][0]["name"], kPart);
    EXPECT_EQ(json["files"][0]["size_bytes"], fs::file_size(folder(lake, kSnapshots) / kPart));
    EXPECT_EQ(text.find(root_.string()), std::string::npos) << "no absolute path";
    EXPECT_EQ(fs::file_size(folder(lake, kSnapshots) / "_SUCCESS"), 0U);
    EXPECT_EQ(folder(lake, kSnapshots),
              root_ / "silver/product_type=future_mbo/symbol=ESH4/table=book_snapshot_1s/dt=2023-12-25");
}

TEST_F(PartitionTest, lists_complete_partitions_in_order) {
    const Lake lake = open();
    EXPECT_TRUE(lake.partitions(kBronze.dataset)->empty());
    const PartitionKey later{kBronze.dataset, "ESH4", {2024, 1, 2}};
    const PartitionKey other{kBronze.dataset, "6E.c-0_x", kDate};
    for (const PartitionKey& key : {later, kBronze, other}) write_small(lake, key);
    const fs::path table = folder(lake, kBronze).parent_path();
    fs::create_directories(table / "dt=2023-12-26");    // not complete
    write_text(table / "dt=2023-13-01/_SUCCESS", "");   // no date
    write_text(table / "dt=2023-12-27x/_SUCCESS", "");  // no date
    write_text(table / ".tmp_00000000000000000000000000000000/_SUCCESS", "");
    write_text(
        root_ /
            "bronze/source=databento/product_type=future_mbo/symbol=$(x)/table=mbo/dt=2023-12-25/_SUCCESS",
        "");
    write_text(root_ / "bronze/source=databento/product_type=future_mbo/notes.txt", "");
    EXPECT_THAT(*lake.partitions(kBronze.dataset), ::testing::ElementsAre(other, kBronze, later));
    EXPECT_FALSE(lake.partitions("nothing").ok());
    ASSERT_TRUE(lake.remove(kBronze).ok());
    EXPECT_FALSE(lake.is_complete(kBronze));
    EXPECT_TRUE(lake.remove(kBronze).ok()) << "what is not there is removed";
    EXPECT_THAT(*lake.partitions(kBronze.dataset), ::testing::ElementsAre(other, later));
}

TEST_F(PartitionTest, symbols_are_names_and_never_paths) {
    const Lake lake = open();
    write_small(lake, kBronze);
    for (const std::string symbol :
         {"", ".", "..", "../ESH4", "a/b", "/etc", ".hidden", "a b", "a\\b", "{symbol}", "ES\nH4", "é"}) {
        const PartitionKey key{kBronze.dataset, symbol, kDate};
        ASSERT_FALSE(lake.partition_path(key).ok()) << symbol;
        EXPECT_EQ(lake.partition_path(key).error().code, ErrorCode::usage);
        EXPECT_FALSE(lake.is_complete(key));
        EXPECT_FALSE(lake.write(key).ok());
        EXPECT_FALSE(lake.read(key).ok());
        EXPECT_FALSE(lake.remove(key).ok());
    }
    EXPECT_FALSE(lake.partition_path({kBronze.dataset, std::string("a\0b", 3), kDate}).ok());
    EXPECT_FALSE(lake.partition_path({kBronze.dataset, std::string(65, 'a'), kDate}).ok());
    EXPECT_FALSE(lake.partition_path({kBronze.dataset, "ESH4", {2023, 2, 30}}).ok());
}

TEST_F(PartitionTest, staleness_is_seen_through_every_layer) {
    const Lake lake = open();
    write_small(lake, kBronze);
    write_small(lake, kSnapshots, 2, {kBronze});
    write_small(lake, kGold, 3, {kSnapshots});
    EXPECT_TRUE(lake.freshness(kGold)->fresh);
    write_small(lake, kBronze);  // the same bytes: nothing follows
    EXPECT_TRUE(lake.freshness(kGold)->fresh);

    write_small(lake, kBronze, 99);
    EXPECT_THAT(lake.freshness(kSnapshots)->reasons,
                ::testing::ElementsAre("input bronze.future_mbo.mbo ESH4 2023-12-25 has changed"));
    EXPECT_THAT(lake.freshness(kGold)->reasons,
                ::testing::ElementsAre(::testing::HasSubstr("is stale: input bronze")));
    EXPECT_TRUE(lake.freshness(kBronze)->fresh);
    ASSERT_TRUE(lake.remove(kBronze).ok());
    EXPECT_THAT(lake.freshness(kSnapshots)->reasons,
                ::testing::ElementsAre(::testing::HasSubstr("is missing")));
    EXPECT_EQ(lake.freshness(kBronze).error().code, ErrorCode::missing);

    auto writer = lake.write(kFlows);
    ASSERT_TRUE(writer.ok());
    EXPECT_EQ((*writer)->commit({.stage = "test", .inputs = {kBronze}, .properties = {}}).error().code,
              ErrorCode::missing)
        << "an input that is not there";
}

TEST_F(PartitionTest, a_changed_contract_is_stale_and_not_corrupt) {
    write_small(open(), kGold);
    const fs::path contracts = root_ / "contracts";
    fs::copy(kContracts, contracts, fs::copy_options::recursive);
    const fs::path avsc = contracts / "gold/future_mbo/physics_surface_1s.avsc";
    std::string text = text_of(avsc);
    text.replace(text.find("\"name\": \"nu\""), 12, "\"name\": \"mu\"");
    write_text(avsc, text);
    const Lake lake = open(contracts);
    EXPECT_THAT(lake.freshness(kGold)->reasons, ::testing::ElementsAre("contract has changed"));
    EXPECT_TRUE(lake.verify(kGold).ok()) << lake.verify(kGold).error().message;
}

TEST_F(PartitionTest, damage_is_found) {
    const Lake lake = open();
    const fs::path target = folder(lake, kBronze);
    const auto complaint = [&](const auto& damage) {
        write_small(lake, kBronze);
        damage();
        const auto verified = lake.verify(kBronze);
        return verified.ok() ? std::string("nothing") : verified.error().message;
    };
    const std::string data = [&] {
        write_small(lake, kBronze);
        return text_of(target / kPart);
    }();
    const auto flip = [&](std::size_t place) {
        std::string bytes = data;
        bytes[place] = static_cast<char>(bytes[place] ^ 1);
        write_text(target / kPart, bytes);
    };
    EXPECT_THAT(complaint([&] { flip(data.size() / 2); }), ::testing::HasSubstr("is not what was written"));
    EXPECT_THAT(complaint([&] { write_text(target / kPart, data.substr(0, 100)); }),
                ::testing::HasSubstr("has 100 bytes"));
    EXPECT_THAT(complaint([&] { fs::remove(target / kPart); }), ::testing::HasSubstr("cannot open"));
    EXPECT_THAT(complaint([&] { write_text(target / "part-00001.parquet", data); }),
                ::testing::HasSubstr("not in the manifest"));
    EXPECT_THAT(complaint([&] {
                    auto json = nlohmann::json::parse(text_of(target / "_MANIFEST.json"));
                    json["row_count"] = 101;
                    write_text(target / "_MANIFEST.json", json.dump());
                }),
                ::testing::HasSubstr("has 100 rows, its manifest says 101"));
}

TEST_F(PartitionTest, no_byte_of_a_data_file_can_crash_a_reader) {
    const Lake lake = open();
    const PartitionKey key = kFlows;
    const auto written = write(lake, key, random_rows(contract(lake, key), 500));
    ASSERT_TRUE(written.ok());
    const fs::path part = folder(lake, key) / kPart;
    const std::string data = text_of(part);
    const auto before = read_all(lake, key);
    std::mt19937_64 random(7);
    ColumnBatch batch(contract(lake, key));
    std::size_t refused = 0;
    constexpr std::size_t kTrials = 1'500;
    for (std::size_t trial = 0; trial < kTrials; ++trial) {
        std::string bytes = data;
        // Half of the trials in the footer, where a byte can mean anything.
        const std::size_t reach = trial % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 4'000);
        bytes[bytes.size() - 1 - random() % reach] = static_cast<char>(random());
        write_text(part, bytes);
        auto reader = lake.read(key);
        bool good = reader.ok();
        while (good) {
            const auto more = (*reader)->next(batch);
            good = more.ok();
            if (good && !*more) break;
        }
        refused += good ? 0 : 1;
    }
    EXPECT_GT(refused, kTrials / 2) << "page checksums find what the format's own structure does not";
    write_text(part, "");
    EXPECT_FALSE(lake.read(key).ok());
    write_text(part, std::string(data.size(), 'x'));
    const auto garbage = lake.read(key);
    ASSERT_FALSE(garbage.ok());
    EXPECT_EQ(garbage.error().code, ErrorCode::malformed);
    write_text(part, data);
    EXPECT_TRUE(read_all(lake, key) == before);
}

TEST_F(PartitionTest, hostile_manifests_are_errors) {
    const Lake lake = open();
    write_small(lake, kBronze);
    const fs::path path = folder(lake, kBronze) / "_MANIFEST.json";
    const auto good = nlohmann::json::parse(text_of(path));
    ASSERT_TRUE(lake.manifest(kBronze).ok());
    const auto refused = [&](const std::string& text) {
        write_text(path, text);
        const auto manifest = lake.manifest(kBronze);
        EXPECT_FALSE(lake.read(kBronze).ok());
        EXPECT_FALSE(lake.freshness(kBronze).ok());
        return !manifest.ok() && manifest.error().message.find("_MANIFEST.json") != std::string::npos;
    };
    for (const char* text : {"", "{", "[]", "5", "\"a\"", "\xFF"}) EXPECT_TRUE(refused(text)) << text;
    for (const auto& [key, value] : good.items()) {
        if (key == "hour") continue;
        auto json = good;
        json.erase(key);
        EXPECT_TRUE(refused(json.dump())) << key;
        json[key] = nlohmann::json::array({1, 2});
        EXPECT_TRUE(refused(json.dump())) << key;
    }
    const auto with = [&](const char* pointer, const nlohmann::json& value) {
        auto json = good;
        json[nlohmann::json::json_pointer(pointer)] = value;
        return json.dump();
    };
    EXPECT_TRUE(refused(with("/row_count", -1)));
    EXPECT_TRUE(refused(with("/row_count", 1e300)));
    EXPECT_TRUE(refused(with("/row_count", UINT64_MAX)));
    EXPECT_TRUE(refused(with("/contract_sha256", "../../x")));
    EXPECT_TRUE(refused(with("/dt", "2023-12-26"))) << "a manifest of another partition";
    EXPECT_TRUE(refused(with("/symbol", "../ESH4")));
    for (const char* name : {"../part-0.parquet", "part-/../../x", "/etc/passwd", "_SUCCESS", ""}) {
        EXPECT_TRUE(refused(with("/files/0/name", name))) << name;
    }
    EXPECT_TRUE(refused(std::string(std::size_t{5} << 20, ' ')));
}

TEST_F(PartitionTest, inputs_in_a_circle_end) {
    const Lake lake = open();
    write_small(lake, kBronze);
    write_small(lake, kSnapshots, 1, {kBronze});
    // Bronze claims to follow from the snapshot, which follows from it: no hash can be right, and nothing runs forever.
    auto json = nlohmann::json::parse(text_of(folder(lake, kBronze) / "_MANIFEST.json"));
    json["inputs"] = {{{"dataset", kSnapshots.dataset},
                       {"symbol", "ESH4"},
                       {"dt", "2023-12-25"},
                       {"manifest_sha256", std::string(64, '0')}}};
    write_text(folder(lake, kBronze) / "_MANIFEST.json", json.dump());
    EXPECT_FALSE(lake.freshness(kBronze)->fresh);
    EXPECT_FALSE(lake.freshness(kSnapshots)->fresh);
}

}  // namespace
}  // namespace spymaster::lake::testing
