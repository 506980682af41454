// A partition of the lake as an Arrow IPC stream.
#pragma once

#include <string>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::serve {

// The whole of it: the contract's columns, one record batch a row group.
Result<std::string> partition_stream(const lake::Contract& contract, lake::PartitionReader& reader);

}  // namespace spymaster::serve
