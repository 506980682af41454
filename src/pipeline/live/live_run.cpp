#include "pipeline/live/live_run.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "pipeline/live/market_feed.hpp"

namespace spymaster::pipeline {

class LiveRun::Impl {
  public:
    Impl(const lake::Lake& lake, LiveRunOptions options, LiveSink& sink)
        : lake_(lake), options_(std::move(options)), sink_(sink) {}

    Result<void> create_feeds() {
        for (const feed::live::LiveOptions& feed_options : options_.feeds) {
            SPY_ASSIGN(auto feed, feed::live::LiveFeed::create(feed_options));
            auto consumer = std::make_unique<MarketFeed>(
                feed_options, [this](market::Date date) { return market_of(date); }, sink_, sink_mutex_,
                options_.stale_after, [this] { over(); });
            consumer->count_by(feed->counters());
            feeds_.push_back({std::move(feed), std::move(consumer), {}});
        }
        return {};
    }

    Result<LiveOutcome> run() {
        std::vector<std::jthread> threads;
        for (One& one : feeds_) {
            threads.emplace_back([this, &one] {
                one.ended = one.feed->run(*one.consumer);
                if (!one.ended.ok()) stop();
            });
        }
        threads.clear();  // joins
        for (One& one : feeds_) {
            one.consumer->end(over_ ? FeedPhase::ended : FeedPhase::stopped,
                              one.ended.ok() ? std::string() : one.ended.error().message);
        }
        if (market_) market_->end();
        for (One& one : feeds_) SPY_TRY(std::move(one.ended));
        LiveOutcome outcome;
        if (!over_) return outcome;
        outcome.session_over = true;
        SPY_ASSIGN(outcome.report, market_->commit());
        return outcome;
    }

    void stop() noexcept {
        for (One& one : feeds_) one.feed->stop();
    }

  private:
    struct One {
        std::unique_ptr<feed::live::LiveFeed> feed;
        std::unique_ptr<MarketFeed> consumer;
        Result<void> ended;
    };

    Result<LiveMarket*> market_of(market::Date date) {
        const std::scoped_lock lock(market_mutex_);
        if (!market_) {
            LiveMarketOptions options = options_.market;
            if (options_.any_date) {
                options.outright.date = date;
                if (options.options) options.options->date = date;
            }
            market_ = LiveMarket::open(lake_, std::move(options), sink_);
        }
        return market_.get();
    }

    void over() {
        over_ = true;
        stop();
    }

    const lake::Lake& lake_;
    LiveRunOptions options_;
    LiveSink& sink_;
    std::mutex sink_mutex_;
    std::mutex market_mutex_;
    std::unique_ptr<LiveMarket> market_;
    std::vector<One> feeds_;
    std::atomic<bool> over_ = false;
};

Result<std::unique_ptr<LiveRun>> LiveRun::create(const lake::Lake& lake, LiveRunOptions options,
                                                 LiveSink& sink) {
    auto impl = std::make_unique<Impl>(lake, std::move(options), sink);
    SPY_TRY(impl->create_feeds());
    return std::unique_ptr<LiveRun>(new LiveRun(std::move(impl)));
}

LiveRun::LiveRun(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiveRun::~LiveRun() = default;

Result<LiveOutcome> LiveRun::run() {
    return impl_->run();
}
void LiveRun::stop() noexcept {
    impl_->stop();
}

}  // namespace spymaster::pipeline
