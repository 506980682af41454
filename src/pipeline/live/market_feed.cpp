#include "pipeline/live/market_feed.hpp"

#include <algorithm>
#include <utility>

#include "dbn/gateway_codes.hpp"
#include "dbn/inspection.hpp"
#include "dbn/records.hpp"

namespace spymaster::pipeline {

namespace {

using feed::live::FeedEvent;
using feed::live::FeedEventKind;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kGapsTold = 100;
constexpr int kNoSuchSymbol = static_cast<int>(dbn::ErrorMsgCode::symbol_resolution_failed);
constexpr std::chrono::milliseconds kTellEvery{500};

// How far behind the newest record is. A gateway that gives out a day of the past is months behind this machine's clock, or
// ahead of it: there the feed's own clock tells how late this program is.
std::int64_t lag_of(const feed::live::FeedCounters& counters) {
    constexpr std::int64_t kDay = 86'400'000'000'000;
    const std::int64_t by_this_machine = counters.lag_wall_ns;
    const bool of_the_present = by_this_machine > -kDay && by_this_machine < kDay;
    return of_the_present ? by_this_machine : counters.lag_feed_ns.load();
}

}  // namespace

MarketFeed::MarketFeed(const feed::live::LiveOptions& feed, MarketOf market_of, LiveSink& sink,
                       std::mutex& sink_mutex, std::chrono::milliseconds stale_after,
                       std::function<void()> on_over)
    : brings_definitions_(std::ranges::any_of(
          feed.subscriptions,
          [](const feed::live::LiveSubscription& asked) { return asked.schema == dbn::Schema::definition; })),
      market_of_(std::move(market_of)),
      sink_(sink),
      sink_mutex_(sink_mutex),
      stale_after_(stale_after),
      on_over_(std::move(on_over)) {
    state_.dataset = feed.dataset;
}

Result<void> MarketFeed::on_recording(const feed::live::RecordingStart& start) {
    SPY_ASSIGN(market_, market_of_(start.date));
    return market_->begin(state_.dataset, start.metadata, start.path, start.date);
}

Result<void> MarketFeed::on_records(std::span<const std::byte> whole_records,
                                    std::int64_t arrival_steady_ns) {
    const bool received = arrival_steady_ns != 0;
    const Clock::time_point arrived =
        received ? Clock::time_point(std::chrono::nanoseconds(arrival_steady_ns)) : Clock::now();
    if (received) {
        newest_arrival_ = arrived;
        end_gap(whole_records);
    }
    SPY_TRY(market_->add(state_.dataset, whole_records, arrived));
    // The feed tells that it has caught up before it hands over the records that it saw that in.
    if (brings_definitions_ && std::exchange(caught_up_, false)) SPY_TRY(market_->definitions_complete());
    if (market_->is_over()) on_over_();
    return {};
}

// The gap ends with the first record of the market that comes after it.
void MarketFeed::end_gap(std::span<const std::byte> whole_records) {
    if (state_.gaps.empty() || state_.gaps.back().end_ts_ns != 0) return;
    FeedGap& gap = state_.gaps.back();
    dbn::for_each_record(whole_records, [&gap](const std::byte* record) {
        if (gap.end_ts_ns != 0) return;
        const std::uint8_t type = dbn::load<dbn::RecordHeader>(record).rtype;
        if (type == dbn::rtype::mbo) {
            gap.end_ts_ns = static_cast<std::int64_t>(dbn::load<dbn::MboMsg>(record).ts_recv);
        } else if (type == dbn::rtype::cmbp_1) {
            gap.end_ts_ns = static_cast<std::int64_t>(dbn::load<dbn::Cmbp1Msg>(record).ts_recv);
        }
    });
}

std::vector<std::byte> MarketFeed::on_clock(std::int64_t feed_now_ns) {
    if (Clock::now() - told_ >= kTellEvery) tell();
    return market_ == nullptr ? std::vector<std::byte>{}
                              : market_->close_overdue(state_.dataset, feed_now_ns);
}

void MarketFeed::on_event(const FeedEvent& event) {
    switch (event.kind) {
        case FeedEventKind::connecting:
            return enter(state_.last_record_ts_ns == 0 ? FeedPhase::connecting : FeedPhase::reconnecting,
                         event.text);
        case FeedEventKind::connected:
            return enter(counters_->replaying ? FeedPhase::replaying : FeedPhase::live, event.text);
        case FeedEventKind::disconnected:
            return enter(FeedPhase::reconnecting, event.text);
        case FeedEventKind::replay_completed:
            caught_up_ = true;
            return enter(FeedPhase::live, {});
        case FeedEventKind::gap:
            state_.gaps.push_back({event.from_ns, event.to_ns, event.text});
            if (state_.gaps.size() > kGapsTold) state_.gaps.erase(state_.gaps.begin());
            return tell();
        case FeedEventKind::gateway_error:
            if (event.code == kNoSuchSymbol)
                return tell();  // of every code of options, those not listed today
            state_.detail = event.text;
            return tell();
        case FeedEventKind::recovered:
        case FeedEventKind::new_day:
        case FeedEventKind::gateway_message:
            return tell();
    }
}

void MarketFeed::end(FeedPhase phase, std::string detail) {
    enter(phase, std::move(detail));
}

void MarketFeed::enter(FeedPhase phase, std::string detail) {
    state_.phase = phase;
    state_.detail = std::move(detail);
    tell();
}

void MarketFeed::tell() {
    told_ = Clock::now();
    state_.lag_ns = lag_of(*counters_);
    state_.last_record_ts_ns = counters_->last_ts_recv_ns;
    state_.last_record_age_ns = newest_arrival_ == Clock::time_point{}
                                    ? 0
                                    : std::chrono::nanoseconds(told_ - newest_arrival_).count();
    state_.reconnects = counters_->reconnects;
    if (market_ != nullptr) state_.stale = market_->stale(told_, stale_after_);
    state_.records.clear();
    for (std::size_t type = 0; type < counters_->records.size(); ++type) {
        if (const std::uint64_t count = counters_->records[type])
            state_.records.push_back({std::string(dbn::type_name(static_cast<std::uint8_t>(type))), count});
    }
    const std::scoped_lock lock(sink_mutex_);
    sink_.on_feed(state_);
}

}  // namespace spymaster::pipeline
