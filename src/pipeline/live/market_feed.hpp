// One feed of a live market: hands its records on, closes what is overdue, and tells how it is.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/live/live_feed.hpp"
#include "pipeline/live/live_market.hpp"
#include "pipeline/live/live_second.hpp"

namespace spymaster::pipeline {

// Called in the thread of the feed.
class MarketFeed final : public feed::live::LiveConsumer {
  public:
    // The market that measures a date, made when it is first asked for.
    using MarketOf = std::function<Result<LiveMarket*>(market::Date)>;

    // `on_over`: called when the market's session is over. Everything outlives it.
    MarketFeed(const feed::live::LiveOptions& feed, MarketOf market_of, LiveSink& sink,
               std::mutex& sink_mutex, std::chrono::milliseconds stale_after, std::function<void()> on_over);
    // Its feed's counters, before it runs.
    void count_by(const feed::live::FeedCounters& counters) { counters_ = &counters; }

    Result<void> on_recording(const feed::live::RecordingStart& start) override;
    Result<void> on_records(std::span<const std::byte> whole_records,
                            std::int64_t arrival_steady_ns) override;
    std::vector<std::byte> on_clock(std::int64_t feed_now_ns) override;
    void on_event(const feed::live::FeedEvent& event) override;

    // Tells the phase it ends with.
    void end(FeedPhase phase, std::string detail);

  private:
    void end_gap(std::span<const std::byte> whole_records);
    void enter(FeedPhase phase, std::string detail);
    void tell();

    bool brings_definitions_;
    bool caught_up_ = false;  // what was asked for of before has come, and the market has not been told
    MarketOf market_of_;
    LiveSink& sink_;
    std::mutex& sink_mutex_;  // several feeds tell one sink
    std::chrono::milliseconds stale_after_;
    std::function<void()> on_over_;
    const feed::live::FeedCounters* counters_ = nullptr;
    LiveMarket* market_ = nullptr;
    FeedState state_;
    std::chrono::steady_clock::time_point newest_arrival_{};
    std::chrono::steady_clock::time_point told_{};
};

}  // namespace spymaster::pipeline
