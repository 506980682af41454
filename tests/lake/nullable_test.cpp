// Columns that may be null: of every type, over the edges of row groups, and in bytes that depend on what is there alone.
#include <rapidcheck.h>

#include <span>

#include "lake/encodings.hpp"
#include "lake/parquet_writer.hpp"
#include "lake/table_file.hpp"
#include "lake_fixture.hpp"

namespace spymaster::lake::testing {
namespace {

constexpr std::size_t kTypes = 5;

// A nullable column of each type, the same column that is not nullable, and one that says which row it is.
constexpr const char* kContract = R"({"type": "record", "name": "r", "namespace": "test", "fields": [
    {"name": "n_long", "type": ["null", "long"], "default": null}, {"name": "long", "type": "long"},
    {"name": "n_int", "type": ["null", "int"], "default": null}, {"name": "int", "type": "int"},
    {"name": "n_double", "type": ["null", "double"], "default": null}, {"name": "double", "type": "double"},
    {"name": "n_boolean", "type": ["null", "boolean"], "default": null}, {"name": "boolean", "type": "boolean"},
    {"name": "n_string", "type": ["null", "string"], "default": null}, {"name": "string", "type": "string"},
    {"name": "u_far", "type": ["null", "double"], "default": null},
    {"name": "price", "type": ["null", "long"], "default": null}]})";  // two more, for their encodings
const PartitionKey kKey{"test", "ESH4", kDate};

class NullableTest : public LakeTest {
  protected:
    [[nodiscard]] Lake open_nullable(const std::string& contract_text = kContract) const {
        write_text(root_ / "contracts/r.avsc", contract_text);
        write_text(root_ / "contracts/datasets.yaml",
                   "datasets:\n  test:\n    path: a/symbol={symbol}/b\n    format: parquet\n"
                   "    partition_keys: [symbol, dt]\n    contract: r.avsc\n");
        return open(root_ / "contracts");
    }
    static std::size_t nulls(const std::vector<std::string>& column) {
        return static_cast<std::size_t>(std::ranges::count(column, "null"));
    }
    std::string bytes(const Lake& lake) const { return text_of(folder(lake, kKey) / kPart); }
};

void set_validity(ColumnBatch& rows, std::size_t column, std::uint8_t there) {
    for (auto& each : rows.validity(column)) each = there;
}

