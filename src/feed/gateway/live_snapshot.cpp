#include "feed/gateway/live_snapshot.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "dbn/encoder.hpp"

namespace spymaster::feed {

namespace {

constexpr std::uint8_t kSnapshotFlags = dbn::flag::snapshot | dbn::flag::bad_ts_recv;
constexpr std::uint8_t kPriceLevelFlags = dbn::flag::tob | dbn::flag::mbp;

void append(std::vector<std::byte>& out, const dbn::MboMsg& msg) {
    const auto bytes = std::as_bytes(std::span(&msg, 1));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

dbn::MboMsg clear_record(std::uint16_t publisher_id, std::uint32_t instrument_id, std::uint64_t ts_event,
                         std::uint64_t made_ns) {
    dbn::MboMsg msg{};
    msg.hd = {dbn::kRecordLength<dbn::MboMsg>, dbn::rtype::mbo, publisher_id, instrument_id, ts_event};
    msg.price = dbn::kUndefPrice;
    msg.action = 'R';
    msg.side = 'N';
    msg.flags = kSnapshotFlags;
    msg.ts_recv = made_ns;
    return msg;
}

// Books by instrument and publisher.
using Books = std::map<std::pair<std::uint32_t, std::uint16_t>, QueueBook>;

// What is read to make the snapshots.
class SnapshotReading {
  public:
    SnapshotReading(std::uint64_t as_of_ns, std::vector<InstrumentSnapshot>& done)
        : as_of_ns_(as_of_ns), done_(done) {}

    // False: nothing more is needed.
    bool apply(const dbn::MboMsg& msg, std::uint64_t ts_ns) {
        publisher_id_ = msg.hd.publisher_id;
        if (ts_ns > as_of_ns_ && !std::exchange(late_, true)) finish_quiet();
        if (late_ && books_.empty()) return false;
        const std::pair key{msg.hd.instrument_id, msg.hd.publisher_id};
        if (late_ && !books_.contains(key)) return true;
        QueueBook& book = books_[key];
        book.apply(msg);
        if (late_ && book.between_events()) {
            finish(key, book, ts_ns);
            books_.erase(key);
        }
        return !late_ || !books_.empty();
    }

    // The data ended, or nothing more is needed.
    void finish_all() {
        for (const auto& [key, book] : books_) finish(key, book, as_of_ns_);
        books_.clear();
    }

    [[nodiscard]] std::uint16_t publisher_id() const { return publisher_id_; }

  private:
    // Those that are in no event.
    void finish_quiet() {
        for (auto at = books_.begin(); at != books_.end();) {
            if (!at->second.between_events()) {
                ++at;
                continue;
            }
            finish(at->first, at->second, as_of_ns_);
            at = books_.erase(at);
        }
    }

    void finish(const Books::key_type& key, const QueueBook& book, std::uint64_t ts_ns) {
        done_.push_back({key.first, ts_ns, {}});
        book.write(key.second, key.first, ts_ns, done_.back().records);
    }

    std::uint64_t as_of_ns_;
    std::vector<InstrumentSnapshot>& done_;
    Books books_;
    bool late_ = false;  // records after as_of_ns
    std::uint16_t publisher_id_ = 0;
};

// Whether what is read from there begins with a book's beginning.
Result<bool> begins_anew(const RawLibrary& library, const RecordQuery& query) {
    SPY_ASSIGN(RecordReader reader, library.read(query));
    SPY_ASSIGN(const auto record, reader.next());
    if (record.empty()) return false;
    const auto msg = dbn::load<dbn::MboMsg>(record.data());
    return msg.action == 'R' || (msg.flags & dbn::flag::snapshot) != 0;
}

}  // namespace

void QueueBook::apply(const dbn::MboMsg& msg) {
    between_events_ = (msg.flags & dbn::flag::last) != 0;
    if (msg.action == 'R') return orders_.clear();
    if (msg.action == 'C') return cancel(msg);
    if (msg.action != 'A' && msg.action != 'M') return;
    if ((msg.flags & kPriceLevelFlags) != 0 || msg.price == dbn::kUndefPrice || msg.size == 0) return;
    if (msg.side != 'A' && msg.side != 'B') return;
    if (msg.action == 'M') return modify(msg);
    orders_[msg.order_id] = {next_place_++, msg};
}

void QueueBook::modify(const dbn::MboMsg& msg) {
    const auto found = orders_.find(msg.order_id);
    if (found != orders_.end()) {
        dbn::MboMsg& entered = found->second.entered;
        if (entered.price == msg.price && entered.side == msg.side && msg.size <= entered.size) {
            entered.size = msg.size;
            return;
        }
    }
    orders_[msg.order_id] = {next_place_++, msg};
}

void QueueBook::cancel(const dbn::MboMsg& msg) {
    const auto found = orders_.find(msg.order_id);
    if (found == orders_.end()) return;
    if (msg.size >= found->second.entered.size) {
        orders_.erase(found);
    } else {
        found->second.entered.size -= msg.size;
    }
}

void QueueBook::write(std::uint16_t publisher_id, std::uint32_t instrument_id, std::uint64_t made_ns,
                      std::vector<std::byte>& out) const {
    std::vector<const Order*> queue;
    queue.reserve(orders_.size());
    for (const auto& [id, order] : orders_) queue.push_back(&order);
    std::ranges::sort(queue, [](const Order* a, const Order* b) {
        if (a->entered.side != b->entered.side) return a->entered.side == 'B';
        if (a->entered.price != b->entered.price) {
            return a->entered.side == 'B' ? a->entered.price > b->entered.price
                                          : a->entered.price < b->entered.price;
        }
        return a->place < b->place;
    });

    auto clear = clear_record(publisher_id, instrument_id,
                              queue.empty() ? made_ns : queue.front()->entered.hd.ts_event, made_ns);
    if (queue.empty()) clear.flags |= dbn::flag::last;
    append(out, clear);
    for (const Order* order : queue) {
        dbn::MboMsg msg = order->entered;
        msg.action = 'A';
        msg.flags = kSnapshotFlags;
        if (order == queue.back()) msg.flags |= dbn::flag::last;
        msg.ts_recv = made_ns;
        msg.ts_in_delta = 0;
        append(out, msg);
    }
}

Result<std::vector<InstrumentSnapshot>> snapshots_at(const RawLibrary& library, const std::string& dataset,
                                                     const Resolution& resolution, std::uint64_t as_of_ns) {
    RecordQuery query{.dataset = dataset, .schema = dbn::Schema::mbo, .instruments = resolution.selection()};
    const auto midnight = date_of(day_of_ns(as_of_ns)).midnight_utc_ns();
    query.start_ns = static_cast<std::uint64_t>(midnight);
    SPY_ASSIGN(const bool day_is_enough, begins_anew(library, query));
    if (!day_is_enough) query.start_ns = 0;

    std::vector<InstrumentSnapshot> done;
    SnapshotReading reading(as_of_ns, done);
    SPY_ASSIGN(RecordReader reader, library.read(query));
    while (true) {
        SPY_ASSIGN(const auto record, reader.next());
        if (record.empty()) break;
        if (!reading.apply(dbn::load<dbn::MboMsg>(record.data()), index_time(record.data()))) break;
    }
    reading.finish_all();

    std::map<std::uint32_t, bool> known;
    for (const auto& snapshot : done) known[snapshot.instrument_id] = true;
    for (const auto& instrument : resolution.instruments) {
        if (std::exchange(known[instrument.id], true)) continue;
        done.push_back({instrument.id, as_of_ns, {}});
        QueueBook{}.write(reading.publisher_id(), instrument.id, as_of_ns, done.back().records);
    }
    return done;
}

}  // namespace spymaster::feed
