// Sessions and encoded windows, made once and shared by all clients; the newest used are kept, within limits.
//
// One thread (the server's) calls it and gets the callbacks; reading and encoding happen on workers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/live/live_sessions.hpp"
#include "serve/metrics.hpp"
#include "serve/post.hpp"
#include "serve/replay_session.hpp"
#include "serve/request.hpp"

namespace spymaster::serve {

class WindowStore {
  public:
    // Windows are read and kept in runs of this many.
    static constexpr std::size_t kRun = 60;

    struct Limits {
        std::size_t cache_bytes = 256U << 20U;
        std::size_t open_sessions = 32;
    };

    // Sessions that are live are those of `live`.
    WindowStore(const lake::Lake& lake, const LiveSessions& live, Limits limits, Post to_worker,
                Post to_server, Metrics& metrics);

    struct Opened {
        Result<SessionPtr> session;
        bool busy = false;  // the error is of the moment: as many sessions are replayed as may be
    };
    using OnSession = std::function<void(const Opened&)>;
    using OnLoaded = std::function<void(Result<void>)>;

    // The session a query names, opened if it is not; opened anew if its partitions were replaced.
    void open(const SessionQuery& asked, OnSession on_session);

    // Those surfaces of a window, or none while one is missing: then load() them.
    // REQUIRES: index < session->window_ends()->size()
    [[nodiscard]] std::optional<WindowFrames> find(const SessionPtr& session, std::size_t index,
                                                   SurfaceSet surfaces);
    // Reads what is missing of these surfaces in the run that holds the window; the callback comes later, and find() has
    // them then. Its error is of one of these surfaces. REQUIRES: find() has not got them
    void load(const SessionPtr& session, std::size_t index, SurfaceSet surfaces, OnLoaded on_loaded);
    // Reads these surfaces of the run after that of the window, unless they are here, on their way, or not there.
    void read_ahead(const SessionPtr& session, std::size_t index, SurfaceSet surfaces);

    [[nodiscard]] std::size_t cache_bytes() const { return cache_bytes_; }
    // Forgets who waits, before the server's thread ends.
    void drop_waiting();

  private:
    using RunKey = std::pair<std::uint64_t, std::size_t>;  // session id, run number
    // The surfaces of a run that somebody asked for; more are added when they are asked for.
    struct Run {
        RunKey key;
        SurfaceSet surfaces;
        std::array<std::vector<FramePtr>, kSurfaces.size()> frames;
        std::size_t bytes = 0;
    };
    // A run that is being read; it is not let go of meanwhile.
    struct Waiting {
        SurfaceSet surfaces;
        OnLoaded on_loaded;
    };
    struct Reading {
        SurfaceSet surfaces;  // on their way
        std::vector<Waiting> waiting;
    };
    struct OpenSession {
        SessionPtr session;
        std::string signature;  // of the partitions it was opened from
        std::uint64_t used = 0;
    };

    void on_resolved(const SessionKey& key, std::string signature, OnSession on_session);
    using ReplayPtr = std::shared_ptr<ReplaySession>;
    void on_opened(const SessionKey& key, const std::string& signature, const Result<ReplayPtr>& session);
    [[nodiscard]] SurfaceSet surfaces_here(const RunKey& key) const;
    void read_run(const SessionPtr& session, const RunKey& key, SurfaceSet surfaces);
    void on_read(const RunKey& key, std::vector<SurfaceRun> surfaces);
    void keep(const RunKey& key, Surface surface, std::vector<FramePtr> frames);
    void let_go();
    // Whether one more session may be opened; lets go of sessions nobody watches, the least recently
    // used first, if that is needed.
    bool make_room();

    const lake::Lake& lake_;
    const LiveSessions& live_;
    Limits limits_;
    Post to_worker_;
    Post to_server_;
    Metrics& metrics_;

    std::map<SessionKey, OpenSession> sessions_;
    std::vector<std::weak_ptr<Session>> open_;  // replaced ones that are still watched included
    std::map<SessionKey, std::vector<OnSession>> opening_;
    std::list<Run> runs_;  // most recently used first
    std::map<RunKey, std::list<Run>::iterator> run_at_;
    std::map<RunKey, Reading> reading_;
    std::size_t cache_bytes_ = 0;
    std::uint64_t uses_ = 0;  // of sessions, to tell which was used last
};

}  // namespace spymaster::serve
