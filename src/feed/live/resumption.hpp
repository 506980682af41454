// What has been received lately, so that after a disconnect the feed can be asked for what follows, and what comes twice is
// dropped (Databento's rule for recovery by intraday replay: the last ts_event and how many records had it, by schema and
// instrument).
//
// A replay is asked for from `margin` before the newest stamp that was received: records of several instruments, channels and
// schemas do not arrive in the order of their stamps, so some that are a little older than the newest may not have come yet.
// For the same reason not only the last stamp of an instrument is remembered but all of the last `margin` of its record type,
// with their counts: of what comes again with a stamp, as many are dropped as were received with it. So the result is exactly
// what an unbroken session would have given, as long as records are less than `margin` late.
//
// A stamp is ts_event, by which the gateway replays; ts_recv for bbo and cbbo records (whose ts_event is an old trade's), for
// those of snapshots (whose ts_event is their order's) and where there is no ts_event. Records of the session and of our own
// making take no part.
//
// One thread. Memory: 16 bytes a record of the last `margin`, at most kMostRemembered of each type.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

namespace spymaster::feed::live {

class Resumption {
  public:
    static constexpr std::size_t kMostRemembered = std::size_t{4} << 20U;

    explicit Resumption(std::chrono::nanoseconds margin) : margin_ns_(margin.count()) {}

    // A record was received, and is kept.
    void note(const std::byte* record);

    // Where a replay of records of this type has to start so that none is missing; nullopt: none was received. While some replay
    // was not complete its types may have come to different times, and each resumes from its own; once they are, quiet types
    // have nothing older to give than the newest of all.
    [[nodiscard]] std::optional<std::int64_t> start_of(std::uint8_t rtype, bool all_caught_up) const;

    // A session begins that replays these types, each from start_of(): what was received of them may come again.
    void begin_session(const std::set<std::uint8_t>& replayed, bool all_caught_up);

    enum class Verdict : std::uint8_t {
        fresh,
        duplicate,  // received already: drop it
        late_start  // fresh, and nothing that was received came before it: the replay began too late, records are missing
    };
    // Of a record of this session.
    Verdict judge(const std::byte* record);

    // Newest stamp of all records; 0: none.
    [[nodiscard]] std::int64_t newest() const { return newest_; }
    // A record of the type was received.
    [[nodiscard]] bool has(std::uint8_t rtype) const { return types_.contains(rtype); }

  private:
    struct Stamped {
        std::uint64_t instrument;  // publisher and instrument
        std::int64_t stamp;
        bool operator==(const Stamped&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Stamped& key) const;
    };
    struct Type {
        std::int64_t newest = 0;
        std::int64_t forgotten = 0;  // newest stamp of those that were too many to remember
        std::deque<Stamped> recent;  // as they came
    };
    struct Expected {
        std::unordered_map<Stamped, std::uint32_t, Hash> counts;
        std::int64_t newest = 0;
        bool begun = false;  // a duplicate came, or none has to
    };
    static std::optional<Stamped> stamp_of(const std::byte* record);

    std::int64_t margin_ns_;
    std::int64_t newest_ = 0;
    std::map<std::uint8_t, Type> types_;
    std::map<std::uint8_t, Expected> expected_;
};

}  // namespace spymaster::feed::live
