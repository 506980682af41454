// contracts/datasets.yaml: which datasets there are, where they lie below the lake root, and by which
// contract.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::lake {

// `contracts` is the folder with datasets.yaml. Error: missing or malformed file or contract.
Result<std::vector<DatasetSpec>> load_datasets(const std::filesystem::path& contracts);

// Error (usage) unless the symbol is [A-Za-z0-9._-]+ and does not begin with a dot: a name, never a path.
Result<void> check_symbol(std::string_view symbol);

// The folder of a symbol's dates, below the root. REQUIRES: check_symbol(symbol).
std::filesystem::path symbol_folder(const DatasetSpec& dataset, std::string_view symbol);

}  // namespace spymaster::lake
