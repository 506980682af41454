// Records of options that wait for their underlying: a window's spot has to be known before a record of a later window is
// applied, and live both come as they come. Their order is kept, so what is computed does not depend on how long they waited.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "book/window_time.hpp"
#include "pipeline/bronze/records.hpp"

namespace spymaster::pipeline {

class ChainQueue {
  public:
    static constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

    // After what waits already.
    void push(const RecordRun& run) {
        orders_.insert(orders_.end(), run.orders.begin(), run.orders.end());
        quotes_.insert(quotes_.end(), run.quotes.begin(), run.quotes.end());
        options_.insert(options_.end(), run.options.begin(), run.options.end());
        new_options_.insert(new_options_.end(), run.new_options.begin(), run.new_options.end());
    }

    // The records at its front up to the first that is at `limit_ns` or later, by window time. Valid until push() or pop().
    [[nodiscard]] RecordRun front(std::int64_t limit_ns) const {
        const std::size_t count = orders_.empty() ? before(quotes_, limit_ns) : before(orders_, limit_ns);
        if (count == 0) return {};
        RecordRun run;
        if (!orders_.empty()) run.orders = std::span(orders_).subspan(taken_, count);
        if (!quotes_.empty()) run.quotes = std::span(quotes_).subspan(taken_, count);
        run.options = std::span(options_).subspan(taken_, count);
        run.new_options = new_options_;
        return run;
    }
    // They have been taken. REQUIRES: as front() gave
    void pop(std::size_t count) {
        taken_ += count;
        new_options_.clear();
        if (taken_ < orders_.size() + quotes_.size()) return;
        orders_.clear();
        quotes_.clear();
        options_.clear();
        taken_ = 0;
    }

  private:
    template <class Record>
    [[nodiscard]] std::size_t before(const std::vector<Record>& records, std::int64_t limit_ns) const {
        std::size_t count = 0;
        while (taken_ + count < records.size() &&
               (limit_ns == kNoLimit || book::record_window_time(records[taken_ + count]) < limit_ns))
            ++count;
        return count;
    }

    std::vector<dbn::MboMsg> orders_;
    std::vector<dbn::Cmbp1Msg> quotes_;
    std::vector<const OptionTerms*> options_;      // of each record
    std::vector<const OptionTerms*> new_options_;  // of all that wait
    std::size_t taken_ = 0;                        // at the front of all three
};

}  // namespace spymaster::pipeline
