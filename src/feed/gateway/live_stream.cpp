#include "feed/gateway/live_stream.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "market/time.hpp"

namespace spymaster::feed {

namespace {

// While a session replays, that much waits for the socket at most.
constexpr std::size_t kReplayBacklog = std::size_t{256} << 10U;
// After so many records the socket has its turn.
constexpr int kRecordsATurn = 4096;
constexpr std::size_t kMaxSubscriptionsBeforeStart = kMaxSubscriptions;
constexpr std::chrono::seconds kWarnAgain{1};
// Symbols told one by one that did not resolve, of one subscription.
constexpr std::size_t kMostNotFound = 500;
// What so little time brings goes out together: sent one by one, records at many times the market's pace cost a system call
// and a wake-up each.
constexpr std::chrono::microseconds kTogether{250};
// A day: for ever, that is until the socket has something.
constexpr std::chrono::nanoseconds kLongest = std::chrono::hours{24};

// Records of which the newest says it all: the real service leaves out no others.
bool may_be_skipped(std::uint8_t type) {
    switch (type) {
        case dbn::rtype::mbp_1:
        case dbn::rtype::mbp_10:
        case dbn::rtype::bbo_1s:
        case dbn::rtype::bbo_1m:
        case dbn::rtype::cmbp_1:
        case dbn::rtype::cbbo_1s:
        case dbn::rtype::cbbo_1m:
            return true;
        default:
            return false;
    }
}

std::string named(const SubscriptionRequest& request) {
    const std::string schema = dbn::to_string(request.schema);
    return request.id ? fmt::format("Subscription request {} for {} data", *request.id, schema)
                      : fmt::format("Subscription request for {} data", schema);
}

}  // namespace

LiveStream::LiveStream(const RawLibrary& library, const LiveOptions& options, LiveDataset& dataset,
                       const Authentication& client, Backlog& backlog)
    : options_(options),
      dataset_(dataset),
      client_(client),
      backlog_(backlog),
      feed_(library, client.dataset, options.replay_limit),
      last_put_(Wall::now()) {}

std::uint64_t LiveStream::stamp() const {
    return std::max(dataset_.clock.now(), dataset_.from_ns);
}

void LiveStream::put_head() {
    if (std::exchange(head_sent_, true)) return;
    if (client_.zstd) backlog_.compress();
    backlog_.append(live_metadata(client_.dataset, stamp(), client_.ts_out));
}

void LiveStream::put(std::span<const std::byte> record) {
    last_put_ = Wall::now();
    if (!client_.ts_out) return backlog_.append(record);
    const std::uint64_t sent_ns = stamp();
    with_ts_out_.resize(record.size() + sizeof sent_ns);
    std::ranges::copy(record, with_ts_out_.begin());
    std::memcpy(with_ts_out_.data() + record.size(), &sent_ns, sizeof sent_ns);
    with_ts_out_.front() = static_cast<std::byte>(with_ts_out_.size() / 4);  // RecordHeader::length
    backlog_.append(with_ts_out_);
}

void LiveStream::fail(ErrorMsgCode code, std::string_view text) {
    if (state_ != LiveState::open) return;
    put_head();
    put_record(error_message(code, text, stamp()));
    state_ = LiveState::ending;
}

void LiveStream::subscribe(SubscriptionRequest request) {
    if (started_) return subscribe_now(request);
    if (before_start_.size() == kMaxSubscriptionsBeforeStart) {
        return fail(ErrorMsgCode::invalid_subscription,
                    fmt::format("More than {} subscriptions in one session", kMaxSubscriptionsBeforeStart));
    }
    before_start_.push_back(std::move(request));
}

void LiveStream::subscribe_now(const SubscriptionRequest& request) {
    if (state_ != LiveState::open) return;
    const bool late = before_start_.empty();
    const bool ignores_start = late && request.start_ns;
    SubscriptionRequest asked = request;
    if (late) asked.start_ns.reset();
    const auto outcome = feed_.subscribe(asked, late ? dataset_.clock.now() : started_ns_);
    if (!outcome) {
        const bool theirs = outcome.error().code == ErrorCode::usage;
        return fail(theirs ? ErrorMsgCode::invalid_subscription : ErrorMsgCode::internal_error,
                    fmt::format("{} failed: {}", named(request), field_text(outcome.error().message)));
    }
    tell_not_found(outcome->not_found);
    if (outcome->aged_out_ns) {
        put_record(error_message(
            ErrorMsgCode::replay_data_aged_out,
            fmt::format("{}: replay begins at {}, start is before; nothing is replayed", named(request),
                        market::format_utc(static_cast<std::int64_t>(*outcome->aged_out_ns))),
            stamp()));
    }
    if (outcome->replays && std::ranges::find(replayed_, request.schema) == replayed_.end()) {
        replayed_.push_back(request.schema);
    }
    put_record(
        system_message(SystemCode::subscription_ack,
                       fmt::format("{} succeeded{}", named(request),
                                   ignores_start ? "; start is ignored once the session has started" : ""),
                       stamp()));
}

void LiveStream::tell_not_found(const std::vector<std::string>& symbols) {
    const std::size_t told = std::min(symbols.size(), kMostNotFound);
    for (std::size_t i = 0; i < told; ++i) {
        std::string text = fmt::format("Failed to resolve symbol '{}'", field_text(symbols[i]));
        const bool last = i + 1 == told;
        if (last && told < symbols.size()) text += fmt::format(", and {} more", symbols.size() - told);
        auto message = error_message(ErrorMsgCode::symbol_resolution_failed, text, stamp());
        message.is_last = last ? 1 : 0;
        put_record(message);
    }
}

void LiveStream::start() {
    if (started_ || state_ != LiveState::open) return;
    started_ = true;
    dataset_.clock.start(dataset_.from_ns);
    started_ns_ = dataset_.clock.now();
    drops_ = options_.drop_at_ns;
    std::erase_if(drops_, [&](std::uint64_t at) { return at <= started_ns_; });
    std::ranges::sort(drops_, std::greater{});
    put_head();
    for (const auto& request : before_start_) subscribe_now(request);
    before_start_.clear();
}

void LiveStream::pump() {
    idle_ = kLongest;
    if (!started_) return;
    tell_skipped();
    for (int n = 0; state_ == LiveState::open; ++n) {
        waits_for_socket_ = !caught_up_and_paced() && backlog_.size() >= kReplayBacklog;
        if (waits_for_socket_) return;
        if (n == kRecordsATurn) {
            idle_ = std::chrono::nanoseconds{0};
            return;
        }
        if (step() == Step::wait) return beat();
    }
}

LiveStream::Step LiveStream::step() {
    const auto next = feed_.next();
    if (!next) {
        fail(ErrorMsgCode::internal_error, next.error().message);
        return Step::wait;
    }
    if (cut_is_due(*next)) {
        cut(*next);
        return Step::wait;
    }
    // With nothing to replay, what comes after the names and snapshots is live, however late it is.
    if (replaying_ && replayed_.empty() && (!*next || (*next)->ts_ns > started_ns_)) end_replay();
    const bool runs = dataset_.clock.runs();
    const std::uint64_t now_ns = dataset_.clock.now();
    const bool is_due = *next && ((*next)->ts_ns <= now_ns || (!runs && !replaying_));
    if (is_due) {
        if (!forward((*next)->record)) return Step::wait;
        dataset_.clock.reached((*next)->ts_ns);
        feed_.pop();
        return Step::next;
    }
    if (replaying_) {
        end_replay();
        return Step::next;
    }
    if (!*next && options_.close_at_end) {
        state_ = LiveState::ending;
    } else {
        wait_until(*next ? std::optional((*next)->ts_ns) : std::nullopt);
    }
    return Step::wait;
}

void LiveStream::end_replay() {
    replaying_ = false;
    for (const auto schema : std::exchange(replayed_, {})) {
        put_record(system_message(SystemCode::replay_completed,
                                  fmt::format("Replay of {} completed", dbn::to_string(schema)), stamp()));
    }
}

void LiveStream::wait_until(std::optional<std::uint64_t> ts_ns) {
    if (!dataset_.clock.runs()) return;
    if (!drops_.empty() && (!ts_ns || drops_.back() < *ts_ns)) ts_ns = drops_.back();
    if (ts_ns) idle_ = std::max<std::chrono::nanoseconds>(dataset_.clock.until(*ts_ns), kTogether);
}

// Where the clock runs: what is before that time has been sent, unless the session has not caught up. Where it does not, this
// session brings the time about.
bool LiveStream::cut_is_due(const std::optional<LiveFeed::Item>& next) const {
    if (drops_.empty()) return false;
    const bool next_is_after = !next || next->ts_ns >= drops_.back();
    if (!dataset_.clock.runs()) return next && next_is_after;
    return dataset_.clock.now() >= drops_.back() && (replaying_ || next_is_after);
}

void LiveStream::cut(const std::optional<LiveFeed::Item>& next) {
    dataset_.clock.reached(drops_.back());
    const auto heartbeat = system_message(SystemCode::heartbeat, "Heartbeat", stamp());
    const auto record = next ? next->record : std::as_bytes(std::span(&heartbeat, 1));
    backlog_.append(record.first(record.size() / 2));
    state_ = LiveState::cut;
}

// False: the session is over.
bool LiveStream::forward(std::span<const std::byte> record) {
    if (caught_up_and_paced() && !keeps_up(record)) return state_ == LiveState::open;
    put(record);
    return true;
}

// False: this record is left out, or the session is over.
bool LiveStream::keeps_up(std::span<const std::byte> record) {
    const std::size_t bound = options_.max_backlog_bytes;
    const std::size_t waiting = backlog_.size();
    if (waiting > bound) {
        state_ = LiveState::dropped;
        return false;
    }
    const bool behind = waiting > bound / 2;
    if (client_.slow_reader == SlowReader::skip && (behind || skipped_ > 0) &&
        may_be_skipped(dbn::load<dbn::RecordHeader>(record.data()).rtype)) {
        ++skipped_;
        return false;
    }
    if (behind && (!warned_ || Wall::now() - *warned_ > kWarnAgain)) {
        warned_ = Wall::now();
        put_record(system_message(SystemCode::slow_reader_warning,
                                  fmt::format("Slow reader: {} bytes wait to be read", waiting), stamp()));
    }
    return true;
}

void LiveStream::tell_skipped() {
    if (skipped_ == 0 || backlog_.size() >= options_.max_backlog_bytes / 16) return;
    put_record(error_message(ErrorMsgCode::skipped_records_after_slow_reading,
                             fmt::format("Skipped {} records after slow reading", skipped_), stamp()));
    skipped_ = 0;
}

void LiveStream::beat() {
    if (state_ != LiveState::open) return;
    if (backlog_.size() == 0 && Wall::now() - last_put_ >= client_.heartbeat_interval) {
        put_record(system_message(SystemCode::heartbeat, "Heartbeat", stamp()));
    }
}

std::chrono::nanoseconds LiveStream::idle_for() const {
    if (!started_ || state_ != LiveState::open) return idle_;
    if (waits_for_socket_ && backlog_.size() < kReplayBacklog) return std::chrono::nanoseconds{0};
    const std::chrono::nanoseconds to_beat = last_put_ + client_.heartbeat_interval - Wall::now();
    return std::max(std::chrono::nanoseconds{0}, std::min(idle_, to_beat));
}

}  // namespace spymaster::feed
