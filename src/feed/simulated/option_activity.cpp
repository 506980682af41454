#include "feed/simulated/option_activity.hpp"

#include <algorithm>
#include <utility>

namespace spymaster::feed {

namespace {

constexpr double kNearStrikes = 9.0;  // mean distance of an event from the money
constexpr std::int64_t kRepriceNs = 100'000'000;
constexpr double kRecordsPerArrival = 1.25;  // what Arrivals takes an event to be

}  // namespace

Result<OptionActivity> OptionActivity::create(const OptionChain& chain, const UnderlyingPath& path,
                                              const OptionFlowOptions& options, std::int64_t begin_ns,
                                              double records_per_event) {
    if (!(options.events_per_second >= 0.1 && options.events_per_second <= 1'000'000.0)) {
        return make_error(ErrorCode::usage, "{} events a second cannot be simulated; choose 0.1 to 1000000",
                          options.events_per_second);
    }
    market::SessionWindow session = path.options().session;
    session.start_ns = std::max(session.start_ns, begin_ns);
    session.end_ns = std::min(session.end_ns, chain.expiries[0].ends_ns);
    if (session.start_ns >= session.end_ns) {
        return make_error(ErrorCode::usage,
                          "options on {} do not trade in the session, which ends {}; they do from {} to {}",
                          chain.underlying, market::format_utc(path.options().session.end_ns),
                          market::format_utc(begin_ns), market::format_utc(chain.expiries[0].ends_ns));
    }
    SPY_ASSIGN(PacePlan plan, PacePlan::create(chain.date, session, options.events_per_second));
    return OptionActivity(chain, path, options, std::move(plan), begin_ns, records_per_event);
}

OptionActivity::OptionActivity(const OptionChain& chain, const UnderlyingPath& path,
                               const OptionFlowOptions& options, PacePlan plan, std::int64_t begin_ns,
                               double records_per_event)
    : chain_(&chain),
      path_(&path),
      plan_(std::move(plan)),
      random_(options.seed ^ chain.options.front().instrument_id),
      arrivals_(begin_ns, Random(random_.bits())),
      records_per_event_(records_per_event),
      now_ns_(begin_ns) {
    log_strikes_.reserve(chain.options.size());
    for (const OptionInstrument& option : chain.options) {
        log_strikes_.push_back(market::portable_log(static_cast<double>(option.strike_price_int) * 1e-9));
    }
    look_at_underlying();
}

bool OptionActivity::advance(std::uint64_t records) {
    // Keeps the mean where it was asked to be, as SimulatedMarket does.
    double factor = 1.0;
    if (events_++ > 0) {  // what an event makes, of late
        records_per_event_ += (static_cast<double>(records - last_records_) - records_per_event_) * 0.0005;
    }
    last_records_ = records;
    const std::int64_t last_ns = arrivals_.now_ns();
    if (!in_session()) records_before_session_ = records;
    if (last_ns >= plan_.session().start_ns && last_ns < plan_.end_ns()) {
        const double expected =
            plan_.expected_records(last_ns) - plan_.expected_records(plan_.session().start_ns);
        const double missing = expected - static_cast<double>(records - records_before_session_);
        factor =
            std::clamp(1.0 + missing / (20.0 * std::max(plan_.records_per_second(last_ns), 0.1)), 0.2, 4.0);
    }
    const std::int64_t ts_ns = arrivals_.next(plan_, factor * kRecordsPerArrival / records_per_event_);
    if (ts_ns >= plan_.end_ns()) return false;
    now_ns_ = ts_ns;
    look_at_underlying();
    return true;
}

double OptionActivity::progress() const {
    const double all = plan_.expected_records(plan_.end_ns());
    const std::int64_t now = std::min(arrivals_.now_ns(), plan_.end_ns());
    return all > 0.0 ? std::min(plan_.expected_records(now) / all, 1.0) : 1.0;
}

void OptionActivity::look_at_underlying() {
    const TopOfMarket top = path_->at(now_ns_);
    const std::int64_t spot = top.there() ? top.mid_int() : spot_int_;
    if (spot == spot_int_ && now_ns_ < priced_ns_ + kRepriceNs && !pricers_.empty()) return;
    // Before the underlying has a price: where the chain was laid.
    const std::int64_t middle = chain_->first_strike + (chain_->strikes - 1) / 2 * chain_->strike_step;
    spot_int_ = spot > 0 ? spot : middle;
    priced_ns_ = now_ns_;
    pricers_.clear();
    for (const OptionExpiry& expiry : chain_->expiries) {
        pricers_.emplace_back(static_cast<double>(spot_int_) * 1e-9, expiry.ends_ns - now_ns_, chain_->smile,
                              chain_->rates);
    }
}

std::int64_t OptionActivity::strike_at_the_money() const {
    return std::clamp<std::int64_t>(
        (spot_int_ - chain_->first_strike + chain_->strike_step / 2) / chain_->strike_step, 0,
        chain_->strikes - 1);
}

std::uint32_t OptionActivity::pick() {
    if (random_.chance(0.2)) return turn_++ % static_cast<std::uint32_t>(chain_->options.size());
    if (random_.chance(0.06)) {
        const auto todays = static_cast<std::uint32_t>(chain_->todays());
        return todays + random_.below(static_cast<std::uint32_t>(chain_->options.size()) - todays);
    }
    const auto far = static_cast<std::int64_t>(random_.exponential() * kNearStrikes);
    const bool above = random_.chance(0.5);
    const std::int64_t strike =
        std::clamp<std::int64_t>(strike_at_the_money() + (above ? far : -far), 0, chain_->strikes - 1);
    const bool call = random_.chance(above ? 0.7 : 0.3);  // out of the money
    return static_cast<std::uint32_t>(2 * strike + (call ? 0 : 1));
}

double OptionActivity::worth(std::uint32_t option) const {
    const OptionInstrument& instrument = chain_->options[option];
    return pricers_[instrument.expiry].value(
        instrument.right, static_cast<double>(instrument.strike_price_int) * 1e-9, log_strikes_[option]);
}

}  // namespace spymaster::feed
