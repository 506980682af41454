// A historical service in memory, a clock that only pauses move, and a lake in a temporary folder.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "feed/historical/download_jobs.hpp"
#include "feed/simulated/simulated_day.hpp"

namespace spymaster::feed {

// Jobs are done after two lists. Tests break it by its members.
class ServiceInMemory final : public BatchService {
  public:
    struct Job {
        JobRequest request;
        int lists = 0;
        std::string state = "queued";
    };

    std::map<std::string, std::string> data;  // by "schema|symbol sent first": the bytes of the day's file
    std::map<std::string, Job> jobs;
    std::vector<std::string> submitted;  // keys, in order
    std::vector<std::uint64_t> fetched_from;
    std::map<std::string, Error> cost_errors;    // by key
    std::map<std::string, Error> submit_errors;  // by key
    std::deque<std::string> given_up;            // state of the next job that is made, instead of queued
    int failing_lists = 0;
    std::size_t cut_after = 0;  // bytes of each fetch; 0: all
    int corrupt_fetches = 0;    // a byte of so many is changed
    bool ignores_range = false;
    int forget_after_lists = 1000;

    Result<JobCost> cost(const JobRequest& request) override {
        if (const auto error = cost_errors.find(request.key()); error != cost_errors.end())
            return error->second;
        return JobCost{1.5, 100, 10};
    }

    Result<RemoteJob> submit(const JobRequest& request) override {
        if (const auto error = submit_errors.find(request.key()); error != submit_errors.end())
            return error->second;
        submitted.push_back(request.key());
        const std::string id = "JOB-" + std::to_string(submitted.size());
        jobs[id] = {request};
        if (!given_up.empty()) {
            jobs[id].state = given_up.front();
            given_up.pop_front();
        }
        return RemoteJob{id, "queued"};
    }

    Result<std::vector<RemoteJob>> list_jobs(const market::Date&) override {
        if (failing_lists > 0) {
            --failing_lists;
            return make_error(ErrorCode::io, "503 out of order");
        }
        std::vector<RemoteJob> listed;
        for (auto& [id, job] : jobs) {
            ++job.lists;
            if (job.lists > forget_after_lists) continue;
            if (job.state == "queued" && job.lists == 2) job.state = "done";
            listed.push_back({id, job.state});
        }
        return listed;
    }

    Result<std::vector<RemoteFile>> list_files(const std::string& id) override {
        std::vector<RemoteFile> files{{"manifest.json", 2, sha256_of("{}"), "/manifest"}};
        const std::string& bytes = bytes_of(jobs.at(id).request);
        if (!bytes.empty()) {
            files.push_back({"batch-" + jobs.at(id).request.date.compact() + ".dbn.zst", bytes.size(),
                             sha256_of(bytes), "/data/" + id});
        }
        return files;
    }

    Result<HttpFetch> fetch(const RemoteFile& file, std::uint64_t from, const HttpSink& sink) override {
        std::string bytes = file.path == "/manifest" ? "{}" : bytes_of(jobs.at(file.path.substr(6)).request);
        fetched_from.push_back(from);
        if (corrupt_fetches > 0) {
            --corrupt_fetches;
            bytes.back() = static_cast<char>(bytes.back() ^ 1);
        }
        const std::uint64_t begin = ignores_range ? 0 : from;
        const bool cut = cut_after > 0 && bytes.size() - begin > cut_after;
        const std::string_view part =
            std::string_view(bytes).substr(begin, cut ? cut_after : std::string::npos);
        SPY_TRY(sink.begin(begin));
        SPY_TRY(sink.take(std::as_bytes(std::span(part))));
        return cut ? HttpFetch{HttpFetch::End::cut, "connection lost"} : HttpFetch{};
    }

  private:
    const std::string& bytes_of(const JobRequest& request) {
        return data[request.schema + "|" + request.symbols.front()];
    }
};

inline std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The files of a downloaded day of ES with its options, simulated once a test program.
class DownloadDay : public ::testing::Test {
  protected:
    static constexpr market::Date kDate{2026, 1, 6};

