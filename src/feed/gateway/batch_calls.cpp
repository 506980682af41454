// The calls of batch.* and the downloads of files.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "feed/gateway/historical_api.hpp"
#include "feed/gateway/metadata_calls.hpp"

namespace spymaster::feed {

namespace {

using Json = nlohmann::json;

Packing read_packing(RequestReader& reader) {
    Packing packing;
    const auto encoding = reader.or_else("encoding", "dbn");
    if (encoding != "dbn")
        reader.refuse_parameter("encoding", "this gateway serves dbn only, neither csv nor json");
    const auto compression = reader.or_else("compression", "none");
    if (compression != "zstd" && compression != "none")
        reader.refuse_parameter("compression", "is neither zstd nor none");
    packing.zstd = compression == "zstd";
    packing.split_symbols = reader.flag("split_symbols", false);
    for (const char* text_only : {"pretty_px", "pretty_ts", "map_symbols"}) reader.flag(text_only, false);
    if (reader.or_else("delivery", "download") != "download")
        reader.refuse_parameter("delivery", "can be download only");
    if (reader.optional("split_size")) reader.refuse_parameter("split_size", "is not served by this gateway");
    const auto split = reader.or_else("split_duration", "day");
    const std::pair<std::string_view, SplitDuration> known[] = {{"none", SplitDuration::none},
                                                                {"day", SplitDuration::day},
                                                                {"week", SplitDuration::week},
                                                                {"month", SplitDuration::month},
                                                                {"year", SplitDuration::year}};
    const auto* const found = std::find_if(std::begin(known), std::end(known),
                                           [&split](const auto& one) { return one.first == split; });
    if (found == std::end(known)) {
        reader.refuse_parameter("split_duration", "is none of day, week, month, year, none");
    } else {
        packing.split = found->second;
    }
    return packing;
}

std::set<std::string> read_states(RequestReader& reader) {
    const auto text = reader.or_else("states", "queued,processing,done");
    std::set<std::string> states;
    for (std::size_t at = 0; at <= text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        const auto state = text.substr(at, comma - at);
        if (state != "queued" && state != "processing" && state != "done" && state != "expired")
            reader.refuse_parameter(
                "states", fmt::format("'{}' is none of queued, processing, done, expired", shown(state)));
        states.insert(state);
        at = comma + 1;
    }
    return states;
}

}  // namespace

std::optional<JobView> HistoricalApi::named_job(RequestReader& reader) {
    const auto id = reader.required("job_id");
    if (reader.refusal()) return std::nullopt;
    auto job = jobs_->find(id);
    if (!job) reader.refuse(404, "batch_job_not_found", fmt::format("there is no job '{}'", shown(id)));
    return job;
}

HttpReply HistoricalApi::call_batch(const std::string& name, RequestReader& reader, const std::string& url) {
    if (name == "batch.submit_job") return submit_job(reader);
    if (name == "batch.list_jobs") return list_jobs(reader);
    const bool known =
        name == "batch.get_job_details" || name == "batch.list_files" || name == "batch.download";
    if (!known) return error_reply(404, "not_found", fmt::format("there is no call '{}'", shown(name)));
    const auto job = named_job(reader);
    if (!job) return {};
    if (name == "batch.get_job_details") return json_reply(job_json(*job));
    if (job->state != JobState::done) {
        const bool gone = job->state == JobState::expired;
        reader.refuse(
            gone ? 410 : 422, gone ? "batch_job_expired" : "batch_job_not_done",
            fmt::format("job {} is {}; its files are there while it is done", job->id, name_of(job->state)));
        return {};
    }
    return name == "batch.list_files" ? list_files(*job, url) : download_zip(reader, *job);
}

HttpReply HistoricalApi::submit_job(RequestReader& reader) {
    const auto packing = read_packing(reader);
    auto plan = plan_data(reader, *library_, read_data_request(reader, *library_));
    if (!plan) return {};
    bool to_fail = false;
    {
        const std::lock_guard lock(mutex_);
        to_fail = ++submitted_ == options_.faults.error_job;
    }
    const auto job = jobs_->submit(std::move(*plan), packing, to_fail);
    if (job) return json_reply(job_json(*job));
    reader.refuse(job.error());
    return {};
}

// A job in error is listed whatever states are asked for: the service has no name to ask for it.
HttpReply HistoricalApi::list_jobs(RequestReader& reader) {
    const auto states = read_states(reader);
    const auto since = reader.time("since");
    const bool brief = reader.flag("short", false);
    if (reader.refusal()) return {};
    Json all = Json::array();
    for (const auto& job : jobs_->list()) {
        if (since && job.received_ns < static_cast<std::int64_t>(since->ns)) continue;
        const auto state = name_of(job.state);
        if (job.state != JobState::error && !states.contains(std::string(state))) continue;
        const Json whole = job_json(job);
        all.push_back(
            brief
                ? Json{{"id", whole["id"]}, {"state", whole["state"]}, {"ts_received", whole["ts_received"]}}
                : whole);
    }
    return json_reply(all);
}

HttpReply HistoricalApi::list_files(const JobView& job, const std::string& url) {
    Json all = Json::array();
    for (const auto& file : job.files) {
        all.push_back({{"filename", file.name},
                       {"size", file.size},
                       {"hash", "sha256:" + file.sha256},
                       {"urls",
                        {{"https", fmt::format("{}/v0/batch/download/LOCAL/{}/{}", url, job.id, file.name)},
                         {"ftp", nullptr}}}});
    }
    return json_reply(all);
}

HttpReply HistoricalApi::download_zip(RequestReader& reader, const JobView& job) {
    std::vector<ArchivedFile> files;
    std::uint64_t bytes = 0;
    for (const auto& file : job.files) {
        files.push_back({file.name, job.folder / file.name, file.size, file.crc32});
        bytes += file.size + file.name.size() * 2 + 128;
    }
    if (bytes > ZipBody::kMaxBytes || files.size() > ZipBody::kMaxFiles) {
        reader.refuse(422, "batch_job_too_large", "too large for one archive; download its files one by one");
        return {};
    }
    auto body = std::make_unique<ZipBody>(std::move(files));
    HttpReply reply;
    reply.content_type = "application/zip";
    reply.source_bytes = body->size();
    reply.source = std::move(body);
    return reply;
}

// /v0/batch/download/{user}/{job_id}/{file}; the user may be left out.
HttpReply HistoricalApi::download_file(const HttpRequest& request) {
    const auto file_slash = request.path.rfind('/');
    const auto job_slash = request.path.rfind('/', file_slash - 1);
    const auto job = jobs_->find(request.path.substr(job_slash + 1, file_slash - job_slash - 1));
    const auto name = request.path.substr(file_slash + 1);
    if (!job) return error_reply(404, "batch_job_not_found", "there is no such job");
    if (job->state == JobState::expired) return error_reply(410, "batch_job_expired", "the job has expired");
    const auto file = std::find_if(job->files.begin(), job->files.end(),
                                   [&name](const WrittenFile& one) { return one.name == name; });
    if (file == job->files.end())
        return error_reply(404, "batch_file_not_found",
                           fmt::format("job {} has no file '{}'", job->id, shown(name)));
    DownloadFault fault{.cut_bytes = options_.faults.cut_download_bytes};
    {
        const std::lock_guard lock(mutex_);
        fault.corrupt = faults_left_.corrupt_downloads > 0;
        if (fault.corrupt) --faults_left_.corrupt_downloads;
    }
    HttpReply reply;
    reply.content_type = "application/octet-stream";
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    ByteRange range{0, file->size - 1};
    const auto asked =
        options_.faults.no_range > 0 ? RangeKind::whole : parse_range(request.range, file->size, range);
    if (asked == RangeKind::unsatisfiable) {
        auto refused = error_reply(416, "range_not_satisfiable", "the file ends before the range begins");
        refused.headers.emplace_back("Content-Range", fmt::format("bytes */{}", file->size));
        return refused;
    }
    if (asked == RangeKind::part) {
        reply.status = 206;
        reply.headers.emplace_back("Content-Range",
                                   fmt::format("bytes {}-{}/{}", range.first, range.last, file->size));
    }
    reply.source_bytes = range.last - range.first + 1;
    auto body = FileBody::open(job->folder / file->name, range.first, *reply.source_bytes, fault);
    if (!body) return error_reply(500, "internal_error", "the file cannot be read");
    reply.source = std::move(*body);
    return reply;
}

}  // namespace spymaster::feed
