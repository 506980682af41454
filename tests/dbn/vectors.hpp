// The official DBN files the tests read, and whole-file helpers. The files stay outside the project: a test
// that needs them begins with SPY_NEEDS_DATA() and is skipped where they are absent.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "dbn/decoder.hpp"

namespace spymaster::dbn::test {

using Bytes = std::vector<std::byte>;

inline std::filesystem::path data_folder() {
    const char* folder = std::getenv("SPYMASTER_TEST_DATA");
    return folder != nullptr ? folder : SPYMASTER_SOURCE_DIR "/../shared/data";
}
inline std::filesystem::path dbn_vectors() {
    return data_folder() / "dbn_vectors" / "dbn";
}
inline std::filesystem::path python_vectors() {
    return data_folder() / "dbn_vectors" / "python";
}
inline std::filesystem::path real_files() {
    return data_folder() / "real";
}

#define SPY_NEEDS_DATA()                                                                 \
    if (!std::filesystem::exists(::spymaster::dbn::test::data_folder() / "dbn_vectors")) \
    GTEST_SKIP() << "no test data in " << ::spymaster::dbn::test::data_folder() << "; set SPYMASTER_TEST_DATA"

inline std::vector<std::filesystem::path> files_under(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

inline Bytes read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

// All a decoder gives.
struct Decoded {
    std::optional<Metadata> metadata;
    int version = 0;
    Bytes records;
    std::uint64_t record_count = 0;
    std::optional<Error> error;

    bool operator==(const Decoded& other) const {
        return metadata == other.metadata && version == other.version && records == other.records &&
               record_count == other.record_count && error.has_value() == other.error.has_value();
    }
};

inline Decoded drain(Result<Decoder> decoder) {
    Decoded all;
    if (!decoder) {
        all.error = decoder.error();
        return all;
    }
    if (decoder->metadata() != nullptr) all.metadata = *decoder->metadata();
    all.version = decoder->version();
    for (;;) {
        const auto block = decoder->next_block();
        if (!block) all.error = block.error();
        if (!block || block->empty()) break;
        all.records.insert(all.records.end(), block->begin(), block->end());
    }
    all.record_count = decoder->records_consumed();
    return all;
}

inline Decoded decode_file(const std::filesystem::path& path, DecodeOptions options = {}) {
    return drain(Decoder::open(path, options));
}
inline Decoded decode_bytes(std::span<const std::byte> bytes, DecodeOptions options = {.own_thread = false}) {
    return drain(Decoder::from_memory(bytes, "memory", options));
}

// Where each record starts. REQUIRES: whole records.
inline std::vector<const std::byte*> split(const Bytes& records) {
    std::vector<const std::byte*> starts;
    for (std::size_t at = 0; at < records.size(); at += load<RecordHeader>(&records[at]).size()) {
        starts.push_back(&records[at]);
    }
    return starts;
}

// A folder of this test's own, gone with it.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "spymaster-dbn-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

}  // namespace spymaster::dbn::test
