// Reads one file for the index of the library: its times, its kinds of records, what it says of instruments.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"
#include "feed/gateway/record_reader.hpp"
#include "feed/gateway/symbology.hpp"

namespace spymaster::feed {

// Adds its symbol mappings and definitions to the symbology of its dataset. Error: why it cannot be served: no metadata, not
// DBN, no record, a time that cannot be.
Result<LibraryFile> scan_file(const std::filesystem::path& path,
                              std::map<std::string, Symbology, std::less<>>& symbology);

}  // namespace spymaster::feed
