// One day of one contract, as the stream replays it: its windows, and their frames on demand.
//
// In memory: the list of windows, four numbers a window, and one row group of gold (about 12 MB for a 23-hour
// day).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/arrow_streams.hpp"
#include "serve/request.hpp"

namespace spymaster::serve {

inline constexpr std::string_view kSnapshotDataset = "silver.future_mbo.book_snapshot_1s";
inline constexpr std::string_view kFlowDataset = "silver.future_mbo.depth_and_flow_1s";
inline constexpr std::string_view kSurfaceDataset = "gold.future_mbo.physics_surface_1s";

lake::PartitionKey partition(std::string_view dataset, const SessionKey& session);

// The places of columns in a contract. Error (missing): one is not in it.
Result<std::vector<std::size_t>> places_of(const lake::Contract& contract,
                                           const std::vector<std::string>& names);

// The session of the lake that a symbol and date name: itself, or the only contract of a root ("ES") on that
// date. Error (missing) says what there is.
Result<SessionKey> resolve(const lake::Lake& lake, const SessionKey& asked);

// A text that changes whenever a partition of the session is replaced. Error (io): one is not there.
Result<std::string> session_signature(const lake::Lake& lake, const SessionKey& key);

// Where the rows of each window are in a partition sorted by window_end_ts_ns: window k owns rows [at[k],
// at[k + 1]).
struct RowIndex {
    std::vector<std::int64_t> at;
};
// Reads the one column. Error (conflict): not sorted, or a window that is not in `window_ends`.
Result<RowIndex> index_rows(const lake::Lake& lake, const lake::PartitionKey& key,
                            const std::vector<std::int64_t>& window_ends);

class ReplaySession {
  public:
    // rel_ticks beyond this are not streamed (spec 6).
    static constexpr std::int32_t kMaxRelTicks = 400;

    // Reads the snapshots and one column of gold. Error: missing (not in the lake), malformed, conflict, io.
    static Result<std::shared_ptr<ReplaySession>> open(const lake::Lake& lake, const SessionKey& key);

    // No two sessions of a process have the same.
    [[nodiscard]] std::uint64_t id() const { return id_; }
    // Ascending, distinct.
    [[nodiscard]] const std::shared_ptr<const std::vector<std::int64_t>>& window_ends() const {
        return window_ends_;
    }

    [[nodiscard]] std::string_view velocity_schema_message() const {
        return encoder_.velocity_schema_message();
    }

    // Frames of windows [first, first + count). `on_encoded` gets the seconds each took. Any thread; one at a
    // time works. REQUIRES: first + count <= window_ends()->size()
    Result<std::vector<WindowPtr>> load(std::size_t first, std::size_t count,
                                        const std::function<void(double)>& on_encoded);

  private:
    explicit ReplaySession(const lake::Contract& gold);
    Result<void> open_gold(const lake::Lake& lake, const lake::PartitionKey& key);
    Result<void> collect(std::int64_t begin, std::int64_t end, VelocityRows& out);
    Result<void> decode_group_of(std::int64_t row);

    std::uint64_t id_;
    std::shared_ptr<const std::vector<std::int64_t>> window_ends_;
    std::vector<SnapRow> snaps_;
    RowIndex gold_index_;
    SurfaceEncoder encoder_;

    std::mutex mutex_;  // guards what follows
    std::unique_ptr<lake::PartitionReader> gold_;
    std::vector<std::int64_t> group_at_;  // first row of each row group, and the row after the last
    std::vector<std::size_t>
        columns_;             // places in the contract: end, spot, rel_ticks, side, then kVelocityFields
    lake::ColumnBatch rows_;  // the row group decoded last
    std::size_t group_ = 0;
    bool decoded_ = false;
    std::size_t next_group_ = 0;  // that the reader gives next
};

}  // namespace spymaster::serve
