#include "feed/simulated/option_quotes.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "feed/simulated/random.hpp"
#include "market/side.hpp"

namespace spymaster::feed {

namespace {

using market::Side;

constexpr std::size_t kBatchRecords = 4096;
constexpr double kRecordsPerEvent = 2.8;       // at first
constexpr std::int64_t kOpeningNs = 50'000;    // between the first quotes of two options
constexpr std::int64_t kSpacingNs = 900;       // between two records
constexpr std::uint64_t kLatencyNs = 205'000;  // from the exchange through OPRA to the capture
constexpr std::uint8_t kFlags = dbn::flag::last | dbn::flag::tob | dbn::flag::publisher_specific;

// Databento's numbers of OPRA's exchanges. 30 is OPRA itself, which quotes nothing.
constexpr std::array<std::uint16_t, 18> kPublishers{20, 21, 22, 23, 24, 25, 26, 27, 28,
                                                    29, 31, 32, 33, 34, 35, 36, 37, 61};
constexpr std::size_t kVenues = 7;  // of an option

struct Quote {
    std::int32_t tick = 0;  // size 0: none
    std::uint32_t size = 0;
    std::uint16_t publisher = 0;

    bool operator==(const Quote&) const = default;
};

}  // namespace

class OptionQuotes::Engine {
  public:
    Engine(const OptionChain& chain, OptionActivity activity, std::uint64_t seed)
        : chain_(&chain),
          activity_(std::move(activity)),
          random_(seed * 5 + chain.underlying_id),
          options_(chain.options.size()),
          ts_event_(activity_.now_ns()) {
        for (Option& option : options_) {
            const std::uint32_t first = random_.below(kPublishers.size());
            for (std::size_t v = 0; v < kVenues; ++v)  // 5 and 18 share no divisor: all are different
                option.publishers[v] = kPublishers[(first + 5 * v) % kPublishers.size()];
        }
    }

    std::span<const dbn::Cmbp1Msg> next() {
        records_.clear();
        while (records_.size() < kBatchRecords) {
            if (opened_ < options_.size()) {
                open(opened_++);
                continue;
            }
            if (!activity_.advance(totals_.records + records_.size())) break;
            act(activity_.pick());
        }
        totals_.records += records_.size();
        totals_.session_records = totals_.records - activity_.records_before_session();
        return records_;
    }

    [[nodiscard]] double progress() const { return activity_.progress(); }

    OptionFlowTotals totals_;

  private:
    using Best = std::array<Quote, 2>;  // by side
    struct Option {
        std::array<std::uint16_t, kVenues> publishers{};
        std::array<std::array<Quote, kVenues>, 2> quotes{};  // by side
        Best best;
    };

    void open(std::size_t option);
    void act(std::uint32_t option);
    void quote(std::uint32_t option, std::size_t venue, Side side, double worth);
    void trade(std::uint32_t option);
    void reduce(std::uint32_t option, Side side, std::uint32_t size);
    void print(std::uint32_t option, std::int32_t tick, std::uint32_t size, char side,
               std::uint16_t publisher);
    void publish(std::uint32_t option, std::uint16_t publisher);

    [[nodiscard]] static Best best_of(const Option& option);
    [[nodiscard]] std::int64_t price(std::int32_t tick) const { return tick * chain_->ticks.small_tick; }
    dbn::Cmbp1Msg& next_record(const Option& option, std::uint32_t id, std::uint16_t publisher);