TEST_F(NullableTest, every_type_keeps_its_nulls_and_values) {
    const Lake lake = open_nullable();
    const ColumnBatch rows = random_rows(contract(lake, kKey), 5'000);
    const auto written = write(lake, kKey, rows);
    ASSERT_TRUE(written.ok()) << written.error().message;
    const auto got = read_all(lake, kKey);
    EXPECT_TRUE(got == spelled(rows));
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(nulls(got[i]) > 1'000, rows.is_nullable(i)) << i;
        EXPECT_LT(nulls(got[i]), 2'500U) << i;
    }
    EXPECT_TRUE(lake.verify(kKey).ok()) << lake.verify(kKey).error().message;
}

TEST_F(NullableTest, columns_of_nulls_alone_and_of_none) {
    const Lake lake = open_nullable();
    for (const std::uint8_t there : {std::uint8_t{0}, std::uint8_t{1}}) {
        ColumnBatch rows = random_rows(contract(lake, kKey), 30'000);  // more than a page
        ColumnBatch good = slice_of(contract(lake, kKey), rows, 0, 30'000);
        for (std::size_t i = 0; i < 2 * kTypes; i += 2) {
            good.column(i) = rows.column(i) = rows.column(i + 1);
            set_validity(rows, i, there);
            set_validity(good, i, there);
        }
        ASSERT_TRUE(write(lake, kKey, rows).ok());
        const auto got = read_all(lake, kKey);
        EXPECT_TRUE(got == spelled(good));
        for (std::size_t i = 0; i < 2 * kTypes; i += 2) EXPECT_EQ(nulls(got[i]), there == 0 ? 30'000U : 0U);
    }
}

TEST_F(NullableTest, what_is_read_at_a_null_is_0) {
    const Lake lake = open_nullable();
    ASSERT_TRUE(write(lake, kKey, random_rows(contract(lake, kKey), 1'000)).ok());
    auto reader = lake.read(kKey);
    ASSERT_TRUE(reader.ok());
    ColumnBatch batch =
        random_rows(contract(lake, kKey), 7);  // memory of a caller, with validities of its own
    ASSERT_TRUE(*(*reader)->next(batch));
    ASSERT_TRUE(batch.check_rectangular().ok()) << batch.check_rectangular().error().message;
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
        std::visit(
            [&]<class T>(const T& column) {
                for (std::size_t row = 0; batch.is_nullable(i) && row < 1'000; ++row) {
                    if (batch.validity(i)[row] != 0) continue;
                    if constexpr (std::is_same_v<T, TextColumn>) {
                        ASSERT_EQ(column.codes[row], 0);
                    } else {
                        ASSERT_EQ(column[row], 0);
                    }
                }
            },
            batch.column(i));
    }
}

TEST_F(NullableTest, what_stands_at_a_null_cannot_change_the_bytes) {
    const Lake lake = open_nullable();
    ColumnBatch rows = random_rows(contract(lake, kKey), 3'000);
    ASSERT_TRUE(write(lake, kKey, rows).ok());
    const std::string expected = bytes(lake);
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
        for (std::size_t row = 0; rows.is_nullable(i) && row < 3'000; ++row) {
            if (rows.validity(i)[row] != 0) continue;
            std::visit(
                [&]<class T>(T& column) {
                    if constexpr (std::is_same_v<T, TextColumn>) {
                        column.codes[row] = static_cast<std::int32_t>(row % 5);
                    } else {
                        column[row] = static_cast<typename T::value_type>(row % 200);
                    }
                },
                rows.column(i));
        }
    }
    ASSERT_TRUE(write(lake, kKey, rows).ok());
    EXPECT_TRUE(bytes(lake) == expected);
    rows.validity(0)[0] = rows.validity(0)[0] == 0 ? 1 : 0;
    ASSERT_TRUE(write(lake, kKey, rows).ok());
    EXPECT_FALSE(bytes(lake) == expected) << "but the nulls do";
}

TEST_F(NullableTest, bytes_do_not_depend_on_how_rows_arrive) {
    const Lake lake = open_nullable();
    // Runs of nulls over the edge of a row group, and a group whose end is null.
    ColumnBatch rows = random_rows(contract(lake, kKey), kRowGroupRows * 2 + 1'000);
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
        for (std::size_t row = kRowGroupRows - 50; rows.is_nullable(i) && row < kRowGroupRows + 50; ++row)
            rows.validity(i)[row] = 0;
    }
    std::string expected;
    for (const std::size_t slice : {std::size_t{0}, std::size_t{9'973}, kRowGroupRows - 1, kRowGroupRows}) {
        ASSERT_TRUE(write(lake, kKey, rows, slice).ok());
        if (expected.empty()) expected = bytes(lake);
        EXPECT_TRUE(bytes(lake) == expected) << "slices of " << slice;
    }
    EXPECT_TRUE(read_all(lake, kKey) == spelled(rows));
    const auto strings = read_all(lake, kKey, {"n_string"});
    EXPECT_TRUE(strings[8] == spelled(rows)[8]);
    EXPECT_TRUE(strings[0].empty());
}

TEST_F(NullableTest, batches_of_other_dictionaries_become_one_text) {
    const Lake lake = open_nullable();
    const Contract& wanted = contract(lake, kKey);
    auto writer = lake.write(kKey);
    ASSERT_TRUE(writer.ok());
    std::vector<std::string> expected;
    for (const std::vector<std::string>& dictionary :
         {std::vector<std::string>{"B", "A"}, std::vector<std::string>{"A", "C", "B"},
          std::vector<std::string>{}}) {
        ColumnBatch rows = random_rows(wanted, 100);
        auto& text = rows.at<TextColumn>(8);
        text.dictionary = dictionary;
        for (std::size_t row = 0; row < 100; ++row) {
            const bool there = !dictionary.empty() && row % 2 == 0;
            rows.validity(8)[row] = there ? 1 : 0;
            text.codes[row] = there ? static_cast<std::int32_t>(row % dictionary.size()) : -7;
        }
        const auto spelled_rows = spelled(text, rows.validity(8));
        expected.insert(expected.end(), spelled_rows.begin(), spelled_rows.end());
        ASSERT_TRUE((*writer)->append(rows).ok());
    }
    ASSERT_TRUE((*writer)->commit({.stage = "test", .inputs = {}, .properties = {}}).ok());
    EXPECT_EQ(read_all(lake, kKey)[8], expected);
}

TEST_F(NullableTest, rows_that_do_not_fit_are_refused) {
    const Lake lake = open_nullable();
    const Contract& wanted = contract(lake, kKey);
    const auto refusal = [&](const auto& spoil_rows) {
        ColumnBatch rows = random_rows(wanted, 100);
        spoil_rows(rows);
        auto writer = lake.write(kKey);
        const auto result = (*writer)->append(rows);
        EXPECT_FALSE(result.ok());
        if (result.ok()) return std::string();
        EXPECT_EQ(result.error().code, ErrorCode::conflict);
        return result.error().message;
    };
    EXPECT_THAT(refusal([](ColumnBatch& rows) { rows.validity(4).pop_back(); }),
                ::testing::HasSubstr("column 4 is nullable: its validity should have 100 rows, not 99"));
    EXPECT_THAT(refusal([](ColumnBatch& rows) { rows.validity(4).clear(); }),
                ::testing::HasSubstr("column 4"));
    EXPECT_THAT(refusal([](ColumnBatch& rows) { rows.validity(5).assign(100, 1); }),
                ::testing::HasSubstr("column 5 is not nullable: its validity should have 0 rows, not 100"));
    EXPECT_THAT(refusal([](ColumnBatch& rows) {
                    set_validity(rows, 4, 0);
                    rows.validity(4)[17] = 1;
                    rows.at<std::vector<double>>(4)[17] = std::nan("");
                }),
                ::testing::AllOf(::testing::HasSubstr("n_double"), ::testing::HasSubstr("row 17")));
    EXPECT_THAT(refusal([](ColumnBatch& rows) {
                    set_validity(rows, 8, 0);
                    rows.validity(8)[18] = 1;
                    rows.at<TextColumn>(8).codes[18] = 5;
                }),
                ::testing::AllOf(::testing::HasSubstr("n_string"), ::testing::HasSubstr("row 18")));
}

TEST_F(NullableTest, a_contract_that_differs_in_nulls_alone_takes_no_others_rows) {
    const Lake lake = open_nullable();
    const ColumnBatch nullable_rows = random_rows(contract(lake, kKey), 100);
    std::string strict = kContract;
    for (const char* type : {"long", "int", "double", "boolean", "string"}) {
        const std::string nullable = std::string("[\"null\", \"") + type + "\"], \"default\": null";
        for (auto at = strict.find(nullable); at != std::string::npos; at = strict.find(nullable))
            strict.replace(at, nullable.size(), std::string("\"") + type + "\"");
    }
    const Lake strict_lake = open_nullable(strict);
    auto writer = strict_lake.write(kKey);
    ASSERT_TRUE(writer.ok());
    ColumnBatch rows = slice_of(contract(lake, kKey), nullable_rows, 0, 100);
    EXPECT_EQ((*writer)->append(rows).error().code, ErrorCode::conflict);

    // A file with nulls under a contract without is refused when they are met; one that could have had them is not.
    const auto read_strictly = [&](const ColumnBatch& stored) {
        EXPECT_TRUE(write(lake, kKey, stored).ok());
        auto reader = strict_lake.read(kKey);
        EXPECT_TRUE(reader.ok()) << reader.error().message;
        ColumnBatch batch(contract(lake, kKey));  // of the other contract: replaced
        const auto more = (*reader)->next(batch);
        EXPECT_FALSE(more.ok() && batch.is_nullable(0));
        return more.ok() ? std::string("good") : more.error().message;
    };
    EXPECT_THAT(read_strictly(nullable_rows), ::testing::HasSubstr("column n_long has a null"));
    ColumnBatch full = slice_of(contract(lake, kKey), nullable_rows, 0, 100);
    for (std::size_t i = 0; i < full.column_count(); ++i) {
        if (!full.is_nullable(i)) continue;
        set_validity(full, i, 1);
        for (std::size_t row = 0; row < 100; ++row) {
            if (auto* text = std::get_if<TextColumn>(&full.column(i))) text->codes[row] = 0;
            if (auto* values = std::get_if<std::vector<double>>(&full.column(i))) (*values)[row] = 0.5;
        }
    }
    EXPECT_EQ(read_strictly(full), "good");

    // And the other way: a file whose columns are required, under a contract that allows nulls, has none.
    const ColumnBatch required = random_rows(contract(strict_lake, kKey), 100);
    ASSERT_TRUE(write(strict_lake, kKey, required).ok());
    EXPECT_TRUE(read_all(lake, kKey) == spelled(required));
    EXPECT_FALSE(lake.freshness(kKey)->fresh);
}

TEST_F(NullableTest, table_files_keep_nulls) {
    const Lake lake = open_nullable();
    const Contract& wanted = contract(lake, kKey);
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{25'000}}) {
        ColumnBatch rows = random_rows(wanted, count);
        const auto expected = spelled(rows);
        const auto written = write_table_file(root_ / "table.parquet", wanted, rows);
        ASSERT_TRUE(written.ok()) << written.error().message;
        const auto got = read_table_file(root_ / "table.parquet", wanted);
        ASSERT_TRUE(got.ok()) << got.error().message;
        EXPECT_TRUE(spelled(*got) == expected) << count;
    }
}

TEST_F(NullableTest, bytes_do_not_depend_on_threads) {
    const Lake lake = open_nullable();
    const Contract& wanted = contract(lake, kKey);
    std::vector<std::string> hashes;
    for (const unsigned int threads : {1U, 2U, 5U}) {
        auto writer =
            ParquetWriter::create(root_ / std::to_string(threads), wanted, encodings_of(wanted), threads);
        ASSERT_TRUE(writer.ok());
        ColumnBatch rows = random_rows(wanted, 20'000);
        ASSERT_TRUE((*writer)->write_row_group(rows).ok());
        hashes.push_back((*writer)->close()->sha256);
    }
    EXPECT_THAT(hashes, ::testing::Each(hashes.front()));
}

// Any batches with any nulls in any slices are read as they were.
TEST_F(NullableTest, random_batches_come_back) {
    const Lake lake = open_nullable();
    const Contract& wanted = contract(lake, kKey);
    EXPECT_TRUE(rc::check("random batches come back", [&] {
        const auto count = *rc::gen::inRange<std::size_t>(1, 400);
        ColumnBatch rows = random_rows(wanted, count, *rc::gen::arbitrary<std::uint64_t>());
        for (std::size_t i = 0; i < rows.column_count(); ++i) {
            if (!rows.is_nullable(i)) continue;
            // Runs of nulls of any length, mostly short; what was null stays so.
            for (std::size_t row = 0; row < count;) {
                const auto run = *rc::gen::inRange<std::size_t>(1, 120);
                const bool null = *rc::gen::arbitrary<bool>();
                for (const std::size_t end = std::min(row + run, count); row < end; ++row) {
                    if (null) rows.validity(i)[row] = 0;
                }
            }
        }
        const auto slice = *rc::gen::inRange<std::size_t>(0, count + 1);
        RC_ASSERT(write(lake, kKey, rows, slice).ok());
        RC_ASSERT(read_all(lake, kKey) == spelled(rows));
    }));
}

TEST_F(NullableTest, no_byte_of_a_data_file_can_crash_a_reader) {
    const Lake lake = open_nullable();
    ASSERT_TRUE(write(lake, kKey, random_rows(contract(lake, kKey), 300)).ok());
    const fs::path part = folder(lake, kKey) / kPart;
    const std::string data = text_of(part);
    std::mt19937_64 random(7);
    ColumnBatch batch(contract(lake, kKey));
    std::size_t refused = 0;
    constexpr std::size_t kTrials = 500;
    for (std::size_t trial = 0; trial < kTrials; ++trial) {
        std::string damaged = data;
        damaged[random() % damaged.size()] = static_cast<char>(random());
        write_text(part, damaged);
        auto reader = lake.read(kKey);
        const bool good = reader.ok() && (*reader)->next(batch).ok();
        if (good) {
            ASSERT_TRUE(batch.check_rectangular().ok());
        }
        refused += good ? 0 : 1;
    }
    EXPECT_GT(refused, kTrials / 2);
}

}  // namespace
}  // namespace spymaster::lake::testing
