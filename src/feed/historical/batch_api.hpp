// The batch and metadata calls of Databento's historical API that downloads need (spec 2.8). One thread.
#pragma once

#include "feed/historical/batch_service.hpp"

namespace spymaster::feed {

class BatchApi final : public BatchService {
  public:
    explicit BatchApi(HttpClient client) : client_(std::move(client)) {}

    Result<JobCost> cost(const JobRequest& request) override;
    Result<RemoteJob> submit(const JobRequest& request) override;
    Result<std::vector<RemoteJob>> list_jobs(const market::Date& since) override;
    Result<std::vector<RemoteFile>> list_files(const std::string& job_id) override;
    Result<HttpFetch> fetch(const RemoteFile& file, std::uint64_t from, const HttpSink& sink) override;

  private:
    HttpClient client_;
};

}  // namespace spymaster::feed
