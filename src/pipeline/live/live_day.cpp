#include "pipeline/live/live_day.hpp"

#include <utility>

#include "pipeline/datasets.hpp"
#include "pipeline/day/day_commit.hpp"
#include "pipeline/layers/norm_calibration_layer.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

namespace {

constexpr Plan kEverything{.bronze = true, .silver = true, .gold = true};

Result<void> check_absent(const lake::Lake& lake, const ContractDayKeys& keys) {
    std::vector<lake::PartitionKey> all{keys.bronze, keys.gold};
    for (const lake::PartitionKey& key : keys.silver()) all.push_back(key);
    for (const lake::PartitionKey& key : all) {
        if (!lake.is_complete(key)) continue;
        return make_error(
            ErrorCode::conflict,
            "{} of {} on {} is in {} already; a live session writes it itself: use another lake "
            "(--lake), or move that partition away",
            key.dataset, key.symbol, key.date.iso(), lake.root().string());
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<LiveDay>> LiveDay::open(const Setup& setup, LiveContract contract) {
    std::unique_ptr<LiveDay> day(new LiveDay(setup, std::move(contract)));
    const LiveContract& opened = day->contract_;
    Progress progress;
    JobReport report;
    SPY_TRY(calibrate_norms(setup.lake, setup.outright, opened.symbol, progress, report));
    SPY_ASSIGN(day->tables_,
               LiveTables::open(setup.lake, opened, opened.option_grid ? setup.universe : nullptr));
    SPY_TRY(day->open_days(setup));
    SPY_TRY(setup.sink.on_contract(opened));
    return day;
}

LiveDay::LiveDay(const Setup& setup, LiveContract contract)
    : lake_(setup.lake),
      outright_(setup.outright),
      options_(setup.options),
      sink_(setup.sink),
      contract_(std::move(contract)) {
    const std::int64_t window_ns = contract_.grid.window_ns;
    first_end_ns_ = (contract_.session.start_ns + window_ns - 1) / window_ns * window_ns;
    last_end_ns_ = contract_.session.end_ns / window_ns * window_ns;
}

Result<void> LiveDay::open_days(const Setup& setup) {
    const ContractDayKeys keys = keys_of(*contract_.product, contract_.symbol, contract_.date);
    SPY_TRY(check_absent(lake_, keys));
    DayWatch watch;
    watch.window = [this](const windows::Window& window, const physics::PhysicsSurface1s* surface) {
        return on_window(window, surface);
    };
    SPY_ASSIGN(day_, open_day(lake_, *contract_.product, keys, kEverything,
                              {contract_.grid, contract_.session, nullptr}, watch));
    if (!contract_.option_grid) return {};
    const market::Product& product = *setup.options->product;
    const ContractDayKeys option_keys = keys_of(product, contract_.symbol, contract_.date);
    SPY_TRY(check_absent(lake_, option_keys));
    watch.chain = [this](const windows::ChainWindow& window, const physics::PhysicsSurface1s* surface) {
        return on_chain_window(window, surface);
    };
    SPY_ASSIGN(chain_, open_day(lake_, product, option_keys, kEverything,
                                {*contract_.option_grid, contract_.session, &spots_}, watch));
    return {};
}

Result<void> LiveDay::append(const RecordRun& run, std::chrono::steady_clock::time_point arrived) {
    arrived_ = arrived;
    SPY_TRY(day_->append(run));
    return measure_options();
}

Result<void> LiveDay::append_options(const RecordRun& run, std::chrono::steady_clock::time_point arrived) {
    if (chain_ == nullptr) return {};
    arrived_ = arrived;
    queue_.push(run);
    return measure_options();
}

void LiveDay::publish_open_interest(std::int64_t ts_recv_ns, std::int64_t instrument_id, double contracts) {
    tables_->publish_open_interest(ts_recv_ns, instrument_id, contracts);
}

Result<void> LiveDay::measure_options() {
    if (chain_ == nullptr) return {};
    const std::int64_t limit = closed_ns_ == 0              ? first_end_ns_
                               : closed_ns_ >= last_end_ns_ ? ChainQueue::kNoLimit
                                                            : closed_ns_ + contract_.grid.window_ns;
    const RecordRun ready = queue_.front(limit);
    if (ready.size() == 0) return {};
    SPY_TRY(chain_->append(ready));
    queue_.pop(ready.size());
    return {};
}

Result<void> LiveDay::on_window(const windows::Window& window, const physics::PhysicsSurface1s* surface) {
    closed_ns_ = window.snapshot.window_end_ts_ns;
    if (chain_ == nullptr) return tell({&window, surface, nullptr, nullptr, arrived_});
    spots_.add(closed_ns_, window.snapshot.spot_ref_price_int);
    Pending& pending = pending_.emplace_back(Pending{window, {}, arrived_});
    if (surface != nullptr) pending.surface = *surface;
    return {};
}

Result<void> LiveDay::on_chain_window(const windows::ChainWindow& window,
                                      const physics::PhysicsSurface1s* surface) {
    chain_closed_ns_ = window.window_end_ts_ns;
    SPY_ASSERT(!pending_.empty() &&
               pending_.front().window.snapshot.window_end_ts_ns == window.window_end_ts_ns);
    const Pending& pending = pending_.front();
    SPY_TRY(
        tell({&pending.window, pending.surface ? &*pending.surface : nullptr, &window, surface, arrived_}));
    pending_.pop_front();
    return {};
}

Result<void> LiveDay::tell(const ClosedSecond& second) {
    SPY_ASSIGN(const LiveSecond* told, tables_->close(second));
    told_ns_ = told->window_end_ts_ns;
    return sink_.on_second(contract_, *told);
}

// A marker bears the end of the newest window that is over, and belongs to the one after it.
std::optional<std::int64_t> LiveDay::marker_time(std::int64_t now_ns, std::int64_t closed_ns,
                                                 std::int64_t marked_ns) const {
    const std::int64_t window_ns = contract_.grid.window_ns;
    const std::int64_t over_ns = std::min(now_ns / window_ns * window_ns, last_end_ns_);
    if (over_ns < first_end_ns_ || over_ns <= closed_ns || over_ns <= marked_ns) return std::nullopt;
    return over_ns;
}

std::optional<std::int64_t> LiveDay::overdue(std::int64_t now_ns) const {
    return marker_time(now_ns, closed_ns_, marked_ns_);
}

// Not before their underlying's, whose spot they are measured around.
std::optional<std::int64_t> LiveDay::options_overdue(std::int64_t now_ns) const {
    if (chain_ == nullptr) return std::nullopt;
    return marker_time(std::min(now_ns, closed_ns_), chain_closed_ns_, options_marked_ns_);
}

Result<void> LiveDay::commit(const std::map<std::string, std::string>& raw_properties,
                             const std::map<std::string, std::string>& option_raw_properties,
                             JobReport& report) {
    const auto commit_one = [&](const Job& job, const market::Grid& grid, Day& day,
                                const std::map<std::string, std::string>& properties) -> Result<void> {
        SPY_TRY(day.finish());
        return commit_day(
            lake_, job, contract_.session,
            {keys_of(*job.product, contract_.symbol, contract_.date), grid, kEverything, properties}, day,
            report);
    };
    SPY_TRY(commit_one(outright_, contract_.grid, *day_, raw_properties));
    return chain_ == nullptr ? Result<void>{}
                             : commit_one(*options_, *contract_.option_grid, *chain_, option_raw_properties);
}

}  // namespace spymaster::pipeline
