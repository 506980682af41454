// Forecasts as rows of stream.forecast_1s: horizon 0 with the scores of the moment, then the path; of a second that is
// not forecast the row of horizon 0 alone, all of it null (spec 5.8, decisions D-9, D-10).
#pragma once

#include <array>
#include <cstddef>

#include "base/result.hpp"
#include "forecast/forecast.hpp"
#include "lake/lake.hpp"
#include "pipeline/tables/table_sink.hpp"

namespace spymaster::pipeline {

class ForecastSink {
  public:
    // Error: as lake::Lake::write; conflict (a contract with other columns).
    static Result<ForecastSink> create(const lake::Lake& lake, const lake::PartitionKey& key);
    Result<void> append(const forecast::Forecast1s& forecast);
    Result<void> commit(const lake::Lineage& lineage) { return table_.commit(lineage); }

  private:
    static constexpr std::size_t kColumns = 9;

    ForecastSink(TableSink table, const std::array<std::size_t, kColumns>& at)
        : table_(std::move(table)), at_(at) {}
    void add_row(std::int64_t window_end_ts_ns, std::int32_t horizon_s, const forecast::PathStep* step,
                 const forecast::Forecast1s* scores);

    TableSink table_;
    std::array<std::size_t, kColumns> at_;  // where each column is in the contract
};

}  // namespace spymaster::pipeline
