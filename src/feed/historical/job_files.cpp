#include "feed/historical/job_files.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "feed/historical/verified_file.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

// A file of the job and where it belongs.
struct Placed {
    RemoteFile file;
    fs::path place;
    bool is_data = false;
};

bool is_data_name(const std::string& name) {
    return name.ends_with(".dbn") || name.ends_with(".dbn.zst");
}

Result<std::vector<Placed>> places_of(const JobFilesContext& context, const JobRequest& request,
                                      const std::string& job_id, std::vector<RemoteFile> files) {
    const market::Product& product = market::product_of(request.product);
    SPY_ASSIGN(const fs::path folder, raw_folder(context.lake_root, product, request.kind, request.symbol));
    const auto data = std::ranges::count_if(files, [](const auto& file) { return is_data_name(file.name); });
    std::string nominal = raw_file_name(product, request.kind, request.symbol, request.date);
    std::vector<Placed> placed;
    for (RemoteFile& file : files) {
        Placed one{std::move(file), {}, false};
        one.is_data = is_data_name(one.file.name);
        if (!one.is_data) {
            one.place = batch_job_folder(context.lake_root, job_id) / one.file.name;
        } else if (data > 1) {
            one.place = folder / job_id / one.file.name;
        } else {
            if (!one.file.name.ends_with(".zst")) nominal.resize(nominal.size() - 4);
            one.place = folder / nominal;
        }
        placed.push_back(std::move(one));
    }
    return placed;
}

// Nothing of the day may be there that the job's files do not bring: readers would take both for the day.
Result<void> check_alone(const JobFilesContext& context, const JobRequest& request, const std::string& job_id,
                         const std::vector<Placed>& placed) {
    if (request.kind == RawKind::definitions) return {};  // those of several files are merged
    const bool brings_data = std::ranges::any_of(placed, &Placed::is_data);
    if (!brings_data) return {};
    SPY_ASSIGN(const std::vector<fs::path> present, present_files(context.lake_root, request));
    for (const fs::path& path : present) {
        if (std::ranges::find(placed, path, &Placed::place) != placed.end()) continue;
        return make_error(
            ErrorCode::conflict,
            "{} holds {} of {} on {} already, and {} of job {} would be read beside it; move it "
            "away to have the job's",
            path.string(), request.schema, request.symbol, request.date.iso(),
            std::ranges::find(placed, true, &Placed::is_data)->place.string(), job_id);
    }
    return {};
}

// True: it is there. Error (conflict): something else is.
Result<bool> is_there(const Placed& placed, const std::string& job_id) {
    std::error_code failed;
    if (!fs::exists(fs::symlink_status(placed.place, failed))) return false;
    SPY_ASSIGN(const FileHash there, sha256_of_file(placed.place));
    if (there.sha256 == placed.file.sha256) return true;
    return make_error(ErrorCode::conflict,
                      "{} is there and is not {} of job {} (SHA-256 {} and {}); it is left as it is: move it "
                      "away to have the job's",
                      placed.place.string(), placed.file.name, job_id, there.sha256, placed.file.sha256);
}

}  // namespace

Result<std::vector<fs::path>> present_files(const fs::path& lake_root, const JobRequest& request) {
    const market::Product& product = market::product_of(request.product);
    auto found = find_raw_files(lake_root, product, request.kind, request.symbol, request.date);
    if (!found.ok() && found.error().code == ErrorCode::missing) return std::vector<fs::path>{};
    if (!found.ok()) return found;
    std::erase_if(*found, is_recording);  // stands in only while nothing is downloaded
    if (request.kind != RawKind::definitions) return found;
    const std::string own = raw_file_name(product, request.kind, request.symbol, request.date);
    std::erase_if(*found, [&](const fs::path& path) { return path.filename() != own; });
    return found;
}

Result<std::vector<fs::path>> download_job_files(const JobFilesContext& context, const JobRequest& request,
                                                 const std::string& job_id) {
    SPY_ASSIGN(std::vector<RemoteFile> files, context.service.list_files(job_id));
    if (files.empty()) return make_error(ErrorCode::missing, "job {} has no files", job_id);
    SPY_ASSIGN(const std::vector<Placed> placed, places_of(context, request, job_id, std::move(files)));
    SPY_TRY(check_alone(context, request, job_id, placed));
    std::uint64_t all_bytes = 0;
    for (const Placed& each : placed) all_bytes += each.file.size_bytes;
    std::uint64_t done_bytes = 0;
    std::vector<fs::path> paths;
    for (const Placed& each : placed) {
        SPY_ASSIGN(const bool there, is_there(each, job_id));
        if (!there) {
            const VerifiedFileContext of_file{
                context.service, context.pause, context.stopped, context.say,
                [&](std::uint64_t bytes) { context.progress(done_bytes + bytes, all_bytes); }};
            SPY_TRY(download_verified(of_file, each.file, job_id, each.place));
        }
        done_bytes += each.file.size_bytes;
        context.progress(done_bytes, all_bytes);
        paths.push_back(each.place);
    }
    return paths;
}

}  // namespace spymaster::feed
