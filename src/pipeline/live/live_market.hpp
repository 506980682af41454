// A live market: the records of one or two feeds (what is traded, and the options on it) to the seconds of its contracts.
// What a later batch run makes of the recordings is what is made here: the same splitting, the same engine, the same rows.
//
// Records wait until the definitions of the day are there, where definitions are asked for: which options expire today, and what
// a tick is, has to be known first. That does not change their order.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/live/live_day.hpp"
#include "pipeline/live/live_second.hpp"

namespace spymaster::pipeline {

struct LiveMarketOptions {
    Job outright;                        // what is traded; symbol: a root, a contract, or a share
    std::optional<Job> options;          // on it, where they are measured
    std::vector<std::string> contracts;  // of a root: those that are measured
    bool awaits_definitions = false;     // some feed was asked for them
    // How long after its end by the feed's clock a second without a later record is closed.
    std::int64_t close_after_ns = 250'000'000;
    // The same by the newest record of the feed, whatever the instrument: while a replay runs ahead of any clock.
    std::int64_t close_behind_ns = 2'000'000'000;
};

// From any thread: calls wait for each other. `dataset` is that of the outright product or of the options.
class LiveMarket {
  public:
    // `lake` and `sink` outlive it.
    static std::unique_ptr<LiveMarket> open(const lake::Lake& lake, LiveMarketOptions options,
                                            LiveSink& sink);
    virtual ~LiveMarket() = default;

    // A recording begins: names of instruments come with its records. Of another date than the jobs': its records are not
    // measured. Error (conflict): of another dataset.
    virtual Result<void> begin(std::string_view dataset, const dbn::Metadata& metadata,
                               const std::filesystem::path& recording, const market::Date& date) = 0;
    // The next records of the recording. Error: stops the market: what is written does not follow from them any more.
    virtual Result<void> add(std::string_view dataset, std::span<const std::byte> whole_records,
                             std::chrono::steady_clock::time_point arrived) = 0;
    // All definitions that there were have come; those that come later still count.
    virtual Result<void> definitions_complete() = 0;
    // Clock markers for the windows that are over: to be recorded, and to come back by add().
    virtual std::vector<std::byte> close_overdue(std::string_view dataset, std::int64_t feed_now_ns) = 0;

    // Every second of every contract has been told, and there is one.
    [[nodiscard]] virtual bool is_over() const = 0;
    // Instruments that are measured, and how long ago their newest record arrived, if that is longer than `limit`.
    [[nodiscard]] virtual std::vector<FeedState::Stale> stale(std::chrono::steady_clock::time_point now,
                                                              std::chrono::nanoseconds limit) const = 0;
    // Writes what was measured into the lake, and its definitions and statistics. REQUIRES: is_over(), the feeds have stopped
    virtual Result<JobReport> commit() = 0;
    // No more seconds come.
    virtual void end() = 0;
};

}  // namespace spymaster::pipeline
