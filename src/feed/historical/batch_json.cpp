#include "feed/historical/batch_json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace spymaster::feed {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 500;
constexpr std::size_t kMostWarnings = 20;

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

// Without control characters, and not endless: it goes to a terminal and a log.
std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text.substr(0, kLongestText)) {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        if (!control) line += c;
        if (control && !line.empty() && line.back() != ' ') line += ' ';
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

Result<json> parse(std::string_view text, std::string_view what) {
    json value = json::parse(text, nullptr, false);
    if (value.is_discarded()) {
        return make_error(ErrorCode::malformed, "the answer for {} is no JSON: '{}'", what,
                          one_line(text.substr(0, 80)));
    }
    return value;
}

// The text of a field; empty if it is not there, or no text.
std::string text_of(const json& object, const char* name) {
    if (!object.is_object()) return {};
    const auto field = object.find(name);
    return field != object.end() && field->is_string() ? field->get<std::string>() : std::string();
}

Result<RemoteJob> job_of(const json& value) {
    RemoteJob job{text_of(value, "id"), text_of(value, "state")};
    if (job.id.empty() || job.id.size() > 128 || !std::ranges::all_of(job.id, is_word)) {
        return make_error(ErrorCode::malformed, "a batch job has no 'id' that could be one: '{}'",
                          one_line(job.id));
    }
    if (job.state.empty() || job.state.size() > 32 || !std::ranges::all_of(job.state, is_word)) {
        return make_error(ErrorCode::malformed, "batch job {} has no 'state'", job.id);
    }
    return job;
}

bool is_plain_file_name(const std::string& name) {
    const auto plain = [](char c) { return is_word(c) || c == '.'; };
    return !name.empty() && name.size() <= 200 && name.front() != '.' && std::ranges::all_of(name, plain);
}

// "https://host/v0/..." -> "/v0/..."
std::string path_of_url(const std::string& url) {
    const auto scheme = url.find("://");
    const auto slash = scheme == std::string::npos ? std::string::npos : url.find('/', scheme + 3);
    if (slash == std::string::npos) return {};
    std::string path = url.substr(slash);
    const bool printable =
        std::ranges::all_of(path, [](char c) { return c > ' ' && c < 0x7f && c != '\\' && c != '#'; });
    return printable && path.size() <= 2'000 ? path : std::string();
}

Result<RemoteFile> file_of(const json& value) {
    RemoteFile file;
    file.name = text_of(value, "filename");
    if (!is_plain_file_name(file.name)) {
        return make_error(ErrorCode::malformed, "a file of the job has no 'filename' that could be one: '{}'",
                          one_line(file.name));
    }
    const auto size = value.find("size");
    if (size == value.end() || !size->is_number_integer() || (*size < 0)) {
        return make_error(ErrorCode::malformed, "file {} has no 'size'", file.name);
    }
    file.size_bytes = size->get<std::uint64_t>();
    constexpr std::string_view kAlgorithm = "sha256:";
    const std::string hash = text_of(value, "hash");
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (!hash.starts_with(kAlgorithm) || hash.size() != kAlgorithm.size() + 64 ||
        !std::all_of(hash.begin() + kAlgorithm.size(), hash.end(), is_digit)) {
        return make_error(ErrorCode::malformed, "file {} has no SHA-256 to check it with: its 'hash' is '{}'",
                          file.name, one_line(hash));
    }
    file.sha256 = hash.substr(kAlgorithm.size());
    const auto urls = value.find("urls");
    file.path = path_of_url(urls == value.end() ? std::string() : text_of(*urls, "https"));
    if (file.path.empty()) {
        return make_error(ErrorCode::malformed, "file {} has no https URL to be downloaded from", file.name);
    }
    return file;
}

template <class T, class Read>
Result<std::vector<T>> list_of(std::string_view text, std::string_view what, const Read& read) {
    SPY_ASSIGN(const json value, parse(text, what));
    if (!value.is_array()) return make_error(ErrorCode::malformed, "the answer for {} is no list", what);
    std::vector<T> list;
    for (const json& element : value) {
        SPY_ASSIGN(list.emplace_back(), read(element));
    }
    return list;
}

}  // namespace

Result<RemoteJob> parse_job(std::string_view text) {
    SPY_ASSIGN(const json value, parse(text, "a batch job"));
    return job_of(value);
}

Result<std::vector<RemoteJob>> parse_jobs(std::string_view text) {
    return list_of<RemoteJob>(text, "the batch jobs", job_of);
}

Result<std::vector<RemoteFile>> parse_files(std::string_view text) {
    SPY_ASSIGN(std::vector<RemoteFile> files, list_of<RemoteFile>(text, "the files of a batch job", file_of));
    std::set<std::string_view> names;
    for (const RemoteFile& file : files) {
        if (!names.insert(file.name).second)
            return make_error(ErrorCode::malformed, "the job has two files {}", file.name);
    }
    return files;
}

Result<double> parse_amount(std::string_view text) {
    SPY_ASSIGN(const json value, parse(text, "an amount"));
    if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < 0.0) {
        return make_error(ErrorCode::malformed, "the answer is no amount: '{}'",
                          one_line(text.substr(0, 80)));
    }
    return value.get<double>();
}

Result<std::uint64_t> parse_count(std::string_view text) {
    SPY_ASSIGN(const json value, parse(text, "a count"));
    if (!value.is_number_unsigned()) {
        return make_error(ErrorCode::malformed, "the answer is no count: '{}'", one_line(text.substr(0, 80)));
    }
    return value.get<std::uint64_t>();
}

std::string describe_failure(std::string_view body) {
    const json value = json::parse(body, nullptr, false);
    if (value.is_object() && value.contains("detail")) {
        const json& detail = value["detail"];
        if (detail.is_string()) return one_line(detail.get<std::string>());
        const std::string text = text_of(detail, "message");
        const std::string kind = text_of(detail, "case");
        if (!text.empty()) return one_line(kind.empty() ? text : kind + ": " + text);
    }
    return one_line(body);
}

std::vector<std::string> parse_warnings(std::string_view header) {
    std::vector<std::string> warnings;
    const json value = json::parse(header, nullptr, false);
    if (!value.is_array()) return {one_line(header)};
    for (const json& warning : value) {
        if (warnings.size() == kMostWarnings) break;
        if (warning.is_string()) warnings.push_back(one_line(warning.get<std::string>()));
    }
    return warnings;
}

}  // namespace spymaster::feed
