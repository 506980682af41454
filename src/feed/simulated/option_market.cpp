#include "feed/simulated/option_market.hpp"

#include <utility>
#include <vector>

#include "feed/simulated/event_tape.hpp"
#include "feed/simulated/option_traders.hpp"
#include "feed/simulated/random.hpp"

namespace spymaster::feed {

namespace {

constexpr std::size_t kBatchRecords = 4096;
constexpr double kRecordsPerEvent = 2.2;            // counted
constexpr std::int64_t kFirstEventNs = 40'000'000;  // after the snapshot

}  // namespace

class OptionMarket::Engine {
  public:
    Engine(const OptionChain& chain, OptionActivity activity, std::uint64_t seed)
        : chain_(&chain),
          activity_(std::move(activity)),
          seeds_(seed * 3 + chain.underlying_id),
          tape_(Conventions::globex, chain.options.front().instrument_id, chain.ticks.small_tick,
                Random(seeds_.bits())),
          traders_(chain, activity_, tape_, Random(seeds_.bits())) {
        traders_.fill_books(chain.date.midnight_utc_ns());
    }

    std::span<const dbn::MboMsg> next() {
        tape_.records().clear();
        while (tape_.records().size() < kBatchRecords) {
            if (pictured_ < chain_->options.size() + chain_->spreads.size()) {
                take_picture(pictured_++);
                continue;
            }
            if (!activity_.advance(tape_.live_records())) break;
            traders_.step();
        }
        totals_.records += tape_.records().size();
        totals_.session_records = tape_.live_records() - activity_.records_before_session();
        totals_.trades = tape_.trades();
        totals_.walls = traders_.walls();
        return tape_.records();
    }

    [[nodiscard]] double progress() const { return activity_.progress(); }

    OptionFlowTotals totals_;

  private:
    // The snapshot of an instrument: an option, or after those a spread, whose books are empty.
    void take_picture(std::size_t instrument) {
        const std::int64_t midnight_ns = chain_->date.midnight_utc_ns();
        std::vector<const RestingOrder*> orders;
        if (instrument >= chain_->options.size()) {
            tape_.turn_to(chain_->spreads[instrument - chain_->options.size()].instrument_id);
        } else {
            tape_.turn_to(chain_->options[instrument].instrument_id);
            const OptionBook& book = traders_.book(static_cast<std::uint32_t>(instrument));
            for (const market::Side side : {market::Side::ask, market::Side::bid})
                for (const RestingOrder& order : book.orders(side)) orders.push_back(&order);
        }
        tape_.snapshot(std::move(orders), midnight_ns);
    }

    const OptionChain* chain_;
    OptionActivity activity_;
    Random seeds_;
    EventTape tape_;
    OptionTraders traders_;
    std::size_t pictured_ = 0;
};

Result<OptionMarket> OptionMarket::create(const OptionChain& chain, const UnderlyingPath& path,
                                          const OptionFlowOptions& options) {
    if (chain.product->type != market::ProductType::future_option_mbo) {
        return make_error(ErrorCode::usage, "options on {} are not of a future: they have quotes of OPRA",
                          chain.underlying);
    }
    SPY_ASSIGN(OptionActivity activity,
               OptionActivity::create(chain, path, options, chain.date.midnight_utc_ns() + kFirstEventNs,
                                      kRecordsPerEvent));
    return OptionMarket(std::make_unique<Engine>(chain, std::move(activity), options.seed));
}

OptionMarket::OptionMarket(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
OptionMarket::OptionMarket(OptionMarket&&) noexcept = default;
OptionMarket& OptionMarket::operator=(OptionMarket&&) noexcept = default;
OptionMarket::~OptionMarket() = default;

std::span<const dbn::MboMsg> OptionMarket::next() {
    return engine_->next();
}
const OptionFlowTotals& OptionMarket::totals() const {
    return engine_->totals_;
}
double OptionMarket::progress() const {
    return engine_->progress();
}

}  // namespace spymaster::feed
