// The windows that a session has, by the manifest of a partition: whether a table has each of them, once and in order.
#pragma once

#include <cstdint>

#include "lake/lake.hpp"
#include "market/product.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

class SessionSeconds {
  public:
    // A manifest that does not say when its session was leaves only that windows follow each other.
    SessionSeconds(const lake::Manifest& manifest, const market::Grid& grid);

    // Looks at the next window of the table. After one that is out of order, those that follow it are looked for.
    void look_at(std::int64_t window_start_ts_ns, std::int64_t window_end_ts_ns, Check& check);
    // Looks whether windows are missing at the end.
    void end(Check& check) const;

  private:
    std::int64_t window_ns_;
    std::int64_t expected_ = 0;  // the end of the next window; 0: any
    std::int64_t last_ = 0;      // the end of the session's last; 0: not known
};

}  // namespace spymaster::pipeline::checks
