// A lake in a temporary folder, and where the real files are.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "lake/lake.hpp"

namespace spymaster::pipeline {

namespace fs = std::filesystem;

inline fs::path contracts() {
    return fs::path(SPYMASTER_SOURCE_DIR) / "contracts";
}

inline fs::path test_data() {
    const char* const folder = std::getenv("SPYMASTER_TEST_DATA");
    return folder != nullptr ? fs::path(folder) : fs::path(SPYMASTER_SOURCE_DIR) / ".." / "shared" / "data";
}

inline std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A folder that goes with the test.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "spymaster-pipeline-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

inline lake::Lake open_lake(const fs::path& root) {
    auto lake = lake::Lake::open(root, contracts());
    EXPECT_TRUE(lake.ok()) << (lake.ok() ? "" : lake.error().message);
    return std::move(lake).value();
}

}  // namespace spymaster::pipeline
