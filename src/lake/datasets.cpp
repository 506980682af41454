#include "lake/datasets.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/files.hpp"

namespace spymaster::lake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSymbolPlace = "{symbol}";
constexpr std::size_t kMaxYamlBytes = std::size_t{1} << 20;

Error malformed(std::string_view what) {
    return make_error(ErrorCode::malformed, "{}", what);
}

// A relative path with {symbol} exactly once.
Result<void> check_template(const std::string& path) {
    const std::size_t at = path.find(kSymbolPlace);
    const bool once = at != std::string::npos && path.find(kSymbolPlace, at + 1) == std::string::npos;
    if (!once || !stays_below(path)) return malformed("\"path\" must be relative and hold {symbol} once");
    return {};
}

// Throws what yaml-cpp throws.
Result<DatasetSpec> parse_dataset(const std::string& key, const YAML::Node& node, const fs::path& contracts) {
    if (!node.IsMap()) return malformed("not a map");
    if (node["format"].as<std::string>("") != "parquet") return malformed("\"format\" must be parquet");
    if (node["partition_keys"].as<std::vector<std::string>>() != std::vector<std::string>{"symbol", "dt"}) {
        return malformed("\"partition_keys\" must be [symbol, dt]");
    }
    const auto path = node["path"].as<std::string>();
    const auto contract_path = node["contract"].as<std::string>();
    SPY_TRY(check_template(path));
    if (!stays_below(contract_path))
        return malformed("\"contract\" must be a path below the folder of datasets.yaml");
    SPY_ASSIGN(Contract contract,
               load_contract(contracts / contract_path, fs::path("contracts") / contract_path));
    return DatasetSpec{key, path, std::move(contract)};
}

// Throws what yaml-cpp throws.
Result<std::vector<DatasetSpec>> parse_datasets(const std::string& text, const fs::path& contracts) {
    const YAML::Node datasets = YAML::Load(text)["datasets"];
    if (!datasets.IsMap() || datasets.size() == 0) return malformed("no \"datasets\"");
    std::vector<DatasetSpec> result;
    for (const auto& entry : datasets) {
        const auto key = entry.first.as<std::string>();
        if (std::ranges::find(result, key, &DatasetSpec::key) != result.end()) {
            return make_error(ErrorCode::malformed, "dataset {} is stated twice", key);
        }
        auto dataset = parse_dataset(key, entry.second, contracts);
        if (!dataset) return dataset.error().within("dataset " + key);
        result.push_back(std::move(dataset).value());
    }
    return result;
}

}  // namespace

Result<std::vector<DatasetSpec>> load_datasets(const fs::path& contracts) {
    const fs::path file = contracts / "datasets.yaml";
    SPY_ASSIGN(const std::string text, read_text(file, kMaxYamlBytes));
    try {
        auto datasets = parse_datasets(text, contracts);
        if (!datasets) return datasets.error().within(file.string());
        return datasets;
    } catch (const YAML::Exception& exception) {
        return make_error(ErrorCode::malformed, "{}: {}", file.string(), exception.what());
    }
}

Result<void> check_symbol(std::string_view symbol) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    };
    if (symbol.empty() || symbol.size() > 64 || symbol.front() == '.' ||
        !std::ranges::all_of(symbol, allowed)) {
        return make_error(ErrorCode::usage,
                          "'{}' is not a symbol: letters, digits, '.', '_' and '-', 64 at most, "
                          "no dot in front",
                          symbol.substr(0, 80));
    }
    return {};
}

fs::path symbol_folder(const DatasetSpec& dataset, std::string_view symbol) {
    std::string path = dataset.path_template;
    return path.replace(path.find(kSymbolPlace), kSymbolPlace.size(), symbol);
}

}  // namespace spymaster::lake
