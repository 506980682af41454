// What there is to watch: the sessions of the lake, as JSON for /v1/catalog.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/live/live_sessions.hpp"
#include "serve/sessions.hpp"

namespace spymaster::serve {

// Rescans the lake when asked, at most once a kMaxAge; what it read of a partition is kept until its manifest
// changes. Any thread.
class Catalog {
  public:
    static constexpr std::chrono::milliseconds kMaxAge{500};

    Catalog(const lake::Lake& lake, const LiveSessions& live) : lake_(lake), live_(live) {}

    // {"sessions":[…]}: those that are live, as they are now; then those with a complete snapshot and surface, newest date
    // first, with their options.
    // Error: the lake cannot be read.
    Result<std::string> json();

  private:
    struct Entry {
        std::string signature;  // of its manifests; the text below belongs to it
        std::string json;       // without "fresh", which depends on other partitions too
        std::string options;    // the same of its options; empty if it has none that can be read
        std::string surfaces;
        std::string norm_calibration;
    };
    [[nodiscard]] Result<Entry> read_entry(const SessionKey& key, std::string signature) const;
    // The entry as it stands in the catalogue.
    [[nodiscard]] std::string whole_json(const SessionKey& key, const Entry& entry) const;
    [[nodiscard]] Result<std::vector<SessionKey>> served_sessions() const;
    [[nodiscard]] bool is_fresh(const lake::PartitionKey& key) const;
    // The sessions of the lake, with commas between them.
    Result<std::string> scan();

    const lake::Lake& lake_;
    const LiveSessions& live_;
    std::mutex mutex_;
    std::map<SessionKey, Entry> entries_;
    std::string last_;  // of the lake: its sessions, with commas between them
    bool has_scanned_ = false;
    std::chrono::steady_clock::time_point scanned_{};
};

}  // namespace spymaster::serve
