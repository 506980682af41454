// The vectors of the radar spec: inputs with what the reference made of them, as CSV. They are read from SPYMASTER_TEST_SPEC
// (default ../shared/spec) and never enter the repository.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "../book/records.hpp"

namespace spymaster::testing {

inline std::filesystem::path radar_vectors() {
    const char* folder = std::getenv("SPYMASTER_TEST_SPEC");
    return std::filesystem::path(folder != nullptr ? folder : SPYMASTER_SOURCE_DIR "/../shared/spec") /
           "radar_gex_hud_vectors";
}

class CsvTable {
  public:
    explicit CsvTable(const std::filesystem::path& path) {
        std::ifstream file(path);
        EXPECT_TRUE(file.is_open()) << path;
        for (std::string line; std::getline(file, line);) {
            std::vector<std::string> cells;
            std::istringstream text(line);
            for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
            if (columns_.empty()) {
                for (std::size_t i = 0; i < cells.size(); ++i) columns_[cells[i]] = i;
            } else {
                rows_.push_back(std::move(cells));
            }
        }
    }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] const std::string& text(std::size_t row, const std::string& column) const {
        return rows_.at(row).at(columns_.at(column));
    }
    [[nodiscard]] std::int64_t integer(std::size_t row, const std::string& column) const {
        return std::stoll(text(row, column));
    }
    [[nodiscard]] double number(std::size_t row, const std::string& column) const {
        return std::stod(text(row, column));
    }
    [[nodiscard]] bool truth(std::size_t row, const std::string& column) const {
        return text(row, column) == "True";
    }

  private:
    std::map<std::string, std::size_t> columns_;
    std::vector<std::vector<std::string>> rows_;
};

inline std::vector<Record> records_of(const CsvTable& events) {
    std::vector<Record> records;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Record r =
            record(events.text(i, "action")[0], static_cast<std::uint64_t>(events.integer(i, "order_id")),
                   events.text(i, "side")[0], events.integer(i, "price"),
                   static_cast<std::uint32_t>(events.integer(i, "size")));
        records.push_back(
            r.at(events.integer(i, "ts_event")).with(static_cast<std::uint8_t>(events.integer(i, "flags"))));
    }
    return records;
}

}  // namespace spymaster::testing

#define SPY_SKIP_WITHOUT_VECTORS()                                       \
    if (!std::filesystem::exists(::spymaster::testing::radar_vectors())) \
    GTEST_SKIP() << "no vectors in " << ::spymaster::testing::radar_vectors() << "; set SPYMASTER_TEST_SPEC"
