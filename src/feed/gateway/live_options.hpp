// How the live half of the gateway behaves. Defaults are those of the real service where it has them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spymaster::feed {

struct LiveOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free port, see LiveServer::port()
    std::string key;         // the only API key that is let in; empty: any (its hash cannot be checked then)

    // Data time at which a dataset begins when its first session starts; not given: its first record that is
    // not of a snapshot.
    std::optional<std::uint64_t> from_ns;
    double speed = 1;  // seconds of data a second; 0: as fast as the clients take them
    // How far back `start` may reach, in data time; not given: 24 hours, a week for mbo and definition of
    // GLBX.MDP3.
    std::optional<std::chrono::nanoseconds> replay_limit;
    // Data times at which every session is cut off, in the middle of a record.
    std::vector<std::uint64_t> drop_at_ns;
    bool close_at_end = false;  // closes sessions at the end of the data; else heartbeats go on

    std::size_t max_sessions_per_dataset = 10;
    std::size_t max_connections_per_second = 5;             // from one address; one more is closed at once
    std::size_t max_connections = 256;                      // one more is closed at once
    std::size_t max_backlog_bytes = std::size_t{8} << 20U;  // of a session; one that lets it grow is cut off
    int send_buffer_bytes = 256 << 10;  // SO_SNDBUF: what the kernel holds beside the backlog
    std::chrono::milliseconds authentication_timeout{30'000};
};

}  // namespace spymaster::feed
