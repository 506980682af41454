// A simulated market in options on a future: the market-by-order records of a whole chain, with CME's
// conventions. Premiums follow the underlying's path by option_pricing.hpp.
//
//   00:00 UTC   a snapshot of every instrument: Clear, then its orders (flags 40, the last 168); an instrument
//               without orders has a Clear flagged 168 alone
//   ...         market makers' quotes of three prices a side, customers' orders and trades, and walls: large orders
//               at a round strike that are built, follow the price, and are eaten or pulled
//
// The same arguments give the same bytes on every machine. Memory is bounded by the resting orders, some
// twenty an option, whatever the length.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "dbn/records.hpp"
#include "feed/simulated/option_activity.hpp"
#include "feed/simulated/option_chain.hpp"

namespace spymaster::feed {

// One thread at a time. The session is the path's, cut off where today's options expire.
class OptionMarket {
  public:
    // `chain` and `path` outlive it. Error (usage): a chain that is not of a future; a rate out of range; a
    // session after the expiry.
    static Result<OptionMarket> create(const OptionChain& chain, const UnderlyingPath& path,
                                       const OptionFlowOptions& options);
    OptionMarket(OptionMarket&&) noexcept;
    OptionMarket& operator=(OptionMarket&&) noexcept;
    ~OptionMarket();

    // The next records: whole events, in file order, ts_recv never decreasing; valid until the next call.
    // Empty at the end.
    std::span<const dbn::MboMsg> next();

    [[nodiscard]] const OptionFlowTotals& totals() const;
    [[nodiscard]] double progress() const;  // 0 to 1

  private:
    class Engine;
    explicit OptionMarket(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

}  // namespace spymaster::feed
