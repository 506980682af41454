// Sessions and encoded windows, made once and shared by all clients; the newest used are kept, within limits.
//
// One thread (the server's) calls it and gets the callbacks; reading and encoding happen on workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/metrics.hpp"
#include "serve/replay_session.hpp"
#include "serve/request.hpp"

namespace spymaster::serve {

// Runs a job somewhere else: on a worker, or back on the server's thread.
using Post = std::function<void(std::function<void()>)>;

class WindowStore {
  public:
    // Windows are read and kept in runs of this many.
    static constexpr std::size_t kRun = 60;

    struct Limits {
        std::size_t cache_bytes = 256U << 20U;
        std::size_t open_sessions = 32;
    };

    WindowStore(const lake::Lake& lake, Limits limits, Post to_worker, Post to_server, Metrics& metrics);

    using SessionPtr = std::shared_ptr<ReplaySession>;
    using OnSession = std::function<void(Result<SessionPtr>)>;
    using OnLoaded = std::function<void(Result<void>)>;

    // The session a query names, opened if it is not; opened anew if its partitions were replaced.
    void open(const SessionQuery& asked, OnSession on_session);

    // The frames of a window, or nullptr: then load() it. REQUIRES: index < session->window_ends()->size()
    [[nodiscard]] WindowPtr find(const SessionPtr& session, std::size_t index);
    // Reads the run that holds the window; the callback comes later, and find() has it then.
    void load(const SessionPtr& session, std::size_t index, OnLoaded on_loaded);
    // Reads the run after that of the window, unless it is here, on its way, or not there.
    void read_ahead(const SessionPtr& session, std::size_t index);

    [[nodiscard]] std::size_t cache_bytes() const { return cache_bytes_; }
    // Forgets who waits, before the server's thread ends.
    void drop_waiting();

  private:
    using RunKey = std::pair<std::uint64_t, std::size_t>;  // session id, run number
    struct Run {
        RunKey key;
        std::vector<WindowPtr> windows;
        std::size_t bytes = 0;
    };
    struct OpenSession {
        SessionPtr session;
        std::string signature;  // of the partitions it was opened from
    };

    void on_resolved(const SessionKey& key, std::string signature, OnSession on_session);
    void on_opened(const SessionKey& key, const std::string& signature, const Result<SessionPtr>& session);
    void read_run(const SessionPtr& session, const RunKey& key);
    void on_read(const RunKey& key, Result<std::vector<WindowPtr>> windows);
    // Whether one more session may be opened; lets go of sessions nobody watches if that is needed.
    bool make_room();

    const lake::Lake& lake_;
    Limits limits_;
    Post to_worker_;
    Post to_server_;
    Metrics& metrics_;

    std::map<SessionKey, OpenSession> sessions_;
    std::vector<std::weak_ptr<ReplaySession>> live_;  // replaced ones that are still watched included
    std::map<SessionKey, std::vector<OnSession>> opening_;
    std::list<Run> runs_;  // most recently used first
    std::map<RunKey, std::list<Run>::iterator> run_at_;
    std::map<RunKey, std::vector<OnLoaded>> reading_;
    std::size_t cache_bytes_ = 0;
};

}  // namespace spymaster::serve
