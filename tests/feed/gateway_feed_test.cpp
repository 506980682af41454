// What a session subscribed to, as one sequence; and snapshots against an independent replay.
#include "feed/gateway/live_feed.hpp"

#include <gmock/gmock.h>

#include <map>

#include "book/book.hpp"
#include "feed/gateway/live_snapshot.hpp"
#include "feed/simulated/simulated_file.hpp"
#include "live_client.hpp"
#include "simulated_records.hpp"
#include "small_library.hpp"

namespace spymaster::feed {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kGlobex = "GLBX.MDP3";

SubscriptionRequest request(dbn::Schema schema, std::vector<std::string> symbols,
                            dbn::SymbolType stype_in = dbn::SymbolType::raw_symbol) {
    SubscriptionRequest asked;
    asked.schema = schema;
    asked.stype_in = stype_in;
    asked.symbols = std::move(symbols);
    return asked;
}

// "mapping ESH6", "mbo 1 3000" (id, ns after midnight of ts_event), "def 11".
std::string described(const LiveFeed::Item& item) {
    const auto header = dbn::load<dbn::RecordHeader>(item.record.data());
    if (header.rtype == dbn::rtype::symbol_mapping) {
        return "mapping " +
               std::string(dbn::text(dbn::load<dbn::SymbolMappingMsg>(item.record.data()).stype_out_symbol));
    }
    if (header.rtype == dbn::rtype::instrument_def) return "def " + std::to_string(header.instrument_id);
    return (header.rtype == dbn::rtype::mbo ? "mbo " : "other ") + std::to_string(header.instrument_id) +
           " " + std::to_string(header.ts_event - kMidnight);
}

std::vector<std::string> drain(LiveFeed& feed, std::size_t most = 1000) {
    std::vector<std::string> all;
    while (all.size() < most) {
        const auto next = feed.next();
        EXPECT_TRUE(next.ok());
        if (!next.ok() || !*next) break;
        all.push_back(described(**next));
        feed.pop();
    }
    return all;
}

class Feed : public testing::Test {
  protected:
    void SetUp() override {
        write_small_globex(folder_.path());
        auto library = RawLibrary::open(folder_.path());
        ASSERT_TRUE(library.ok());
        library_ = std::make_unique<RawLibrary>(std::move(library).value());
        feed_ = std::make_unique<LiveFeed>(*library_, kGlobex, std::nullopt);
    }
    LiveFeed::Outcome subscribe(const SubscriptionRequest& asked, std::uint64_t now_ns) {
        auto outcome = feed_->subscribe(asked, kMidnight + now_ns);
        EXPECT_TRUE(outcome.ok()) << outcome.error().message;
        return std::move(outcome).value();
    }
    TemporaryFolder folder_;
    std::unique_ptr<RawLibrary> library_;
    std::unique_ptr<LiveFeed> feed_;
};

TEST_F(Feed, EachRecordOnceInOrderOfTime) {
    subscribe(request(dbn::Schema::mbo, {"ESH6"}), 2000);
    subscribe(request(dbn::Schema::mbo, {"ES.FUT"}, dbn::SymbolType::parent), 2000);
    EXPECT_THAT(drain(*feed_),
                ElementsAre("mapping ESH6", "mapping ESM6", "mapping ESH6", "mapping ESH6-ESM6", "mbo 2 2000",
                            "mbo 1 3000", "mbo 1 3000", "mbo 2 3000", "mbo 1 5000", "mbo 2 6000"));
}

TEST_F(Feed, AReplayBeginsAtItsStartAndTheRestNow) {
    auto replay = request(dbn::Schema::mbo, {"1"}, dbn::SymbolType::instrument_id);
    replay.start_ns = kMidnight + 3000;
    EXPECT_TRUE(subscribe(replay, 5050).replays);
    EXPECT_FALSE(subscribe(request(dbn::Schema::mbo, {"2"}, dbn::SymbolType::instrument_id), 5050).replays);
    auto definitions = request(dbn::Schema::definition, {"ALL_SYMBOLS"});
    definitions.start_ns = 0;
    subscribe(definitions, 5050);
    const auto all = drain(*feed_);
    ASSERT_GT(all.size(), 9U);
    EXPECT_THAT(std::vector(all.end() - 9, all.end()),
                ElementsAre("def 2", "def 1", "def 3", "def 11", "def 12", "mbo 1 3000", "mbo 1 3000",
                            "mbo 1 5000", "mbo 2 6000"));
}

TEST_F(Feed, OlderThanTheReplayIsSaidAndLeftOut) {
    feed_ = std::make_unique<LiveFeed>(*library_, kGlobex, std::chrono::nanoseconds{1000});
    auto replay = request(dbn::Schema::mbo, {"ESH6"});
    replay.start_ns = kMidnight + 3000;
    const auto outcome = subscribe(replay, 4500);
    EXPECT_EQ(outcome.aged_out_ns, kMidnight + 3500);
    EXPECT_FALSE(outcome.replays);
    EXPECT_THAT(drain(*feed_), ElementsAre("mapping ESH6", "mbo 1 5000"));

    feed_ = std::make_unique<LiveFeed>(*library_, kGlobex, std::chrono::nanoseconds{2000});
    replay.start_ns = 0;  // all there is, not an error
    EXPECT_FALSE(subscribe(replay, 4500).aged_out_ns);
    EXPECT_THAT(drain(*feed_), ElementsAre("mapping ESH6", "mbo 1 3000", "mbo 1 3000", "mbo 1 5000"));
}

TEST_F(Feed, WhatIsSubscribedToLaterJoins) {
    subscribe(request(dbn::Schema::mbo, {"ESH6"}), 0);
    EXPECT_THAT(drain(*feed_, 2), ElementsAre("mapping ESH6", "mbo 1 1000"));
    subscribe(request(dbn::Schema::mbo, {"ES.FUT"}, dbn::SymbolType::parent), 2100);
    EXPECT_THAT(drain(*feed_), ElementsAre("mapping ESM6", "mapping ESH6", "mapping ESH6-ESM6", "mbo 1 3000",
                                           "mbo 1 3000", "mbo 2 3000", "mbo 1 5000", "mbo 2 6000"));
}

TEST_F(Feed, SaysWhatItDoesNotHave) {
    EXPECT_THAT(subscribe(request(dbn::Schema::mbo, {"ESH6", "NQH6"}), 0).not_found, ElementsAre("NQH6"));
    EXPECT_FALSE(feed_->subscribe(request(dbn::Schema::cmbp_1, {"ESH6"}), kMidnight).ok());
    EXPECT_TRUE(feed_->subscribe(request(dbn::Schema::statistics, {"ESH6"}), kMidnight).ok());
}

TEST_F(Feed, AContinuousContractStaysWhatItWas) {
    subscribe(request(dbn::Schema::mbo, {"ES.c.0"}, dbn::SymbolType::continuous), 4000);
    EXPECT_THAT(drain(*feed_), ElementsAre("mapping ESH6", "mbo 1 5000"));
}

// What rests in a book: price, side and quantity of each order.
std::map<std::uint64_t, std::tuple<std::int64_t, market::Side, std::uint32_t>> resting(
    const book::Book& book) {
    std::map<std::uint64_t, std::tuple<std::int64_t, market::Side, std::uint32_t>> all;
    book.orders().for_each([&](const book::OrderTable::Order& order) {
        all[order.id] = {book.ladder().price(order.cell), book::Ladder::side(order.cell), order.qty};
    });
    return all;
}

// The queue at each price, kept as a list: what a snapshot's order of records is checked against.
class PlainQueues {
  public:
    void apply(const dbn::MboMsg& msg) {
        if (msg.action == 'R') queues_.clear();
        if (msg.action == 'A') queue(msg).push_back({msg.order_id, msg.size});
        if (msg.action == 'C') change(msg, [&](Order& order) { order.size -= msg.size; });
        if (msg.action != 'M') return;
        bool kept = false;
        change(msg, [&](Order& order) {
            kept = msg.size <= order.size && found_at_ == std::pair(msg.side, msg.price);
            order.size = kept ? msg.size : 0;
        });
        if (!kept) queue(msg).push_back({msg.order_id, msg.size});
    }
    [[nodiscard]] std::vector<std::uint64_t> at(char side, std::int64_t price) const {
        std::vector<std::uint64_t> ids;
        const auto found = queues_.find({side, price});
        if (found == queues_.end()) return ids;
        for (const auto& order : found->second) ids.push_back(order.id);
        return ids;
    }

