// What the simulated markets of options have in common: when something happens, to which option, and what that
// is worth at the moment.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "feed/simulated/arrivals.hpp"
#include "feed/simulated/option_chain.hpp"
#include "feed/simulated/random.hpp"

namespace spymaster::feed {

struct OptionFlowOptions {
    double events_per_second =
        400;  // mean DBN records a second over the session, snapshot not counted; 0.1 to 1,000,000
    std::uint64_t seed = 1;
};

struct OptionFlowTotals {
    std::uint64_t records = 0;
    std::uint64_t session_records = 0;  // inside the session
    std::uint64_t trades = 0;
    std::uint64_t walls = 0;  // begun
};

class OptionActivity {
  public:
    // Events lie in [begin_ns, end of the session), the session being the path's from `begin_ns` to the expiry.
    // `records_per_event`: what the market makes of one at first; corrected by what it then does.
    // `chain` and `path` outlive this.
    // Error (usage): a rate out of range, nothing left of the session.
    static Result<OptionActivity> create(const OptionChain& chain, const UnderlyingPath& path,
                                         const OptionFlowOptions& options, std::int64_t begin_ns,
                                         double records_per_event);

    // On to the next event: false at the end. `records`: how many the market has made since begin_ns.
    bool advance(std::uint64_t records);
    // Of the last advance(); begin_ns before it.
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }
    [[nodiscard]] double progress() const;
    [[nodiscard]] bool in_session() const { return now_ns_ >= plan_.session().start_ns; }
    [[nodiscard]] std::uint64_t records_before_session() const { return records_before_session_; }

    // The option that the event is about: mostly of today, near the money and out of it; every fifth time the
    // next in turn, so that all of them are kept up.
    std::uint32_t pick();
    // The strike of today's nearest to the underlying.
    [[nodiscard]] std::int64_t strike_at_the_money() const;
    // Points, now.
    [[nodiscard]] double worth(std::uint32_t option) const;

  private:
    OptionActivity(const OptionChain& chain, const UnderlyingPath& path, const OptionFlowOptions& options,
                   PacePlan plan, std::int64_t begin_ns, double records_per_event);
    void look_at_underlying();

    const OptionChain* chain_;
    const UnderlyingPath* path_;
    PacePlan plan_;
    Random random_;
    Arrivals arrivals_;
    double records_per_event_;
    std::int64_t now_ns_;
    std::uint64_t records_before_session_ = 0;
    std::uint64_t last_records_ = 0;
    std::uint64_t events_ = 0;
    std::uint32_t turn_ = 0;
    std::int64_t spot_int_ = 0;
    std::int64_t priced_ns_ = 0;
    std::vector<OptionPricer> pricers_;  // of the two expiries, at the last look
    std::vector<double> log_strikes_;    // by option
};

}  // namespace spymaster::feed
