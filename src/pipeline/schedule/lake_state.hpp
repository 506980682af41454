// How the lake stands against the graph: what is there of each dataset, what is stale, and the steps that make it again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/schedule/graph.hpp"
#include "pipeline/schedule/step.hpp"

namespace spymaster::pipeline {

// Which partitions are meant: of this symbol, or of the contracts of this root; on these dates, or all.
struct Scope {
    std::string symbol;               // empty: every one
    std::vector<market::Date> dates;  // sorted; empty: every one

    [[nodiscard]] bool has(const lake::PartitionKey& key) const;
};

enum class PartitionState : std::uint8_t { missing, fresh, stale, corrupt };

std::string_view name_of(PartitionState state);

struct DatasetState {
    std::string dataset;
    PartitionState state = PartitionState::missing;
    std::int64_t rows = 0;
    std::vector<std::string> reasons;  // of stale and corrupt
};

// The datasets of a stage on one date.
struct StageState {
    const Stage* stage = nullptr;
    std::vector<DatasetState> datasets;
};

// A product and the options on it, on one date; stages in the order of the graph.
struct FamilyState {
    const market::Product* product = nullptr;
    std::string symbol;
    market::Date date;
    std::vector<StageState> stages;
};

// By date, then symbol. `verified`: every byte is read, as Lake::verify() does, else a partition is corrupt only where its
// manifest cannot be read.
Result<std::vector<FamilyState>> lake_state(const lake::Lake& lake, const Scope& scope, bool verified);

// The steps that make again what is stale, each measured as its manifest says it was, for link(). What is missing is not made.
Result<std::vector<Step>> stale_steps(const lake::Lake& lake, const Scope& scope);

}  // namespace spymaster::pipeline
