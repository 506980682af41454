// What downloads ask of the historical service: an interface, so that tests can stand in for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/historical/batch_json.hpp"
#include "feed/historical/http_client.hpp"
#include "feed/historical/job_plan.hpp"

namespace spymaster::feed {

// What a request would cost and give, by the service.
struct JobCost {
    double usd = 0.0;
    std::uint64_t billable_bytes = 0;
    std::uint64_t records = 0;
};

class BatchService {
  public:
    BatchService() = default;
    virtual ~BatchService() = default;
    BatchService(const BatchService&) = delete;
    BatchService& operator=(const BatchService&) = delete;

    // Error: as HttpClient::get, or malformed (an answer that is none).
    virtual Result<JobCost> cost(const JobRequest& request) = 0;
    // Costs money. After an io error nobody knows whether the job was made.
    virtual Result<RemoteJob> submit(const JobRequest& request) = 0;
    // Of every state, received since midnight UTC of the date.
    virtual Result<std::vector<RemoteJob>> list_jobs(const market::Date& since) = 0;
    virtual Result<std::vector<RemoteFile>> list_files(const std::string& job_id) = 0;
    // As HttpClient::fetch.
    virtual Result<HttpFetch> fetch(const RemoteFile& file, std::uint64_t from, const HttpSink& sink) = 0;
};

}  // namespace spymaster::feed
