// What is written is what is read, and the bytes depend on the rows alone.
#include "lake/encodings.hpp"
#include "lake/parquet_writer.hpp"
#include "lake_fixture.hpp"

namespace spymaster::lake::testing {
namespace {

class RoundTripTest : public LakeTest {};

TEST_F(RoundTripTest, every_contract_keeps_every_value) {
    const Lake lake = open();
    for (const PartitionKey& key : {kBronze, kSnapshots, kFlows, kGold}) {
        const ColumnBatch rows = random_rows(contract(lake, key), 5'000);
        ASSERT_TRUE(write(lake, key, rows).ok());
        EXPECT_TRUE(read_all(lake, key) == spelled(rows)) << key.dataset;
        EXPECT_TRUE(lake.verify(key).ok()) << lake.verify(key).error().message;
        const auto manifest = lake.manifest(key);
        ASSERT_TRUE(manifest.ok()) << manifest.error().message;
        EXPECT_EQ(manifest->row_count, 5'000);
        EXPECT_EQ(manifest->contract_sha256, contract(lake, key).sha256);
    }
}

TEST_F(RoundTripTest, a_partition_without_rows_is_a_partition) {
    const Lake lake = open();
    ASSERT_TRUE(write(lake, kFlows, ColumnBatch(contract(lake, kFlows))).ok());
    EXPECT_TRUE(lake.is_complete(kFlows));
    EXPECT_TRUE(lake.verify(kFlows).ok());
    EXPECT_TRUE(read_all(lake, kFlows)[0].empty());
}

TEST_F(RoundTripTest, bytes_do_not_depend_on_how_rows_arrive) {
    const Lake lake = open();
    const std::size_t rows_in_two_and_a_half_groups = kRowGroupRows * 5 / 2;
    const ColumnBatch rows = random_rows(contract(lake, kFlows), rows_in_two_and_a_half_groups);
    ASSERT_TRUE(write(lake, kFlows, rows).ok());
    const std::string expected = text_of(folder(lake, kFlows) / kPart);
    const std::string manifest = text_of(folder(lake, kFlows) / "_MANIFEST.json");
    for (const std::size_t slice : {std::size_t{0}, std::size_t{997}, kRowGroupRows - 1, kRowGroupRows,
                                    kRowGroupRows + 1, 2 * kRowGroupRows}) {
        ASSERT_TRUE(write(lake, kFlows, rows, slice).ok());
        EXPECT_TRUE(text_of(folder(lake, kFlows) / kPart) == expected) << "slices of " << slice;
        EXPECT_EQ(text_of(folder(lake, kFlows) / "_MANIFEST.json"), manifest);
    }
    auto reader = lake.read(kFlows);
    ASSERT_TRUE(reader.ok());
    EXPECT_THAT((*reader)->row_group_rows(),
                ::testing::ElementsAre(kRowGroupRows, kRowGroupRows, kRowGroupRows / 2));
    EXPECT_TRUE(read_all(lake, kFlows) == spelled(rows));
}

TEST_F(RoundTripTest, bytes_do_not_depend_on_dictionaries) {
    const Lake lake = open();
    const Contract& flows = contract(lake, kFlows);
    ColumnBatch rows = random_rows(flows, 1'000);
    ASSERT_TRUE(write(lake, kFlows, rows).ok());
    const std::string expected = text_of(folder(lake, kFlows) / kPart);
    // The same text by other codes, with an entry twice and one unused.
    auto& side = rows.at<TextColumn>(*flows.index_of("side"));
    const TextColumn before = side;
    side.dictionary = {"unused", "ESH4", "\xC3\xA9", "", "B", "A", "A"};
    for (std::size_t i = 0; i < side.codes.size(); ++i) {
        const std::string& text = before.dictionary[static_cast<std::size_t>(before.codes[i])];
        side.codes[i] =
            static_cast<std::int32_t>(std::ranges::find(side.dictionary, text) - side.dictionary.begin());
        if (text == "A" && i % 2 == 0) side.codes[i] = 6;
    }
    ASSERT_TRUE(write(lake, kFlows, rows).ok());
    EXPECT_TRUE(text_of(folder(lake, kFlows) / kPart) == expected);
}

TEST_F(RoundTripTest, bytes_do_not_depend_on_threads) {
    const Lake lake = open();
    const Contract& gold = contract(lake, kGold);
    fs::create_directories(root_);
    std::vector<std::string> hashes;
    for (const unsigned int threads : {1U, 2U, 5U}) {
        auto writer =
            ParquetWriter::create(root_ / std::to_string(threads), gold, encodings_of(gold), threads);
        ASSERT_TRUE(writer.ok());
        for (std::uint64_t group = 0; group < 3; ++group) {
            ColumnBatch rows = random_rows(gold, 20'000, group);
            ASSERT_TRUE((*writer)->write_row_group(rows).ok());
        }
        const auto hash = (*writer)->close();
        ASSERT_TRUE(hash.ok());
        hashes.push_back(hash->sha256);
        EXPECT_EQ(sha256_of_file(root_ / std::to_string(threads))->sha256, hash->sha256)
            << "hashed while written";
    }
    EXPECT_THAT(hashes, ::testing::Each(hashes.front()));
}

TEST_F(RoundTripTest, append_leaves_the_batch_empty_with_its_dictionaries) {
    const Lake lake = open();
    auto writer = lake.write(kFlows);
    ASSERT_TRUE(writer.ok());
    const std::size_t side = *contract(lake, kFlows).index_of("side");
    ColumnBatch batch = random_rows(contract(lake, kFlows), 1'000);
    for (int i = 0; i < 200; ++i) {
        const auto dictionary = batch.at<TextColumn>(side).dictionary;
        ASSERT_TRUE((*writer)->append(batch).ok());
        EXPECT_EQ(batch.row_count(), 0U);
        ASSERT_EQ(batch.at<TextColumn>(side).dictionary, dictionary);
        batch = random_rows(contract(lake, kFlows), 1'000);
    }
    EXPECT_EQ((*writer)->row_count(), 200'000);
}

TEST_F(RoundTripTest, reads_the_columns_asked_for_and_any_row_group) {
    const Lake lake = open();
    const ColumnBatch rows = random_rows(contract(lake, kFlows), kRowGroupRows + 10);
    ASSERT_TRUE(write(lake, kFlows, rows).ok());
    const std::size_t side = *contract(lake, kFlows).index_of("side");
    const auto some = read_all(lake, kFlows, {"side", "add_qty"});
    EXPECT_TRUE(some[side] == spelled(rows.column(side)));
    EXPECT_TRUE(some[0].empty());
    EXPECT_EQ(lake.read(kFlows, {"nothing"}).error().code, ErrorCode::missing);

    auto reader = lake.read(kFlows, {"side"});
    ASSERT_TRUE(reader.ok());
    ColumnBatch batch(contract(lake, kFlows));
    ASSERT_TRUE((*reader)->seek_row_group(1).ok());
    ASSERT_TRUE(*(*reader)->next(batch));
    EXPECT_EQ(batch.row_count(), 10U);
    EXPECT_FALSE(*(*reader)->next(batch));
    ASSERT_TRUE((*reader)->seek_row_group(0).ok());
    ASSERT_TRUE(*(*reader)->next(batch));
    EXPECT_EQ(batch.row_count(), kRowGroupRows);
    EXPECT_EQ((*reader)->seek_row_group(2).error().code, ErrorCode::usage);
}

TEST_F(RoundTripTest, rows_that_do_not_fit_are_refused_by_name) {
    const Lake lake = open();
    const Contract& gold = contract(lake, kGold);
    const std::size_t nu = *gold.index_of("nu");
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
        auto writer = lake.write(kGold);
        ASSERT_TRUE(writer.ok());
        ColumnBatch first = random_rows(gold, 100);
        ASSERT_TRUE((*writer)->append(first).ok());
        ColumnBatch rows = random_rows(gold, 100);
        rows.at<std::vector<double>>(nu)[17] = bad;
        const auto refused = (*writer)->append(rows);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code, ErrorCode::conflict);
        EXPECT_THAT(refused.error().message,
                    ::testing::AllOf(::testing::HasSubstr("nu"), ::testing::HasSubstr("row 117")));
        EXPECT_FALSE((*writer)->commit({}).ok()) << "nothing is committed after a refusal";
    }
    EXPECT_FALSE(lake.is_complete(kGold));

    const auto refuse = [&](ColumnBatch rows) {
        auto writer = lake.write(kGold);
        const auto result = (*writer)->append(rows);
        EXPECT_FALSE(result.ok());
        return result.ok() ? ErrorCode::internal : result.error().code;
    };
    ColumnBatch ragged = random_rows(gold, 100);
    ragged.at<std::vector<double>>(nu).pop_back();
    EXPECT_EQ(refuse(ragged), ErrorCode::conflict);
    ColumnBatch unfilled = random_rows(gold, 100);
    unfilled.at<std::vector<std::int64_t>>(0).clear();
    EXPECT_EQ(refuse(unfilled), ErrorCode::conflict);
    EXPECT_EQ(refuse(random_rows(contract(lake, kFlows), 100)), ErrorCode::conflict);
    for (const std::int32_t code : {-1, 5}) {
        ColumnBatch rows = random_rows(gold, 100);
        rows.at<TextColumn>(*gold.index_of("side")).codes[3] = code;
        EXPECT_EQ(refuse(rows), ErrorCode::conflict);
    }
}

TEST_F(RoundTripTest, a_file_of_another_contract_is_refused_by_name) {
    const Lake lake = open();
    ASSERT_TRUE(write(lake, kGold, random_rows(contract(lake, kGold), 10)).ok());
    const fs::path contracts = root_ / "contracts";
    fs::copy(kContracts, contracts, fs::copy_options::recursive);
    const fs::path avsc = contracts / "gold/future_mbo/physics_surface_1s.avsc";
    const std::string text = text_of(avsc);
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        write_text(avsc, changed);
        return open(contracts).read(kGold);
    };
    const auto renamed = with("\"name\": \"nu\"", "\"name\": \"mu\"");
    ASSERT_FALSE(renamed.ok());
    EXPECT_EQ(renamed.error().code, ErrorCode::conflict);
    EXPECT_THAT(renamed.error().message, ::testing::HasSubstr("no column mu"));
    const auto retyped =
        with("\"name\": \"nu\", \"type\": \"double\"", "\"name\": \"nu\", \"type\": \"long\"");
    ASSERT_FALSE(retyped.ok());
    EXPECT_THAT(retyped.error().message, ::testing::HasSubstr("column nu"));
    // int and long may be stored in either width.
    EXPECT_TRUE(
        with("\"name\": \"rel_ticks\", \"type\": \"int\"", "\"name\": \"rel_ticks\", \"type\": \"long\"")
            .ok());
    const auto narrower =
        with("\"name\": \"event_ts_ns\", \"type\": \"long\"", "\"name\": \"event_ts_ns\", \"type\": \"int\"");
    ASSERT_TRUE(narrower.ok());
    ColumnBatch batch(open(contracts).datasets().back().contract);
    const auto too_large = (*narrower)->next(batch);
    ASSERT_FALSE(too_large.ok());
    EXPECT_THAT(too_large.error().message, ::testing::HasSubstr("event_ts_ns"));
}

}  // namespace
}  // namespace spymaster::lake::testing
