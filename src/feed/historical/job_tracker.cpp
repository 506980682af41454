#include "feed/historical/job_tracker.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/files.hpp"

namespace spymaster::feed {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

constexpr std::array kTexts{std::pair("job_id", &TrackedJob::job_id),
                            std::pair("dataset", &TrackedJob::dataset),
                            std::pair("schema", &TrackedJob::schema),
                            std::pair("symbol", &TrackedJob::symbol),
                            std::pair("date_str", &TrackedJob::date_str),
                            std::pair("product_type", &TrackedJob::product_type),
                            std::pair("stype_in", &TrackedJob::stype_in),
                            std::pair("state", &TrackedJob::state),
                            std::pair("submitted_at", &TrackedJob::submitted_at),
                            std::pair("updated_at", &TrackedJob::updated_at),
                            std::pair("downloaded_at", &TrackedJob::downloaded_at),
                            std::pair("error", &TrackedJob::error)};

// The texts of an array; false: it is none.
bool read_texts(const json& value, std::vector<std::string>& texts) {
    if (!value.is_array()) return false;
    for (const json& text : value) {
        if (!text.is_string()) return false;
        texts.push_back(text.get<std::string>());
    }
    return true;
}

Result<TrackedJob> parse_tracked(const std::string& key, const json& value) {
    if (!value.is_object()) return make_error(ErrorCode::malformed, "job '{}' is no object", key);
    TrackedJob job;
    for (const auto& [name, member] : kTexts) {
        const auto field = value.find(name);
        if (field == value.end() || field->is_null()) continue;
        if (!field->is_string())
            return make_error(ErrorCode::malformed, "'{}' of job '{}' is no text", name, key);
        job.*member = field->get<std::string>();
    }
    if (const auto count = value.find("symbols_count"); count != value.end() && count->is_number_unsigned())
        job.symbols_count = count->get<std::uint64_t>();
    if (const auto files = value.find("files"); files != value.end() && !read_texts(*files, job.files))
        return make_error(ErrorCode::malformed, "'files' of job '{}' is no list of texts", key);
    if (job.job_id.empty() || job.state.empty())
        return make_error(ErrorCode::malformed, "job '{}' has no 'job_id' or no 'state'", key);
    return job;
}

ordered_json json_of(const TrackedJob& job) {
    ordered_json value = ordered_json::object();
    for (const auto& [name, member] : kTexts) {
        if (!(job.*member).empty()) value[name] = job.*member;
        if (std::string_view(name) == "product_type") value["symbols_count"] = job.symbols_count;
    }
    if (!job.files.empty()) value["files"] = job.files;
    return value;
}

}  // namespace

bool is_on_its_way(std::string_view state) {
    return state != job_state::kDone && state != job_state::kDownloaded && state != job_state::kExpired &&
           state != job_state::kError && state != job_state::kFailed;
}

std::string format_tracker(const TrackedJobs& jobs) {
    ordered_json value{{"jobs", ordered_json::object()}, {"pending_downloads", jobs.pending_downloads}};
    for (const auto& [key, job] : jobs.jobs) value["jobs"][key] = json_of(job);
    return value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<TrackedJobs> parse_tracker(std::string_view text) {
    const json value = json::parse(text, nullptr, false);
    if (!value.is_object() || !value.contains("jobs") || !value["jobs"].is_object())
        return make_error(ErrorCode::malformed, "it is no JSON object with 'jobs'");
    TrackedJobs tracked;
    for (const auto& [key, entry] : value["jobs"].items()) {
        SPY_ASSIGN(tracked.jobs[key], parse_tracked(key, entry));
    }
    const auto pending = value.find("pending_downloads");
    std::vector<std::string> keys;
    if (pending != value.end() && !read_texts(*pending, keys))
        return make_error(ErrorCode::malformed, "'pending_downloads' is no list of texts");
    for (const auto& [key, job] : tracked.jobs)
        if (job.state == job_state::kDone) keys.push_back(key);
    for (std::string& key : keys) {
        const bool known = tracked.jobs.contains(key);
        if (known && std::ranges::find(tracked.pending_downloads, key) == tracked.pending_downloads.end())
            tracked.pending_downloads.push_back(std::move(key));
    }
    return tracked;
}

// A locked file that says who has the lock. It stays when the lock goes: to remove it would race with who comes next.
class JobTracker::Lock {
  public:
    static Result<std::unique_ptr<Lock>> take(const std::filesystem::path& path, const std::string& holder) {
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (descriptor < 0) {
            return make_error(ErrorCode::io, "cannot open {}: {}", path.string(),
                              std::generic_category().message(errno));
        }
        auto lock = std::unique_ptr<Lock>(new Lock(descriptor));
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) {
                return make_error(ErrorCode::io, "cannot lock {}: {}", path.string(),
                                  std::generic_category().message(errno));
            }
            return make_error(ErrorCode::conflict,
                              "{} is locked by {}; wait for it, or give another --tracker", path.string(),
                              lock->owner());
        }
        if (::ftruncate(descriptor, 0) != 0 ||
            ::pwrite(descriptor, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size())) {
            return make_error(ErrorCode::io, "cannot write {}: {}", path.string(),
                              std::generic_category().message(errno));
        }
        return lock;
    }
    ~Lock() { ::close(descriptor_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    explicit Lock(int descriptor) : descriptor_(descriptor) {}

    [[nodiscard]] std::string owner() const {
        std::array<char, 200> text{};
        const ssize_t size = ::pread(descriptor_, text.data(), text.size(), 0);
        return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "another process";
    }

    int descriptor_;
};

JobTracker::JobTracker(std::filesystem::path path, TrackedJobs jobs, std::unique_ptr<Lock> lock)
    : path_(std::move(path)), jobs_(std::move(jobs)), lock_(std::move(lock)) {}
JobTracker::JobTracker(JobTracker&&) noexcept = default;
JobTracker::~JobTracker() = default;

Result<JobTracker> JobTracker::open(const std::filesystem::path& path, const std::string& holder) {
    if (!path.has_filename()) return make_error(ErrorCode::usage, "--tracker '{}' is no file", path.string());
    SPY_TRY(make_folders(path.parent_path()));
    SPY_ASSIGN(std::unique_ptr<Lock> lock, Lock::take(path.string() + ".lock", holder));
    const Result<std::string> text = read_text(path, kMostBytes);
    if (!text.ok() && text.error().code == ErrorCode::missing) return JobTracker(path, {}, std::move(lock));
    if (!text.ok()) return text.error();
    auto jobs = parse_tracker(*text);
    if (!jobs.ok()) {
        return make_error(ErrorCode::malformed,
                          "{} is damaged: {}. It is left as it is: repair it, or move it away and start anew "
                          "(jobs that it knew would be asked for, and paid, again)",
                          path.string(), jobs.error().message);
    }
    return JobTracker(path, std::move(*jobs), std::move(lock));
}

TrackedJob* JobTracker::find(const std::string& key) {
    const auto found = jobs_.jobs.find(key);
    return found == jobs_.jobs.end() ? nullptr : &found->second;
}

Result<void> JobTracker::save() const {
    return replace_text(path_, format_tracker(jobs_));
}

}  // namespace spymaster::feed
