#include "feed/live/connection.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace spymaster::feed::live {

namespace {

// How often a reader whose ring is full looks whether it shall stop.
constexpr std::chrono::milliseconds kFullWait{50};

}  // namespace

Connection::Connection(Line line, ByteRing& ring, LiveTime time)
    : line_(std::move(line)),
      ring_(ring),
      time_(std::move(time)),
      stop_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    line_.destination.stop_fd = stop_fd_;
    thread_ = std::thread([this] {
        why_ = live();
        ended_.store(true);
    });
}

Connection::~Connection() {
    stop_.store(true);
    ::eventfd_write(stop_fd_, 1);
    thread_.join();
    ::close(stop_fd_);
}

std::optional<std::string> Connection::take_opened() {
    const std::lock_guard lock(mutex_);
    return std::exchange(opened_, std::nullopt);
}

Error Connection::live() {
    auto transport = line_.connector(line_.destination);
    if (!transport) return transport.error();
    auto session = open_session(**transport, line_.request);
    if (!session) return session.error();
    {
        const std::lock_guard lock(mutex_);
        opened_ = fmt::format("{}, session {}", (*transport)->peer(), session->id);
    }
    if (!put(session->beginning)) return make_error(ErrorCode::io, "stopped");
    return move_bytes(**transport);
}

bool Connection::put(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto room = ring_.reserve(kFullWait);
        if (stop_.load()) return false;
        const std::size_t count = std::min(room.size(), bytes.size());
        if (count == 0) continue;
        std::copy_n(bytes.begin(), count, room.begin());
        ring_.commit(count, time_.steady_ns());
        bytes = bytes.subspan(count);
    }
    return true;
}

Error Connection::move_bytes(Transport& transport) {
    for (;;) {
        const auto room = ring_.reserve(kFullWait);
        if (stop_.load()) break;
        if (room.empty()) continue;
        const auto read = transport.read(room, line_.longest_silence);
        if (!read) return read.error();
        switch (read->outcome) {
            case Transport::Outcome::bytes:
                ring_.commit(read->size, time_.steady_ns());
                break;
            case Transport::Outcome::timed_out:
                return make_error(ErrorCode::io, "{} sent nothing for {} s, not even a heartbeat",
                                  transport.peer(),
                                  std::chrono::duration<double>(line_.longest_silence).count());
            case Transport::Outcome::closed:
                return make_error(ErrorCode::io, "{} closed the connection", transport.peer());
            case Transport::Outcome::stopped:
                return make_error(ErrorCode::io, "stopped");
        }
    }
    return make_error(ErrorCode::io, "stopped");
}

}  // namespace spymaster::feed::live
