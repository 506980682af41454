// However often a session is cut and wherever: what is recorded is what an unbroken session would have given.
#include <gtest/gtest.h>
#include <poll.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <thread>

#include "feed/live/control_lines.hpp"
#include "feed/live/recording_path.hpp"
#include "feed/live/resumption.hpp"
#include "live_records.hpp"

namespace spymaster::feed::live {
namespace {

namespace fs = std::filesystem;

// A gateway in memory: replays by ts_event in the order of the market, and cuts each session after so many bytes.
struct MemoryGateway {
    std::vector<Bytes> market;
    std::vector<std::size_t> cuts;
    std::size_t read_size = 1000;
    std::size_t sessions = 0;
};

class MemoryTransport : public Transport {
  public:
    MemoryTransport(MemoryGateway& gateway, int stop_fd) : gateway_(gateway), stop_fd_(stop_fd) {
        const std::size_t number = gateway_.sessions++;
        left_ = number < gateway_.cuts.size() ? gateway_.cuts[number] : SIZE_MAX;
        say("lsg_version=1\ncram=c\n");
    }

    Result<Read> read(std::span<std::byte> into, std::chrono::milliseconds /*timeout*/) override {
        const std::size_t count = std::min({into.size(), to_send_.size(), left_, gateway_.read_size});
        if (count == 0 && left_ == 0) return Read{Outcome::closed, 0};
        if (count == 0) {
            pollfd watched{stop_fd_, POLLIN, 0};
            ::poll(&watched, 1, 5000);
            return Read{Outcome::stopped, 0};
        }
        std::copy_n(to_send_.begin(), count, into.begin());
        to_send_.erase(to_send_.begin(), to_send_.begin() + static_cast<std::ptrdiff_t>(count));
        if (started_) left_ -= count;
        return Read{Outcome::bytes, count};
    }

    Result<void> write(std::string_view text, std::chrono::milliseconds /*timeout*/) override {
        if (text.starts_with("auth=")) say("success=1|session_id=1|\n");
        if (!text.ends_with(kStartSession)) return {};
        started_ = true;
        std::map<std::uint8_t, std::uint64_t> starts;
        for (; text != kStartSession; text.remove_prefix(text.find('\n') + 1)) {
            const std::string_view line = text.substr(0, text.find('\n'));
            const std::uint8_t rtype = field(line, "schema") == "mbo" ? dbn::rtype::mbo : dbn::rtype::cmbp_1;
            starts[rtype] = std::stoull(std::string(field(line, "start").value_or("0")));
        }
        append_all(to_send_, metadata_bytes());
        append(to_send_, mapping(1, "ESH6"));
        for (const Bytes& record : gateway_.market) {
            const auto header = dbn::load<dbn::RecordHeader>(record.data());
            if (header.ts_event >= starts.at(header.rtype)) append_all(to_send_, record);
        }
        return {};
    }
    [[nodiscard]] std::string peer() const override { return "memory"; }

  private:
    void say(std::string_view text) { append_all(to_send_, std::as_bytes(std::span(text))); }

    MemoryGateway& gateway_;
    int stop_fd_;
    std::size_t left_;
    bool started_ = false;
    Bytes to_send_;
};

// Records of a few instruments and two types, many with the same stamp, some late by less than `lateness`.
std::vector<Bytes> some_market(std::int64_t lateness) {
    const auto steps = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::inRange(0, 400))));
    std::vector<Bytes> market;
    std::int64_t now = kNine;
    std::uint32_t id = 0;
    for (const auto& [kind, step] : steps) {
        now += std::max(0, step - 200);
        const std::int64_t ts = kind == 5 ? now - step % lateness : now;
        Bytes record;
        ++id;
        if (kind % 2 == 0) append(record, mbo(static_cast<std::uint32_t>(kind), ts, id));
        if (kind % 2 == 1) append(record, cmbp1(static_cast<std::uint32_t>(kind), ts, id));
        market.push_back(record);
    }
    return market;
}

RC_GTEST_PROP(Resumption, AnyCutsGiveTheUncutStream, ()) {
    constexpr std::int64_t kMargin = 300;
    MemoryGateway gateway;
    gateway.market = some_market(kMargin);
    gateway.read_size = *rc::gen::inRange<std::size_t>(1, 500);
    const std::size_t most = gateway.market.size() * 60 + 400;
    gateway.cuts = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, most));
    if (gateway.cuts.size() > 12) gateway.cuts.resize(12);
    const fs::path root = fs::path(testing::TempDir()) / fmt::format("live-cuts-{}", ::getpid());
    fs::remove_all(root);

    LiveOptions options = options_for(root, {books()});
    LiveSubscription quotes = books();
    quotes.schema = dbn::Schema::cmbp_1;
    options.subscriptions.push_back(quotes);
    options.first_backoff = options.longest_backoff = std::chrono::milliseconds(0);
    options.clock_period = std::chrono::milliseconds(1);
    options.resume_margin = std::chrono::nanoseconds(kMargin);
    auto feed = LiveFeed::create(options, [&](const Destination& to) -> Result<std::unique_ptr<Transport>> {
                    return std::unique_ptr<Transport>(new MemoryTransport(gateway, to.stop_fd));
                }).value();
    KeepingConsumer consumer;
    consumer.feed = feed.get();
    const std::size_t wanted = gateway.market.size();
    consumer.enough = [&](const KeepingConsumer& c) {
        if (c.paths.empty()) return false;
        std::size_t market = 0;
        for (const Bytes& record : split(c.last_day()))
            market += dbn::load<dbn::RecordHeader>(record.data()).rtype != dbn::rtype::symbol_mapping ? 1 : 0;
        return market >= wanted;
    };
    RC_ASSERT(feed->run(consumer).ok());
    Bytes expected;
    for (const Bytes& record : gateway.market) append_all(expected, record);
    Bytes market;
    for (const Bytes& record : split(consumer.last_day())) {
        if (dbn::load<dbn::RecordHeader>(record.data()).rtype != dbn::rtype::symbol_mapping)
            append_all(market, record);
    }
    RC_ASSERT(market == expected);
    RC_ASSERT(recorded(consumer.paths.back()) == consumer.last_day());
    RC_ASSERT(feed->counters().gaps.load() == 0U);
    fs::remove_all(root);
}

TEST(Resumption, AStampFromTheFutureDoesNotMoveTheStart) {
    Resumption received{std::chrono::seconds(2)};
    auto msg = mbo(1, kNine, 1);
    received.note(reinterpret_cast<const std::byte*>(&msg));
    msg.hd.ts_event += 1000 * static_cast<std::uint64_t>(kSecond);
    received.note(reinterpret_cast<const std::byte*>(&msg));
    EXPECT_LE(*received.start_of(dbn::rtype::mbo, true), kNine);
}

TEST(Resumption, WhatWasRememberedIsBounded) {
    Resumption received{std::chrono::seconds(2)};
    const std::size_t many = Resumption::kMostRemembered + 1000;
    for (std::size_t id = 0; id < many; ++id) {
        const auto msg = mbo(1, kNine + static_cast<std::int64_t>(id), id);
        received.note(reinterpret_cast<const std::byte*>(&msg));
    }
    // What was forgotten is not asked for again.
    EXPECT_EQ(received.start_of(dbn::rtype::mbo, true), kNine + 1000);
}

}  // namespace
}  // namespace spymaster::feed::live
