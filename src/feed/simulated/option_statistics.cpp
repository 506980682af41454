// chain_statistics() of option_reference.hpp.
#include <algorithm>
#include <array>
#include <limits>

#include "feed/simulated/option_reference.hpp"
#include "feed/simulated/random.hpp"

namespace spymaster::feed {

namespace {

constexpr std::int64_t kSecondNs = market::kNanosPerSecond;
constexpr std::int64_t kMinuteNs = 60 * kSecondNs;
constexpr std::int64_t kMorningNs = 11 * 3'600 * kSecondNs + 35 * kMinuteNs;  // 06:35 New York in winter
constexpr std::array<std::uint16_t, 3> kOpraPublishers{22, 26, 31};
constexpr std::uint8_t kNew = 1;
constexpr std::uint8_t kDelete = 2;

// dbn::StatMsg::stat_type.
constexpr std::uint16_t kOpeningPrice = 1;
constexpr std::uint16_t kSettlementPrice = 3;
constexpr std::uint16_t kClearedVolume = 6;
constexpr std::uint16_t kOpenInterest = 9;

class Publisher {
  public:
    explicit Publisher(const OptionChain& chain)
        : chain_(chain),
          cme_(chain.product->type == market::ProductType::future_option_mbo),
          random_(chain.options.front().instrument_id) {}

    // One statistic of an option, at about `ts_ns`; OPRA's exchanges each say it.
    void say(const OptionInstrument& option, std::uint16_t type, std::int64_t ts_ns, std::int64_t price,
             std::int64_t quantity, std::uint8_t update_action = kNew) {
        dbn::StatMsg stat{};
        stat.hd = {.length = sizeof stat / 4,
                   .rtype = dbn::rtype::statistics,
                   .publisher_id = 1,
                   .instrument_id = option.instrument_id,
                   .ts_event = static_cast<std::uint64_t>(ts_ns)};
        stat.ts_recv = stat.hd.ts_event + 150'000 + random_.below(80'000);
        stat.ts_ref = cme_ ? static_cast<std::uint64_t>(chain_.date.midnight_utc_ns()) : dbn::kUndefTimestamp;
        stat.price = price;
        stat.quantity = quantity;
        stat.ts_in_delta = cme_ ? 20'000 : 0;
        stat.stat_type = type;
        stat.channel_id = 1;
        stat.update_action = update_action;
        stat.stat_flags = cme_ ? std::numeric_limits<std::uint8_t>::max() : std::uint8_t{0};
        const std::uint32_t times = cme_ ? 1 : 1 + random_.below(kOpraPublishers.size());
        for (std::uint32_t i = 0; i < times; ++i) {
            if (!cme_) stat.hd.publisher_id = kOpraPublishers[i];
            stat.sequence = ++sequence_;
            said_.push_back(stat);
        }
    }

    // Contracts open: most near the money, at round strikes and in puts below it, tens of thousands on SPY.
    std::int64_t interest(const OptionInstrument& option, std::int64_t spot_int) {
        const std::int64_t steps = (option.strike_price_int - spot_int) / chain_.strike_step;
        const double far = static_cast<double>(steps < 0 ? -steps : steps);
        const bool round = option.strike_price_int / chain_.strike_step % 5 == 0;
        const bool out = (option.right == market::Right::call) == (steps >= 0);
        const double most = (cme_ ? 1'500.0 : 9'000.0) * (round ? 2.5 : 1.0) * (out ? 1.0 : 0.3);
        return static_cast<std::int64_t>(most * (0.3 + random_.exponential()) / (1.0 + far * far / 150.0));
    }

    Random& random() { return random_; }
    std::vector<dbn::StatMsg> said() && {
        std::ranges::stable_sort(said_, {}, &dbn::StatMsg::ts_recv);
        return std::move(said_);
    }

  private:
    const OptionChain& chain_;
    bool cme_;
    Random random_;
    std::uint32_t sequence_ = 100;
    std::vector<dbn::StatMsg> said_;
};

}  // namespace

std::vector<dbn::StatMsg> chain_statistics(const OptionChain& chain, const UnderlyingPath& path) {
    constexpr std::int64_t kNoQuantity = dbn::kUndefStatQuantity;
    Publisher publisher(chain);
    const std::int64_t morning_ns = path.begin_ns() + kMorningNs;
    const std::int64_t session_ns = path.options().session.start_ns;
    const std::int64_t length_ns = path.end_ns() - session_ns;
    const std::int64_t spot = chain.first_strike + chain.strikes / 2 * chain.strike_step;
    const std::size_t deleted =
        std::min(chain.todays() / 4 * 2 + 6, chain.todays() - 1);  // a call near the money
    for (std::size_t i = 0; i < chain.options.size(); ++i) {
        const OptionInstrument& option = chain.options[i];
        const std::int64_t open = publisher.interest(option, spot);
        const std::int64_t ts_ns = morning_ns + static_cast<std::int64_t>(i) * kSecondNs / 100;
        const bool unknown = i != deleted && i % 40 == 17;
        const std::int64_t settled =
            static_cast<std::int64_t>(1 + publisher.random().below(400)) * chain.ticks.small_tick;
        publisher.say(option, kOpenInterest, ts_ns, dbn::kUndefPrice, unknown ? kNoQuantity : open);
        if (i % 3 == 0) publisher.say(option, kSettlementPrice, ts_ns - kMinuteNs, settled, kNoQuantity);
        if (i % 4 == 1) publisher.say(option, kClearedVolume, ts_ns + kMinuteNs, dbn::kUndefPrice, open / 2);
        if (i % 5 == 2) publisher.say(option, kOpeningPrice, session_ns + kSecondNs, settled, kNoQuantity);
        if (i == deleted) {
            publisher.say(option, kOpenInterest, session_ns + length_ns / 2, dbn::kUndefPrice, open, kDelete);
        } else if (i % 7 == 3) {
            publisher.say(option, kOpenInterest,
                          session_ns + length_ns / 4 + static_cast<std::int64_t>(i) * 1'000'000,
                          dbn::kUndefPrice, open + open / 8 + 1);
        }
    }
    return std::move(publisher).said();
}

}  // namespace spymaster::feed
