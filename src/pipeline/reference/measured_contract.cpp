#include "pipeline/reference/measured_contract.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "feed/raw_files.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/reference/selection.hpp"

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
    SPY_ASSIGN(const SelectionMap selection, selection_of(lake, symbol));
    if (const auto row = selection.find(date); row != selection.end()) {
        const std::string& selected = row->second.selected_symbol;
        if (std::ranges::find(contracts, selected) != contracts.end()) return std::optional(selected);
        return make_error(ErrorCode::missing,
                          "{} on {} is {} by the selection map, but the lake has {} of it: run {} first, or "
                          "name the contract",
                          symbol, date.iso(), selected, fmt::join(contracts, ", "), selected);
    }
    if (contracts.size() == 1) return std::optional(contracts.front());
    return make_error(ErrorCode::missing,
                      "{} on {} is one of {}: name the contract, or let `spymaster select` choose", symbol,
                      date.iso(), fmt::join(contracts, ", "));
}

}  // namespace spymaster::pipeline
