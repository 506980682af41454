// The reading side of a partition: its part files one after the other, the next row group read while one is
// used.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::lake {

// `columns` as in Lake::read. Error: missing (column or file), malformed, conflict (file and manifest
// disagree).
Result<std::unique_ptr<PartitionReader>> open_partition(const std::filesystem::path& folder,
                                                        const Manifest& manifest, const Contract& contract,
                                                        const std::vector<std::string>& columns);

}  // namespace spymaster::lake
