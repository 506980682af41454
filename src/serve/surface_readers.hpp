// Gold of the lake, read by windows as the rows of the surfaces that are streamed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/stream_rows.hpp"
#include "serve/window_rows.hpp"

namespace spymaster::serve {

// Surface `velocity`: the rows of the gold of a future or share as they are. One thread at a time.
class VelocityReader {
  public:
    // Errors as WindowRows::open.
    static Result<VelocityReader> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                       const std::vector<std::int64_t>& window_ends);
    // Replaces `out`. REQUIRES: window < window_ends.size()
    Result<void> read(std::size_t window, VelocityRows& out);

  private:
    explicit VelocityReader(std::unique_ptr<WindowRows> rows) : rows_(std::move(rows)) {}
    std::unique_ptr<WindowRows> rows_;
};

// Surface `options`. One thread at a time.
class OptionsReader {
  public:
    // Errors as WindowRows::open.
    static Result<OptionsReader> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                      const std::vector<std::int64_t>& window_ends);
    // Replaces `out`. Error: also as OptionSums::add. REQUIRES: window < window_ends.size()
    Result<void> read(std::size_t window, OptionRows& out);

  private:
    OptionsReader(std::unique_ptr<WindowRows> rows, OptionSums sums)
        : rows_(std::move(rows)), sums_(std::move(sums)) {}

    std::unique_ptr<WindowRows> rows_;
    OptionSums sums_;
};

}  // namespace spymaster::serve
