// What a job needs besides records: the definitions of its instruments, and for options their universe, their
// statistics and where their underlying stood.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/session.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "windows/spot_track.hpp"

namespace spymaster::pipeline {

// Brings definitions and statistics into the lake, and says so in `report`. Options get their universe; without
// definitions of theirs that is an error (missing) that says where to put them.
// Others: no universe, and an error only where definition files were given and are wrong.
Result<std::optional<OptionUniverse>> bring_reference_data(const lake::Lake& lake, const Job& job,
                                                           Progress& progress, JobReport& report);

// The contracts whose partitions of `dataset` the job goes through: of a root, the one selected for its silver, gold
// and stream, else all in the lake. Error: missing (none; `layer` makes it).
Result<std::vector<std::string>> contracts_in_lake(const lake::Lake& lake, const Job& job,
                                                   const std::string& dataset, std::string_view layer);

// The job's grid, with the tick of the contract's definition where there is one among these; of a future alone, and not if the
// job's tick was given.
market::Grid grid_by_definition(const Job& job, const std::string& symbol,
                                std::span<const Definition> definitions);

// The grid of a partition: the job's, with the tick of the contract's definition where the lake has one.
Result<market::Grid> grid_of_contract(const lake::Lake& lake, const Job& job, const std::string& symbol);

// The snapshots of what options are on.
lake::PartitionKey underlying_snapshots(const Job& job, const std::string& symbol);

// Where the underlying stood in each window of the session. Error: missing (no silver of it; names the command
// that makes it), conflict (it is of another session, or of other windows).
Result<windows::SpotTrack> spots_of_underlying(const lake::Lake& lake, const Job& job,
                                               const std::string& symbol,
                                               const market::SessionWindow& session);

}  // namespace spymaster::pipeline
