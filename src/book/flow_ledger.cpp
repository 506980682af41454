#include "book/flow_ledger.hpp"

namespace spymaster::book {

namespace {
// Row numbers only grow; with this much room left a window cannot run out of them.
constexpr std::uint32_t kLastFirstRow = 0xF000'0000;
}  // namespace

void FlowLedger::begin_window(std::int64_t window_end, bool record, Ladder& ladder) {
    if (!rows_.empty()) {
        first_row_ += static_cast<std::uint32_t>(rows_.size());
        rows_.clear();
        ladder.release_parked();
        if (first_row_ > kLastFirstRow) {
            ladder.forget_rows();
            first_row_ = 1;
        }
    }
    young_after_ = window_end - rest_ns_;
    recording_ = record;
}

}  // namespace spymaster::book
