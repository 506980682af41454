#include "feed/live/live_feed.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "feed/live/connection.hpp"
#include "feed/live/intake.hpp"
#include "feed/live/recording_path.hpp"

namespace spymaster::feed::live {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Yesterday's recording is continued if it is not older than this.
constexpr std::chrono::hours kStillFresh{1};

// Between a fifth less and a fifth more, so that many clients do not come back at once.
milliseconds with_jitter(milliseconds wait, std::int64_t seed) {
    const auto mixed = static_cast<std::uint64_t>(seed) * 0x9E3779B97F4A7C15U >> 40U;
    return wait * (80 + static_cast<int>(mixed % 41)) / 100;
}

}  // namespace

std::string_view name_of(FeedEventKind kind) {
    switch (kind) {
        case FeedEventKind::connecting:
            return "connecting";
        case FeedEventKind::connected:
            return "connected";
        case FeedEventKind::disconnected:
            return "disconnected";
        case FeedEventKind::recovered:
            return "recovered";
        case FeedEventKind::replay_completed:
            return "replay_completed";
        case FeedEventKind::gap:
            return "gap";
        case FeedEventKind::new_day:
            return "new_day";
        case FeedEventKind::gateway_message:
            return "gateway_message";
        case FeedEventKind::gateway_error:
            break;
    }
    return "gateway_error";
}

class LiveFeed::Impl {
  public:
    Impl(LiveOptions options, Connector connector, LiveTime time)
        : options_(std::move(options)),
          connector_(std::move(connector)),
          time_(std::move(time)),
          ring_(options_.ring_bytes),
          planner_(options_.subscriptions) {}

    Result<void> run(LiveConsumer& consumer);

    FeedCounters counters_;
    std::atomic<bool> stop_ = false;

  private:
    Result<std::optional<FoundRecording>> recording_to_continue(const std::filesystem::path& folder) const;
    Result<void> sessions(Intake& intake);
    Result<void> session(Intake& intake);
    Result<void> move(Intake& intake, Connection& connection);
    Result<Repair> repair_after_last(Intake& intake);
    // What the end of a session means: an Error if no other can follow.
    Result<void> conclude(Intake& intake, const Connection& connection);
    void wait_before_next() const;

    LiveOptions options_;
    Connector connector_;
    LiveTime time_;
    ByteRing ring_;
    SessionPlanner planner_;
    std::uint32_t attempt_ = 0;  // since a session that worked
    Clock::time_point session_began_;
    bool ever_worked_ = false;
    bool gateway_has_it_all_ = true;  // false: a replay was refused as too old
};

Result<void> LiveFeed::Impl::run(LiveConsumer& consumer) {
    const auto folder = recording_folder(options_.root, options_.dataset);
    SPY_ASSIGN(const RecordingLock lock, RecordingLock::take(folder));
    Intake intake(options_, consumer, time_, counters_);
    SPY_ASSIGN(const auto earlier, recording_to_continue(folder));
    if (earlier) SPY_TRY(intake.recover(*earlier));
    const auto ended = sessions(intake);
    const auto finished = intake.finish();
    return ended ? finished : ended;
}

Result<std::optional<FoundRecording>> LiveFeed::Impl::recording_to_continue(
    const std::filesystem::path& folder) const {
    const market::Date today = market::utc_date(time_.wall_ns());
    const market::Date wanted = options_.day.value_or(today);
    const auto at = [&](const market::Date& date) {
        return FoundRecording{date, folder / recording_name(options_.dataset, date)};
    };
    std::error_code failed;
    if (std::filesystem::exists(at(wanted).path, failed)) return std::optional(at(wanted));
    if (options_.day) return std::optional<FoundRecording>();
    const auto yesterday = at(market::utc_date(today.midnight_utc_ns() - 1));
    const auto written = std::filesystem::last_write_time(yesterday.path, failed);
    const bool fresh = !failed && std::filesystem::file_time_type::clock::now() - written < kStillFresh;
    return fresh ? std::optional(yesterday) : std::nullopt;
}

Result<void> LiveFeed::Impl::sessions(Intake& intake) {
    while (!stop_.load()) {
        SPY_TRY(session(intake));
        wait_before_next();
    }
    return {};
}

Result<void> LiveFeed::Impl::session(Intake& intake) {
    SPY_ASSIGN(const Repair repair, repair_after_last(intake));
    const SessionPlan& plan = planner_.plan(repair, intake.received(), intake.caught_up());
    intake.begin_session(plan);
    ring_.clear();
    SPY_ASSIGN(const Destination to, destination_of(options_));
    ++attempt_;
    session_began_ = Clock::now();
    intake.tell({.kind = FeedEventKind::connecting,
                 .text = fmt::format("{}:{}", to.host, to.port),
                 .attempt = attempt_});
    Connection connection({connector_,
                           to,
                           {options_.dataset, options_.key, options_.heartbeat_interval_s,
                            options_.authentication_timeout, plan.subscriptions},
                           std::chrono::seconds(options_.heartbeat_interval_s) + options_.heartbeat_margin},
                          ring_, time_);
    const auto moved = move(intake, connection);
    counters_.connected.store(false);
    if (!moved) return moved;
    intake.end_session();
    return stop_.load() ? Result<void>() : conclude(intake, connection);
}

