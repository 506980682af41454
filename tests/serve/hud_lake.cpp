#include "hud_lake.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>

namespace spymaster::serve {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Place {
    const SmallSession& session;
    const SmallTable& table;
    std::int64_t k;
    std::int64_t row;
};

// Any 64 bits, the same for the same place.
std::uint64_t bits_at(const Place& place, std::size_t column) {
    std::uint64_t bits = 0x9E3779B97F4A7C15;
    for (const std::int64_t part : {place.table.seed, static_cast<std::int64_t>(place.table.surface), place.k,
                                    place.row, static_cast<std::int64_t>(column)}) {
        bits ^= static_cast<std::uint64_t>(part) + 0x9E3779B97F4A7C15 + (bits << 6U) + (bits >> 2U);
        bits *= 0xBF58476D1CE4E5B9;
        bits ^= bits >> 31U;
    }
    return bits;
}

std::int64_t integer_at(const Place& place, std::size_t column, const std::string& name) {
    if (name == "window_end_ts_ns") return end_of(place.session, place.k);
    if (name == "window_start_ts_ns") return end_of(place.session, place.k) - kSecond;
    return static_cast<std::int64_t>(bits_at(place, column));
}

// Any finite double, negative zero and the smallest among them.
double real_at(const Place& place, std::size_t column) {
    const auto bits = bits_at(place, column);
    if (bits % 7 == 0) return -0.0;
    if (bits % 7 == 1) return 5e-324;
    return std::bit_cast<double>(bits & 0xBFFF'FFFF'FFFF'FFFF);
}

constexpr std::array<const char*, 3> kTexts{"A", "B", "ESH6 \xC3\xA9"};

// Appends one value to the batch that is written and to what is expected.
void add_value(const Place& place, const lake::ContractField& field, std::size_t column,
               lake::ColumnBatch* rows, ArrowTable* expected, std::size_t expected_row) {
    const bool null = field.nullable && bits_at(place, column + 1000) % 3 == 0;
    if (rows != nullptr && field.nullable) rows->validity(column).push_back(null ? 0 : 1);
    if (expected != nullptr && null) expected->nulls[field.name].push_back(expected_row);
    const auto integer = integer_at(place, column, field.name);
    const auto add_integer = [&](auto value) {
        using Values = std::vector<decltype(value)>;
        if (rows != nullptr) rows->at<Values>(column).push_back(value);
        if (expected != nullptr) expected->integers[field.name].push_back(null ? 0 : value);
    };
    switch (field.type) {
        case lake::ColumnType::long_:
            return add_integer(integer);
        case lake::ColumnType::int_:
            return add_integer(static_cast<std::int32_t>(integer));
        case lake::ColumnType::boolean:
            return add_integer(static_cast<std::uint8_t>(integer & 1));
        case lake::ColumnType::double_: {
            const double real = real_at(place, column);
            if (rows != nullptr) rows->at<std::vector<double>>(column).push_back(real);
            if (expected != nullptr) expected->reals[field.name].push_back(null ? 0.0 : real);
            return;
        }
        case lake::ColumnType::string: {
            const auto code = static_cast<std::size_t>(bits_at(place, column) % kTexts.size());
            if (rows != nullptr)
                rows->at<lake::TextColumn>(column).codes.push_back(static_cast<std::int32_t>(code));
            if (expected != nullptr) expected->texts[field.name].emplace_back(kTexts[code]);
            return;
        }
    }
}

const lake::Contract& contract_of(const lake::Lake& lake, const std::string& dataset) {
    const auto spec = lake.dataset(dataset);
    EXPECT_TRUE(spec.ok());
    return (*spec)->contract;
}

std::string arrow_field(const lake::ContractField& field) {
    constexpr std::array<const char*, 5> kTypes{"int64", "int32", "double", "bool", "string"};
    return field.name + " " + kTypes[static_cast<std::size_t>(field.type)] +
           (field.nullable ? "" : " not null");
}

}  // namespace

std::int64_t rows_in(const SmallTable& table, std::int64_t k) {
    const bool many =
        table.surface == Surface::wall || table.surface == Surface::vacuum || table.surface == Surface::gex;
    return many ? k % 4 * table.dense : 1;
}

void write_table(const TemporaryLake& lake, const SmallSession& session, const SmallTable& table) {
    const auto opened = lake.open();
    const auto key = table_of(session.key(), table.surface);
    const auto& contract = contract_of(opened, key.dataset);
    auto writer = opened.write(key);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    lake::ColumnBatch rows(contract);
    const auto append = [&] {
        for (std::size_t i = 0; i < contract.fields.size(); ++i) {
            if (contract.fields[i].type == lake::ColumnType::string)
                rows.at<lake::TextColumn>(i).dictionary = {kTexts.begin(), kTexts.end()};
        }
        const auto appended = (*writer)->append(rows);
        ASSERT_TRUE(appended.ok()) << appended.error().message;
    };
    for (std::int64_t k = 0; k < session.windows; ++k) {
        for (std::int64_t row = 0; row < rows_in(table, k); ++row) {
            for (std::size_t i = 0; i < contract.fields.size(); ++i)
                add_value({session, table, k, row}, contract.fields[i], i, &rows, nullptr, 0);
        }
        if (rows.row_count() > 40'000) append();
    }
    append();
    lake::Lineage lineage;
    lineage.stage = "test";
    if (!table.calibration.empty()) lineage.properties["calibration"] = table.calibration;
    const auto committed = (*writer)->commit(lineage);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
}

void write_tables(const TemporaryLake& lake, const SmallSession& session) {
    for (const auto surface : kTables) {
        if (surface != Surface::book_snapshot) write_table(lake, session, {.surface = surface});
    }
}

ArrowTable table_of(const TemporaryLake& lake, const SmallSession& session, const SmallTable& table,
                    std::int64_t first, std::int64_t last) {
    const auto opened = lake.open();
    const auto& contract = contract_of(opened, table_of(session.key(), table.surface).dataset);
    ArrowTable expected;
    for (const auto& field : contract.fields) expected.schema.push_back(arrow_field(field));
    std::size_t expected_row = 0;
    for (std::int64_t k = first; k < last; ++k) {
        for (std::int64_t row = 0; row < rows_in(table, k); ++row, ++expected_row) {
            for (std::size_t i = 0; i < contract.fields.size(); ++i)
                add_value({session, table, k, row}, contract.fields[i], i, nullptr, &expected, expected_row);
        }
    }
    return expected;
}

void expect_same(const ArrowTable& came, const ArrowTable& expected) {
    EXPECT_EQ(came.error, "");
    EXPECT_EQ(came.schema, expected.schema);
    EXPECT_EQ(came.nulls, expected.nulls);
    EXPECT_EQ(came.integers, expected.integers);
    EXPECT_EQ(came.texts, expected.texts);
    ASSERT_EQ(came.reals.size(), expected.reals.size());
    for (const auto& [name, values] : expected.reals) {
        ASSERT_TRUE(came.reals.contains(name)) << name;
        ASSERT_EQ(came.reals.at(name).size(), values.size()) << name;
        for (std::size_t i = 0; i < values.size(); ++i) {
            EXPECT_EQ(std::bit_cast<std::uint64_t>(came.reals.at(name)[i]),
                      std::bit_cast<std::uint64_t>(values[i]))
                << name << " " << i;
        }
    }
}

}  // namespace spymaster::serve
