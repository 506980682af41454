// What a session subscribed to, as one sequence of records by time: mappings before what they name, snapshots at their moment,
// and each record of the library once, however many subscriptions ask for it. No sockets and no clocks.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "feed/gateway/live_protocol.hpp"
#include "feed/gateway/raw_library.hpp"

namespace spymaster::feed {

// Subscriptions of one session; one more is refused.
inline constexpr std::size_t kMaxSubscriptions = 64;

// One thread. The library must outlive it.
class LiveFeed {
  public:
    // `replay_limit`: see LiveOptions.
    LiveFeed(const RawLibrary& library, std::string dataset,
             std::optional<std::chrono::nanoseconds> replay_limit)
        : library_(library), dataset_(std::move(dataset)), replay_limit_(replay_limit) {}

    struct Outcome {
        std::vector<std::string> not_found;  // symbols that stand for nothing
        std::optional<std::uint64_t>
            aged_out_ns;  // `start` was before this, the oldest there is: nothing is replayed
        bool replays = false;
    };
    // From `now_ns` on (data time), or from its start: that only before the first next(). Error (usage): fit for the client;
    // else as RawLibrary::read().
    Result<Outcome> subscribe(const SubscriptionRequest& request, std::uint64_t now_ns);

    struct Item {
        std::uint64_t ts_ns = 0;  // when it is due: its index time; 0: at once
        std::span<const std::byte> record;
    };
    // The next record, valid until the next call; it stays the next one until pop(). nullopt: nothing more comes unless
    // something is subscribed to. Error: as RecordReader::next().
    Result<std::optional<Item>> next();
    void pop();

  private:
    // One subscription to one schema.
    struct Gate {
        InstrumentSelection instruments = InstrumentSelection::all();
        std::uint64_t index_from_ns = 0;
        std::optional<std::uint64_t>
            event_from_ns;  // of a replay: by ts_event, or ts_recv of consolidated quotes
        // Of instruments with a snapshot: instead of index_from_ns.
        std::unordered_map<std::uint32_t, std::uint64_t> after_snapshot_ns;

        [[nodiscard]] bool passes(const std::byte* record, std::uint64_t ts_ns) const;
    };

    // Those of before the first record share a stream a schema; each later one has its own, and leaves out what the streams
    // before it give.
    struct Stream {
        dbn::Schema schema;
        std::vector<Gate> gates;
        std::uint64_t from_ns;  // where reading begins
        std::unique_ptr<RecordReader> reader;
        std::span<const std::byte> waiting;  // empty: not read yet, or at the end
        std::uint64_t waiting_ns = 0;
        bool ended = false;
    };

    Result<Resolution> resolve(const SubscriptionRequest& request, std::uint64_t from_ns,
                               std::uint64_t now_ns) const;
    Result<void> add_snapshots(const Resolution& resolution, std::uint64_t as_of_ns, Gate& gate);
    void add_mappings(const SubscriptionRequest& request, const Resolution& resolution,
                      std::uint64_t from_ns);
    void add_gate(dbn::Schema schema, Gate gate, std::uint64_t read_from_ns);
    Result<void> fill(Stream& stream, std::size_t index);
    void forget_given();
    [[nodiscard]] std::uint64_t oldest_replay(dbn::Schema schema, std::uint64_t now_ns) const;

    const RawLibrary& library_;
    std::string dataset_;
    std::optional<std::chrono::nanoseconds> replay_limit_;
    std::vector<Stream> streams_;
    std::size_t subscriptions_ = 0;
    bool began_ = false;
    // What is made here: it goes out before the first record that is later.
    std::multimap<std::uint64_t, std::vector<std::byte>> made_;
    std::size_t made_given_ = 0;      // bytes of the first of made_
    Stream* next_stream_ = nullptr;   // of next(); none: the next one is made here
    std::size_t next_made_size_ = 0;  // of the record that next() gave of made_
};

}  // namespace spymaster::feed