    DownloadDay() {
        std::string name = (std::filesystem::temp_directory_path() / "spymaster-download-XXXXXX").string();
        lake_ = mkdtemp(name.data());
        service_.data["definition|ES.OPT"] = definitions();
        service_.data["mbo|ES.FUT"] = "orders of the future";
        service_.data[std::string("mbo|") + kParent] = std::string(5'000, 'o') + "options";
        service_.data[std::string("statistics|") + kParent] = "statistics";
    }
    ~DownloadDay() override {
        std::error_code ignored;
        std::filesystem::remove_all(lake_, ignored);
    }

    // 2026-01-06 is the first Tuesday of its month.
    static constexpr const char* kParent = "E1B.OPT";
    // A definition file of the day.
    static const std::string& definitions();

    [[nodiscard]] std::vector<JobRequest> requests() const {
        DownloadPlanOptions options;
        options.start = options.end = kDate;
        options.symbols = {"ES"};
        options.include_futures = true;
        options.options_schemas = {"definition", "mbo", "statistics"};
        return *plan_jobs(options);
    }

    [[nodiscard]] DownloadSettings settings() const { return {.lake_root = lake_, .definition_codes = {}}; }
    DownloadSurroundings surroundings() {
        return {.now_ns = [this] { return now_ns_; },
                .pause =
                    [this](std::chrono::milliseconds time) {
                        now_ns_ += time.count() * 1'000'000;
                        if (++pauses_ == stop_at_pause_) stopped_ = true;
                        return !stopped_;
                    },
                .stopped = [this] { return stopped_; },
                .log = [this](const std::string& line) { log_ += line + "\n"; },
                .consent = [this](const std::vector<JobQuote>& quotes) -> Result<void> {
                    asked_ += quotes.size();
                    if (refuses_) return make_error(ErrorCode::conflict, "not agreed to");
                    return {};
                },
                .progress = [](std::uint64_t done, std::uint64_t all) { EXPECT_LE(done, all); }};
    }

    JobTracker tracker() const { return std::move(*JobTracker::open(lake_ / "logs/jobs.json", "this test")); }

    [[nodiscard]] std::filesystem::path place(const JobRequest& request) const {
        const market::Product& product = market::product_of(request.product);
        return *raw_folder(lake_, product, request.kind, request.symbol) /
               raw_file_name(product, request.kind, request.symbol, request.date);
    }
    [[nodiscard]] int lines_with(const std::string& text) const {
        int count = 0;
        for (auto at = log_.find(text); at != std::string::npos; at = log_.find(text, at + 1)) ++count;
        return count;
    }

    std::filesystem::path lake_;
    ServiceInMemory service_;
    std::int64_t now_ns_ = 1'767'700'000'000'000'000;
    int pauses_ = 0;
    int stop_at_pause_ = -1;
    bool stopped_ = false;
    bool refuses_ = false;
    std::size_t asked_ = 0;
    std::string log_;
};

inline const std::string& DownloadDay::definitions() {
    static const std::string bytes = [] {
        std::string name = (std::filesystem::temp_directory_path() / "spymaster-definitions-XXXXXX").string();
        const std::filesystem::path folder = mkdtemp(name.data());
        DayOptions day;
        day.future.date = kDate;
        day.future.session = *market::on_date(*market::parse_session("09:30-09:31"), kDate);
        day.strikes = 5;
        const market::Product* const products[] = {
            &market::product_of(market::ProductType::future_option_mbo)};
        const auto files = simulated_day(products, day);
        for (const DayFile& file : *files) {
            if (file.kind != RawKind::definitions) continue;
            EXPECT_TRUE(write_simulated_file(*file.open(), folder / "definitions.dbn.zst", false).ok());
        }
        std::string text = bytes_of(folder / "definitions.dbn.zst");
        std::filesystem::remove_all(folder);
        return text;
    }();
    return bytes;
}

}  // namespace spymaster::feed
