#include "pipeline/calibration/calibration_store.hpp"

#include <algorithm>
#include <system_error>

#include "base/files.hpp"
#include "feed/raw_files.hpp"
#include "lake/datasets.hpp"
#include "pipeline/calibration/calibration_document.hpp"

namespace spymaster::pipeline {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".json";
constexpr std::size_t kMaxBytes = std::size_t{4} << 20U;

// `kind`: "calibration" or "evaluation". Error (usage): a symbol that is no name of a folder.
Result<fs::path> folder_of(const lake::Lake& lake, std::string_view kind, const market::Product& product,
                           const std::string& symbol) {
    SPY_TRY(lake::check_symbol(symbol));
    return lake.root() / kind / "forecast" / fmt::format("product_type={}", product.name) /
           fmt::format("symbol={}", symbol);
}

// What lies in a folder of calibrations; none without a folder.
Result<std::vector<fs::path>> documents_in(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code failed;
    if (!fs::exists(folder, failed) && !failed) return paths;
    fs::directory_iterator entry(folder, failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
        const fs::path& path = entry->path();
        if (path.extension() == kExtension && !path.filename().string().starts_with('.'))
            paths.push_back(path);
    }
    if (failed) return make_error(ErrorCode::io, "cannot list {}: {}", folder.string(), failed.message());
    std::ranges::sort(paths);
    return paths;
}

// Error (malformed): it is not what its place says.
Result<StoredCalibration> read_at(const fs::path& path, const market::Product& product) {
    SPY_ASSIGN(StoredCalibration calibration, read_calibration(path));
    if (calibration.product_type != product.name ||
        path.parent_path().filename() != "symbol=" + calibration.symbol ||
        calibration.name() != path.stem().string()) {
        return make_error(ErrorCode::malformed,
                          "{}: is the calibration {} of {} {}; put it where it belongs, or remove it",
                          path.string(), calibration.name(), calibration.product_type, calibration.symbol);
    }
    return calibration;
}

// The first that was trained on something of this window or later.
auto first_not_before(std::span<const StoredCalibration> calibrations, std::int64_t window_end_ts_ns) {
    return std::ranges::lower_bound(calibrations, window_end_ts_ns, {}, &StoredCalibration::trained_until_ns);
}

}  // namespace

std::string StoredCalibration::name() const {
    std::string name = market::format_utc(trained_until_ns());
    std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
    return name;
}

Result<fs::path> store_calibration(const lake::Lake& lake, const StoredCalibration& calibration) {
    SPY_ASSIGN(const market::Product* product, market::find_product(calibration.product_type));
    SPY_ASSIGN(const std::string document, to_document(calibration));
    // What is stored can be read: a number that is not finite, days out of order, ... are found here.
    if (const auto read = parse_document(document); !read) {
        return make_error(ErrorCode::usage, "the calibration of {} cannot be stored: {}", calibration.symbol,
                          read.error().message);
    }
    SPY_ASSIGN(const fs::path folder, folder_of(lake, "calibration", *product, calibration.symbol));
    fs::path path = folder / (calibration.name() + std::string(kExtension));
    SPY_TRY(replace_text(path, document));
    return path;
}

Result<StoredCalibration> read_calibration(const fs::path& path) {
    SPY_ASSIGN(const std::string text, read_text(path, kMaxBytes));
    auto calibration = parse_document(text);
    if (!calibration) {
        const Error& error = calibration.error();
        return make_error(error.code, "{}: {}; fit it again with spymaster calibrate, or remove it",
                          path.string(), error.message);
    }
    return calibration;
}

Result<std::vector<fs::path>> calibration_paths(const lake::Lake& lake, const market::Product& product,
                                                const std::string& symbol) {
    SPY_ASSIGN(const fs::path folder, folder_of(lake, "calibration", product, symbol));
    SPY_ASSIGN(std::vector<fs::path> own, documents_in(folder));
    const std::string root = product.has_roots() ? feed::symbol_root(symbol) : symbol;
    if (!own.empty() || root == symbol) return own;
    SPY_ASSIGN(const fs::path root_folder, folder_of(lake, "calibration", product, root));
    return documents_in(root_folder);
}

Result<std::vector<StoredCalibration>> load_calibrations(const lake::Lake& lake,
                                                         const market::Product& product,
                                                         const std::string& symbol) {
    SPY_ASSIGN(const std::vector<fs::path> paths, calibration_paths(lake, product, symbol));
    std::vector<StoredCalibration> calibrations;
    for (const fs::path& path : paths) {
        SPY_ASSIGN(StoredCalibration calibration, read_at(path, product));
        calibrations.push_back(std::move(calibration));
    }
    std::ranges::sort(calibrations, {}, &StoredCalibration::trained_until_ns);
    return calibrations;
}

const StoredCalibration* calibration_in_force(std::span<const StoredCalibration> calibrations,
                                              std::int64_t window_end_ts_ns) {
    const auto after = first_not_before(calibrations, window_end_ts_ns);
    return after == calibrations.begin() ? nullptr : &*(after - 1);
}

std::span<const StoredCalibration> calibrations_in_force(std::span<const StoredCalibration> calibrations,
                                                         std::int64_t first_window_end_ts_ns,
                                                         std::int64_t last_window_end_ts_ns) {
    auto first = first_not_before(calibrations, first_window_end_ts_ns);
    const auto last = first_not_before(calibrations, last_window_end_ts_ns);
    if (first != calibrations.begin()) --first;
    return {first, last};
}

Result<fs::path> evaluation_path(const lake::Lake& lake, const market::Product& product,
                                 const std::string& symbol, const std::string& name,
                                 std::string_view extension) {
    SPY_ASSIGN(const fs::path folder, folder_of(lake, "evaluation", product, symbol));
    SPY_TRY(lake::check_symbol(name + std::string(extension)));
    return folder / (name + std::string(extension));
}

}  // namespace spymaster::pipeline
