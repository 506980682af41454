#include "lake/contract.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/files.hpp"
#include "base/sha256.hpp"

namespace spymaster::lake {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxContractBytes = std::size_t{1} << 20;

// "\r\n" and "\r" as "\n": a checkout on another system has the same hash.
std::string with_unix_newlines(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
            result += text[i];
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
            result += '\n';
        }
    }
    return result;
}

std::optional<ColumnType> column_type(const Json& type) {
    if (type == "long") return ColumnType::long_;
    if (type == "int") return ColumnType::int_;
    if (type == "double") return ColumnType::double_;
    if (type == "boolean") return ColumnType::boolean;
    if (type == "string") return ColumnType::string;
    return std::nullopt;
}

// Avro's rule for names; it keeps them usable as SQL columns too.
bool is_name(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto in_name = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !text.empty() && letter(text.front()) && std::ranges::all_of(text, in_name);
}

// The text under a key; empty where it is absent. nullopt where it is something else.
std::optional<std::string> text_at(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return std::string();
    if (!found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

Result<ContractField> parse_field(const Json& json, std::size_t place) {
    const auto bad = [&](std::string_view what) {
        return make_error(ErrorCode::malformed, "field {}: {}", place, what);
    };
    if (!json.is_object()) return bad("not an object");
    const auto name = text_at(json, "name");
    if (!name || !is_name(*name)) return bad("\"name\" is not a name");
    const auto doc = text_at(json, "doc");
    const auto unit = text_at(json, "unit");
    if (!doc || !unit) return bad("\"doc\" and \"unit\" must be text");
    const auto type = json.find("type");
    if (type == json.end()) return bad("no \"type\"");

    const bool nullable = type->is_array() && type->size() == 2 && (*type)[0] == "null";
    const auto column = column_type(nullable ? (*type)[1] : *type);
    if (!column) return bad("\"type\" is not long, int, double, boolean, string or [\"null\", one of them]");
    return ContractField{*name, *column, nullable, *doc, *unit};
}

Result<Contract> parse_contract(const std::string& text) {
    const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    const auto bad = [](std::string_view what) { return make_error(ErrorCode::malformed, "{}", what); };
    if (json.is_discarded()) return bad("not valid JSON");
    if (!json.is_object() || text_at(json, "type") != "record") return bad("not an Avro record");
    Contract contract;
    const auto name = text_at(json, "name");
    const auto name_space = text_at(json, "namespace");
    if (!name || !is_name(*name)) return bad("\"name\" is not a name");
    if (!name_space) return bad("\"namespace\" must be text");
    contract.name = *name;
    contract.name_space = *name_space;

    const auto fields = json.find("fields");
    if (fields == json.end() || !fields->is_array() || fields->empty()) return bad("no \"fields\"");
    std::set<std::string> names;
    for (const Json& field : *fields) {
        SPY_ASSIGN(ContractField parsed, parse_field(field, contract.fields.size()));
        if (!names.insert(parsed.name).second) {
            return make_error(ErrorCode::malformed, "two fields named {}", parsed.name);
        }
        contract.fields.push_back(std::move(parsed));
    }
    return contract;
}

}  // namespace

Result<std::size_t> Contract::index_of(std::string_view field) const {
    const auto found = std::ranges::find(fields, field, &ContractField::name);
    if (found != fields.end()) return static_cast<std::size_t>(found - fields.begin());
    std::string names;
    for (const ContractField& each : fields) names += (names.empty() ? "" : ", ") + each.name;
    return make_error(ErrorCode::missing, "contract {} has no column '{}'; it has {}", name, field, names);
}

Result<Contract> load_contract(const std::filesystem::path& avsc,
                               const std::filesystem::path& relative_path) {
    SPY_ASSIGN(const std::string raw, read_text(avsc, kMaxContractBytes));
    const std::string text = with_unix_newlines(raw);
    auto contract = parse_contract(text);
    if (!contract) return contract.error().within("contract " + avsc.string());
    contract->path = relative_path;
    contract->sha256 = sha256_of(text);
    return contract;
}

}  // namespace spymaster::lake
