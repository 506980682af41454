// The radar spec's vectors: tables with expected values, beside SPYMASTER_TEST_DATA (default ../shared/spec), never in the
// repository.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "windows/rows.hpp"

namespace spymaster::physics::testing {

inline std::filesystem::path spec_vector(const std::string& name) {
    const char* const data = std::getenv("SPYMASTER_TEST_DATA");
    const std::filesystem::path folder = data != nullptr ? data : SPYMASTER_SOURCE_DIR "/../shared/data";
    return folder / ".." / "spec" / "radar_gex_hud_vectors" / name;
}

// A table of comma-separated values, every row by the names of its columns.
class VectorTable {
  public:
    using Row = std::map<std::string, std::string>;

    explicit VectorTable(const std::string& name) {
        std::ifstream in(spec_vector(name));
        std::string line;
        std::getline(in, line);
        const std::vector<std::string> names = split(line);
        while (std::getline(in, line)) {
            const std::vector<std::string> values = split(line);
            EXPECT_EQ(values.size(), names.size()) << name << ": " << line;
            Row row;
            for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = values[i];
            rows.push_back(std::move(row));
        }
        EXPECT_FALSE(rows.empty()) << name;
    }

    std::vector<Row> rows;

  private:
    static std::vector<std::string> split(const std::string& line) {
        std::vector<std::string> values;
        std::istringstream in(line);
        for (std::string value; std::getline(in, value, ',');) values.push_back(value);
        return values;
    }
};

inline std::int64_t integer(const VectorTable::Row& row, const std::string& column) {
    return std::stoll(row.at(column));
}
inline double number(const VectorTable::Row& row, const std::string& column) {
    return std::stod(row.at(column));
}
inline market::Side side(const VectorTable::Row& row) {
    return row.at("side") == "B" ? market::Side::bid : market::Side::ask;
}

// The windows of book_snapshot_1s.csv with the rows of wall_surface_1s.csv.
inline std::vector<windows::Window> windows_of_the_vectors() {
    std::vector<windows::Window> windows;
    std::map<std::int64_t, std::size_t> by_end;
    for (const auto& row : VectorTable("book_snapshot_1s.csv").rows) {
        windows::Window& window = windows.emplace_back();
        window.snapshot.window_start_ts_ns = integer(row, "window_start_ts_ns");
        window.snapshot.window_end_ts_ns = integer(row, "window_end_ts_ns");
        window.snapshot.mid_price = number(row, "mid_price");
        window.snapshot.mid_price_int = integer(row, "mid_price_int");
        window.wall_spot_ref_price_int = integer(row, "spot_ref_price_int");
        by_end[window.snapshot.window_end_ts_ns] = windows.size() - 1;
    }
    for (const auto& row : VectorTable("wall_surface_1s.csv").rows) {
        windows::Window& window = windows.at(by_end.at(integer(row, "window_end_ts_ns")));
        window.snapshot.window_valid = row.at("window_valid") == "True";
        const auto quantity = [&row](const char* column) {
            return static_cast<std::int64_t>(number(row, column));
        };
        window.wall.push_back({.price_int = integer(row, "price_int"),
                               .side = side(row),
                               .rel_ticks = static_cast<std::int32_t>(integer(row, "rel_ticks")),
                               .depth_qty_start = quantity("depth_qty_start"),
                               .depth_qty_end = quantity("depth_qty_end"),
                               .add_qty = quantity("add_qty"),
                               .pull_qty_total = quantity("pull_qty_total"),
                               .depth_qty_rest = quantity("depth_qty_rest"),
                               .pull_qty_rest = quantity("pull_qty_rest"),
                               .fill_qty = quantity("fill_qty"),
                               .d1_depth_qty = quantity("d1_depth_qty"),
                               .d2_depth_qty = quantity("d2_depth_qty"),
                               .d3_depth_qty = quantity("d3_depth_qty")});
    }
    return windows;
}

}  // namespace spymaster::physics::testing
