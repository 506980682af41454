// What is said of live sessions besides their windows: how the feed is, what there is to watch, what monitors see.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include <nlohmann/json.hpp>

#include "fake_market.hpp"
#include "hud_lake.hpp"
#include "raw_client.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;
using pipeline::FeedPhase;

class LiveFeed : public testing::Test {
  protected:
    struct WrittenLake : TemporaryLake {
        WrittenLake(const SmallSession& future, const SmallChain& chain, const SmallSession& share) {
            write(future);
            write_options(future, chain);
            write(share);
        }
    };
    [[nodiscard]] pipeline::LiveSink& sink() { return server_.server().live(); }
    Json get(const std::string& path, int status = 200) const {
        const auto answer = request(server_.port(), path);
        EXPECT_EQ(answer.status, status) << path << " " << answer.body;
        return Json::parse(answer.body);
    }
    // The next feed message that is in that state.
    static Json feed_in(StreamSocket& stream, const std::string& state) {
        while (true) {
            const auto message = stream.read();
            if (message.opcode == 0 || message.opcode == 8) return {};
            if (message.opcode != 1) continue;
            auto json = Json::parse(message.payload);
            if (json["type"] == "feed" && json["state"] == state) return json;
        }
    }
    static pipeline::FeedState live_state(const std::string& dataset) {
        pipeline::FeedState state;
        state.dataset = dataset;
        state.phase = FeedPhase::live;
        state.lag_ns = 12'000'000;
        state.last_record_ts_ns = 1'767'709'800'500'000'000;
        state.last_record_age_ns = 40'000'000;
        state.records = {{"mbo", 1000}, {"definition", 7}};
        return state;
    }

    SmallSession future_{.windows = 30};
    SmallSession share_{.symbol = "SPY", .windows = 30, .product = market::ProductType::equity_mbo};
    SmallChain chain_;
    SmallChain share_chain_{.half_width = 50, .step = 2};
    WrittenLake lake_{future_, chain_, share_};
    RunningServer server_{lake_.open()};
    FakeMarket market_{lake_, future_, sink(), &chain_};
    FakeMarket shares_{lake_, share_, sink(), &share_chain_};
};

