// A live session from its feeds to the lake: connects, measures every second as it closes, and commits the day when the session
// is over.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "feed/live/live_feed.hpp"
#include "lake/lake.hpp"
#include "pipeline/live/live_market.hpp"

namespace spymaster::pipeline {

struct LiveRunOptions {
    LiveMarketOptions market;
    bool any_date = false;  // the jobs' date is that of the first recording, not the one they bear
    std::vector<feed::live::LiveOptions>
        feeds;  // of the outright's dataset, and of the options' where that is another
    std::chrono::milliseconds stale_after{5000};
};

struct LiveOutcome {
    bool session_over =
        false;  // and everything is in the lake; false: stopped before, the recordings are whole
    JobReport report;
};

class LiveRun {
  public:
    // `lake` and `sink` outlive it. Error: as feed::live::LiveFeed::create.
    static Result<std::unique_ptr<LiveRun>> create(const lake::Lake& lake, LiveRunOptions options,
                                                   LiveSink& sink);
    ~LiveRun();
    LiveRun(const LiveRun&) = delete;
    LiveRun& operator=(const LiveRun&) = delete;

    // Until the session is over, stop(), or an Error of a feed, of the market or of the lake. Call it once.
    Result<LiveOutcome> run();
    // From any thread or signal handler.
    void stop() noexcept;

  private:
    class Impl;
    explicit LiveRun(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::pipeline
