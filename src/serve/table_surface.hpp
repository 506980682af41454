// A table of silver as a surface of a session: its rows by window, encoded as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/table_encoder.hpp"
#include "serve/window_rows.hpp"

namespace spymaster::serve {

// Nothing of the table is read before somebody asks for rows of it; then a row group is in memory at a time. Any thread;
// one at a time works.
class TableSurface {
  public:
    using WindowEnds = std::shared_ptr<const std::vector<std::int64_t>>;

    // The table as it lies in the lake now; without rows if it is not complete there. `lake` outlives it. Error (usage):
    // there is no such dataset.
    static Result<std::unique_ptr<TableSurface>> make(const lake::Lake& lake, const lake::PartitionKey& key,
                                                      WindowEnds window_ends);

    [[nodiscard]] const lake::PartitionKey& key() const { return key_; }
    [[nodiscard]] bool is_there() const { return !manifest_sha256_.empty(); }
    [[nodiscard]] std::string_view schema_message() const { return encoder_.schema_message(); }

    // The rows of windows [first, last). Error: missing, malformed, io; conflict: rows of other windows than the session
    // has, or the table was replaced since make(). REQUIRES: first <= last <= window_ends->size()
    Result<std::int64_t> row_count(std::size_t first, std::size_t last);
    // One window, encoded; the time that the encoding took is added to `encode_seconds`. Error: likewise.
    // REQUIRES: window < window_ends->size()
    Result<FramePtr> frame(std::size_t window, double& encode_seconds);

  private:
    TableSurface(const lake::Lake& lake, lake::PartitionKey key, const lake::Contract& contract,
                 TableEncoder encoder, WindowEnds window_ends);
    // Opens it if it is not open. Leaves `rows_` empty where there is no table.
    Result<void> open();

    const lake::Lake& lake_;
    lake::PartitionKey key_;
    const lake::Contract& contract_;
    std::string manifest_sha256_;
    TableEncoder encoder_;
    WindowEnds window_ends_;

    std::mutex mutex_;  // guards what follows
    std::unique_ptr<WindowRows> rows_;
    lake::ColumnBatch of_window_;
};

}  // namespace spymaster::serve
