// The rows of a live second as frames: the same bytes as the same rows have when the lake is replayed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/live/live_second.hpp"
#include "serve/arrow_streams.hpp"
#include "serve/metrics.hpp"
#include "serve/sessions.hpp"
#include "serve/stream_rows.hpp"
#include "serve/surface_frame.hpp"
#include "serve/table_encoder.hpp"

namespace spymaster::serve {

SessionKey key_of(const pipeline::LiveContract& contract);

class LiveEncoder {
  public:
    // Error (usage, missing): the datasets of the contract's product are not among those of the lake.
    static Result<LiveEncoder> make(const lake::Lake& lake, const pipeline::LiveContract& contract);

    // Any thread.
    [[nodiscard]] std::string_view schema_message(Surface surface) const;

    // All surfaces of the second; those whose dataset is not made have no rows. What it cost is told to `metrics`. One
    // thread at a time. Error: malformed; conflict (columns of another contract, no snapshot).
    Result<WindowFrames> encode(const pipeline::LiveSecond& second, Metrics& metrics);

  private:
    // A dataset that surfaces are made of.
    struct Table {
        const lake::Contract* contract = nullptr;
        std::vector<std::size_t> at;  // the columns that its rows are made from, if it is no table as it is
        std::optional<TableEncoder> encoder;  // if it is shown as it is
    };

    explicit LiveEncoder(OptionSums sums) : option_sums_(std::move(sums)) {}
    Result<void> add_table(const lake::Lake& lake, pipeline::LiveTable table, const lake::PartitionKey& key,
                           const std::vector<std::string>& columns, bool as_it_is);
    [[nodiscard]] const Table& table(pipeline::LiveTable table) const {
        return tables_[static_cast<std::size_t>(table)];
    }
    Result<void> check(const pipeline::LiveSecond& second) const;
    Result<FramePtr> frame(Surface surface, const pipeline::LiveSecond& second);
    Result<FramePtr> snap(const lake::ColumnBatch& rows);

    std::array<Table, pipeline::kLiveTables> tables_;
    std::unique_ptr<const SurfaceEncoder> encoder_ = std::make_unique<const SurfaceEncoder>();
    OptionSums option_sums_;
    std::vector<SnapRow> snaps_;
    VelocityRows velocity_rows_;
    OptionRows option_rows_;
};

// The dataset whose rows a surface shows; none: `forecast`.
std::optional<pipeline::LiveTable> live_table_of(Surface surface);

}  // namespace spymaster::serve
