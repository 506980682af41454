// Whether a table has a row for every snapshot of a day, or for every one with a spot: once and in order.
#pragma once

#include <cstdint>
#include <optional>

#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

class WindowSequence {
  public:
    WindowSequence(const BookDay& day, bool with_spot) : day_(day), with_spot_(with_spot) {}

    // Looks at the next row of the table, and says which snapshot is of its window; none: no snapshot is. After a row that is
    // out of order, those that follow it are looked for.
    std::optional<std::size_t> look_at(std::int64_t window_start_ts_ns, std::int64_t window_end_ts_ns,
                                       Check& check);
    // Looks whether rows are missing at the end.
    void end(Check& check);

  private:
    const windows::BookSnapshot1s* expected();

    const BookDay& day_;
    bool with_spot_;
    std::size_t next_ = 0;
};

}  // namespace spymaster::pipeline::checks
