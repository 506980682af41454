#include "feed/gateway/job_book.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "feed/gateway/metadata_calls.hpp"
#include "feed/gateway/schema_facts.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::string_view kStateNames[] = {"queued", "processing", "done", "expired", "error"};
constexpr std::string_view kSplitNames[] = {"none", "day", "week", "month", "year"};

std::int64_t now_utc_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::int64_t nanoseconds(std::chrono::milliseconds time) {
    return std::chrono::nanoseconds(time).count();
}

// "GLBX-20261130-5C0B64E98A": distinct for every job of every gateway.
std::string job_id(const DataRequest& request, std::size_t number, std::int64_t now_ns) {
    std::string hash = sha256_of(fmt::format("{}|{}|{}", ::getpid(), number, now_ns)).substr(0, 10);
    for (char& c : hash) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    const auto venue = request.dataset.substr(0, request.dataset.find('.'));
    return fmt::format("{}-{}-{}", venue, market::utc_date(now_ns).compact(), hash);
}

Result<WrittenFile> write_text(const fs::path& folder, std::string_view name, const Json& json) {
    std::ofstream out(folder / name, std::ios::binary);
    out << json.dump(4, ' ', true, Json::error_handler_t::replace) << '\n';
    out.close();
    if (!out) return make_error(ErrorCode::io, "cannot write {}", (folder / name).string());
    return describe_file(folder, name);
}

Json when(std::int64_t ns, bool come) {
    return come ? Json(market::format_utc(ns)) : Json();
}

}  // namespace

std::string_view name_of(JobState state) {
    return kStateNames[static_cast<std::size_t>(state)];
}

Json job_json(const JobView& job) {
    const auto& request = job.request;
    const bool begun = job.state != JobState::queued;
    const bool done = job.state == JobState::done || job.state == JobState::expired;
    std::uint64_t size = 0;
    for (const auto& file : job.files) size += file.size;
    const auto known = [done](const auto& value) { return done ? Json(value) : Json(); };
    return {{"id", job.id},
            {"user_id", "LOCAL"},
            {"cost_usd", known(cost_of(request.schema, job.bill.bytes))},
            {"dataset", request.dataset},
            {"symbols", request.symbols.size() == 1 ? Json(request.symbols.front()) : Json(request.symbols)},
            {"stype_in", dbn::to_string(request.stype_in)},
            {"stype_out", dbn::to_string(request.stype_out)},
            {"schema", dbn::to_string(request.schema)},
            {"start", market::format_utc(static_cast<std::int64_t>(request.start_ns))},
            {"end", market::format_utc(static_cast<std::int64_t>(request.end_ns))},
            {"limit", request.limit == 0 ? Json() : Json(request.limit)},
            {"encoding", "dbn"},
            {"compression", job.packing.zstd ? Json("zstd") : Json("none")},
            {"pretty_px", false},
            {"pretty_ts", false},
            {"map_symbols", false},
            {"split_symbols", job.packing.split_symbols},
            {"split_duration", kSplitNames[static_cast<std::size_t>(job.packing.split)]},
            {"split_size", nullptr},
            {"packaging", nullptr},
            {"delivery", "download"},
            {"record_count", known(job.bill.records)},
            {"billed_size", known(job.bill.bytes)},
            {"actual_size", known(size)},
            {"package_size", known(size)},
            {"state", name_of(job.state)},
            {"ts_received", market::format_utc(job.received_ns)},
            {"ts_queued", market::format_utc(job.received_ns)},
            {"ts_process_start", when(job.process_start_ns, begun)},
            {"ts_process_done", when(job.process_done_ns, done)},
            {"ts_expiration", when(job.expiration_ns, done)},
            {"progress", begun ? Json(job.progress) : Json()}};
}

struct JobBook::Job {
    JobView facts;  // but for state and progress, which time tells
    DataPlan plan;
    std::vector<FilePart> parts;
    bool to_fail = false;
    bool written = false;
    bool failed = false;
    bool removed = false;
};

JobBook::JobBook(std::shared_ptr<const RawLibrary> library, const HistoricalOptions& options, fs::path folder,
                 bool temporary)
    : library_(std::move(library)), options_(options), folder_(std::move(folder)), temporary_(temporary) {
    writer_ = std::thread([this] { write_jobs(); });
}

JobBook::~JobBook() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    writer_.join();
    std::error_code ignored;
    if (temporary_) fs::remove_all(folder_, ignored);
}

Result<std::unique_ptr<JobBook>> JobBook::open(std::shared_ptr<const RawLibrary> library,
                                               const HistoricalOptions& options) {
    std::error_code failed;
    fs::path folder = options.state;
    const bool temporary = folder.empty();
    if (temporary) {
        std::string pattern = (fs::temp_directory_path(failed) / "spymaster-jobs-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            return make_error(ErrorCode::io, "cannot make a folder for jobs in {}",
                              fs::path(pattern).parent_path().string());
        folder = pattern;
    } else if (fs::create_directories(folder, failed); failed) {
        return make_error(ErrorCode::io, "cannot make {}: {}", folder.string(), failed.message());
    }
    return std::unique_ptr<JobBook>(new JobBook(std::move(library), options, std::move(folder), temporary));
}

