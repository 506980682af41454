#include "serve/window_store.hpp"

#include <algorithm>

namespace spymaster::serve {

WindowStore::WindowStore(const lake::Lake& lake, const LiveSessions& live, Limits limits, Post to_worker,
                         Post to_server, Metrics& metrics)
    : lake_(lake),
      live_(live),
      limits_(limits),
      to_worker_(std::move(to_worker)),
      to_server_(std::move(to_server)),
      metrics_(metrics) {}

void WindowStore::open(const SessionQuery& asked, OnSession on_session) {
    if (asked.live) {
        to_server_([found = live_.find(asked), on_session = std::move(on_session)] {
            on_session({found ? Result<SessionPtr>(*found) : Result<SessionPtr>(found.error())});
        });
        return;
    }
    to_worker_([this, asked, on_session = std::move(on_session)]() mutable {
        auto key = resolve(lake_, asked);
        Result<std::string> signature =
            key ? session_signature(lake_, *key) : Result<std::string>(key.error());
        to_server_([this, key = std::move(key), signature = std::move(signature),
                    on_session = std::move(on_session)]() mutable {
            if (!signature) return on_session({signature.error()});
            on_resolved(*key, std::move(signature).value(), std::move(on_session));
        });
    });
}

void WindowStore::on_resolved(const SessionKey& key, std::string signature, OnSession on_session) {
    const auto known = sessions_.find(key);
    if (known != sessions_.end() && known->second.signature == signature) {
        known->second.used = ++uses_;
        return on_session({known->second.session});
    }
    if (const auto opening = opening_.find(key); opening != opening_.end()) {
        opening->second.push_back(std::move(on_session));
        return;
    }
    if (!make_room()) {
        return on_session(
            {make_error(ErrorCode::usage, "the server replays as many sessions at a time as it may ({})",
                        limits_.open_sessions),
             true});
    }
    opening_[key].push_back(std::move(on_session));
    to_worker_([this, key, signature = std::move(signature)] {
        auto session = ReplaySession::open(lake_, key);
        to_server_(
            [this, key, signature, session = std::move(session)] { on_opened(key, signature, session); });
    });
}

void WindowStore::on_opened(const SessionKey& key, const std::string& signature,
                            const Result<ReplayPtr>& session) {
    if (session) {
        metrics_.session_opened(market::product_of(key.product).name, (*session)->options_state());
        sessions_[key] = {*session, signature, ++uses_};
        open_.push_back(*session);
    }
    const auto opened = session ? Result<SessionPtr>(*session) : Result<SessionPtr>(session.error());
    const auto waiting = opening_.extract(key);
    if (waiting.empty()) return;
    for (const auto& on_session : waiting.mapped()) on_session({opened});
}

bool WindowStore::make_room() {
    const auto open_now = [this] {
        std::erase_if(open_, [](const auto& session) { return session.expired(); });
        return open_.size() + opening_.size();
    };
    while (open_now() >= limits_.open_sessions) {
        auto idle = sessions_.end();
        for (auto entry = sessions_.begin(); entry != sessions_.end(); ++entry) {
            if (entry->second.session.use_count() > 1) continue;
            if (idle == sessions_.end() || entry->second.used < idle->second.used) idle = entry;
        }
        if (idle == sessions_.end()) return false;
        sessions_.erase(idle);
    }
    return true;
}

std::optional<WindowFrames> WindowStore::find(const SessionPtr& session, std::size_t index,
                                              SurfaceSet surfaces) {
    if (auto window = session->in_memory(index, surfaces)) return window;
    const auto found = run_at_.find({session->id(), index / kRun});
    if (found == run_at_.end() || !surfaces.is_within(found->second->surfaces)) return std::nullopt;
    runs_.splice(runs_.begin(), runs_, found->second);
    WindowFrames window{(*session->window_ends())[index], {}};
    for (const auto surface : kSurfaces) {
        if (surfaces.contains(surface))
            window.frames[place_of(surface)] = found->second->frames[place_of(surface)][index % kRun];
    }
    return window;
}

SurfaceSet WindowStore::surfaces_here(const RunKey& key) const {
    const auto found = run_at_.find(key);
    return found == run_at_.end() ? SurfaceSet() : found->second->surfaces;
}

void WindowStore::load(const SessionPtr& session, std::size_t index, SurfaceSet surfaces,
                       OnLoaded on_loaded) {
    const RunKey key{session->id(), index / kRun};
    reading_[key].waiting.push_back({surfaces, std::move(on_loaded)});
    read_run(session, key, surfaces);
}

void WindowStore::read_ahead(const SessionPtr& session, std::size_t index, SurfaceSet surfaces) {
    const std::size_t run = index / kRun + 1;
    const auto size = session->window_ends()->size();
    if (run * kRun >= size || session->in_memory(run * kRun, surfaces)) return;
    read_run(session, {session->id(), run}, surfaces);
}

// Reads what is neither here nor on its way.
void WindowStore::read_run(const SessionPtr& session, const RunKey& key, SurfaceSet surfaces) {
    auto missing = surfaces.without(surfaces_here(key));
    if (const auto found = reading_.find(key); found != reading_.end())
        missing = missing.without(found->second.surfaces);
    if (missing.empty()) return;
    reading_[key].surfaces.insert(missing);
    to_worker_([this, session, key, missing] {
        const std::size_t first = key.second * kRun;
        const std::size_t count = std::min(kRun, session->window_ends()->size() - first);
        auto read = session->load(first, count, missing, metrics_);
        to_server_([this, key, read = std::move(read)]() mutable { on_read(key, std::move(read)); });
    });
}

void WindowStore::on_read(const RunKey& key, std::vector<SurfaceRun> surfaces) {
    const auto found = reading_.find(key);
    if (found == reading_.end()) return;  // nobody is there any more
    SurfaceSet done;
    SurfaceSet broken;
    std::optional<Error> problem;
    for (auto& [surface, frames] : surfaces) {
        done.insert(surface);
        if (frames) {
            keep(key, surface, std::move(frames).value());
        } else {
            broken.insert(surface);
            if (!problem) problem = frames.error();
        }
    }
    auto& reading = found->second;
    reading.surfaces = reading.surfaces.without(done);
    const auto here = surfaces_here(key);
    std::vector<std::pair<OnLoaded, Result<void>>> answers;
    std::erase_if(reading.waiting, [&](Waiting& waiting) {
        const bool failed = waiting.surfaces.without(broken) != waiting.surfaces;
        if (!failed && !waiting.surfaces.is_within(here)) return false;
        answers.emplace_back(std::move(waiting.on_loaded), failed ? Result<void>(*problem) : Result<void>());
        return true;
    });
    if (reading.surfaces.empty()) reading_.erase(found);
    for (const auto& [on_loaded, outcome] : answers) on_loaded(outcome);
    let_go();
}

void WindowStore::keep(const RunKey& key, Surface surface, std::vector<FramePtr> frames) {
    auto at = run_at_.find(key);
    if (at == run_at_.end()) {
        runs_.push_front({key, {}, {}, 0});
        at = run_at_.emplace(key, runs_.begin()).first;
    }
    auto& run = *at->second;
    runs_.splice(runs_.begin(), runs_, at->second);
    for (const auto& frame : frames) {
        run.bytes += frame->message.size();
        cache_bytes_ += frame->message.size();
    }
    run.surfaces.insert(surface);
    run.frames[place_of(surface)] = std::move(frames);
}

// The least recently used runs first. The newest stays, and what is being read: somebody waits for it.
void WindowStore::let_go() {
    auto run = runs_.end();
    while (cache_bytes_ > limits_.cache_bytes && run != runs_.begin()) {
        --run;
        if (run == runs_.begin()) return;
        if (reading_.contains(run->key)) continue;
        cache_bytes_ -= run->bytes;
        run_at_.erase(run->key);
        run = runs_.erase(run);
    }
}

void WindowStore::drop_waiting() {
    opening_.clear();
    reading_.clear();
}

}  // namespace spymaster::serve
