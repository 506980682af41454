#include "serve/live/live_sessions.hpp"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "feed/raw_files.hpp"
#include "pipeline/datasets.hpp"

namespace spymaster::serve {

namespace {

bool is_asked_for(const SessionQuery& asked, const LiveSession& session) {
    const auto& key = session.key();
    if (asked.product && *asked.product != key.product) return false;
    return asked.symbol == key.symbol ||
           (market::product_of(key.product).has_roots() && asked.symbol == feed::symbol_root(key.symbol));
}

std::optional<std::int64_t> newest_window(const LiveSession& session) {
    const auto ends = session.window_ends();
    return ends->empty() ? std::nullopt : std::optional(ends->back());
}

}  // namespace

std::vector<std::string_view> datasets_of(const LiveSession& session) {
    std::vector<std::string_view> datasets{session.contract().product->dataset};
    const auto* options = pipeline::option_product_of(session.key().product);
    if (session.contract().option_grid && options != nullptr && options->dataset != datasets.front())
        datasets.push_back(options->dataset);
    return datasets;
}

LiveSessions::SessionPtr LiveSessions::session_of(const SessionKey& key) const {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find(sessions_, key, [](const auto& session) { return session->key(); });
    return found == sessions_.end() ? nullptr : *found;
}

void LiveSessions::tell(std::atomic<bool>& told, std::function<void()> Listener::* whom) {
    if (told.exchange(true)) return;
    to_server_([this, &told, whom] {
        told = false;
        if (listener_.*whom) (listener_.*whom)();
    });
}

Result<void> LiveSessions::on_contract(const pipeline::LiveContract& contract) {
    SPY_ASSIGN(auto session, LiveSession::make(lake_, contract, limits_, metrics_));
    {
        const std::scoped_lock lock(mutex_);
        const auto known = std::ranges::find_if(sessions_, [&](const SessionPtr& other) {
            return other->key().product == session->key().product &&
                   other->key().symbol == session->key().symbol;
        });
        if (known == sessions_.end()) {
            sessions_.push_back(std::move(session));
        } else if ((*known)->grows()) {
            return make_error(ErrorCode::conflict, "{} is live already, of {}", contract.symbol,
                              (*known)->key().date.iso());
        } else {
            *known = std::move(session);
        }
    }
    tell(feed_told_, &Listener::on_feed);
    return {};
}

Result<void> LiveSessions::on_second(const pipeline::LiveContract& contract,
                                     const pipeline::LiveSecond& second) {
    const auto session = session_of(key_of(contract));
    if (!session) {
        return make_error(ErrorCode::missing, "a second came of {}, which is not live", contract.symbol);
    }
    SPY_TRY(session->add(second));
    metrics_.live_second(contract.product->dataset, second);
    tell(growth_told_, &Listener::on_grown);
    return {};
}

void LiveSessions::on_end(const pipeline::LiveContract& contract) {
    if (const auto session = session_of(key_of(contract))) session->end();
    tell(growth_told_, &Listener::on_grown);
}

void LiveSessions::on_feed(const pipeline::FeedState& state) {
    if (feeds_.set(state)) tell(feed_told_, &Listener::on_feed);
}

Result<LiveSessions::SessionPtr> LiveSessions::find(const SessionQuery& asked) const {
    std::vector<SessionPtr> fitting;
    std::vector<std::string> names;
    for (auto& session : all()) {
        if (session->grows()) names.push_back(session->key().symbol);
        if (is_asked_for(asked, *session)) fitting.push_back(std::move(session));
    }
    if (fitting.empty()) {
        return make_error(ErrorCode::missing, "{} is not live; {}", asked.symbol,
                          names.empty() ? "nothing is" : fmt::format("live now: {}", fmt::join(names, ", ")));
    }
    // A symbol before a root, what is live before what is over, else in the order of the list.
    return *std::ranges::min_element(fitting, {}, [&](const SessionPtr& session) {
        return std::pair(session->key().symbol != asked.symbol, !session->grows());
    });
}

std::vector<LiveSessions::SessionPtr> LiveSessions::all() const {
    const std::scoped_lock lock(mutex_);
    return sessions_;
}

std::string LiveSessions::feed_message(const LiveSession& session) const {
    FeedReading reading{feeds_.together(datasets_of(session)), newest_window(session)};
    if (!session.grows()) reading.state.phase = pipeline::FeedPhase::ended;
    return feed_json("feed", reading);
}

std::vector<FeedReading> LiveSessions::feeds() const {
    std::vector<FeedReading> readings;
    const auto sessions = all();
    for (auto& state : feeds_.all()) {
        FeedReading reading{std::move(state), {}};
        for (const auto& session : sessions) {
            const auto datasets = datasets_of(*session);
            if (std::ranges::find(datasets, reading.state.dataset) != datasets.end())
                reading.window_end_ts_ns = std::max(reading.window_end_ts_ns, newest_window(*session));
        }
        readings.push_back(std::move(reading));
    }
    return readings;
}

}  // namespace spymaster::serve