Result<void> LiveFeed::Impl::move(Intake& intake, Connection& connection) {
    while (!stop_.load() && intake.verdict() == Verdict::go_on) {
        const auto chunk = ring_.front(options_.clock_period);
        if (const auto opened = connection.take_opened()) {
            if (ever_worked_) bump(counters_.reconnects);
            counters_.connected.store(true);
            intake.tell({.kind = FeedEventKind::connected, .text = *opened, .attempt = attempt_});
        }
        if (chunk) {
            SPY_TRY(intake.take(*chunk));
            const std::int64_t arrival_ns = chunk->arrival_ns;
            ring_.pop();
            counters_.ring_high_water.store(ring_.high_water(), std::memory_order_relaxed);
            counters_.ring_full_waits.store(ring_.full_waits(), std::memory_order_relaxed);
            if (intake.verdict() == Verdict::go_on) SPY_TRY(intake.tick(arrival_ns));
            if (intake.works()) {
                attempt_ = 0;
                ever_worked_ = true;
            }
        } else if (connection.ended() && ring_.empty()) {
            break;
        } else {
            SPY_TRY(intake.tick(time_.steady_ns()));
        }
    }
    return {};
}

Result<void> LiveFeed::Impl::conclude(Intake& intake, const Connection& connection) {
    const bool verdict = intake.verdict() != Verdict::go_on;
    const std::string why = verdict ? intake.reason() : connection.why().message;
    intake.tell({.kind = FeedEventKind::disconnected, .text = why, .attempt = attempt_});
    if (!verdict) {
        if (connection.why().code == ErrorCode::usage) return connection.why();
        if (attempt_ != 0) bump(counters_.failed_connects);
        return {};
    }
    switch (intake.verdict()) {
        case Verdict::key_refused:
            return make_error(ErrorCode::usage, "the gateway refuses the key: {}; check DATABENTO_API_KEY",
                              why);
        case Verdict::subscription_refused:
            if (!ever_worked_)
                return make_error(ErrorCode::usage, "the gateway refuses a subscription: {}", why);
            return {};
        case Verdict::recorded_already:
            return intake.recover(*intake.recorded());
        case Verdict::late_start:
            intake.await_snapshot();
            return intake.tell_gap(why, intake.late_start_ns());
        case Verdict::aged_out:
            intake.await_snapshot();
            gateway_has_it_all_ = false;
            return intake.tell_gap(why, 0);
        default:
            return {};
    }
}

// Books that were being read when the line broke have to come anew, and what happened to the others since is not known.
Result<Repair> LiveFeed::Impl::repair_after_last(Intake& intake) {
    if (intake.in_snapshot()) {
        SPY_TRY(intake.tell_gap("the connection broke inside a snapshot", 0));
        intake.await_snapshot();
    }
    if (!intake.awaits_snapshot()) {
        gateway_has_it_all_ = true;
        return Repair::replay;
    }
    return gateway_has_it_all_ ? Repair::snapshot : Repair::start_over;
}

// At once after a session that worked, but never more often than the shortest wait.
void LiveFeed::Impl::wait_before_next() const {
    milliseconds wait = options_.first_backoff;
    auto from = session_began_;
    if (attempt_ != 0) {
        for (std::uint32_t i = 1; i < attempt_ && wait < options_.longest_backoff; ++i) wait *= 2;
        wait = with_jitter(std::min(wait, options_.longest_backoff), time_.steady_ns());
        from = Clock::now();
    }
    while (!stop_.load() && Clock::now() < from + wait) std::this_thread::sleep_for(options_.clock_period);
}

Result<std::unique_ptr<LiveFeed>> LiveFeed::create(LiveOptions options, Connector connector, LiveTime time) {
    SPY_TRY(check(options));
    auto impl = std::make_unique<Impl>(std::move(options), std::move(connector), std::move(time));
    return std::unique_ptr<LiveFeed>(new LiveFeed(std::move(impl)));
}

LiveFeed::LiveFeed(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiveFeed::~LiveFeed() = default;

Result<void> LiveFeed::run(LiveConsumer& consumer) {
    return impl_->run(consumer);
}

void LiveFeed::stop() noexcept {
    impl_->stop_.store(true);
}

const FeedCounters& LiveFeed::counters() const {
    return impl_->counters_;
}

}  // namespace spymaster::feed::live
