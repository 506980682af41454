#include "serve/window_store.hpp"

#include <algorithm>

namespace spymaster::serve {

WindowStore::WindowStore(const lake::Lake& lake, Limits limits, Post to_worker, Post to_server,
                         Metrics& metrics)
    : lake_(lake),
      limits_(limits),
      to_worker_(std::move(to_worker)),
      to_server_(std::move(to_server)),
      metrics_(metrics) {}

void WindowStore::open(const SessionQuery& asked, OnSession on_session) {
    to_worker_([this, asked, on_session = std::move(on_session)]() mutable {
        auto key = resolve(lake_, asked);
        Result<std::string> signature =
            key ? session_signature(lake_, *key) : Result<std::string>(key.error());
        to_server_([this, key = std::move(key), signature = std::move(signature),
                    on_session = std::move(on_session)]() mutable {
            if (!signature) return on_session(signature.error());
            on_resolved(*key, std::move(signature).value(), std::move(on_session));
        });
    });
}

void WindowStore::on_resolved(const SessionKey& key, std::string signature, OnSession on_session) {
    const auto known = sessions_.find(key);
    if (known != sessions_.end() && known->second.signature == signature)
        return on_session(known->second.session);
    if (const auto opening = opening_.find(key); opening != opening_.end()) {
        opening->second.push_back(std::move(on_session));
        return;
    }
    if (!make_room()) {
        return on_session(make_error(ErrorCode::usage,
                                     "the server replays as many sessions at a time as it may ({})",
                                     limits_.open_sessions));
    }
    opening_[key].push_back(std::move(on_session));
    to_worker_([this, key, signature = std::move(signature)] {
        auto session = ReplaySession::open(lake_, key);
        to_server_(
            [this, key, signature, session = std::move(session)] { on_opened(key, signature, session); });
    });
}

void WindowStore::on_opened(const SessionKey& key, const std::string& signature,
                            const Result<SessionPtr>& session) {
    if (session) {
        metrics_.session_opened(market::product_of(key.product).name, (*session)->options_state());
        sessions_[key] = {*session, signature};
        live_.push_back(*session);
    }
    const auto waiting = opening_.extract(key);
    if (waiting.empty()) return;
    for (const auto& on_session : waiting.mapped()) on_session(session);
}

bool WindowStore::make_room() {
    const auto open_now = [this] {
        std::erase_if(live_, [](const auto& session) { return session.expired(); });
        return live_.size() + opening_.size();
    };
    while (open_now() >= limits_.open_sessions) {
        const auto idle = std::find_if(sessions_.begin(), sessions_.end(), [](const auto& entry) {
            return entry.second.session.use_count() == 1;
        });
        if (idle == sessions_.end()) return false;
        sessions_.erase(idle);
    }
    return true;
}

WindowPtr WindowStore::find(const SessionPtr& session, std::size_t index) {
    const auto found = run_at_.find({session->id(), index / kRun});
    if (found == run_at_.end()) return nullptr;
    runs_.splice(runs_.begin(), runs_, found->second);
    return found->second->windows[index % kRun];
}

void WindowStore::load(const SessionPtr& session, std::size_t index, OnLoaded on_loaded) {
    const RunKey key{session->id(), index / kRun};
    auto& waiting = reading_[key];
    waiting.push_back(std::move(on_loaded));
    if (waiting.size() == 1) read_run(session, key);
}

void WindowStore::read_ahead(const SessionPtr& session, std::size_t index) {
    const std::size_t run = index / kRun + 1;
    const RunKey key{session->id(), run};
    if (run * kRun >= session->window_ends()->size() || run_at_.contains(key) || reading_.contains(key))
        return;
    reading_[key].emplace_back(
        [](const Result<void>&) {});  // who needs it and finds it broken asks again, and is told
    read_run(session, key);
}

void WindowStore::read_run(const SessionPtr& session, const RunKey& key) {
    to_worker_([this, session, key] {
        const std::size_t first = key.second * kRun;
        const std::size_t count = std::min(kRun, session->window_ends()->size() - first);
        auto windows = session->load(first, count, metrics_);
        to_server_([this, key, windows = std::move(windows)]() mutable { on_read(key, std::move(windows)); });
    });
}

void WindowStore::on_read(const RunKey& key, Result<std::vector<WindowPtr>> windows) {
    const auto waiting = reading_.extract(key);
    const Result<void> outcome = windows ? Result<void>() : Result<void>(windows.error());
    if (windows && !run_at_.contains(key)) {
        Run run{key, std::move(windows).value(), 0};
        for (const auto& window : run.windows) run.bytes += window->bytes.size();
        cache_bytes_ += run.bytes;
        runs_.push_front(std::move(run));
        run_at_[key] = runs_.begin();
        while (cache_bytes_ > limits_.cache_bytes &&
               runs_.size() > 1) {  // the newest stays: somebody waits for it
            cache_bytes_ -= runs_.back().bytes;
            run_at_.erase(runs_.back().key);
            runs_.pop_back();
        }
    }
    if (waiting.empty()) return;
    for (const auto& on_loaded : waiting.mapped()) on_loaded(outcome);
}

void WindowStore::drop_waiting() {
    opening_.clear();
    reading_.clear();
}

}  // namespace spymaster::serve