  private:
    struct Order {
        std::uint64_t id;
        std::uint32_t size;
    };
    std::vector<Order>& queue(const dbn::MboMsg& msg) { return queues_[{msg.side, msg.price}]; }
    template <class Change>
    void change(const dbn::MboMsg& msg, Change&& what) {
        for (auto& [key, orders] : queues_) {
            for (auto& order : orders) {
                if (order.id != msg.order_id) continue;
                found_at_ = key;
                what(order);
                if (order.size == 0)
                    std::erase_if(orders, [&](const Order& o) { return o.id == msg.order_id; });
                return;
            }
        }
    }
    std::map<std::pair<char, std::int64_t>, std::vector<Order>> queues_;
    std::pair<char, std::int64_t> found_at_;
};

struct Simulated {
    TemporaryFolder folder;
    SimulationOptions options = options_of("09:30-09:31", 60, 3);
    Records records = all_records(options);
    std::unique_ptr<RawLibrary> library;
    std::string symbol;
    std::uint32_t id = records.front().hd.instrument_id;

    Simulated() {
        const auto file =
            write_simulated_file(options, folder.path() / "glbx-mdp3-20260106.mbo.dbn.zst", false);
        EXPECT_TRUE(file.ok()) << file.error().message;
        auto opened = RawLibrary::open(folder.path());
        EXPECT_TRUE(opened.ok());
        library = std::make_unique<RawLibrary>(std::move(opened).value());
    }
    Resolution all() const {
        return *library->resolve(kGlobex, {dbn::SymbolType::raw_symbol, {"ALL_SYMBOLS"}, kDay, kDay.next()});
    }
};

void expect_snapshot_is_the_book(const Simulated& day, std::uint64_t as_of_ns) {
    const auto snapshots = snapshots_at(*day.library, kGlobex, day.all(), as_of_ns);
    ASSERT_TRUE(snapshots.ok()) << snapshots.error().message;
    ASSERT_EQ(snapshots->size(), 1U);
    const InstrumentSnapshot& snapshot = snapshots->front();
    EXPECT_GE(snapshot.as_of_ns, as_of_ns);

    const market::PriceDelta tick(250'000'000);
    book::Book replayed(tick);
    PlainQueues queues;
    for (const auto& msg : day.records) {
        if (msg.ts_recv > snapshot.as_of_ns) break;
        replayed.apply(msg);
        queues.apply(msg);
    }
    book::Book loaded(tick);
    std::map<std::pair<char, std::int64_t>, std::vector<std::uint64_t>> order;
    const auto count = snapshot.records.size() / sizeof(dbn::MboMsg);
    ASSERT_GT(count, 1U);
    for (std::size_t i = 0; i < count; ++i) {
        const auto msg = dbn::load<dbn::MboMsg>(snapshot.records.data() + i * sizeof(dbn::MboMsg));
        EXPECT_EQ(msg.action, i == 0 ? 'R' : 'A');
        EXPECT_EQ(msg.flags, i + 1 == count ? 168 : 40);
        EXPECT_EQ(msg.ts_recv, snapshot.as_of_ns);
        EXPECT_LE(msg.hd.ts_event, snapshot.as_of_ns);
        if (i > 0) order[{msg.side, msg.price}].push_back(msg.order_id);
        loaded.apply(msg);
    }
    EXPECT_EQ(resting(loaded), resting(replayed));
    EXPECT_EQ(loaded.crossed_now(), replayed.crossed_now());
    for (const auto& [level, ids] : order)
        EXPECT_EQ(queues.at(level.first, level.second), ids) << level.second;
}

TEST(LiveSnapshot, IsTheBookOfAnIndependentReplay) {
    const Simulated day;
    const std::size_t half = day.records.size() / 2;
    for (const std::size_t at : {half, half + 1, half + 2, day.records.size() - 1}) {
        SCOPED_TRACE(at);
        expect_snapshot_is_the_book(day, day.records[at].ts_recv);
    }
}

// In the middle of an event the exchange's book is none: its end is waited for, and the live records go on from there.
TEST(LiveSnapshot, GoesOnWithoutHoleOrRepetition) {
    const Simulated day;
    std::size_t middle = day.records.size() / 2;
    while ((day.records[middle].flags & dbn::flag::last) != 0 ||
           day.records[middle].ts_recv == day.records[middle + 1].ts_recv)
        ++middle;
    LiveFeed feed(*day.library, kGlobex, std::nullopt);
    auto asked = request(dbn::Schema::mbo, {"ALL_SYMBOLS"});
    asked.snapshot = true;
    ASSERT_TRUE(feed.subscribe(asked, day.records[middle].ts_recv + 1).ok());
    book::Book book(market::PriceDelta(250'000'000));
    book::Book replayed(market::PriceDelta(250'000'000));
    std::size_t live = 0;
    for (auto next = feed.next(); next.ok() && *next; next = feed.next()) {
        if (dbn::load<dbn::RecordHeader>((*next)->record.data()).rtype == dbn::rtype::mbo) {
            const auto msg = dbn::load<dbn::MboMsg>((*next)->record.data());
            book.apply(msg);
            live += (msg.flags & dbn::flag::snapshot) == 0 ? 1U : 0U;
        }
        feed.pop();
    }
    for (const auto& msg : day.records) replayed.apply(msg);
    EXPECT_EQ(resting(book), resting(replayed));
    std::size_t rest = middle + 1;
    while ((day.records[rest - 1].flags & dbn::flag::last) == 0) ++rest;
    EXPECT_EQ(live, day.records.size() - rest);
}

}  // namespace
}  // namespace spymaster::feed
