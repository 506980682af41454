// The selection map: which contract of a root each date is worked on (spec 8.6, radar spec 4.4). It lies
// beside the datasets, as one file for all dates: contracts/selection/mbo_contract_day_selection.avsc.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/time.hpp"

namespace spymaster::pipeline {

// $MBO_SELECTION_PATH, else {lake}/selection/mbo_contract_day_selection.parquet.
std::filesystem::path selection_path(const lake::Lake& lake);

// A row of the map.
struct ContractDaySelection {
    std::string selected_symbol;
    market::Date selected_exp_date;
    std::optional<market::Date> prev_trading_date;  // none on the first trading date
    std::int64_t prev_volume_selected = 0;          // lots
    std::int64_t prev_volume_rank2 = 0;
    bool roll = false;

    bool operator==(const ContractDaySelection&) const = default;
};
using SelectionMap = std::map<market::Date, ContractDaySelection>;

// Rows without a symbol are left out. Error: missing (no file: says how to make one; a column), malformed (a
// date that is none, ...), conflict (a date twice; not this contract).
Result<SelectionMap> load_selection(const lake::Lake& lake, const std::filesystem::path& path);

// The rows of a root's contracts in the map of selection_path(); none where there is no map.
Result<SelectionMap> selection_of(const lake::Lake& lake, const std::string& root);

// Writes the rows into the file, beside those of other dates that it has, whole or not at all. Error: as
// load_selection(); conflict (the file is of another root: one date has one contract); io.
Result<void> merge_selection(const lake::Lake& lake, const std::filesystem::path& path,
                             const SelectionMap& rows);

}  // namespace spymaster::pipeline
