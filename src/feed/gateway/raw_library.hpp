// The gateway's library: every DBN file below a folder (the raw layout of the lake, or any other), indexed once, and read as
// if it were one archive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "feed/gateway/record_reader.hpp"
#include "feed/gateway/symbology.hpp"

namespace spymaster::feed {

// A file that is not served, and why.
struct LeftOut {
    std::filesystem::path path;
    std::string reason;
};

struct DayRange {
    market::Date start;
    market::Date end;  // exclusive
};

// What a request comes to.
struct Bill {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;  // of the records, uncompressed
};

// Files are taken to hold different records: what is in two files is served twice. Immutable; may be read from any thread.
class RawLibrary {
  public:
    // Reads every *.dbn and *.dbn.zst below the folder once. One bad file is left out, not an error; a file that ends early is
    // served as far as it goes. Error: missing (no folder, or no file in it that can be served), io.
    static Result<RawLibrary> open(const std::filesystem::path& folder);

    [[nodiscard]] const std::vector<LibraryFile>& files() const { return files_; }  // by path
    [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }

    [[nodiscard]] std::vector<std::string> datasets() const;  // sorted
    // That a dataset has, in DBN's order; with mbo also trades.
    [[nodiscard]] std::vector<dbn::Schema> schemas(std::string_view dataset) const;
    // Whole UTC days from the first record to the last. Error: missing (the dataset, or the schema in it: says what there is).
    [[nodiscard]] Result<DayRange> range(std::string_view dataset) const;
    [[nodiscard]] Result<DayRange> range(std::string_view dataset, dbn::Schema schema) const;
    // Days of the dataset with records in any file.
    [[nodiscard]] std::vector<market::Date> days(std::string_view dataset) const;

    // Error: missing (the dataset); usage, as Symbology::resolve.
    [[nodiscard]] Result<Resolution> resolve(std::string_view dataset, const SymbolQuery& query) const;

    // Error: missing, as range().
    [[nodiscard]] Result<RecordReader> read(const RecordQuery& query) const;
    // Reads what read() would give. Error: as read() and RecordReader::next().
    [[nodiscard]] Result<Bill> bill(const RecordQuery& query) const;

  private:
    [[nodiscard]] Result<void> has(std::string_view dataset) const;
    [[nodiscard]] bool trades_of_mbo(std::string_view dataset, dbn::Schema schema) const;
    [[nodiscard]] std::vector<LibraryFile> files_with(std::string_view dataset, dbn::Schema schema) const;

    std::vector<LibraryFile> files_;
    std::vector<LeftOut> left_out_;
    std::map<std::string, Symbology, std::less<>> symbology_;  // by dataset
};

}  // namespace spymaster::feed
