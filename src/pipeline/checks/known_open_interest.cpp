#include "pipeline/checks/known_open_interest.hpp"

#include <algorithm>

#include "pipeline/checks/table_rows.hpp"

namespace spymaster::pipeline::checks {

Result<KnownOpenInterest> KnownOpenInterest::read(const lake::Lake& lake, const lake::PartitionKey& key) {
    enum Column : std::size_t { kRecv, kInstrument, kStrike, kRight, kOpenInterest };
    SPY_ASSIGN(TableRows rows,
               TableRows::open(
                   lake, key, {"ts_recv_ns", "instrument_id", "strike_price_int", "right", "open_interest"}));
    KnownOpenInterest known;
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        known.changes_.push_back({rows.integer(kRecv), rows.integer(kInstrument), rows.integer(kStrike),
                                  rows.text(kRight) == "C", rows.real(kOpenInterest)});
    }
    std::ranges::stable_sort(known.changes_, {}, &Change::ts_recv_ns);
    return known;
}

void KnownOpenInterest::move_to(std::int64_t ts_ns) {
    for (; next_ < changes_.size() && changes_[next_].ts_recv_ns <= ts_ns; ++next_) {
        const Change& change = changes_[next_];
        known_[{change.strike_price_int, change.call}][change.instrument_id] = change.open_interest;
    }
}

double KnownOpenInterest::of(std::int64_t strike_price_int, bool call) const {
    const auto strike = known_.find({strike_price_int, call});
    if (strike == known_.end()) return 0.0;
    double sum = 0.0;
    for (const auto& [instrument, open_interest] : strike->second) sum += open_interest;
    return sum;
}

}  // namespace spymaster::pipeline::checks
