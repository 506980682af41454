#include "pipeline/checks/subject.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "pipeline/datasets.hpp"

namespace spymaster::pipeline::checks {

namespace {

// ESH6 is a contract of ES: a letter for its month and the digits of its year follow the root.
bool is_contract_of(std::string_view symbol, std::string_view root) {
    if (!symbol.starts_with(root) || symbol.size() < root.size() + 2) return false;
    const std::string_view rest = symbol.substr(root.size());
    return std::isalpha(static_cast<unsigned char>(rest.front())) != 0 &&
           std::ranges::all_of(rest.substr(1), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_of(const Request& request, const lake::PartitionKey& key) {
    return key.date == request.date && (request.symbol.empty() || key.symbol == request.symbol ||
                                        is_contract_of(key.symbol, request.symbol));
}

// Symbols of the request with a complete partition of a dataset that begins like that.
Result<std::set<std::string>> symbols_of(const lake::Lake& lake, const Request& request,
                                         std::string_view layer, const market::Product& product) {
    const std::string prefix = fmt::format("{}.{}.", layer, product.name);
    std::set<std::string> symbols;
    for (const lake::DatasetSpec& dataset : lake.datasets()) {
        if (!dataset.key.starts_with(prefix)) continue;
        SPY_ASSIGN(const std::vector<lake::PartitionKey> keys, lake.partitions(dataset.key));
        for (const lake::PartitionKey& key : keys)
            if (is_of(request, key)) symbols.insert(key.symbol);
    }
    return symbols;
}

}  // namespace

lake::PartitionKey Subject::silver(std::string_view table) const {
    return {fmt::format("silver.{}.{}", product->name, table), symbol, date};
}

lake::PartitionKey Subject::gold_surface() const {
    return keys_of(*product, symbol, date).gold;
}

lake::PartitionKey Subject::calibration() const {
    return {"gold.hud.physics_norm_calibration", symbol, date};
}

lake::PartitionKey Subject::open_interest() const {
    // "bronze.future_option.statistics" is cleaned into "silver.future_option.statistics_clean".
    std::string dataset(product->statistics_dataset);
    dataset.replace(0, dataset.find('.'), "silver");
    return {dataset + "_clean", symbol, date};
}

Subject Subject::underlying() const {
    return {&market::product_of(*product->underlying), symbol, date};
}

std::string Subject::command(std::string_view layer) const {
    return fmt::format("spymaster run --product-type {} --layer {} --symbol {} --dt {}", product->name, layer,
                       symbol, date.iso());
}

Result<std::vector<Subject>> subjects_of(const lake::Lake& lake, const Request& request) {
    std::vector<Subject> subjects;
    for (const market::Product& product : market::products()) {
        if (request.product != nullptr && request.product != &product) continue;
        SPY_ASSIGN(std::set<std::string> symbols, symbols_of(lake, request, "silver", product));
        SPY_ASSIGN(const std::set<std::string> of_gold, symbols_of(lake, request, "gold", product));
        symbols.insert(of_gold.begin(), of_gold.end());
        if (symbols.empty()) {
            SPY_ASSIGN(symbols, symbols_of(lake, request, "bronze", product));
        }
        for (const std::string& symbol : symbols) subjects.push_back({&product, symbol, request.date});
    }
    if (subjects.empty()) {
        return make_error(ErrorCode::missing, "nothing{} of {} is in the lake {}; spymaster run makes it",
                          request.symbol.empty() ? "" : " of " + request.symbol, request.date.iso(),
                          lake.root().string());
    }
    return subjects;
}

Result<std::vector<lake::PartitionKey>> partitions_of(const lake::Lake& lake, const Request& request) {
    std::vector<lake::PartitionKey> found;
    for (const lake::DatasetSpec& dataset : lake.datasets()) {
        SPY_ASSIGN(const std::vector<lake::PartitionKey> keys, lake.partitions(dataset.key));
        std::ranges::copy_if(keys, std::back_inserter(found),
                             [&request](const auto& key) { return is_of(request, key); });
    }
    return found;
}

}  // namespace spymaster::pipeline::checks
