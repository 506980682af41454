// The writing side of a partition: rows become row groups here, bytes on a thread behind, and a partition at
// commit.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::lake {

// Fills in what only the lake knows: the hashes of the inputs' manifests. Given the lineage, returns manifest
// inputs.
using HashInputs = std::function<Result<std::vector<Manifest::Input>>(const std::vector<PartitionKey>&)>;

struct WriteJob {
    PartitionKey key;
    std::filesystem::path target;  // the partition's folder
    Contract contract;
    HashInputs hash_inputs;
};

// Error: io.
Result<std::unique_ptr<PartitionWriter>> start_partition(WriteJob job);

}  // namespace spymaster::lake
