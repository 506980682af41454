#include "lake/lake.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "lake/datasets.hpp"
#include "lake/manifest.hpp"
#include "lake/partition_reader.hpp"
#include "lake/partition_writer.hpp"
#include "lake/staging.hpp"

namespace spymaster::lake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatePrefix = "dt=";

std::string name_of(const PartitionKey& key) {
    return fmt::format("{} {} {}", key.dataset, key.symbol, key.date.iso());
}

// The names of the visible folders in a folder, sorted; none if it is not there.
Result<std::vector<std::string>> folders_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::string name = entry->path().filename().string();
        std::error_code ignored;
        // An `.old_` that a killed writer left aside stands for the partition that a reader would put back.
        if (name.starts_with(".old_")) name.erase(0, 5);
        if (!name.starts_with('.') && entry->is_directory(ignored)) names.push_back(std::move(name));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        return make_error(ErrorCode::io, "cannot list {}: {}", folder.string(), error.message());
    }
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());
    return names;
}

// Every symbol that has a folder in a dataset.
Result<std::vector<std::string>> symbols_in(const fs::path& root, const DatasetSpec& dataset) {
    // Up to the part that holds {symbol}; what stands around it there.
    fs::path above;
    std::string prefix;
    std::string suffix;
    for (const fs::path& part : fs::path(dataset.path_template)) {
        const std::string text = part.string();
        const std::size_t at = text.find("{symbol}");
        if (at != std::string::npos) {
            prefix = text.substr(0, at);
            suffix = text.substr(at + std::string_view("{symbol}").size());
            break;
        }
        above /= part;
    }
    SPY_ASSIGN(const std::vector<std::string> names, folders_in(root / above));
    std::vector<std::string> symbols;
    for (const std::string& name : names) {
        if (name.size() <= prefix.size() + suffix.size() || !name.starts_with(prefix) ||
            !name.ends_with(suffix))
            continue;
        std::string symbol = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
        if (check_symbol(symbol).ok()) symbols.push_back(std::move(symbol));
    }
    return symbols;
}

}  // namespace

Result<Lake> Lake::open(const fs::path& root, const fs::path& contracts) {
    if (root.empty()) return make_error(ErrorCode::usage, "no folder for the lake");
    Lake lake;
    lake.root_ = root;
    lake.contracts_ = contracts;
    SPY_ASSIGN(lake.datasets_, load_datasets(contracts));
    return lake;
}

Result<Contract> Lake::contract(const fs::path& path) const {
    return load_contract(contracts_ / path, fs::path("contracts") / path);
}

Result<const DatasetSpec*> Lake::dataset(std::string_view key) const {
    const auto found = std::ranges::find(datasets_, key, &DatasetSpec::key);
    if (found != datasets_.end()) return &*found;
    std::string keys;
    for (const DatasetSpec& each : datasets_) keys += (keys.empty() ? "" : ", ") + each.key;
    return make_error(ErrorCode::usage, "no dataset '{}'; there are {}", key, keys);
}

Result<fs::path> Lake::partition_path(const PartitionKey& key) const {
    SPY_ASSIGN(const DatasetSpec* spec, dataset(key.dataset));
    SPY_TRY(check_symbol(key.symbol));
    const std::string date = key.date.iso();
    SPY_TRY(market::parse_date(date));
    return root_ / symbol_folder(*spec, key.symbol) / fmt::format("{}{}", kDatePrefix, date);
}

bool Lake::is_complete(const PartitionKey& key) const {
    const auto path = partition_path(key);
    if (!path) return false;
    restore(*path);
    std::error_code error;
    return fs::is_regular_file(*path / kSuccessName, error);
}

Result<std::vector<PartitionKey>> Lake::partitions(std::string_view dataset_key) const {
    SPY_ASSIGN(const DatasetSpec* spec, dataset(dataset_key));
    SPY_ASSIGN(const std::vector<std::string> symbols, symbols_in(root_, *spec));
    std::vector<PartitionKey> result;
    for (const std::string& symbol : symbols) {
        SPY_ASSIGN(const std::vector<std::string> names, folders_in(root_ / symbol_folder(*spec, symbol)));
        for (const std::string& name : names) {
            if (!name.starts_with(kDatePrefix)) continue;
            const auto date = market::parse_date(std::string_view(name).substr(kDatePrefix.size()));
            if (!date) continue;
            PartitionKey key{spec->key, symbol, *date};
            if (is_complete(key)) result.push_back(std::move(key));
        }
    }
    std::ranges::sort(result);
    return result;
}

Result<Manifest> Lake::manifest(const PartitionKey& key) const {
    SPY_ASSIGN(const fs::path folder, partition_path(key));
    if (!is_complete(key)) {
        return make_error(ErrorCode::missing, "{} is not in the lake {}", name_of(key), root_.string());
    }
    const fs::path path = folder / kManifestName;
    SPY_ASSIGN(const std::string text, read_text(path, kMaxManifestBytes));
    auto manifest = parse_manifest(text);
    if (!manifest) return manifest.error().within(path.string());
    if (PartitionKey{manifest->dataset, manifest->symbol, manifest->date} != key) {
        return make_error(ErrorCode::malformed, "{}: is the manifest of {} {} {}", path.string(),
                          manifest->dataset, manifest->symbol, manifest->date.iso());
    }
    return manifest;
}

Result<std::unique_ptr<PartitionWriter>> Lake::write(const PartitionKey& key) const {
    SPY_ASSIGN(fs::path target, partition_path(key));
    SPY_ASSIGN(const DatasetSpec* spec, dataset(key.dataset));
    // The writer may outlive this lake: it carries one of its own.
    auto hash_inputs =
        [lake = *this](const std::vector<PartitionKey>& keys) -> Result<std::vector<Manifest::Input>> {
        std::vector<Manifest::Input> inputs;
        for (const PartitionKey& input : keys) {
            SPY_TRY(lake.manifest(input));  // complete and well-formed
            SPY_ASSIGN(const fs::path folder, lake.partition_path(input));
            SPY_ASSIGN(const FileHash hash, sha256_of_file(folder / kManifestName));
            inputs.push_back({input.dataset, input.symbol, input.date, hash.sha256});
        }
        return inputs;
    };
    return start_partition({key, std::move(target), spec->contract, std::move(hash_inputs)});
}

Result<std::unique_ptr<PartitionReader>> Lake::read(const PartitionKey& key,
                                                    const std::vector<std::string>& columns) const {
    SPY_ASSIGN(const fs::path folder, partition_path(key));
    SPY_ASSIGN(const DatasetSpec* spec, dataset(key.dataset));
    const auto open_now = [&]() -> Result<std::unique_ptr<PartitionReader>> {
        SPY_ASSIGN(const Manifest found, manifest(key));
        return open_partition(folder, found, spec->contract, columns);
    };
    constexpr int kAttempts = 100;
    for (int attempt = 1;; ++attempt) {
        const HeldFolder held(folder);
        auto reader = open_now();
        // If the folder was replaced meanwhile, its manifest and data may be of two partitions: once more, with the new one.
        if (held.is_at(folder) || attempt == kAttempts) return reader;
        if (!is_complete(key)) return reader;
    }
}

Result<void> Lake::remove(const PartitionKey& key) const {
    SPY_ASSIGN(const fs::path path, partition_path(key));
    return remove_folder(path);
}

}  // namespace spymaster::lake
