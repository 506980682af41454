#include "feed/simulated/arrivals.hpp"

#include <algorithm>

namespace spymaster::feed {

namespace {

constexpr double kNanos = static_cast<double>(market::kNanosPerSecond);
constexpr double kRecordsPerEvent = 1.25;  // what the order flow makes of an event
constexpr double kThinPace = 0.6;
constexpr int kRampSeconds = 600;
constexpr int kSecondsPerDay = 86'400;

constexpr int at(int hour, int minute) {
    return hour * 3600 + minute * 60;
}

constexpr DayPart kGlobexParts[]{{at(3, 0), 0.35}, {at(9, 30), 0.6}, {at(10, 30), 3.0}, {at(15, 0), 1.5},
                                 {at(16, 0), 2.4}, {at(17, 0), 0.5}, {at(18, 0), 0.0},  {at(24, 0), 0.35}};
constexpr DayPart kNasdaqParts[]{{at(4, 0), 0.0},  {at(7, 0), 0.05}, {at(9, 30), 0.3}, {at(10, 30), 3.0},
                                 {at(15, 0), 1.5}, {at(16, 0), 2.6}, {at(20, 0), 0.1}, {at(24, 0), 0.0}};

// Of a second of the New York day; those of the evening before are below 0.
double busyness(const DayShape& day, int second) {
    if (second < 0) {
        if (!day.evening_before) return 0.0;
        second += kSecondsPerDay;
    }
    const DayPart* part = day.parts.data();
    while (second >= part->until_second) ++part;
    return part->busyness;
}

}  // namespace

constinit const DayShape kGlobexDay{kGlobexParts, true};
constinit const DayShape kNasdaqDay{kNasdaqParts, false};

Result<PacePlan> PacePlan::create(const market::Date& date, const market::SessionWindow& session,
                                  double events_per_second, DayShape day) {
    PacePlan plan;
    plan.begin_ns_ = date.midnight_utc_ns();
    plan.session_ = session;
    const std::int64_t day_end_ns = date.next().midnight_utc_ns();
    if (session.start_ns < plan.begin_ns_ || session.end_ns > day_end_ns ||
        session.start_ns >= session.end_ns) {
        return make_error(
            ErrorCode::usage,
            "the session {} to {} is not within the UTC day {} that a raw file holds; choose one that is",
            market::format_utc(session.start_ns), market::format_utc(session.end_ns), date.iso());
    }
    SPY_ASSIGN(const std::int64_t new_york_midnight_ns, market::local_instant(date, 0, "America/New_York"));
    const auto offset = static_cast<int>((new_york_midnight_ns - plan.begin_ns_) / market::kNanosPerSecond);
    const auto busy_at = [offset, day](int second) { return busyness(day, second - offset); };
    const auto start = static_cast<int>((session.start_ns - plan.begin_ns_) / market::kNanosPerSecond);
    const auto end = static_cast<int>((session.end_ns - plan.begin_ns_ - 1) / market::kNanosPerSecond) + 1;

    double total = 0.0;
    for (int s = start; s < end; ++s) total += busy_at(s);
    if (total <= 0.0) {
        return make_error(
            ErrorCode::usage,
            "the market is closed in all of the session (futures: 17:00-18:00 New York; shares: "
            "20:00-04:00); choose another");
    }
    const double scale = events_per_second * (end - start) / total;
    const double opening = scale * std::max(busy_at(start), 0.35);
    plan.expected_.push_back(0.0);
    plan.open_ns_ = session.end_ns;
    for (int s = 0; s < end; ++s) {
        double pace = scale * busy_at(s);
        if (s < start) pace = busy_at(s) > 0.0 ? std::min(kThinPace, opening * 0.1) : 0.0;
        if (s < start && s >= start - kRampSeconds && busy_at(s) > 0.0) {
            pace = opening * (0.1 + 0.5 * (s - start + kRampSeconds) / kRampSeconds);
        }
        if (pace > 0.0) plan.open_ns_ = std::min(plan.open_ns_, plan.begin_ns_ + s * market::kNanosPerSecond);
        plan.pace_.push_back(pace);
        plan.expected_.push_back(plan.expected_.back() + pace);
    }
    return plan;
}

std::int64_t Arrivals::next(const PacePlan& plan, double factor) {
    while (now_ns_ < plan.end_ns()) {
        const std::int64_t next_second_ns = (now_ns_ / market::kNanosPerSecond + 1) * market::kNanosPerSecond;
        const double mu = plan.records_per_second(now_ns_) * factor * ((1.0 - kBranching) / kRecordsPerEvent);
        const double bound = mu + excitation_;
        const double wait = bound > 1e-9 ? random_.exponential() / bound : 2.0;  // seconds
        const double to_next_second = static_cast<double>(next_second_ns - now_ns_) / kNanos;
        if (wait >=
            to_next_second) {  // the process has no memory but its excitation: go there and draw again
            excitation_ *= portable_exp_negative(kDecayPerSecond * to_next_second);
            now_ns_ = next_second_ns;
            continue;
        }
        now_ns_ += static_cast<std::int64_t>(wait * kNanos);
        excitation_ *= portable_exp_negative(kDecayPerSecond * wait);
        if (random_.unit() * bound <= mu + excitation_) {
            excitation_ += kBranching * kDecayPerSecond;
            return now_ns_;
        }
    }
    return plan.end_ns();
}

void Arrivals::skip_to(std::int64_t ts_ns) {
    now_ns_ = std::max(now_ns_, ts_ns);
    excitation_ = 0.0;
}

}  // namespace spymaster::feed