TEST_F(LiveFeed, TheStateOfTheFeedIsTold) {
    EXPECT_EQ(get("/v1/feed"), Json::parse(R"({"feeds":[]})"));
    market_.begin();
    market_.tell_through(4);
    StreamSocket stream(server_.port(), "/v1/velocity/stream?symbol=ESH6&dt=live");
    const auto unknown = feed_in(stream, "connecting");
    EXPECT_EQ(unknown["dataset"], "GLBX.MDP3");
    EXPECT_TRUE(unknown["last_record_ts_ns"].is_null());
    EXPECT_EQ(unknown["window_end_ts_ns"], std::to_string(end_of(future_, 4)));

    auto state = live_state("GLBX.MDP3");
    sink().on_feed(state);
    auto told = feed_in(stream, "live");
    EXPECT_EQ(told["lag_ns"], "12000000");
    EXPECT_EQ(told["last_record_ts_ns"], "1767709800500000000");
    EXPECT_GE(std::stoll(told["last_record_age_ns"].get<std::string>()), 40'000'000);
    EXPECT_EQ(told["gaps"], Json::array());
    EXPECT_GT(feed_in(stream, "live")["last_record_age_ns"].get<std::string>().size(), 8U)
        << "again after a second, older by it";

    state.phase = FeedPhase::reconnecting;
    state.detail = "the gateway said \xFF no";
    state.reconnects = 1;
    state.gaps = {{5, 0, "disconnected"}};
    state.stale = {{"ESH6", 7'000'000'000}};
    sink().on_feed(state);
    told = feed_in(stream, "reconnecting");
    EXPECT_EQ(told["detail"], "the gateway said \xEF\xBF\xBD no");
    EXPECT_EQ(told["reconnects"], 1);
    EXPECT_EQ(told["gaps"], Json::parse(R"([{"start_ts_ns":"5","end_ts_ns":null,"cause":"disconnected"}])"));
    EXPECT_EQ(told["stale"][0]["symbol"], "ESH6");
    const auto feeds = get("/v1/feed")["feeds"];
    ASSERT_EQ(feeds.size(), 1U);
    EXPECT_EQ(feeds[0]["state"], "reconnecting");
    EXPECT_EQ(feeds[0]["window_end_ts_ns"], std::to_string(end_of(future_, 4)));
    EXPECT_FALSE(feeds[0].contains("type"));
    market_.end();
    EXPECT_EQ(feed_in(stream, "never"), Json()) << "it ends";
}

TEST_F(LiveFeed, OfTwoFeedsTheWorseDecides) {
    shares_.begin();
    auto shares = live_state("XNAS.ITCH");
    auto options = live_state("OPRA.PILLAR");
    shares.gaps = {{20, 30, "a"}};
    shares.reconnects = 2;
    options.gaps = {{10, 15, "b"}};
    options.reconnects = 3;
    options.phase = FeedPhase::replaying;
    shares.lag_ns = 90'000'000;
    sink().on_feed(shares);
    sink().on_feed(options);
    StreamSocket stream(server_.port(), "/v1/velocity/stream?symbol=SPY&dt=live");
    const auto told = feed_in(stream, "replaying");
    EXPECT_EQ(told["dataset"], "OPRA.PILLAR");
    EXPECT_EQ(told["lag_ns"], "90000000");
    EXPECT_EQ(told["reconnects"], 5);
    EXPECT_EQ(told["gaps"][0]["start_ts_ns"], "10");
    EXPECT_EQ(told["gaps"][1]["start_ts_ns"], "20");
    EXPECT_EQ(get("/v1/feed")["feeds"].size(), 2U);
}

TEST_F(LiveFeed, MetricsFollowTheFeed) {
    auto state = live_state("GLBX.MDP3");
    state.gaps = {{5, 6, "x"}, {9, 0, "y"}};
    state.reconnects = 2;
    sink().on_feed(state);
    state.gaps.push_back({12, 13, "z"});
    state.gaps[1].end_ts_ns = 11;
    state.records[0].count = 1500;
    sink().on_feed(state);
    sink().on_feed(state);
    EXPECT_EQ(server_.metric(R"(spymaster_gaps_total{dataset="GLBX.MDP3"})"), 3.0);
    EXPECT_EQ(server_.metric(R"(spymaster_feed_reconnects_total{dataset="GLBX.MDP3"})"), 2.0);
    EXPECT_EQ(server_.metric(R"(spymaster_records_total{dataset="GLBX.MDP3",schema="mbo"})"), 1500.0);
    EXPECT_EQ(server_.metric(R"(spymaster_feed_lag_seconds{dataset="GLBX.MDP3"})"), 0.012);
    EXPECT_NEAR(server_.metric(R"(spymaster_last_record_timestamp_seconds{dataset="GLBX.MDP3"})"),
                1767709800.5, 1e-3);
}

TEST_F(LiveFeed, ReadyMeansLiveAndValid) {
    EXPECT_EQ(get("/readyz")["status"], "ok");
    market_.begin();
    EXPECT_EQ(get("/readyz", 503)["error"], "book ESH6: no window yet");
    market_.tell(0);
    EXPECT_EQ(get("/readyz")["status"], "ok");
    market_.tell(1);
    EXPECT_EQ(get("/readyz", 503)["error"], "book ESH6: not valid in the newest window");
    market_.tell(2);
    auto state = live_state("GLBX.MDP3");
    sink().on_feed(state);
    const auto checks = get("/readyz?verbose")["checks"];
    ASSERT_EQ(checks.size(), 3U);
    EXPECT_EQ(checks[1], Json::parse(R"({"name":"feed GLBX.MDP3","ok":true,"detail":"live"})"));
    state.lag_ns = 6'000'000'000;
    sink().on_feed(state);
    EXPECT_EQ(get("/readyz?verbose", 503)["error"], "feed GLBX.MDP3: live, 6000 ms behind");
    state.lag_ns = 0;
    state.phase = FeedPhase::stopped;
    sink().on_feed(state);
    get("/readyz", 503);
    market_.end();
    state.phase = FeedPhase::ended;
    sink().on_feed(state);
    EXPECT_EQ(get("/readyz")["status"], "ok");
    EXPECT_EQ(get("/livez")["status"], "ok");
}

TEST_F(LiveFeed, TheCatalogueListsWhatIsLiveFirst) {
    const auto before = get("/v1/catalog")["sessions"];
    EXPECT_EQ(before.size(), 2U);
    market_.begin();
    shares_.begin();
    EXPECT_EQ(get("/v1/catalog")["sessions"][0]["window_count"], 0);
    market_.tell_through(6);
    const auto sessions = get("/v1/catalog")["sessions"];
    ASSERT_EQ(sessions.size(), 4U);
    const auto& live = sessions[0];
    EXPECT_EQ(live["dt"], "live");
    EXPECT_EQ(live["live"], true);
    EXPECT_EQ(live["date"], "2026-01-06");
    EXPECT_EQ(live["symbol"], "ESH6");
    EXPECT_EQ(live["window_count"], 7);
    EXPECT_EQ(live["last_window_end_ts_ns"], std::to_string(end_of(future_, 6)));
    EXPECT_EQ(live["surfaces"], (Json{"snap", "velocity", "options", "forecast", "book_snapshot"}));
    const auto& lake = before[0];
    for (const auto* member :
         {"product_type", "tick_int", "price_increment_int", "half_width_ticks", "session"})
        EXPECT_EQ(live[member], lake[member]) << member;
    for (const auto* member : {"product_type", "tick_int", "half_width_ticks", "step_ticks"})
        EXPECT_EQ(live["options"][member], lake["options"][member]) << member;
    EXPECT_EQ(sessions[1]["symbol"], "SPY");
    EXPECT_EQ(sessions[2], lake);
    market_.end();
    EXPECT_EQ(get("/v1/catalog")["sessions"][0]["live"], false);
}

TEST_F(LiveFeed, SessionsAreNamedBySymbolOrRoot) {
    const std::string bands = "/v1/hud/bootstrap?surface=book_snapshot&dt=live&symbol=";
    EXPECT_EQ(get(bands + "ES", 404)["error"], "ES is not live; nothing is");
    market_.begin();
    market_.tell(0);
    auto other = market_.contract();
    other.symbol = "ESM6";
    ASSERT_TRUE(sink().on_contract(other).ok());
    EXPECT_EQ(request(server_.port(), bands + "ES").headers.at("x-hud-symbol"), "ESH6");
    EXPECT_EQ(get(bands + "ESM6", 404)["error"],
              "ESM6 is live, but no window of it has closed yet; ask again");
    EXPECT_EQ(get(bands + "NQ", 404)["error"], "NQ is not live; live now: ESH6, ESM6");
    EXPECT_EQ(get(bands + "ES&product_type=equity_mbo", 404)["error"],
              "ES is not live; live now: ESH6, ESM6");
    EXPECT_EQ(get(bands + "ES&surface=wall", 400).size(), 1U);
    const auto no_walls =
        get("/v1/hud/bootstrap?surface=wall&dt=live&symbol=ES", 404)["error"].get<std::string>();
    EXPECT_TRUE(
        no_walls.starts_with("surface wall is not made of ESH6 while it is live; there are [\"snap\","))
        << no_walls;
    StreamSocket stream(server_.port(), "/v1/velocity/stream?symbol=NQ&dt=live");
    EXPECT_EQ(Json::parse(stream.read().payload)["message"], "NQ is not live; live now: ESH6, ESM6");
    EXPECT_EQ(stream.read().close_code(), 1011);

    EXPECT_FALSE(sink().on_contract(market_.contract()).ok()) << "it is live already";
    market_.end();
    EXPECT_EQ(request(server_.port(), bands + "ES").headers.count("x-hud-symbol"), 0U)
        << "ESM6, without windows";
    ASSERT_TRUE(sink().on_contract(market_.contract()).ok()) << "the next day";
    EXPECT_FALSE(sink().on_second(shares_.contract(), shares_.second(0)).ok()) << "it is not live";
}

TEST_F(LiveFeed, WhatIsReadFromTheLakeComesWithTheLake) {
    auto tomorrow = future_;
    tomorrow.date = {2026, 1, 7};
    tomorrow.first_end += 86'400'000'000'000;
    const TemporaryLake source;
    source.write(tomorrow);
    FakeMarket market(source, tomorrow, sink());
    market.begin();
    market.tell_through(3);
    const auto flow = "/v1/flow?symbol=ESH6&dt=live&start=0&end=" + std::to_string(end_of(tomorrow, 3));
    EXPECT_NE(get(flow, 404)["error"].get<std::string>().find("ask for dt=2026-01-07"), std::string::npos);
    get("/v1/snapshots.arrow?symbol=ESH6&dt=live", 404);
    lake_.write(tomorrow);
    EXPECT_EQ(get(flow)["trade_count"], 6);
}

TEST_F(LiveFeed, WindowsComeInOrderAndWhole) {
    market_.begin();
    market_.tell(3);
    EXPECT_FALSE(sink().on_second(market_.contract(), market_.second(3)).ok());
    EXPECT_FALSE(sink().on_second(market_.contract(), market_.second(2)).ok());
    auto second = market_.second(4);
    second.tables[0] = nullptr;
    EXPECT_FALSE(sink().on_second(market_.contract(), second).ok()) << "no snapshot";
    std::swap(second.tables[0], second.tables[1]);
    EXPECT_FALSE(sink().on_second(market_.contract(), second).ok()) << "not of its contract";
    second = market_.second(4);
    second.forecast = nullptr;
    second.problem = "no gold";
    ASSERT_TRUE(sink().on_second(market_.contract(), second).ok());
    const auto why =
        "/v1/forecast/explain?symbol=ESH6&dt=live&window_end_ts_ns=" + std::to_string(end_of(future_, 4));
    EXPECT_EQ(get(why, 500)["error"], "no gold");
}

// No file may grow beyond a limit meanwhile, as if the disk were full.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit full{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &full);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
};

TEST(LiveLog, AFullDiskCostsTheWindowsThatCouldNotBeKept) {
    const SmallSession session{.windows = 250};
    const TemporaryLake lake;
    lake.write(session);
    ServeOptions options;
    options.live.windows = 60;
    RunningServer server(lake.open(), options);
    FakeMarket market(lake, session, server.server().live());
    market.begin();
    market.tell_through(99);
    {
        const FullDisk full(1);
        market.tell_through(119);
    }
    market.tell_through(249);
    const auto rho = [&](std::int64_t first, std::int64_t last) {
        return request(server.port(), "/v1/velocity.arrow?symbol=ESH6&dt=live&start=" +
                                          std::to_string(end_of(session, first)) +
                                          "&end=" + std::to_string(end_of(session, last)));
    };
    EXPECT_TRUE(rho(0, 59).whole);
    EXPECT_FALSE(rho(60, 119).whole) << "it breaks off";
    EXPECT_TRUE(rho(120, 249).whole);
    StreamSocket stream(server.port(), "/v1/velocity/stream?symbol=ESH6&dt=live&after_window_end_ts_ns=" +
                                           std::to_string(end_of(session, 69)));
    std::string said;
    for (auto message = stream.read(); message.opcode == 1 || message.opcode == 2; message = stream.read()) {
        if (message.opcode == 1 && Json::parse(message.payload)["type"] == "error") said = message.payload;
    }
    EXPECT_NE(said.find("could not be kept"), std::string::npos) << said;
    for (const auto& entry : std::filesystem::directory_iterator(lake.folder()))
        EXPECT_FALSE(entry.path().filename().string().starts_with(".live")) << "the file has no name";
}

}  // namespace
}  // namespace spymaster::serve
