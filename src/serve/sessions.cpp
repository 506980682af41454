#include "serve/sessions.hpp"

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/sha256.hpp"
#include "lake/manifest.hpp"
#include "pipeline/calibration/calibration_store.hpp"
#include "pipeline/reference/measured_contract.hpp"

namespace spymaster::serve {

namespace {

// When a file was last written; "-" if it is gone.
std::string stamp_of(const std::filesystem::path& path) {
    std::error_code failed;
    const auto written = std::filesystem::last_write_time(path, failed);
    return failed ? "-" : fmt::format("{}", written.time_since_epoch().count());
}

// The calibrations that there are for the session, and when each was written.
std::string calibrations_signature(const lake::Lake& lake, const SessionKey& key) {
    const auto paths = pipeline::calibration_paths(lake, market::product_of(key.product), key.symbol);
    if (!paths) return paths.error().message;
    std::string signature;
    for (const auto& path : *paths) signature += fmt::format(" {} {}", path.string(), stamp_of(path));
    return signature;
}

std::vector<const market::Product*> products_asked_for(const SessionQuery& asked) {
    std::vector<const market::Product*> products;
    for (const auto& product : market::products()) {
        if (!product.is_option() && product.type == asked.product.value_or(product.type))
            products.push_back(&product);
    }
    return products;
}

}  // namespace

pipeline::ContractDayKeys partitions_of(const SessionKey& session) {
    return pipeline::keys_of(market::product_of(session.product), session.symbol, session.date);
}

std::optional<lake::PartitionKey> option_gold_of(const lake::Lake& lake, const SessionKey& session) {
    const auto* product = pipeline::option_product_of(session.product);
    if (product == nullptr) return std::nullopt;
    auto key = pipeline::keys_of(*product, session.symbol, session.date).gold;
    if (!lake.is_complete(key)) return std::nullopt;
    return key;
}

bool is_served(const lake::Lake& lake, const SessionKey& session) {
    return pipeline::is_measured(lake, market::product_of(session.product), session.symbol, session.date);
}

Result<SessionKey> resolve(const lake::Lake& lake, const SessionQuery& asked) {
    const auto products = products_asked_for(asked);
    for (const auto* product : products) {
        const SessionKey key{product->type, asked.symbol, asked.date};
        if (is_served(lake, key)) return key;
    }
    for (const auto* product : products) {
        SPY_ASSIGN(auto contract, pipeline::measured_contract(lake, *product, asked.symbol, asked.date));
        if (contract) return SessionKey{product->type, std::move(*contract), asked.date};
    }
    return make_error(ErrorCode::missing,
                      "{}{} {} is not in the lake, or not yet whole: /v1/catalog lists what is",
                      asked.product ? fmt::format("{} ", market::product_of(*asked.product).name) : "",
                      asked.symbol, asked.date.iso());
}

lake::PartitionKey table_of(const SessionKey& session, Surface surface) {
    SPY_ASSERT(is_table(surface));
    constexpr std::array<std::string_view, kSurfaces.size() - place_of(Surface::book_snapshot)> kTables{
        "book_snapshot_1s", "wall_surface_1s", "vacuum_surface_1s", "radar_vacuum_1s",
        "physics_bands_1s", "gex_surface_1s",  "gex_levels_1s"};
    const bool of_options = surface == Surface::gex || surface == Surface::gex_levels;
    const auto* options = pipeline::option_product_of(session.product);
    const auto& product = of_options && options != nullptr ? *options : market::product_of(session.product);
    return {fmt::format("silver.{}.{}", product.name,
                        kTables[place_of(surface) - place_of(Surface::book_snapshot)]),
            session.symbol, session.date};
}

std::string manifest_sha256(const lake::Lake& lake, const lake::PartitionKey& key) {
    const auto folder = lake.partition_path(key);
    if (!folder || !lake.is_complete(key)) return {};
    const auto hash = sha256_of_file(*folder / lake::kManifestName);
    return hash ? hash->sha256 : std::string();
}

Result<std::string> partitions_signature(const lake::Lake& lake, const SessionKey& key) {
    const auto keys = partitions_of(key);
    std::string signature;
    for (const auto& base : {keys.snapshots, keys.gold}) {
        const auto hash = manifest_sha256(lake, base);
        if (hash.empty()) {
            return make_error(ErrorCode::io, "{} {} {} cannot be read just now; ask again", base.dataset,
                              base.symbol, base.date.iso());
        }
        signature += hash;
    }
    const auto options = option_gold_of(lake, key);
    signature += " " + (options ? manifest_sha256(lake, *options) : std::string());
    for (const auto surface : kSurfaces) {
        if (is_table(surface)) signature += " " + manifest_sha256(lake, table_of(key, surface));
    }
    return signature;
}

Result<std::string> session_signature(const lake::Lake& lake, const SessionKey& key) {
    SPY_ASSIGN(const auto partitions, partitions_signature(lake, key));
    return partitions + calibrations_signature(lake, key);
}

}  // namespace spymaster::serve
