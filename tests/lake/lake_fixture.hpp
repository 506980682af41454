// A lake in a folder of its own, and rows for every contract.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "lake/lake.hpp"

namespace spymaster::lake::testing {

namespace fs = std::filesystem;

inline const fs::path kContracts = SPYMASTER_SOURCE_DIR "/contracts";
inline const market::Date kDate{2023, 12, 25};
inline const PartitionKey kBronze{"bronze.future_mbo.mbo", "ESH4", kDate};
inline const PartitionKey kSnapshots{"silver.future_mbo.book_snapshot_1s", "ESH4", kDate};
inline const PartitionKey kFlows{"silver.future_mbo.depth_and_flow_1s", "ESH4", kDate};
inline const PartitionKey kGold{"gold.future_mbo.physics_surface_1s", "ESH4", kDate};

inline std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline void write_text(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

// Puts into a row what is refused unless the row is null there, or else is not 0.
inline void spoil(Column& column, std::size_t row) {
    std::visit(
        [&]<class T>(T& values) {
            if constexpr (std::is_same_v<T, TextColumn>) {
                values.codes[row] = 1'000'000;
            } else if constexpr (std::is_same_v<T, std::vector<double>>) {
                values[row] = std::nan("");
            } else {
                values[row] = 77;
            }
        },
        column);
}

// Seeded rows of every type with the extremes of each; text from a few entries. A third of a nullable column is null, and
// what stands there is what may stand nowhere else.
inline ColumnBatch random_rows(const Contract& contract, std::size_t rows, std::uint64_t seed = 1) {
    ColumnBatch batch(contract);
    std::mt19937_64 random(seed);
    const auto fill = [&]<class T>(T& column) {
        using Limits = std::numeric_limits<std::int64_t>;
        for (std::size_t i = 0; i < rows; ++i) {
            const std::uint64_t bits = random();
            if constexpr (std::is_same_v<T, TextColumn>) {
                column.dictionary = {"A", "B", "", "ESH4", "\xC3\xA9"};
                column.codes.push_back(static_cast<std::int32_t>(bits % 5));
            } else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>) {
                column.push_back(bits % 2);
            } else if constexpr (std::is_same_v<T, std::vector<double>>) {
                column.push_back(bits % 7 == 0 ? -0.0
                                               : std::ldexp(static_cast<double>(bits >> 11),
                                                            static_cast<int>(bits % 64) - 70));
            } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
                column.push_back(bits % 50 == 0   ? Limits::min()
                                 : bits % 50 == 1 ? Limits::max()
                                                  : static_cast<std::int64_t>(bits >> (bits % 60)));
            } else {
                column.push_back(static_cast<std::int32_t>(bits));
            }
        }
    };
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
        std::visit(fill, batch.column(i));
        if (!batch.is_nullable(i)) continue;
        for (std::size_t row = 0; row < rows; ++row) {
            batch.validity(i).push_back(random() % 3 == 0 ? 0 : 1);
            if (batch.validity(i)[row] == 0) spoil(batch.column(i), row);
        }
    }
    return batch;
}

// A column with its text spelled out: equal whatever the dictionaries are. Doubles by their bits; nulls as such.
inline std::vector<std::string> spelled(const Column& column, const Validity& there = {}) {
    std::vector<std::string> result;
    std::visit(
        [&]<class T>(const T& values) {
            const auto spell = [&](const auto& cells, const auto& text_of_cell) {
                for (std::size_t row = 0; row < cells.size(); ++row) {
                    const bool null = !there.empty() && there.at(row) == 0;
                    result.push_back(null ? "null" : text_of_cell(cells[row]));
                }
            };
            if constexpr (std::is_same_v<T, TextColumn>) {
                spell(values.codes, [&](std::int32_t code) {
                    return '"' + values.dictionary.at(static_cast<std::size_t>(code)) + '"';
                });
            } else if constexpr (std::is_same_v<T, std::vector<double>>) {
                spell(values,
                      [](double value) { return std::to_string(std::bit_cast<std::uint64_t>(value)); });
            } else {
                spell(values, [](auto value) { return std::to_string(value); });
            }
        },
        column);
    return result;
}

