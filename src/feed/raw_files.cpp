#include "feed/raw_files.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "feed/live/recording_path.hpp"
#include "market/expiration.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMonthLetters = "FGHJKMNQUVXZ";
// Definition files of a venue lie here or in its folder below; some name a stock, others the options on it.
constexpr std::string_view kDefinitionsOfAll = "dataset=definition";

fs::path raw_root(const fs::path& lake_root) {
    return lake_root / "raw" / "source=databento";
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_plain_name(std::string_view symbol) {
    const auto plain = [](char c) {
        return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' ||
               c == '-';
    };
    return !symbol.empty() && std::all_of(symbol.begin(), symbol.end(), plain) &&
           symbol.find_first_not_of('.') != std::string_view::npos;
}

std::string_view folder_of(const market::Product& product, RawKind kind) {
    switch (kind) {
        case RawKind::records:
            return product.raw_folder;
        case RawKind::definitions:
            return product.definition_folder;
        case RawKind::statistics:
            break;
    }
    return product.statistics_folder;
}

// The option of `spymaster run` that names such a file.
std::string_view option_of(RawKind kind) {
    return kind == RawKind::records       ? "--raw"
           : kind == RawKind::definitions ? "--definitions"
                                          : "--statistics";
}

bool is_raw_file_of(const std::string& name, const std::string& date) {
    return name.find(date) != std::string::npos && (name.ends_with(".dbn") || name.ends_with(".dbn.zst"));
}

}  // namespace

std::string lower_dataset(std::string_view dataset) {
    std::string text(dataset);
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == '.') c = '-';
    }
    return text;
}

std::string symbol_root(std::string_view symbol) {
    std::size_t digits = 0;
    while (digits < symbol.size() && digits < 3 && is_digit(symbol[symbol.size() - 1 - digits])) ++digits;
    const std::size_t month =
        symbol.size() - digits - 1;  // wraps if there is no room, and is then refused below
    const bool contract = (digits == 1 || digits == 2) && symbol.size() >= digits + 3 &&
                          kMonthLetters.find(symbol[month]) != std::string_view::npos;
    return std::string(contract ? symbol.substr(0, month) : symbol);
}

std::string front_contract(std::string_view root, const market::Date& date) {
    int year = date.year;
    int month = (date.month + 2) / 3 * 3;  // of the quarter
    if (date.month == month && date.day >= market::third_friday(year, month).day - 8) month += 3;
    if (month > 12) {
        month = 3;
        ++year;
    }
    return std::string(root) + kMonthLetters[static_cast<std::size_t>(month - 1)] +
           static_cast<char>('0' + year % 10);
}

Result<fs::path> raw_folder(const fs::path& lake_root, const market::Product& product, RawKind kind,
                            std::string_view symbol) {
    if (!is_plain_name(symbol)) {
        return make_error(ErrorCode::usage, "'{}' is not a symbol; use letters, digits, '.', '_' and '-'",
                          symbol);
    }
    std::string folder(folder_of(product, kind));
    if (folder.empty()) return make_error(ErrorCode::usage, "{} has no statistics", product.name);
    constexpr std::string_view kPlace = "{symbol}";
    if (const auto place = folder.find(kPlace); place != std::string::npos) {
        folder.replace(place, kPlace.size(), product.has_roots() ? symbol_root(symbol) : std::string(symbol));
    }
    return raw_root(lake_root) / folder;
}

std::string raw_file_name(const market::Product& product, RawKind kind, std::string_view symbol,
                          const market::Date& date) {
    const std::string start = fmt::format("{}-{}", lower_dataset(product.dataset), date.compact());
    switch (kind) {
        case RawKind::records:
            return fmt::format("{}.{}.dbn.zst", start, product.raw_schema);
        case RawKind::definitions:
            return fmt::format("{}.{}.definition.dbn.zst", start, symbol);
        case RawKind::statistics:
            break;
    }
    return start + ".statistics.dbn.zst";
}

fs::path batch_job_folder(const fs::path& lake_root, std::string_view job_id) {
    return raw_root(lake_root) / "batch_jobs" / job_id;
}

Result<std::vector<fs::path>> find_raw_files(const fs::path& lake_root, const market::Product& product,
                                             RawKind kind, std::string_view symbol,
                                             const market::Date& date) {
    SPY_ASSIGN(const fs::path own_folder, raw_folder(lake_root, product, kind, symbol));
    const fs::path folder =
        kind == RawKind::definitions ? raw_root(lake_root) / kDefinitionsOfAll : own_folder;
    std::vector<fs::path> files;
    std::error_code failed;
    if (fs::is_directory(folder, failed)) {
        const std::string wanted = date.compact();
        auto entry = fs::recursive_directory_iterator(folder, failed);
        for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
            std::error_code unreadable;
            if (entry->is_regular_file(unreadable) &&
                is_raw_file_of(entry->path().filename().string(), wanted)) {
                files.push_back(entry->path());
            }
        }
        if (failed) return make_error(ErrorCode::io, "cannot list {}: {}", folder.string(), failed.message());
    }
    if (files.empty()) {
        const fs::path recorded =
            live::recording_folder(lake_root, product.dataset) / live::recording_name(product.dataset, date);
        for (const fs::path& file : {recorded, fs::path(recorded.string() + ".zst")})
            if (fs::is_regular_file(file, failed)) return std::vector{file};
        return make_error(
            ErrorCode::missing,
            "no raw file of {} for {} in {}; put *{}*.dbn.zst there, give one with {}, download it with: "
            "spymaster download, or make one with: "
            "spymaster simulate --products all --lake {} --dt {}",
            symbol, date.iso(), own_folder.string(), date.compact(), option_of(kind), lake_root.string(),
            date.iso());
    }
    std::sort(files.begin(), files.end());
    return files;
}

fs::path simulated_sidecar(const fs::path& raw_file) {
    return fs::path(raw_file.string() + ".simulated.json");
}

bool is_recording(const fs::path& raw_file) {
    return raw_file.parent_path().parent_path().filename() == "source=live";
}

bool is_simulated(const fs::path& raw_file) {
    std::error_code failed;
    const std::uintmax_t size = fs::file_size(raw_file, failed);
    std::ifstream sidecar(simulated_sidecar(raw_file));
    if (failed || !sidecar) return false;
    const auto json = nlohmann::json::parse(sidecar, nullptr, false);
    return json.is_object() && json.contains("size_bytes") && json["size_bytes"].is_number_unsigned() &&
           json["size_bytes"].get<std::uintmax_t>() == size;
}

}  // namespace spymaster::feed
