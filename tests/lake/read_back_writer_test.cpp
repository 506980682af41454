// Writes the lake that read_back_test.py reads with other programs: values that can be told from row and column.
#include <cstdlib>

#include "lake_fixture.hpp"

namespace spymaster::lake::testing {
namespace {

constexpr std::size_t kRows = kRowGroupRows + 777;  // two row groups

// What row i of column c holds; read_back_test.py says the same.
void fill_telling_rows(ColumnBatch& batch, const Contract& contract, const std::string& symbol) {
    for (std::size_t c = 0; c < batch.column_count(); ++c) {
        const auto fill = [&]<class T>(T& column) {
            for (std::size_t i = 0; i < kRows; ++i) {
                if constexpr (std::is_same_v<T, TextColumn>) {
                    const bool one = contract.fields[c].name == "symbol";
                    column.dictionary =
                        one ? std::vector<std::string>{symbol} : std::vector<std::string>{"A", "B", "N"};
                    column.codes.push_back(one ? 0 : static_cast<std::int32_t>(i % 3));
                } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
                    column.push_back(static_cast<std::int64_t>(c * 1'000'000'007 + i * i));
                } else if constexpr (std::is_same_v<T, std::vector<std::int32_t>>) {
                    column.push_back(static_cast<std::int32_t>(i % 401) - 200);
                } else if constexpr (std::is_same_v<T, std::vector<double>>) {
                    column.push_back(static_cast<double>(i) / 8.0 - static_cast<double>(c));
                } else {
                    column.push_back(i % 3 == 0 ? 1 : 0);
                }
            }
        };
        std::visit(fill, batch.column(c));
        // Some of every nullable column are null, of every other one the whole second row group.
        for (std::size_t i = 0; batch.is_nullable(c) && i < kRows; ++i) {
            const bool null = (i + c) % 4 == 1 || (c % 2 == 1 && i >= kRowGroupRows);
            batch.validity(c).push_back(null ? 0 : 1);
        }
    }
}

TEST(ReadBackTest, writes_a_lake_for_others) {
    const char* const root = std::getenv("SPYMASTER_READ_BACK_LAKE");
    if (root == nullptr) GTEST_SKIP() << "run by read_back_test.py, which sets SPYMASTER_READ_BACK_LAKE";
    const auto lake = Lake::open(root, kContracts);
    ASSERT_TRUE(lake.ok()) << lake.error().message;
    for (const DatasetSpec& dataset : lake->datasets()) {
        for (const std::string symbol : {"ESH4", "ESM4"}) {
            auto writer = lake->write({dataset.key, symbol, kDate});
            ASSERT_TRUE(writer.ok()) << writer.error().message;
            ColumnBatch batch(dataset.contract);
            fill_telling_rows(batch, dataset.contract, symbol);
            ASSERT_TRUE((*writer)->append(batch).ok());
            ASSERT_TRUE((*writer)->commit({.stage = "test", .inputs = {}, .properties = {}}).ok());
        }
    }
}

}  // namespace
}  // namespace spymaster::lake::testing
