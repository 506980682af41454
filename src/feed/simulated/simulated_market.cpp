#include "feed/simulated/simulated_market.hpp"

#include <algorithm>

#include "feed/simulated/arrivals.hpp"
#include "feed/simulated/event_tape.hpp"
#include "feed/simulated/listing.hpp"
#include "feed/simulated/matching_book.hpp"
#include "feed/simulated/order_flow.hpp"
#include "feed/simulated/random.hpp"

namespace spymaster::feed {

namespace {

constexpr std::size_t kBatchRecords = 4096;
constexpr double kNanos = static_cast<double>(market::kNanosPerSecond);

std::uint64_t hash(std::string_view text) {
    std::uint64_t state = 0xCBF29CE484222325U;
    for (const char c : text) state = (state ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
    return splitmix64(state);
}

bool is_weekend(const market::Date& date) {
    const std::int64_t days = date.midnight_utc_ns() / (86'400 * market::kNanosPerSecond);
    const std::int64_t weekday = ((days + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday; Sunday is 0
    return weekday == 0 || weekday == 6;
}

}  // namespace

class SimulatedMarket::Engine {
  public:
    static Result<std::unique_ptr<Engine>> create(const SimulationOptions& options);

    // `leader`: of the same date, session and seed; none if the listing has none.
    Engine(const SimulationOptions& options, PacePlan plan, const Listing& listing,
           std::unique_ptr<Engine> leader)
        : options_(options),
          listing_(listing),
          contract_(listing.contract_of(options.symbol, options.date)),
          instrument_id_(1'000 + static_cast<std::uint32_t>(hash(contract_) % 300'000)),
          leader_(std::move(leader)),
          plan_(std::move(plan)),
          seeds_(options.seed ^ hash(contract_ + options.date.compact())),
          book_(2 * listing.usual_tick),
          tape_(listing.conventions(), instrument_id_, listing.tick_nanos, Random(seeds_.bits())),
          flow_(book_, tape_, listing.habits(), Random(seeds_.bits()), options.market),
          arrivals_(listing.is_share() ? plan_.open_ns() + kOpeningNs : plan_.begin_ns() + kFirstEventNs,
                    Random(seeds_.bits())),
          disturbances_(seeds_.bits()) {
        if (!listing.is_share())
            flow_.fill_book(listing.usual_tick - 400 + disturbances_.between(0, 800), plan_.begin_ns());
        next_silence_ns_ = plan_.session().start_ns + after(kSecondsBetweenSilences);
        if (!listing.is_share())
            next_loss_ns_ = plan_.session().start_ns + between(0.0, kFirstLossWithinSeconds);
        next_event_ns_ = arrivals_.next(plan_, pace_factor());
    }

    std::span<const dbn::MboMsg> next();
    void run_to(std::int64_t ts_ns);
    [[nodiscard]] TopOfMarket top() const;

    [[nodiscard]] double progress() const {
        const double all = plan_.expected_records(plan_.end_ns());
        return all > 0.0
                   ? std::min(plan_.expected_records(std::min(arrivals_.now_ns(), plan_.end_ns())) / all, 1.0)
                   : 1.0;
    }

    SimulationOptions options_;
    const Listing& listing_;
    std::string contract_;
    std::uint32_t instrument_id_;
    SimulationTotals totals_;

  private:
    static constexpr std::int64_t kFirstEventNs = 40'000'000;                 // after the snapshot
    static constexpr std::int64_t kOpeningNs = 10 * market::kNanosPerSecond;  // in which a share's book fills
    static constexpr std::int64_t kClearBeforeOpenNs = 3'287 * market::kNanosPerSecond;
    static constexpr double kSecondsBetweenSilences = 150.0;
    static constexpr double kSecondsBetweenLosses = 2400.0;
    static constexpr double kFirstLossWithinSeconds = 900.0;

    std::int64_t after(double mean_seconds) {
        return static_cast<std::int64_t>(disturbances_.exponential() * mean_seconds * kNanos);
    }
    std::int64_t between(double first_seconds, double last_seconds) {
        return static_cast<std::int64_t>(
            (first_seconds + disturbances_.unit() * (last_seconds - first_seconds)) * kNanos);
    }
    [[nodiscard]] double pace_factor() const;
    void start();
    void open();
    void act(std::int64_t ts_ns);
    void step();
    void take_snapshot(std::int64_t ts_ns);
    void fall_silent(std::int64_t ts_ns);
    void lose_records(std::int64_t ts_ns);

    std::unique_ptr<Engine> leader_;
    PacePlan plan_;
    Random seeds_;
    MatchingBook book_;
    EventTape tape_;
    OrderFlow flow_;
    Arrivals arrivals_;
    Random disturbances_;
    std::int64_t next_silence_ns_ = 0;
    std::int64_t next_loss_ns_ = INT64_MAX;
    std::int64_t next_event_ns_ = 0;
    std::uint64_t records_before_session_ = 0;
    bool started_ = false;
};

// Keeps the mean where it was asked to be: what is missing is made up for within about twenty seconds.
double SimulatedMarket::Engine::pace_factor() const {
    const std::int64_t now = arrivals_.now_ns();
    const double activity = flow_.regime().activity();
    if (now < plan_.session().start_ns || now >= plan_.end_ns()) return activity;
    const double expected = plan_.expected_records(now) - plan_.expected_records(plan_.session().start_ns);
    const double missing = expected - static_cast<double>(tape_.live_records() - records_before_session_);
    return activity *
           std::clamp(1.0 + missing / (20.0 * std::max(plan_.records_per_second(now), 0.1)), 0.3, 3.0);
}

void SimulatedMarket::Engine::take_snapshot(std::int64_t ts_ns) {
    tape_.snapshot(book_, ts_ns);
    ++totals_.snapshots;
}

void SimulatedMarket::Engine::fall_silent(std::int64_t ts_ns) {
    arrivals_.skip_to(ts_ns + between(1.2, 2.6));
    next_silence_ns_ = arrivals_.now_ns() + after(kSecondsBetweenSilences);
    ++totals_.silences;
}

// The market goes on, but its records do not come through; the first one after that is marked, and a snapshot
// repairs the book.
void SimulatedMarket::Engine::lose_records(std::int64_t ts_ns) {
    const double pace = plan_.records_per_second(ts_ns);
    tape_.mute(true);
    for (std::int32_t left = disturbances_.between(40, 160); left > 0; --left) {
        ts_ns += between(0.001, 0.006);
        flow_.step(ts_ns, pace);
    }
    tape_.mute(false);
    ts_ns += between(0.1, 0.5);
    flow_.add_in_the_back(ts_ns, dbn::flag::maybe_bad_book);
    ts_ns += between(0.8, 1.8);
    take_snapshot(ts_ns);
    arrivals_.skip_to(ts_ns + between(0.001, 0.02));
    next_loss_ns_ = arrivals_.now_ns() + after(kSecondsBetweenLosses);
    ++totals_.losses;
}

void SimulatedMarket::Engine::start() {
    if (started_) return;
    started_ = true;
    listing_.is_share() ? open() : take_snapshot(plan_.begin_ns());
}

// The day of a share begins with an empty book, which fills when the first orders are taken.
void SimulatedMarket::Engine::open() {
    const std::int64_t open_ns = plan_.open_ns();
    leader_->run_to(open_ns);
    tape_.clear(std::max(plan_.begin_ns(), open_ns - kClearBeforeOpenNs));
    flow_.open_book(static_cast<std::int32_t>(leader_->flow_.efficient_tick() * listing_.leader_tick_ticks),
                    open_ns, static_cast<double>(kOpeningNs) / kNanos);
    records_before_session_ = tape_.live_records();
}

void SimulatedMarket::Engine::act(std::int64_t ts_ns) {
    if (!leader_) return flow_.step(ts_ns, plan_.records_per_second(ts_ns));
    leader_->run_to(ts_ns);
    const double ticks = listing_.leader_tick_ticks;
    flow_.step_after(
        ts_ns,
        {.efficient_tick = leader_->flow_.efficient_tick() * ticks, .flow = leader_->flow_, .ticks = ticks});
}

// What happens at next_event_ns_, and when the next thing will.
void SimulatedMarket::Engine::step() {
    constexpr std::int64_t kLongestDisturbanceNs = 4 * market::kNanosPerSecond;
    const std::int64_t ts_ns = next_event_ns_;
    const bool in_session = ts_ns >= plan_.session().start_ns;
    const bool may_be_disturbed = in_session && ts_ns + kLongestDisturbanceNs < plan_.end_ns();
    if (may_be_disturbed && ts_ns >= next_loss_ns_) {
        lose_records(ts_ns);
    } else if (may_be_disturbed && ts_ns >= next_silence_ns_) {
        fall_silent(ts_ns);
    } else {
        act(ts_ns);
    }
    if (!in_session) records_before_session_ = tape_.live_records();
    next_event_ns_ = arrivals_.next(plan_, pace_factor());
}

std::span<const dbn::MboMsg> SimulatedMarket::Engine::next() {
    std::vector<dbn::MboMsg>& records = tape_.records();
    records.clear();
    start();
    while (records.size() < kBatchRecords && next_event_ns_ < plan_.end_ns()) step();
    totals_.records += records.size();
    totals_.session_records = tape_.live_records() - records_before_session_;
    totals_.trades = tape_.trades();
    return records;
}

void SimulatedMarket::Engine::run_to(std::int64_t ts_ns) {
    if (ts_ns < plan_.open_ns()) return;
    start();
    while (next_event_ns_ <= ts_ns && next_event_ns_ < plan_.end_ns()) {
        tape_.records().clear();
        step();
    }
}

TopOfMarket SimulatedMarket::Engine::top() const {
    if (book_.best_bid() == 0 || book_.best_ask() == book_.tick_count() - 1) return {};
    return {book_.best_bid() * listing_.tick_nanos, book_.best_ask() * listing_.tick_nanos};
}

Result<std::unique_ptr<SimulatedMarket::Engine>> SimulatedMarket::Engine::create(
    const SimulationOptions& options) {
    SPY_ASSIGN(const Listing* listing, find_listing(options.symbol));
    SPY_ASSIGN(PacePlan plan,
               PacePlan::create(options.date, options.session, options.events_per_second, listing->day()));
    std::unique_ptr<Engine> leader;
    if (!listing->leader.empty()) {
        if (plan.open_ns() + kOpeningNs >= plan.end_ns())
            return make_error(ErrorCode::usage, "the session ends as shares open, at 04:00 New York");
        SimulationOptions of_leader = options;
        of_leader.symbol = listing->leader;
        SPY_ASSIGN(leader, create(of_leader));
    }
    return std::make_unique<Engine>(options, std::move(plan), *listing, std::move(leader));
}

Result<SimulatedMarket> SimulatedMarket::create(const SimulationOptions& options) {
    if (is_weekend(options.date)) {
        return make_error(ErrorCode::usage, "{} is a weekend; choose a weekday", options.date.iso());
    }
    if (!(options.events_per_second >= 0.1 && options.events_per_second <= 50'000.0)) {
        return make_error(ErrorCode::usage, "{} events a second cannot be simulated; choose 0.1 to 50000",
                          options.events_per_second);
    }
    SPY_ASSIGN(std::unique_ptr<Engine> engine, Engine::create(options));
    return SimulatedMarket(std::move(engine));
}

SimulatedMarket::SimulatedMarket(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
SimulatedMarket::SimulatedMarket(SimulatedMarket&&) noexcept = default;
SimulatedMarket& SimulatedMarket::operator=(SimulatedMarket&&) noexcept = default;
SimulatedMarket::~SimulatedMarket() = default;

std::span<const dbn::MboMsg> SimulatedMarket::next() {
    return engine_->next();
}
void SimulatedMarket::run_to(std::int64_t ts_ns) {
    engine_->run_to(ts_ns);
}
TopOfMarket SimulatedMarket::top() const {
    return engine_->top();
}
const SimulationTotals& SimulatedMarket::totals() const {
    return engine_->totals_;
}
double SimulatedMarket::progress() const {
    return engine_->progress();
}
const std::string& SimulatedMarket::contract() const {
    return engine_->contract_;
}
std::uint32_t SimulatedMarket::instrument_id() const {
    return engine_->instrument_id_;
}
market::ProductType SimulatedMarket::product() const {
    return engine_->listing_.product;
}
std::int64_t SimulatedMarket::tick_int() const {
    return engine_->listing_.tick_nanos;
}
const SimulationOptions& SimulatedMarket::options() const {
    return engine_->options_;
}

}  // namespace spymaster::feed
