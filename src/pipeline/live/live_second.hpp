// What a live market tells while it runs: each second of a contract when it is closed and complete, and how the feed is.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "forecast/calibration/confidence_scale.hpp"
#include "forecast/forecaster.hpp"
#include "lake/column_batch.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "pipeline/layers/forecast_inputs.hpp"

namespace spymaster::pipeline {

// A contract or share whose seconds are measured live, and the session that they are of.
struct LiveContract {
    const market::Product* product = nullptr;
    std::string symbol;
    market::Date date;  // of the partitions that it becomes
    market::SessionWindow session;
    std::string session_name;  // as given: "09:30-12:30"
    market::Grid grid;
    std::optional<market::Grid> option_grid;  // where the options on it are measured too
};

// The datasets whose rows a second has.
enum class LiveTable : std::uint8_t {
    book_snapshot,
    gold,         // physics_surface_1s of the contract
    option_gold,  // and of the options on it
    wall,
    vacuum,
    radar,
    physics_bands,
    gex,
    gex_levels
};
inline constexpr std::size_t kLiveTables = 9;

// A second of a contract: the rows that it has in each dataset, as they will stand in the lake, and its forecast. Valid
// during the call that it is handed over in.
struct LiveSecond {
    std::int64_t window_end_ts_ns = 0;
    // By LiveTable: all columns of the contract; nullptr: the dataset is not made for this contract (no options, no open
    // interest). A batch without rows: the second has none.
    std::array<const lake::ColumnBatch*, kLiveTables> tables{};
    // What the forecast was made of and with; without a forecast `problem` says why.
    ForecastSecond forecast_second;
    const forecast::Forecast1s* forecast = nullptr;
    forecast::Parameters parameters;
    std::string_view calibration;  // its name; empty: none was in force
    const forecast::ConfidenceScale* confidence_scale = nullptr;
    std::string_view problem;
    // When the last byte arrived without which it could not have been closed.
    std::chrono::steady_clock::time_point arrived;
    std::chrono::nanoseconds computed{0};  // what closing it took: its rows and its forecast; 0: not measured
};

enum class FeedPhase : std::uint8_t { connecting, replaying, live, reconnecting, stopped, ended };
inline constexpr std::array<std::string_view, 6> kFeedPhaseNames{"connecting",   "replaying", "live",
                                                                 "reconnecting", "stopped",   "ended"};

// Records that were missed and cannot be had any more.
struct FeedGap {
    std::int64_t start_ts_ns = 0;  // of the last record before it
    std::int64_t end_ts_ns = 0;    // of the first after it; 0: not yet
    std::string cause;
};

// How the feed of a dataset is.
struct FeedState {
    std::string dataset;
    FeedPhase phase = FeedPhase::connecting;
    std::string detail;  // of the phase: an error, what the gateway said
    // Newest record: from its ts_recv to its arrival, by this machine's clock; of a day of the past, by the feed's.
    std::int64_t lag_ns = 0;
    std::int64_t last_record_ts_ns = 0;   // its ts_recv; 0: none yet
    std::int64_t last_record_age_ns = 0;  // since it arrived
    std::uint64_t reconnects = 0;
    std::vector<FeedGap> gaps;  // the newest 100
    struct Stale {
        std::string symbol;
        std::int64_t age_ns = 0;  // since its last record arrived
    };
    std::vector<Stale> stale;  // measured instruments without data for longer than the limit
    struct Records {
        std::string schema;
        std::uint64_t count = 0;
    };
    std::vector<Records> records;  // that came since the beginning
};

// Takes what a live market tells. Calls come one at a time, in time order for a contract, from the threads of the feeds; they
// should be short, as records wait meanwhile.
class LiveSink {
  public:
    virtual ~LiveSink() = default;
    // The seconds of a contract are about to come. Once a contract and date. Error: stops the market.
    virtual Result<void> on_contract(const LiveContract& contract) = 0;
    virtual Result<void> on_second(const LiveContract& contract, const LiveSecond& second) = 0;
    // Its session is over, or the market was stopped: no more seconds.
    virtual void on_end(const LiveContract& contract) = 0;
    // At every change, and about once a second. One state for each feed.
    virtual void on_feed(const FeedState& state) = 0;
};

}  // namespace spymaster::pipeline
