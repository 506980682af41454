// Simulated options on a stock, as OPRA tells of them: the consolidated best bid and ask of every option over
// its exchanges (CMBP-1), and the trades. Premiums follow the underlying's path by option_pricing.hpp.
//
//   from 09:30 New York to the session's end or the expiry. A quote that changes the best of one side: A (another price),
//   M (same price, another size) or C (that best is gone), with its side, price and size; of both sides at
//   once: side N, price undefined, as OPRA's quotes really are. T: price, size, the aggressor's side (N for
//   some), and just after it, sometimes before, the quote that it took from shrinks or goes.
//
// Bounded memory, and the same bytes on every machine.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "dbn/records.hpp"
#include "feed/simulated/option_activity.hpp"
#include "feed/simulated/option_chain.hpp"

namespace spymaster::feed {

// One thread at a time. The session is the path's, cut to 09:30-16:00 New York.
class OptionQuotes {
  public:
    // `chain` and `path` outlive it. Error (usage): a chain that is not of a stock; a rate out of range; a
    // session outside 09:30-16:00 New York.
    static Result<OptionQuotes> create(const OptionChain& chain, const UnderlyingPath& path,
                                       const OptionFlowOptions& options);
    OptionQuotes(OptionQuotes&&) noexcept;
    OptionQuotes& operator=(OptionQuotes&&) noexcept;
    ~OptionQuotes();

    // The next records, in file order, ts_recv never decreasing; valid until the next call. Empty at the end.
    std::span<const dbn::Cmbp1Msg> next();

    [[nodiscard]] const OptionFlowTotals& totals() const;
    [[nodiscard]] double progress() const;  // 0 to 1

  private:
    class Engine;
    explicit OptionQuotes(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

}  // namespace spymaster::feed
