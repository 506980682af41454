// Lake::freshness and Lake::verify: whether a partition still follows from its inputs, and whether it is what
// was written.
#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "lake/lake.hpp"
#include "lake/manifest.hpp"
#include "lake/partition_reader.hpp"

namespace spymaster::lake {
namespace {

namespace fs = std::filesystem;

// Lineage is as deep as the lake has layers; a manifest that says otherwise is damaged.
constexpr int kMaxDepth = 16;

std::string name_of(const PartitionKey& key) {
    return fmt::format("{} {} {}", key.dataset, key.symbol, key.date.iso());
}

Result<Freshness> freshness_of(const Lake& lake, const PartitionKey& key, int depth) {
    SPY_ASSIGN(const Manifest manifest, lake.manifest(key));
    SPY_ASSIGN(const DatasetSpec* spec, lake.dataset(key.dataset));
    Freshness result;
    const auto stale = [&](std::string reason) {
        result.fresh = false;
        result.reasons.push_back(std::move(reason));
    };
    if (manifest.contract_sha256 != spec->contract.sha256) stale("contract has changed");
    if (depth == kMaxDepth) {
        return make_error(ErrorCode::malformed, "{}: inputs of inputs without end", name_of(key));
    }
    for (const Manifest::Input& input : manifest.inputs) {
        const PartitionKey input_key{input.dataset, input.symbol, input.date};
        const std::string name = "input " + name_of(input_key);
        const auto folder = lake.partition_path(input_key);
        if (!folder || !lake.is_complete(input_key)) {
            stale(name + " is missing");
            continue;
        }
        const auto now = sha256_of_file(*folder / kManifestName);
        if (!now || now->sha256 != input.manifest_sha256) {
            stale(name + " has changed");
            continue;
        }
        SPY_ASSIGN(const Freshness upstream, freshness_of(lake, input_key, depth + 1));
        if (!upstream.fresh) stale(name + " is stale: " + upstream.reasons.front());
    }
    return result;
}

Result<void> verify_file(const fs::path& folder, const Manifest::File& file) {
    const fs::path path = folder / file.name;
    SPY_ASSIGN(const FileHash hash, sha256_of_file(path));
    if (hash.size_bytes != file.size_bytes) {
        return make_error(ErrorCode::malformed, "{} has {} bytes, its manifest says {}", path.string(),
                          hash.size_bytes, file.size_bytes);
    }
    if (hash.sha256 != file.sha256) {
        return make_error(ErrorCode::malformed,
                          "{} is not what was written: its SHA-256 is {}, its manifest says {}",
                          path.string(), hash.sha256, file.sha256);
    }
    return {};
}

// A data file the manifest does not know would be read by every tool that lists the folder.
Result<void> verify_no_others(const fs::path& folder, const Manifest& manifest) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name == kManifestName || name == kSuccessName) continue;
        if (std::ranges::find(manifest.files, name, &Manifest::File::name) == manifest.files.end()) {
            return make_error(ErrorCode::malformed, "{} is not in the manifest", entry->path().string());
        }
    }
    if (error) return make_error(ErrorCode::io, "cannot list {}: {}", folder.string(), error.message());
    return {};
}

}  // namespace

Result<Freshness> Lake::freshness(const PartitionKey& key) const {
    return freshness_of(*this, key, 0);
}

Result<void> Lake::verify(const PartitionKey& key) const {
    SPY_ASSIGN(const Manifest found, manifest(key));
    SPY_ASSIGN(const fs::path folder, partition_path(key));
    SPY_ASSIGN(const DatasetSpec* spec, dataset(key.dataset));
    for (const Manifest::File& file : found.files) SPY_TRY(verify_file(folder, file));
    SPY_TRY(verify_no_others(folder, found));
    // Under another contract the file may rightly have other columns: that is stale, not corrupt.
    if (found.contract_sha256 != spec->contract.sha256) return {};
    SPY_TRY(open_partition(folder, found, spec->contract,
                           {}));  // columns against the contract, rows against the manifest
    return {};
}

}  // namespace spymaster::lake