inline std::vector<std::vector<std::string>> spelled(const ColumnBatch& batch) {
    std::vector<std::vector<std::string>> result;
    for (std::size_t i = 0; i < batch.column_count(); ++i)
        result.push_back(spelled(batch.column(i), batch.validity(i)));
    return result;
}

class LakeTest : public ::testing::Test {
  protected:
    LakeTest()
        : root_(fs::temp_directory_path() / ("spymaster_lake_" + std::to_string(::getpid()) + "_" + name())) {
        fs::remove_all(root_);
    }
    ~LakeTest() override {
        std::error_code ignored;
        fs::permissions(root_, fs::perms::owner_all, ignored);
        fs::remove_all(root_, ignored);
    }

    static std::string name() { return ::testing::UnitTest::GetInstance()->current_test_info()->name(); }

    [[nodiscard]] Lake open(const fs::path& contracts = kContracts) const {
        auto lake = Lake::open(root_, contracts);
        EXPECT_TRUE(lake.ok()) << lake.error().message;
        return std::move(lake).value();
    }
    static const Contract& contract(const Lake& lake, const PartitionKey& key) {
        return (*lake.dataset(key.dataset))->contract;
    }

    // Writes a partition in batches of `slice` rows; 0: all at once.
    static Result<void> write(const Lake& lake, const PartitionKey& key, const ColumnBatch& rows,
                              std::size_t slice = 0,
                              const Lineage& lineage = {.stage = "test", .inputs = {}, .properties = {}});

    static std::vector<std::vector<std::string>> read_all(const Lake& lake, const PartitionKey& key,
                                                          const std::vector<std::string>& columns = {});

    [[nodiscard]] fs::path folder(const Lake& lake, const PartitionKey& key) const {
        return *lake.partition_path(key);
    }
    static constexpr const char* kPart = "part-00000.parquet";

    fs::path root_;
};

inline ColumnBatch slice_of(const Contract& contract, const ColumnBatch& rows, std::size_t first,
                            std::size_t count) {
    ColumnBatch part(contract);
    const auto copy = [&](const auto& from, auto& to) {
        to.assign(from.begin() + static_cast<std::ptrdiff_t>(first),
                  from.begin() + static_cast<std::ptrdiff_t>(first + count));
    };
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
        std::visit(
            [&]<class T>(T& target) {
                const T& source = rows.at<T>(i);
                if constexpr (std::is_same_v<T, TextColumn>) {
                    target.dictionary = source.dictionary;
                    copy(source.codes, target.codes);
                } else {
                    copy(source, target);
                }
            },
            part.column(i));
        if (rows.is_nullable(i)) copy(rows.validity(i), part.validity(i));
    }
    return part;
}

inline Result<void> LakeTest::write(const Lake& lake, const PartitionKey& key, const ColumnBatch& rows,
                                    std::size_t slice, const Lineage& lineage) {
    SPY_ASSIGN(auto writer, lake.write(key));
    const std::size_t total = rows.row_count();
    if (slice == 0) slice = total;
    for (std::size_t first = 0; first < total; first += slice) {
        ColumnBatch part = slice_of(contract(lake, key), rows, first, std::min(slice, total - first));
        SPY_TRY(writer->append(part));
    }
    return writer->commit(lineage);
}

inline std::vector<std::vector<std::string>> LakeTest::read_all(const Lake& lake, const PartitionKey& key,
                                                                const std::vector<std::string>& columns) {
    const Contract& wanted = contract(lake, key);
    std::vector<std::vector<std::string>> result(wanted.fields.size());
    auto reader = lake.read(key, columns);
    EXPECT_TRUE(reader.ok()) << reader.error().message;
    if (!reader) return result;
    ColumnBatch batch(wanted);
    for (;;) {
        const auto more = (*reader)->next(batch);
        EXPECT_TRUE(more.ok()) << more.error().message;
        if (!more.ok() || !*more) return result;
        const auto rows = spelled(batch);
        for (std::size_t i = 0; i < rows.size(); ++i)
            result[i].insert(result[i].end(), rows[i].begin(), rows[i].end());
    }
}

}  // namespace spymaster::lake::testing
