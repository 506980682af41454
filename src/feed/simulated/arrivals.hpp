// When the simulated market's events happen: a pace for every second of the day, and clustered arrivals at
// that pace.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "feed/simulated/random.hpp"
#include "market/session.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

// How busy a part of the day is, relative to others; 0: the market is closed. Until a second of the New York
// day.
struct DayPart {
    int until_second;
    double busyness;
};
struct DayShape {
    std::span<const DayPart> parts;  // ends with 24:00
    bool evening_before;             // the UTC day begins in the session of the New York day before
};

// Futures: busiest after 09:30 and before 16:00, closed 17:00-18:00. Shares: 04:00-20:00.
extern const DayShape kGlobexDay;
extern const DayShape kNasdaqDay;

// Records a second, for every second from the date's 00:00 UTC to the end of the session.
//
// The session has the asked mean, shaped by the New York time of day; before it there is a ten-minute ramp
// from a tenth to six tenths of the pace the session opens at, and before that a thin flow of at most 0.6
// records a second.
class PacePlan {
  public:
    // Error (usage): a session outside the date's UTC day or longer than it, or wholly when the market is
    // closed.
    static Result<PacePlan> create(const market::Date& date, const market::SessionWindow& session,
                                   double events_per_second, DayShape day = kGlobexDay);

    [[nodiscard]] std::int64_t begin_ns() const { return begin_ns_; }
    // The first second that the market is open; at most end_ns().
    [[nodiscard]] std::int64_t open_ns() const { return open_ns_; }
    [[nodiscard]] std::int64_t end_ns() const { return session_.end_ns; }
    [[nodiscard]] const market::SessionWindow& session() const { return session_; }
    // REQUIRES: begin_ns() <= ts_ns < end_ns()
    [[nodiscard]] double records_per_second(std::int64_t ts_ns) const { return pace_[second(ts_ns)]; }
    // Records from begin_ns() to the start of the second of `ts_ns`. REQUIRES: begin_ns() <= ts_ns <=
    // end_ns()
    [[nodiscard]] double expected_records(std::int64_t ts_ns) const { return expected_[second(ts_ns)]; }

  private:
    [[nodiscard]] std::size_t second(std::int64_t ts_ns) const {
        return static_cast<std::size_t>((ts_ns - begin_ns_) / market::kNanosPerSecond);
    }

    std::int64_t begin_ns_ = 0;
    std::int64_t open_ns_ = 0;
    market::SessionWindow session_;
    std::vector<double> pace_;
    std::vector<double> expected_;  // one more than pace_
};

// A self-exciting (Hawkes) point process with an exponential kernel: intensity = mu + sum of n beta e^(-beta
// age) over the events so far. Each event sets off n others on average, within about 1/beta; the mean rate is
// mu / (1 - n). Drawn by Ogata's thinning; mu is constant within a second.
class Arrivals {
  public:
    Arrivals(std::int64_t begin_ns, Random random) : now_ns_(begin_ns), random_(random) {}

    // The next event, or plan.end_ns() when there is none. `factor` scales the plan's pace.
    std::int64_t next(const PacePlan& plan, double factor);
    // Nothing happens until then.
    void skip_to(std::int64_t ts_ns);
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }

  private:
    static constexpr double kBranching = 0.55;       // n
    static constexpr double kDecayPerSecond = 20.0;  // beta

    std::int64_t now_ns_;
    double excitation_ = 0.0;
    Random random_;
};

}  // namespace spymaster::feed
