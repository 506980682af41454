#include "feed/simulated/simulated_file.hpp"

#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "dbn/encoder.hpp"
#include "dbn/records.hpp"
#include "feed/raw_files.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

void tell(nlohmann::ordered_json& json, const std::vector<SimulatedFact>& facts) {
    for (const auto& [name, value] : facts) {
        std::visit([&](const auto& given) { json[name] = given; }, value);
    }
}

std::string sidecar_of(const SimulatedStream& stream, const SimulatedFile& file) {
    nlohmann::ordered_json json{
        {"simulated", true}, {"by", "spymaster simulate"}, {"size_bytes", file.bytes}};
    tell(json, stream.options());
    json["records"] = file.records;
    tell(json, file.totals);
    return json.dump(2) + "\n";
}

std::uint64_t count_records(std::span<const std::byte> bytes) {
    std::uint64_t records = 0;
    while (!bytes.empty()) {
        bytes = bytes.subspan(dbn::load<dbn::RecordHeader>(bytes.data()).size());
        ++records;
    }
    return records;
}

Result<void> write_text(const fs::path& path, const std::string& text) {
    const fs::path beside = path.string() + ".tmp";
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    std::error_code failed;
    if (file) fs::rename(beside, path, failed);
    if (!file || failed) {
        std::error_code ignored;
        fs::remove(beside, ignored);
        return make_error(ErrorCode::io, "cannot write {}: {}", path.string(),
                          failed ? failed.message() : "is the disk full?");
    }
    return {};
}

Result<void> make_folder_of(const fs::path& path) {
    std::error_code failed;
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
    if (failed) {
        return make_error(ErrorCode::io, "cannot make {}: {}", path.parent_path().string(), failed.message());
    }
    return {};
}

Result<void> write_records(const SimulatedStream& stream, const fs::path& path, bool zstd,
                           const SimulationProgress& progress, std::uint64_t& written) {
    SPY_ASSIGN(dbn::Encoder encoder, dbn::Encoder::create(path, stream.metadata, {.zstd = zstd}));
    for (auto records = stream.next(); !records.empty(); records = stream.next()) {
        SPY_TRY(encoder.write(records));
        written += count_records(records);
        if (progress) progress(stream.progress(), written);
    }
    return encoder.finish();
}

}  // namespace

Result<void> may_write_simulated(const fs::path& path, bool overwrite) {
    std::error_code failed;
    if (!fs::exists(path, failed)) return {};
    if (!overwrite) {
        return make_error(ErrorCode::conflict, "{} is there already; --overwrite makes it anew",
                          path.string());
    }
    if (!is_simulated(path)) {
        return make_error(
            ErrorCode::conflict,
            "{} is there and not marked as simulated: a raw file is never replaced; move it away "
            "or write elsewhere with --out or --lake",
            path.string());
    }
    return {};
}

Result<SimulatedFile> write_simulated_file(const SimulatedStream& stream, const fs::path& path,
                                           bool overwrite, const SimulationProgress& progress) {
    SPY_TRY(may_write_simulated(path, overwrite));
    SPY_TRY(make_folder_of(path));
    SimulatedFile file;
    file.path = path;
    // The sidecar is there before the file has its name, so that a simulated file is never taken for a real
    // one.
    const fs::path unnamed = path.string() + ".unmarked";
    SPY_TRY(write_records(stream, unnamed, path.extension() == ".zst", progress, file.records));
    file.totals = stream.totals();
    std::error_code failed;
    file.bytes = fs::file_size(unnamed, failed);
    if (failed) {
        return make_error(ErrorCode::io, "cannot read {} again: {}", unnamed.string(), failed.message());
    }
    Result<void> marked = write_text(simulated_sidecar(path), sidecar_of(stream, file));
    if (marked.ok()) {
        fs::rename(unnamed, path, failed);
        if (failed)
            marked = make_error(ErrorCode::io, "cannot write {}: {}", path.string(), failed.message());
    }
    if (!marked.ok()) {
        fs::remove(unnamed, failed);
        return marked.error();
    }
    return file;
}

Result<SimulatedFile> write_simulated_file(const SimulationOptions& options, const fs::path& path,
                                           bool overwrite, const SimulationProgress& progress) {
    SPY_ASSIGN(const SimulatedStream stream, market_stream(options));
    return write_simulated_file(stream, path, overwrite, progress);
}

}  // namespace spymaster::feed
