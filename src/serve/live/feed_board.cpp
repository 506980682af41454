#include "serve/live/feed_board.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace spymaster::serve {

namespace {

using Json = nlohmann::ordered_json;
using pipeline::FeedPhase;
using pipeline::FeedState;

// Of two feeds of a session the one further down decides what is said of it.
constexpr std::array kByBadness{FeedPhase::live,         FeedPhase::replaying, FeedPhase::connecting,
                                FeedPhase::reconnecting, FeedPhase::ended,     FeedPhase::stopped};

auto badness(FeedPhase phase) {
    return std::ranges::find(kByBadness, phase) - kByBadness.begin();
}

Json number(std::int64_t value) {
    return std::to_string(value);
}
Json number_or_null(std::int64_t value, bool there) {
    return there ? number(value) : Json();
}

bool looks_alike(const FeedState& a, const FeedState& b) {
    const auto same_gap = [](const pipeline::FeedGap& one, const pipeline::FeedGap& other) {
        return one.start_ts_ns == other.start_ts_ns && one.end_ts_ns == other.end_ts_ns;
    };
    return a.phase == b.phase && a.detail == b.detail && a.reconnects == b.reconnects &&
           std::ranges::equal(a.gaps, b.gaps, same_gap) &&
           std::ranges::equal(a.stale, b.stale, {}, &FeedState::Stale::symbol, &FeedState::Stale::symbol);
}

}  // namespace

std::string feed_json(std::string_view type, const FeedReading& reading) {
    const auto& state = reading.state;
    const bool any = state.last_record_ts_ns != 0;
    Json json;
    if (!type.empty()) json["type"] = type;
    json["state"] = pipeline::kFeedPhaseNames[static_cast<std::size_t>(state.phase)];
    json["dataset"] = state.dataset;
    json["detail"] = state.detail;
    json["lag_ns"] = number(state.lag_ns);
    json["last_record_ts_ns"] = number_or_null(state.last_record_ts_ns, any);
    json["last_record_age_ns"] = number_or_null(state.last_record_age_ns, any);
    json["window_end_ts_ns"] =
        number_or_null(reading.window_end_ts_ns.value_or(0), reading.window_end_ts_ns.has_value());
    json["reconnects"] = state.reconnects;
    json["gaps"] = Json::array();
    for (const auto& gap : state.gaps) {
        json["gaps"].push_back({{"start_ts_ns", number(gap.start_ts_ns)},
                                {"end_ts_ns", number_or_null(gap.end_ts_ns, gap.end_ts_ns != 0)},
                                {"cause", gap.cause}});
    }
    json["stale"] = Json::array();
    for (const auto& stale : state.stale)
        json["stale"].push_back({{"symbol", stale.symbol}, {"age_ns", number(stale.age_ns)}});
    // What a gateway said may hold any bytes.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool FeedBoard::set(const FeedState& state) {
    metrics_.feed_told(state);
    const auto now = std::chrono::steady_clock::now();
    const std::scoped_lock lock(mutex_);
    const auto known = told_.find(state.dataset);
    const bool changed = known == told_.end() || !looks_alike(known->second.state, state);
    told_[state.dataset] = {state, now};
    return changed;
}

// A feed that tells nothing any more gets older all the same.
FeedState FeedBoard::now_of(const Told& told) {
    FeedState state = told.state;
    const std::int64_t since = std::chrono::nanoseconds(std::chrono::steady_clock::now() - told.at).count();
    state.last_record_age_ns += since;
    for (auto& stale : state.stale) stale.age_ns += since;
    return state;
}

std::vector<FeedState> FeedBoard::all() const {
    const std::scoped_lock lock(mutex_);
    std::vector<FeedState> states;
    for (const auto& [dataset, told] : told_) states.push_back(now_of(told));
    return states;
}

FeedState FeedBoard::together(const std::vector<std::string_view>& datasets) const {
    const std::scoped_lock lock(mutex_);
    std::vector<FeedState> states;
    for (const auto dataset : datasets) {
        if (const auto told = told_.find(dataset); told != told_.end())
            states.push_back(now_of(told->second));
    }
    if (states.empty()) {
        FeedState unknown;
        unknown.dataset = datasets.front();
        return unknown;
    }
    FeedState worst = *std::ranges::max_element(
        states, {}, [](const FeedState& state) { return std::pair(badness(state.phase), state.lag_ns); });
    for (auto& state : states) {
        worst.lag_ns = std::max(worst.lag_ns, state.lag_ns);
        if (state.dataset == worst.dataset) continue;
        worst.reconnects += state.reconnects;
        worst.gaps.insert(worst.gaps.end(), state.gaps.begin(), state.gaps.end());
        worst.stale.insert(worst.stale.end(), state.stale.begin(), state.stale.end());
    }
    std::ranges::stable_sort(worst.gaps, {}, &pipeline::FeedGap::start_ts_ns);
    return worst;
}

}  // namespace spymaster::serve
