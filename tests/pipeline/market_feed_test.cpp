// What a live market knows besides orders, and when its feed tells it: definitions that change, and the end of a replay.
#include <gmock/gmock.h>

#include <cstring>

#include "dbn/encoder.hpp"
#include "dbn/reference_records.hpp"
#include "pipeline/live/live_reference.hpp"
#include "pipeline/live/market_feed.hpp"
#include "simulated_products.hpp"

namespace spymaster::pipeline {
namespace {

using testing::ElementsAre;

// Notes what it is told.
class NotingMarket final : public LiveMarket {
  public:
    Result<void> begin(std::string_view, const dbn::Metadata&, const fs::path&,
                       const market::Date&) override {
        return {};
    }
    Result<void> add(std::string_view, std::span<const std::byte>,
                     std::chrono::steady_clock::time_point) override {
        told.emplace_back("records");
        return {};
    }
    Result<void> definitions_complete() override {
        told.emplace_back("definitions complete");
        return {};
    }
    std::vector<std::byte> close_overdue(std::string_view, std::int64_t) override { return {}; }
    [[nodiscard]] bool is_over() const override { return false; }
    [[nodiscard]] std::vector<FeedState::Stale> stale(std::chrono::steady_clock::time_point,
                                                      std::chrono::nanoseconds) const override {
        return {};
    }
    Result<JobReport> commit() override { return JobReport{}; }
    void end() override {}

    std::vector<std::string> told;
};

struct Nobody final : LiveSink {
    Result<void> on_contract(const LiveContract&) override { return {}; }
    Result<void> on_second(const LiveContract&, const LiveSecond&) override { return {}; }
    void on_end(const LiveContract&) override {}
    void on_feed(const FeedState&) override {}
};

TEST(MarketFeedTest, DefinitionsAreCompleteOnceTheRecordsThatSaidSoAreThere) {
    feed::live::LiveOptions options;
    options.dataset = "OPRA.PILLAR";
    options.subscriptions.push_back({.schema = dbn::Schema::definition, .symbols = {"SPY.OPT"}, .start = 0});
    NotingMarket market;
    Nobody sink;
    std::mutex mutex;
    MarketFeed feed(
        options, [&](market::Date) -> Result<LiveMarket*> { return &market; }, sink, mutex,
        std::chrono::milliseconds(5000), [] {});
    const feed::live::FeedCounters counters;
    feed.count_by(counters);
    const dbn::Metadata metadata;
    ASSERT_TRUE(feed.on_recording({kSimulatedDate, "x.dbn", metadata, false}).ok());
    dbn::MboMsg record{};
    record.hd.length = dbn::kRecordLength<dbn::MboMsg>;
    record.hd.rtype = dbn::rtype::mbo;
    const auto block = std::as_bytes(std::span(&record, 1));
    ASSERT_TRUE(feed.on_records(block, 1).ok());
    feed.on_event({.kind = feed::live::FeedEventKind::replay_completed});
    ASSERT_TRUE(feed.on_records(block, 2).ok());
    ASSERT_TRUE(feed.on_records(block, 3).ok());
    EXPECT_THAT(market.told, ElementsAre("records", "records", "definitions complete", "records"));
}

class Reference : public testing::Test {
  protected:
    void define(std::uint32_t id, char action, std::uint64_t ts_event, std::int64_t expiration) {
        dbn::InstrumentDefMsg record{};
        record.hd.length = static_cast<std::uint8_t>(sizeof record / 4);
        record.hd.rtype = dbn::rtype::instrument_def;
        record.hd.instrument_id = id;
        record.hd.ts_event = ts_event;
        record.security_update_action = action;
        record.instrument_class = 'C';
        record.strike_price = 690'000'000'000;
        record.expiration = static_cast<std::uint64_t>(expiration);
        std::strcpy(record.underlying.data(), "SPY");
        std::strcpy(record.raw_symbol.data(), "SPY   260106C00690000");
        reference_.take(reinterpret_cast<const std::byte*>(&record));
    }
    [[nodiscard]] std::vector<std::uint32_t> options() const {
        std::vector<std::uint32_t> ids;
        for (const OptionTerms& option : reference_.universe()->options())
            ids.push_back(option.instrument_id);
        return ids;
    }

    Job job_ = product_job(market::ProductType::equity_option_mbo, Layer::all);
    std::int64_t today_ = kSimulatedDate.midnight_utc_ns();
    LiveReference reference_{&job_};
};

TEST_F(Reference, AnOptionThatComesWhileAnotherGoesIsSeen) {
    define(1, 'A', 10, today_);
    define(2, 'A', 10, kSimulatedDate.next().midnight_utc_ns());
    ASSERT_TRUE(*reference_.grow_universe());
    EXPECT_THAT(options(), ElementsAre(1));
    define(2, 'M', 20, today_);
    define(1, 'D', 21, today_);
    EXPECT_TRUE(reference_.universe_grows());
    EXPECT_TRUE(*reference_.grow_universe());
    EXPECT_THAT(options(), ElementsAre(2));
}

TEST_F(Reference, WhatIsSaidAgainIsNoReasonToLookAgain) {
    define(1, 'A', 10, today_);
    define(2, 'A', 10, kSimulatedDate.next().midnight_utc_ns());
    ASSERT_TRUE(*reference_.grow_universe());
    define(1, 'A', 30, today_);
    define(2, 'A', 30, kSimulatedDate.next().midnight_utc_ns());
    EXPECT_FALSE(reference_.universe_grows());
    define(3, 'A', 31, today_);
    EXPECT_TRUE(reference_.universe_grows());
}

}  // namespace
}  // namespace spymaster::pipeline
