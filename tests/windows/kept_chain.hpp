// A sink that keeps the windows of a chain, and comparison with messages one can read.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "windows/chain_rows.hpp"

namespace spymaster::windows {

inline void PrintTo(const StrikeFlow1s& r, std::ostream* out) {
    *out << market::letter(r.right) << market::letter(r.side) << ' ' << r.strike_price_int << " rel "
         << r.rel_ticks << " start " << r.depth_qty_start << " end " << r.depth_qty_end << " add "
         << r.add_qty << " pull " << r.pull_qty_total << " pull_rest " << r.pull_qty_rest << " fill "
         << r.fill_qty << " rest " << r.depth_qty_rest << (r.window_valid ? " valid" : " not valid");
}
inline void PrintTo(const OptionQuote1s& q, std::ostream* out) {
    *out << q.instrument_id << ' ' << market::letter(q.right) << ' ' << q.strike_price_int << " bid "
         << q.bid_price_int << " ask " << q.ask_price_int << " mid " << q.mid_price << '=' << q.mid_price_int
         << (q.book_valid ? " valid" : " not valid");
}

}  // namespace spymaster::windows

namespace spymaster::testing {

class KeptChain final : public windows::ChainSink {
  public:
    void on_window(const windows::ChainWindow& window) override { windows.push_back(window); }

    std::vector<windows::ChainWindow> windows;
};

inline void expect_same_chain_window(const windows::ChainWindow& got, const windows::ChainWindow& want) {
    ASSERT_EQ(got.window_start_ts_ns, want.window_start_ts_ns);
    ASSERT_EQ(got.window_end_ts_ns, want.window_end_ts_ns);
    ASSERT_EQ(got.spot_ref_price_int, want.spot_ref_price_int);
    ASSERT_EQ(got.quotes, want.quotes);
    ASSERT_EQ(got.cells.size(), want.cells.size());
    for (std::size_t i = 0; i < got.cells.size(); ++i) ASSERT_EQ(got.cells[i], want.cells[i]) << "cell " << i;
}

}  // namespace spymaster::testing
