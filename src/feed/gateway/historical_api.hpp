// Databento's historical HTTP API over a library of raw files: who may call, how often, and which call it is.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "feed/gateway/historical_options.hpp"
#include "feed/gateway/http_message.hpp"
#include "feed/gateway/job_book.hpp"
#include "feed/gateway/rate_limit.hpp"
#include "feed/gateway/raw_library.hpp"
#include "feed/gateway/request_reader.hpp"

namespace spymaster::feed {

// A key that the gateway lets in: the fixed one, or with none fixed any of the right form.
bool key_is_good(std::string_view key, std::string_view fixed);

// Thread-safe.
class HistoricalApi {
  public:
    // Error: io (the folder for jobs).
    static Result<std::unique_ptr<HistoricalApi>> create(std::shared_ptr<const RawLibrary> library,
                                                         HistoricalOptions options);

    HttpReply answer(const HttpRequest& request);

  private:
    HistoricalApi(std::shared_ptr<const RawLibrary> library, HistoricalOptions options,
                  std::unique_ptr<JobBook> jobs);

    std::optional<HttpReply> hinder(const std::string& name);
    HttpReply call_batch(const std::string& name, RequestReader& reader, const std::string& url);
    HttpReply submit_job(RequestReader& reader);
    HttpReply list_jobs(RequestReader& reader);
    HttpReply list_files(const JobView& job, const std::string& url);
    HttpReply download_zip(RequestReader& reader, const JobView& job);
    HttpReply download_file(const HttpRequest& request);
    // The job named by job_id; refused if there is none.
    std::optional<JobView> named_job(RequestReader& reader);

    std::shared_ptr<const RawLibrary> library_;
    HistoricalOptions options_;
    std::unique_ptr<JobBook> jobs_;

    std::mutex mutex_;  // guards what follows
    std::map<std::string, RateLimit, std::less<>> limits_;
    GatewayFaults faults_left_;
    std::uint64_t submitted_ = 0;
};

}  // namespace spymaster::feed
