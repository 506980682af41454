#include "feed/historical/batch_api.hpp"

namespace spymaster::feed {

namespace {

std::string comma_joined(const std::vector<std::string>& symbols) {
    std::string text;
    for (const std::string& symbol : symbols) text += (text.empty() ? "" : ",") + symbol;
    return text;
}

// What says which records are wanted, to metadata and to batch alike.
HttpParameters selection_of(const JobRequest& request) {
    return {{"dataset", request.dataset},       {"start", request.date.iso()},
            {"end", request.date.next().iso()}, {"symbols", comma_joined(request.symbols)},
            {"schema", request.schema},         {"stype_in", request.stype_in},
            {"stype_out", "instrument_id"}};
}

}  // namespace

Result<JobCost> BatchApi::cost(const JobRequest& request) {
    const HttpParameters form = selection_of(request);
    const auto ask = [&](std::string_view what) {
        return client_.post(fmt::format("/v0/metadata.{}", what), form, HttpRepeat::always);
    };
    JobCost cost;
    SPY_ASSIGN(const std::string usd, ask("get_cost"));
    SPY_ASSIGN(cost.usd, parse_amount(usd));
    SPY_ASSIGN(const std::string bytes, ask("get_billable_size"));
    SPY_ASSIGN(cost.billable_bytes, parse_count(bytes));
    SPY_ASSIGN(const std::string records, ask("get_record_count"));
    SPY_ASSIGN(cost.records, parse_count(records));
    return cost;
}

Result<RemoteJob> BatchApi::submit(const JobRequest& request) {
    HttpParameters form = selection_of(request);
    for (const auto& [name, value] :
         {std::pair("encoding", "dbn"), std::pair("compression", "zstd"), std::pair("pretty_px", "0"),
          std::pair("pretty_ts", "0"), std::pair("map_symbols", "0"), std::pair("split_symbols", "0"),
          std::pair("split_duration", "day"), std::pair("delivery", "download")}) {
        form.emplace_back(name, value);
    }
    SPY_ASSIGN(const std::string answer, client_.post("/v0/batch.submit_job", form, HttpRepeat::only_unseen));
    return parse_job(answer);
}

Result<std::vector<RemoteJob>> BatchApi::list_jobs(const market::Date& since) {
    SPY_ASSIGN(const std::string answer,
               client_.get("/v0/batch.list_jobs",
                           {{"states", "queued,processing,done,expired"}, {"since", since.iso()}}));
    return parse_jobs(answer);
}

Result<std::vector<RemoteFile>> BatchApi::list_files(const std::string& job_id) {
    SPY_ASSIGN(const std::string answer, client_.get("/v0/batch.list_files", {{"job_id", job_id}}));
    return parse_files(answer);
}

Result<HttpFetch> BatchApi::fetch(const RemoteFile& file, std::uint64_t from, const HttpSink& sink) {
    return client_.fetch(file.path, from, sink);
}

}  // namespace spymaster::feed
