#include "lake/contract.hpp"

#include "lake_fixture.hpp"

namespace spymaster::lake::testing {
namespace {

class ContractTest : public LakeTest {
  protected:
    Result<Contract> load(const std::string& text) {
        write_text(root_ / "x.avsc", text);
        return load_contract(root_ / "x.avsc", "contracts/x.avsc");
    }
    static std::string record(const std::string& fields) {
        return R"({"type": "record", "name": "R", "namespace": "n", "fields": [)" + fields + "]}";
    }
};

TEST_F(ContractTest, reads_types_units_and_nullables) {
    const auto contract = load(record(R"({"name": "a", "type": "long", "unit": "ns", "doc": "When"},
        {"name": "b", "type": ["null", "double"], "default": null}, {"name": "c", "type": "string"},
        {"name": "d", "type": "boolean"}, {"name": "e", "type": "int"})"));
    ASSERT_TRUE(contract.ok()) << contract.error().message;
    EXPECT_EQ(contract->name, "R");
    EXPECT_EQ(contract->name_space, "n");
    EXPECT_EQ(contract->path, "contracts/x.avsc");
    ASSERT_EQ(contract->fields.size(), 5U);
    EXPECT_EQ(contract->fields[0].unit, "ns");
    EXPECT_EQ(contract->fields[0].doc, "When");
    EXPECT_EQ(contract->fields[1].type, ColumnType::double_);
    EXPECT_TRUE(contract->fields[1].nullable);
    EXPECT_FALSE(contract->fields[4].nullable);
    EXPECT_EQ(*contract->index_of("d"), 3U);
    const auto absent = contract->index_of("z");
    ASSERT_FALSE(absent.ok());
    EXPECT_EQ(absent.error().code, ErrorCode::missing);
    EXPECT_THAT(absent.error().message, ::testing::HasSubstr("a, b, c, d, e"));
}

TEST_F(ContractTest, the_hash_does_not_depend_on_newlines) {
    const auto unix = load(
        "{\"type\": \"record\",\n\"name\": \"R\",\n\"fields\": [{\"name\": \"a\", \"type\": \"int\"}]}\n");
    const auto dos = load(
        "{\"type\": \"record\",\r\n\"name\": \"R\",\r\n\"fields\": [{\"name\": \"a\", \"type\": "
        "\"int\"}]}\r\n");
    const auto other = load(
        "{\"type\": \"record\", \"name\": \"R\",\n\"fields\": [{\"name\": \"a\", \"type\": \"int\"}]}\n");
    ASSERT_TRUE(unix.ok() && dos.ok() && other.ok());
    EXPECT_EQ(unix->sha256, dos->sha256);
    EXPECT_NE(unix->sha256, other->sha256);
    EXPECT_EQ(unix->sha256.size(), 64U);
}

TEST_F(ContractTest, hostile_files_are_errors) {
    const std::string deep(100'000, '[');
    for (const std::string& text :
         std::vector<std::string>{"",
                                  "{",
                                  "null",
                                  "[]",
                                  deep,
                                  "{\"type\": \"enum\"}",
                                  "\xFF\xFE",
                                  R"({"type": "record", "name": 5, "fields": []})",
                                  record(""),
                                  record("5"),
                                  record(R"({"name": "a"})"),
                                  record(R"({"name": "", "type": "int"})"),
                                  record(R"({"name": "a b", "type": "int"})"),
                                  record(R"({"name": "../a", "type": "int"})"),
                                  record(R"({"name": "a", "type": "bytes"})"),
                                  record(R"({"name": "a", "type": ["int", "null"]})"),
                                  record(R"({"name": "a", "type": ["null", "null"]})"),
                                  record(R"({"name": "a", "type": {"type": "long"}})"),
                                  record(R"({"name": "a", "type": "int", "unit": 3})"),
                                  record(R"({"name": "a", "type": "int"}, {"name": "a", "type": "long"})"),
                                  std::string(std::size_t{2} << 20, ' ')}) {
        const auto contract = load(text);
        ASSERT_FALSE(contract.ok()) << text.substr(0, 100);
        EXPECT_EQ(contract.error().code, ErrorCode::malformed);
        EXPECT_THAT(contract.error().message, ::testing::HasSubstr("x.avsc")) << text.substr(0, 100);
    }
    EXPECT_EQ(load_contract(root_ / "absent.avsc", "x").error().code, ErrorCode::missing);
}

class DatasetsTest : public ContractTest {
  protected:
    Result<Lake> open_yaml(const std::string& yaml) {
        write_text(root_ / "contracts/r.avsc", record(R"({"name": "a", "type": "int"})"));
        write_text(root_ / "contracts/datasets.yaml", yaml);
        return Lake::open(root_ / "lake", root_ / "contracts");
    }
    static std::string entry(const std::string& path, const std::string& contract = "r.avsc",
                             const std::string& more = "") {
        return "datasets:\n  d:\n    path: " + path +
               "\n    format: parquet\n    partition_keys: [symbol, dt]\n    contract: " + contract + "\n" +
               more;
    }
};

TEST_F(DatasetsTest, reads_the_datasets_of_the_project) {
    const Lake lake = open();
    ASSERT_EQ(lake.datasets().size(), 35U);
    const auto gold = lake.dataset(kGold.dataset);
    ASSERT_TRUE(gold.ok());
    EXPECT_EQ((*gold)->contract.fields.size(), 36U);
    EXPECT_EQ((*gold)->contract.path, "contracts/gold/future_mbo/physics_surface_1s.avsc");
    const auto none = lake.dataset("gold.future_mbo.nothing");
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::usage);
    EXPECT_THAT(none.error().message, ::testing::HasSubstr("bronze.future_mbo.mbo"));
}

TEST_F(DatasetsTest, hostile_files_are_errors) {
    EXPECT_TRUE(open_yaml(entry("a/symbol={symbol}/b")).ok());
    std::string nested;
    for (int i = 0; i < 20'000; ++i) nested += "[";
    for (const std::string& yaml :
         {std::string(), std::string("datasets: 5"), std::string("datasets: {}"), std::string("- a"),
          std::string("a: [b"), nested, std::string("datasets: {d: 5}"), entry("a/b"), entry("/a/{symbol}"),
          entry("../a/{symbol}"), entry("a/../../{symbol}"), entry("a/{symbol}/{symbol}"),
          entry("a/{symbol}", "/etc/passwd"), entry("a/{symbol}", "../r.avsc"),
          entry("a/{symbol}", "absent.avsc"), entry("a/{symbol}", "datasets.yaml"), entry("[1, 2]")}) {
        EXPECT_FALSE(open_yaml(yaml).ok()) << yaml.substr(0, 200);
    }
    EXPECT_EQ(Lake::open(root_, root_ / "nowhere").error().code, ErrorCode::missing);
}

}  // namespace
}  // namespace spymaster::lake::testing
