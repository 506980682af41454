#include "lake/manifest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lake/datasets.hpp"

namespace spymaster::lake {
namespace {

using Json = nlohmann::json;  // objects are std::map: keys come out sorted

Error bad_key(std::string_view key, std::string_view expected) {
    return make_error(ErrorCode::malformed, "\"{}\" is not {}", key, expected);
}

Result<std::string> text(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) return bad_key(key, "text");
    return found->get<std::string>();
}

Result<std::int64_t> count(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_unsigned()) return bad_key(key, "a count");
    const auto value = found->get<std::uint64_t>();
    if (value > INT64_MAX) return bad_key(key, "a count");
    return static_cast<std::int64_t>(value);
}

Result<std::string> hash(const Json& object, const char* key) {
    SPY_ASSIGN(std::string value, text(object, key));
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (value.size() != 64 || !std::ranges::all_of(value, hex)) return bad_key(key, "a SHA-256");
    return value;
}

Result<std::string> symbol(const Json& object) {
    SPY_ASSIGN(std::string value, text(object, "symbol"));
    SPY_TRY(check_symbol(value));
    return value;
}

Result<market::Date> date(const Json& object) {
    SPY_ASSIGN(const std::string value, text(object, "dt"));
    return market::parse_date(value);
}

Result<const Json*> list(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return bad_key(key, "a list");
    for (const Json& each : *found) {
        if (!each.is_object()) return bad_key(key, "a list of objects");
    }
    return &*found;
}

Result<Manifest::File> parse_file(const Json& json) {
    Manifest::File file;
    SPY_ASSIGN(file.name, text(json, "name"));
    // A plain name: a manifest cannot make a reader leave its folder.
    if (!file.name.starts_with("part-") || file.name.find('/') != std::string::npos) {
        return bad_key("name", "a part-* file");
    }
    SPY_ASSIGN(file.size_bytes, count(json, "size_bytes"));
    SPY_ASSIGN(file.sha256, hash(json, "sha256"));
    return file;
}

Result<Manifest::Input> parse_input(const Json& json) {
    Manifest::Input input;
    SPY_ASSIGN(input.dataset, text(json, "dataset"));
    SPY_ASSIGN(input.symbol, symbol(json));
    SPY_ASSIGN(input.date, date(json));
    SPY_ASSIGN(input.manifest_sha256, hash(json, "manifest_sha256"));
    return input;
}

Result<std::map<std::string, std::string>> parse_properties(const Json& json) {
    const auto found = json.find("properties");
    if (found == json.end() || !found->is_object()) return bad_key("properties", "an object");
    std::map<std::string, std::string> result;
    for (const auto& [key, value] : found->items()) {
        if (!value.is_string()) return bad_key(key, "text");
        result.emplace(key, value.get<std::string>());
    }
    return result;
}

}  // namespace

Result<std::string> to_json(const Manifest& manifest) {
    Json files = Json::array();
    for (const Manifest::File& file : manifest.files) {
        files.push_back({{"name", file.name}, {"size_bytes", file.size_bytes}, {"sha256", file.sha256}});
    }
    Json inputs = Json::array();
    for (const Manifest::Input& input : manifest.inputs) {
        inputs.push_back({{"dataset", input.dataset},
                          {"symbol", input.symbol},
                          {"dt", input.date.iso()},
                          {"manifest_sha256", input.manifest_sha256}});
    }
    const Json json = {{"contract_path", manifest.contract_path},
                       {"contract_sha256", manifest.contract_sha256},
                       {"dataset", manifest.dataset},
                       {"symbol", manifest.symbol},
                       {"dt", manifest.date.iso()},
                       {"hour", nullptr},
                       {"inputs", std::move(inputs)},
                       {"row_count", manifest.row_count},
                       {"stage", manifest.stage},
                       {"files", std::move(files)},
                       {"properties", Json(manifest.properties)}};
    try {
        return json.dump(2) + "\n";
    } catch (const Json::exception&) {
        return make_error(ErrorCode::usage, "stage or properties of {} {} are not UTF-8", manifest.dataset,
                          manifest.symbol);
    }
}

Result<Manifest> parse_manifest(std::string_view bytes) {
    const Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) return make_error(ErrorCode::malformed, "not valid JSON");
    if (!json.is_object()) return make_error(ErrorCode::malformed, "not a JSON object");
    Manifest manifest;
    SPY_ASSIGN(manifest.dataset, text(json, "dataset"));
    SPY_ASSIGN(manifest.symbol, symbol(json));
    SPY_ASSIGN(manifest.date, date(json));
    SPY_ASSIGN(manifest.stage, text(json, "stage"));
    SPY_ASSIGN(manifest.row_count, count(json, "row_count"));
    SPY_ASSIGN(manifest.contract_path, text(json, "contract_path"));
    SPY_ASSIGN(manifest.contract_sha256, hash(json, "contract_sha256"));
    SPY_ASSIGN(const Json* files, list(json, "files"));
    for (const Json& each : *files) {
        SPY_ASSIGN(Manifest::File file, parse_file(each));
        manifest.files.push_back(std::move(file));
    }
    SPY_ASSIGN(const Json* inputs, list(json, "inputs"));
    for (const Json& each : *inputs) {
        SPY_ASSIGN(Manifest::Input input, parse_input(each));
        manifest.inputs.push_back(std::move(input));
    }
    SPY_ASSIGN(manifest.properties, parse_properties(json));
    return manifest;
}

}  // namespace spymaster::lake
