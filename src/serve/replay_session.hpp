// One day of one contract or share, as the stream replays it: its windows, and their frames on demand.
//
// In memory: the list of windows, five numbers a window, and two row groups of gold, and two of its options'
// gold (docs/protocol.md has the megabytes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/arrow_streams.hpp"
#include "serve/sessions.hpp"
#include "serve/surface_readers.hpp"

namespace spymaster::serve {

class ReplaySession {
  public:
    // Reads the snapshots and one column of gold. Options that are not there or cannot be read do not stop it:
    // the surface `options` is empty then. Error: missing (not in the lake), malformed, conflict, io.
    static Result<std::shared_ptr<ReplaySession>> open(const lake::Lake& lake, const SessionKey& key);

    // No two sessions of a process have the same.
    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] const SessionKey& key() const { return key_; }
    // Ascending, distinct.
    [[nodiscard]] const std::shared_ptr<const std::vector<std::int64_t>>& window_ends() const {
        return window_ends_;
    }
    [[nodiscard]] std::string_view schema_message(Surface surface) const {
        return encoder_.schema_message(surface);
    }

    // Why it has no options although the lake does.
    [[nodiscard]] const std::optional<Error>& options_problem() const { return options_problem_; }
    // What came of them: "read", "none", "unreadable".
    [[nodiscard]] std::string_view options_state() const {
        if (options_problem_) return "unreadable";
        return options_ ? "read" : "none";
    }

    // Frames of windows [first, first + count). `on_encoded` gets the seconds each took. Any thread; one at a
    // time works. Error: malformed, io; of options also. REQUIRES: first + count <= window_ends()->size()
    Result<std::vector<WindowPtr>> load(std::size_t first, std::size_t count,
                                        const std::function<void(double)>& on_encoded);

  private:
    ReplaySession(SessionKey key, std::vector<SnapRow> snaps);
    void open_options(const lake::Lake& lake);

    std::uint64_t id_;
    SessionKey key_;
    std::shared_ptr<const std::vector<std::int64_t>> window_ends_;
    std::vector<SnapRow> snaps_;
    SurfaceEncoder encoder_;
    std::optional<Error> options_problem_;

    std::mutex mutex_;  // guards reading from what follows
    std::optional<VelocityReader> velocity_;
    std::optional<OptionsReader> options_;
};

}  // namespace spymaster::serve