Result<JobView> JobBook::submit(DataPlan plan, const Packing& packing, bool to_fail) {
    SPY_ASSIGN(auto parts, file_parts(plan, packing));
    auto job = std::make_shared<Job>();
    const std::lock_guard lock(mutex_);
    auto& facts = job->facts;
    facts.received_ns = now_utc_ns();
    facts.id = job_id(plan.request, jobs_.size(), facts.received_ns);
    facts.request = plan.request;
    facts.packing = packing;
    facts.folder = folder_ / facts.id;
    facts.process_start_ns = facts.received_ns + nanoseconds(options_.queued);
    facts.process_done_ns = facts.process_start_ns + nanoseconds(options_.processing);
    job->plan = std::move(plan);
    job->parts = std::move(parts);
    job->to_fail = to_fail;
    jobs_.push_back(job);
    to_write_.push_back(job);
    changed_.notify_all();
    return view(*job);
}

JobView JobBook::view(Job& job) {
    const std::int64_t now = now_utc_ns();
    JobView seen = job.facts;
    seen.expiration_ns = seen.process_done_ns + nanoseconds(options_.expires);
    if (now < seen.process_start_ns) {
        seen.state = JobState::queued;
    } else if (now < seen.process_done_ns || !(job.written || job.failed)) {
        seen.state = JobState::processing;
        const auto spent = static_cast<double>(now - seen.process_start_ns);
        const auto whole = static_cast<double>(std::max<std::int64_t>(nanoseconds(options_.processing), 1));
        seen.progress = static_cast<int>(std::min(99.0, 100.0 * spent / whole));
    } else if (job.failed) {
        seen.state = JobState::error;
    } else {
        seen.state = now < seen.expiration_ns ? JobState::done : JobState::expired;
        seen.progress = 100;
    }
    if (seen.state == JobState::expired && !std::exchange(job.removed, true)) {
        std::error_code ignored;
        fs::remove_all(seen.folder, ignored);
    }
    if (seen.state != JobState::done) seen.files.clear();
    return seen;
}

std::vector<JobView> JobBook::list() {
    const std::lock_guard lock(mutex_);
    std::vector<JobView> all;
    all.reserve(jobs_.size());
    for (const auto& job : jobs_) all.push_back(view(*job));
    return all;
}

std::optional<JobView> JobBook::find(std::string_view id) {
    const std::lock_guard lock(mutex_);
    for (const auto& job : jobs_) {
        if (job->facts.id == id) return view(*job);
    }
    return std::nullopt;
}

void JobBook::write_jobs() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stop_ || !to_write_.empty(); });
        if (stop_) return;
        const auto job = to_write_.front();
        to_write_.pop_front();
        lock.unlock();
        auto written = write(*job);  // reads what submit() set and nobody changes
        lock.lock();
        job->failed = !written.ok();
        job->written = written.ok();
        if (!written) continue;
        job->facts.files = std::move(written->files);
        job->facts.bill = written->bill;
        job->facts.process_done_ns = std::max(job->facts.process_done_ns, now_utc_ns());
    }
}

Result<WrittenData> JobBook::write(const Job& job) {
    if (job.to_fail) return make_error(ErrorCode::internal, "fails on purpose");
    const auto& folder = job.facts.folder;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return make_error(ErrorCode::io, "cannot make {}: {}", folder.string(), failed.message());
    SPY_ASSIGN(auto written, write_parts(*library_, job.plan, job.facts.packing, job.parts, folder, stop_));
    const auto& request = job.plan.request;
    const auto first = date_of(day_of_ns(request.start_ns));
    const Day end = day_of_ns(request.end_ns - 1) + 1;
    Json query = job_json(job.facts);
    const std::pair<std::string_view, Json> documents[] = {
        {"metadata.json", {{"version", 1}, {"job_id", job.facts.id}, {"query", std::move(query)}}},
        {"symbology.json", resolution_json(job.plan.resolution, request.symbols, request.stype_in,
                                           request.stype_out, first, date_of(end))},
        {"condition.json", condition_json(*library_, request.dataset, first, date_of(end - 1))},
    };
    for (const auto& [name, json] : documents) {
        SPY_ASSIGN(auto file, write_text(folder, name, json));
        written.files.push_back(std::move(file));
    }
    Json listed = Json::array();
    for (const auto& file : written.files)
        listed.push_back({{"filename", file.name}, {"size", file.size}, {"hash", "sha256:" + file.sha256}});
    SPY_ASSIGN(auto manifest,
               write_text(folder, "manifest.json", {{"job_id", job.facts.id}, {"files", std::move(listed)}}));
    written.files.push_back(std::move(manifest));
    return written;
}

}  // namespace spymaster::feed