    const OptionChain* chain_;
    OptionActivity activity_;
    Random random_;
    std::vector<Option> options_;
    std::vector<dbn::Cmbp1Msg> records_;
    std::size_t opened_ = 0;
    std::int64_t ts_event_;
    std::uint64_t last_ts_recv_ = 0;
};

// The best price; there the largest size; there the first venue.
OptionQuotes::Engine::Best OptionQuotes::Engine::best_of(const Option& option) {
    Best best;
    for (const Side side : {Side::ask, Side::bid}) {
        Quote& top = best[static_cast<std::size_t>(side)];
        for (const Quote& quote : option.quotes[static_cast<std::size_t>(side)]) {
            if (quote.size == 0) continue;
            const bool better = side == Side::bid ? quote.tick > top.tick : quote.tick < top.tick;
            if (top.size == 0 || better || (quote.tick == top.tick && quote.size > top.size)) top = quote;
        }
    }
    return best;
}

void OptionQuotes::Engine::quote(std::uint32_t id, std::size_t venue, Side side, double worth) {
    Option& option = options_[id];
    const PremiumTicks& ticks = chain_->ticks;
    const double half = ticks.points(1) * (0.4 + 0.5 * random_.unit()) + 0.0015 * worth;
    const std::int32_t further = random_.chance(0.6) ? 0 : random_.between(1, 3);
    const std::int32_t tick = side == Side::bid ? ticks.floor(worth - half) - further
                                                : std::max(ticks.ceil(worth + half), 1) + further;
    Quote& quote = option.quotes[static_cast<std::size_t>(side)][venue];
    const bool same = quote.size > 0 && quote.tick == tick;
    quote = {.tick = tick, .size = 1 + random_.below(120), .publisher = option.publishers[venue]};
    if (tick <= 0 || (same && random_.chance(0.05))) quote = {};  // withdrawn
}

// All exchanges quote; the first that is heard of it is the consolidated best.
void OptionQuotes::Engine::open(std::size_t id) {
    const auto option = static_cast<std::uint32_t>(id);
    ts_event_ += kOpeningNs;
    const double worth = activity_.worth(option);
    for (std::size_t venue = 0; venue < kVenues; ++venue) {
        quote(option, venue, Side::bid, worth);
        quote(option, venue, Side::ask, worth);
    }
    publish(option, options_[option].publishers[0]);
}

void OptionQuotes::Engine::act(std::uint32_t id) {
    ts_event_ = std::max(ts_event_, activity_.now_ns());
    Option& option = options_[id];
    const double worth = activity_.worth(id);
    // Nobody leaves a bid above what the option is worth, or an ask below it: those quotes go first, so that the
    // best ones never cross.
    for (std::size_t venue = 0; venue < kVenues; ++venue) {
        for (const Side side : {Side::ask, Side::bid}) {
            const Quote& old = option.quotes[static_cast<std::size_t>(side)][venue];
            const double points = chain_->ticks.points(old.tick);
            if (old.size == 0 || (side == Side::bid ? points < worth : points > worth)) continue;
            quote(id, venue, side, worth);
            publish(id, option.publishers[venue]);
        }
    }
    if (random_.chance(0.12)) return trade(id);
    // Exchanges follow each other; most quotes are behind the best, and not heard of.
    for (std::uint32_t more = 2 + random_.below(5); more > 0; --more) {
        const std::size_t venue = random_.below(kVenues);
        const double which = random_.unit();
        if (which < 0.6) quote(id, venue, Side::bid, worth);
        if (which > 0.4) quote(id, venue, Side::ask, worth);
        publish(id, option.publishers[venue]);
    }
}

void OptionQuotes::Engine::trade(std::uint32_t id) {
    const Side passive = random_.chance(0.5) ? Side::bid : Side::ask;
    const Quote hit = options_[id].best[static_cast<std::size_t>(passive)];
    const Quote other = options_[id].best[static_cast<std::size_t>(market::opposite(passive))];
    if (hit.size == 0) return;
    const auto wanted =
        1 + static_cast<std::uint32_t>(random_.exponential() * (random_.chance(0.1) ? 60.0 : 5.0));
    const std::uint32_t size = std::min(hit.size, wanted);
    const char side = random_.chance(0.3) ? 'N' : market::letter(market::opposite(passive));
    const std::int32_t middle = (hit.tick + other.tick) / 2;
    if (other.size > 0 && middle != hit.tick && middle != other.tick && random_.chance(0.05)) {
        return print(id, middle, size, 'N', hit.publisher);  // between the quotes: with nobody's
    }
    const bool quote_first = random_.chance(0.3);
    if (quote_first) reduce(id, passive, size);
    ts_event_ += random_.below(120'000);
    print(id, hit.tick, size, side, hit.publisher);
    if (!quote_first) reduce(id, passive, size);
}

// Takes from the best quote; if nothing is left, its exchange has none for now.
void OptionQuotes::Engine::reduce(std::uint32_t id, Side side, std::uint32_t size) {
    const Quote best = options_[id].best[static_cast<std::size_t>(side)];
    ts_event_ += random_.below(60'000);
    for (Quote& quote : options_[id].quotes[static_cast<std::size_t>(side)]) {
        if (quote != best) continue;
        quote.size -= size;
        if (quote.size == 0) quote = {};
        break;
    }
    publish(id, best.publisher);
}

dbn::Cmbp1Msg& OptionQuotes::Engine::next_record(const Option& option, std::uint32_t id,
                                                 std::uint16_t publisher) {
    ts_event_ += kSpacingNs;
    const auto latency = kLatencyNs + static_cast<std::uint64_t>(random_.below(4'000));
    last_ts_recv_ = std::max(last_ts_recv_, static_cast<std::uint64_t>(ts_event_) + latency);
    dbn::Cmbp1Msg& msg = records_.emplace_back();
    msg.hd = {.length = sizeof(dbn::Cmbp1Msg) / 4,
              .rtype = dbn::rtype::cmbp_1,
              .publisher_id = publisher,
              .instrument_id = chain_->options[id].instrument_id,
              .ts_event = static_cast<std::uint64_t>(ts_event_)};
    msg.flags = kFlags;
    msg.ts_recv = last_ts_recv_;
    const Quote& ask = option.best[0];
    const Quote& bid = option.best[1];
    msg.levels[0] = {.bid_px = bid.size > 0 ? price(bid.tick) : dbn::kUndefPrice,
                     .ask_px = ask.size > 0 ? price(ask.tick) : dbn::kUndefPrice,
                     .bid_sz = bid.size,
                     .ask_sz = ask.size,
                     .bid_pb = bid.publisher,
                     .reserved1 = {},
                     .ask_pb = ask.publisher,
                     .reserved2 = {}};
    return msg;
}

void OptionQuotes::Engine::print(std::uint32_t id, std::int32_t tick, std::uint32_t size, char side,
                                 std::uint16_t publisher) {
    dbn::Cmbp1Msg& msg = next_record(options_[id], id, publisher);
    msg.action = 'T';
    msg.side = side;
    msg.price = price(tick);
    msg.size = size;
    ++totals_.trades;
}

// The change of the best, if there is one.
void OptionQuotes::Engine::publish(std::uint32_t id, std::uint16_t publisher) {
    Option& option = options_[id];
    const Best before = option.best;
    option.best = best_of(option);
    const bool ask_changed = before[0] != option.best[0];
    const bool bid_changed = before[1] != option.best[1];
    if (!ask_changed && !bid_changed) return;
    dbn::Cmbp1Msg& msg = next_record(option, id, publisher);
    msg.action = 'A';
    msg.side = 'N';
    msg.price = dbn::kUndefPrice;
    if (ask_changed && bid_changed) return;
    const Side side = bid_changed ? Side::bid : Side::ask;
    const Quote& was = before[static_cast<std::size_t>(side)];
    const Quote& is = option.best[static_cast<std::size_t>(side)];
    const bool worse = is.size == 0 || (side == Side::bid ? is.tick < was.tick : is.tick > was.tick);
    const bool gone = was.size > 0 && worse;
    msg.action = gone ? 'C' : was.size > 0 && is.tick == was.tick ? 'M' : 'A';
    msg.side = market::letter(side);
    msg.price = price(gone ? was.tick : is.tick);
    msg.size = gone ? was.size : is.size;
}

Result<OptionQuotes> OptionQuotes::create(const OptionChain& chain, const UnderlyingPath& path,
                                          const OptionFlowOptions& options) {
    if (chain.product->type != market::ProductType::equity_option_mbo) {
        return make_error(ErrorCode::usage, "options on {} are not of a share: they have orders of CME",
                          chain.underlying);
    }
    SPY_ASSIGN(OptionActivity activity,
               OptionActivity::create(chain, path, options, chain.opens_ns, kRecordsPerEvent));
    return OptionQuotes(std::make_unique<Engine>(chain, std::move(activity), options.seed));
}

OptionQuotes::OptionQuotes(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
OptionQuotes::OptionQuotes(OptionQuotes&&) noexcept = default;
OptionQuotes& OptionQuotes::operator=(OptionQuotes&&) noexcept = default;
OptionQuotes::~OptionQuotes() = default;

std::span<const dbn::Cmbp1Msg> OptionQuotes::next() {
    return engine_->next();
}
const OptionFlowTotals& OptionQuotes::totals() const {
    return engine_->totals_;
}
double OptionQuotes::progress() const {
    return engine_->progress();
}

}  // namespace spymaster::feed
