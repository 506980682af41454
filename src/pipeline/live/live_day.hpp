// The live day of one contract or share and of the options on it: records in, seconds out to a sink, and silver and gold
// written on the way, by the very same days (pipeline/day/day.hpp) as in batch.
//
//   records ─► Day ─► window k ──────────────► LiveTables ─► sink.on_second(k)
//                       │ spot of k                ▲
//   records of options ─┴─► (wait) ─► Day ─► chain window k
//
// A second is told when its window and that of its options are closed. A window is closed by the first record of a later one;
// where none comes, by a clock marker that the feed records (close_overdue()), so that the recording says the same.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/day.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/live/chain_queue.hpp"
#include "pipeline/live/live_second.hpp"
#include "pipeline/live/live_tables.hpp"
#include "windows/spot_track.hpp"

namespace spymaster::pipeline {

// Not thread-safe.
class LiveDay {
  public:
    // The jobs say product, date, session; `options` and `universe`: of the options, or nullptr. Everything outlives the day.
    struct Setup {
        const lake::Lake& lake;
        const Job& outright;
        const Job* options;
        const OptionUniverse* universe;
        LiveSink& sink;
    };
    // Error: conflict (a partition of the day is in the lake already), and as those who read what is needed.
    static Result<std::unique_ptr<LiveDay>> open(const Setup& setup, LiveContract contract);
    LiveDay(const LiveDay&) = delete;
    LiveDay& operator=(const LiveDay&) = delete;

    [[nodiscard]] const LiveContract& contract() const { return contract_; }
    [[nodiscard]] bool has_options() const { return chain_ != nullptr; }

    // The next records of the contract; of the options on it. `arrived`: when the newest of them did.
    Result<void> append(const RecordRun& run, std::chrono::steady_clock::time_point arrived);
    Result<void> append_options(const RecordRun& run, std::chrono::steady_clock::time_point arrived);
    void publish_open_interest(std::int64_t ts_recv_ns, std::int64_t instrument_id, double contracts);

    // The time that a clock marker has to bear, for the windows that are over at `now_ns` to be closed; none: nothing is
    // overdue. Of the contract; of the options.
    [[nodiscard]] std::optional<std::int64_t> overdue(std::int64_t now_ns) const;
    [[nodiscard]] std::optional<std::int64_t> options_overdue(std::int64_t now_ns) const;
    // Marked at `ts_ns`: until the marker has come, nothing before is overdue.
    void marked(std::int64_t ts_ns) { marked_ns_ = ts_ns; }
    void options_marked(std::int64_t ts_ns) { options_marked_ns_ = ts_ns; }

    // Every second of the session has been told.
    [[nodiscard]] bool is_over() const { return told_ns_ >= last_end_ns_; }

    // Writes its partitions into the lake. REQUIRES: is_over()
    Result<void> commit(const std::map<std::string, std::string>& raw_properties,
                        const std::map<std::string, std::string>& option_raw_properties, JobReport& report);

  private:
    struct Pending {
        windows::Window window;
        std::optional<physics::PhysicsSurface1s> surface;
        std::chrono::steady_clock::time_point arrived;
    };

    LiveDay(const Setup& setup, LiveContract contract);
    Result<void> open_days(const Setup& setup);
    Result<void> on_window(const windows::Window& window, const physics::PhysicsSurface1s* surface);
    Result<void> on_chain_window(const windows::ChainWindow& window,
                                 const physics::PhysicsSurface1s* surface);
    Result<void> tell(const ClosedSecond& second);
    // Options may be measured up to where the spot is known.
    Result<void> measure_options();
    [[nodiscard]] std::optional<std::int64_t> marker_time(std::int64_t now_ns, std::int64_t closed_ns,
                                                          std::int64_t marked_ns) const;

    const lake::Lake& lake_;
    const Job& outright_;
    const Job* options_;
    LiveSink& sink_;
    LiveContract contract_;
    std::int64_t first_end_ns_;  // of the session's windows
    std::int64_t last_end_ns_;
    std::int64_t closed_ns_ = 0;  // end of the newest window closed; 0: none
    std::int64_t chain_closed_ns_ = 0;
    std::int64_t told_ns_ = 0;
    std::int64_t marked_ns_ = 0;
    std::int64_t options_marked_ns_ = 0;
    std::chrono::steady_clock::time_point arrived_;

    windows::SpotTrack spots_;
    std::unique_ptr<LiveTables> tables_;
    std::unique_ptr<Day> day_;
    std::unique_ptr<Day> chain_;
    ChainQueue queue_;
    std::deque<Pending> pending_;  // seconds whose options are not closed yet
};

}  // namespace spymaster::pipeline
