#include "pipeline/measured_contract.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "feed/raw_files.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/selection.hpp"

namespace spymaster::pipeline {

namespace {

Result<std::vector<std::string>> contracts_of(const lake::Lake& lake, const market::Product& product,
                                              const std::string& root, const market::Date& date) {
    SPY_ASSIGN(const auto partitions, lake.partitions(keys_of(product, root, date).gold.dataset));
    std::vector<std::string> contracts;
    for (const lake::PartitionKey& key : partitions) {
        const bool of_root = key.symbol != root && feed::symbol_root(key.symbol) == root;
        if (key.date == date && of_root && is_measured(lake, product, key.symbol, date))
            contracts.push_back(key.symbol);
    }
    return contracts;
}

// The contract that the selection map has for the date; none without a map or a row.
Result<std::optional<std::string>> selected_contract(const lake::Lake& lake, const std::string& root,
                                                     const market::Date& date) {
    const auto path = selection_path(lake);
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) return std::optional<std::string>();
    SPY_ASSIGN(const SelectionMap map, load_selection(lake, path));
    const auto row = map.find(date);
    if (row == map.end() || feed::symbol_root(row->second.selected_symbol) != root)
        return std::optional<std::string>();
    return std::optional<std::string>(row->second.selected_symbol);
}

}  // namespace

bool is_measured(const lake::Lake& lake, const market::Product& product, const std::string& symbol,
                 const market::Date& date) {
    const ContractDayKeys keys = keys_of(product, symbol, date);
    return lake.is_complete(keys.snapshots) && lake.is_complete(keys.gold);
}

Result<std::optional<std::string>> measured_contract(const lake::Lake& lake, const market::Product& product,
                                                     const std::string& symbol, const market::Date& date) {
    if (is_measured(lake, product, symbol, date)) return std::optional(symbol);
    SPY_ASSIGN(const std::vector<std::string> contracts, contracts_of(lake, product, symbol, date));
    if (contracts.empty()) return std::optional<std::string>();
    SPY_ASSIGN(const auto selected, selected_contract(lake, symbol, date));
    if (selected && std::ranges::find(contracts, *selected) != contracts.end()) return selected;
    if (selected) {
        return make_error(ErrorCode::missing,
                          "{} on {} is {} by the selection map, but the lake has {} of it: run {} first, or "
                          "name the contract",
                          symbol, date.iso(), *selected, fmt::join(contracts, ", "), *selected);
    }
    if (contracts.size() == 1) return std::optional(contracts.front());
    return make_error(ErrorCode::missing,
                      "{} on {} is one of {}: name the contract, or let `spymaster select` choose", symbol,
                      date.iso(), fmt::join(contracts, ", "));
}

}  // namespace spymaster::pipeline
