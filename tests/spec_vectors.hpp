// The vectors of the radar spec: inputs with what the reference made of them, as CSV. They are read from SPYMASTER_TEST_SPEC
// (default ../shared/spec) and never enter the repository.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace spymaster::testing {

inline std::filesystem::path radar_vectors() {
    const char* folder = std::getenv("SPYMASTER_TEST_SPEC");
    return std::filesystem::path(folder != nullptr ? folder : SPYMASTER_SOURCE_DIR "/../shared/spec") /
           "radar_gex_hud_vectors";
}

// A row by the names of its columns.
using CsvRow = std::map<std::string, std::string>;

inline std::int64_t integer(const CsvRow& row, const std::string& column) {
    return std::stoll(row.at(column));
}
inline double number(const CsvRow& row, const std::string& column) {
    return std::stod(row.at(column));
}
inline bool truth(const CsvRow& row, const std::string& column) {
    return row.at(column) == "True";
}

inline std::vector<CsvRow> csv_rows(const std::filesystem::path& path) {
    const auto split = [](std::string line) {
        if (line.ends_with('\r')) line.pop_back();
        std::vector<std::string> cells;
        std::istringstream text(line);
        for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
        return cells;
    };
    std::ifstream file(path);
    EXPECT_TRUE(file.is_open()) << path;
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> names = split(line);
    std::vector<CsvRow> rows;
    while (std::getline(file, line)) {
        const std::vector<std::string> cells = split(line);
        EXPECT_EQ(cells.size(), names.size()) << path << ": " << line;
        CsvRow& row = rows.emplace_back();
        for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = cells.at(i);
    }
    EXPECT_FALSE(rows.empty()) << path;
    return rows;
}
inline std::vector<CsvRow> vector_rows(const std::string& name) {
    return csv_rows(radar_vectors() / name);
}

}  // namespace spymaster::testing

#define SPY_SKIP_WITHOUT_VECTORS()                                       \
    if (!std::filesystem::exists(::spymaster::testing::radar_vectors())) \
    GTEST_SKIP() << "no vectors in " << ::spymaster::testing::radar_vectors() << "; set SPYMASTER_TEST_SPEC"
