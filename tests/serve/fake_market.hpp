// A live market whose seconds are those of a session of a test lake: what a LiveSink is told has to come out of the server
// as the replay of that session does.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/live/live_second.hpp"
#include "serve/session_forecast.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {

class FakeMarket {
  public:
    // Reads the session's partitions. `chain`: its options, if it has any.
    FakeMarket(const TemporaryLake& lake, const SmallSession& session, pipeline::LiveSink& sink,
               const SmallChain* chain = nullptr);

    // What is told, one after the other; fails the test if the sink refuses it.
    void begin();
    void tell(std::int64_t k);  // window k of the session
    void tell_through(std::int64_t last);
    void end();

    [[nodiscard]] const pipeline::LiveContract& contract() const { return contract_; }
    // Of window k, as it is told; valid until the next one is.
    pipeline::LiveSecond second(std::int64_t k);

  private:
    struct Rows {
        lake::ColumnBatch all;
        lake::ColumnBatch of_second;
        std::size_t end_at = 0;  // the place of window_end_ts_ns
    };
    void read(pipeline::LiveTable table, const lake::PartitionKey& key);

    lake::Lake lake_;
    SmallSession session_;
    pipeline::LiveSink& sink_;
    pipeline::LiveContract contract_;
    std::array<std::optional<Rows>, pipeline::kLiveTables> tables_;
    std::optional<SessionForecast> forecast_;
    std::string forecast_problem_;  // why none is made
    std::string second_problem_;    // of the second told last
    std::int64_t next_ = 0;
};

}  // namespace spymaster::serve
