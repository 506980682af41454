// Sessions of several products and how a request names one.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "pipeline/reference/selection.hpp"
#include "stream_window.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;
using market::ProductType;

SmallSession spy() {
    return {.symbol = "SPY", .windows = 4, .half_width = 100, .product = ProductType::equity_mbo};
}

std::string stream_of(const std::string& symbol, const std::string& more = {}) {
    return std::string(kAll) + "&symbol=" + symbol + more;
}

TEST(Equities, AreStreamedLikeFutures) {
    const TemporaryLake lake;
    const auto session = spy();
    const SmallChain chain{.half_width = 50, .step = 2, .first = 1};
    lake.write(session);
    lake.write_options(session, chain);
    const RunningServer server(lake.open());
    for (const auto* more : {"", "&product_type=equity_mbo"}) {
        StreamSocket stream(server.port(), stream_of("SPY", more));
        for (std::int64_t k = 0; k < session.windows; ++k) {
            const auto window = read_window(stream);
            expect_schemas(window);
            expect_values(window, session, k, 100, &chain);
            EXPECT_EQ(window.velocity.batch_rows, std::vector<std::int64_t>{402});
            if (k > 0) {
                EXPECT_EQ(window.options.batch_rows, std::vector<std::int64_t>{51});
            }
        }
        EXPECT_EQ(stream.read().close_code(), 1000);
    }
}

TEST(Equities, HaveTheirTickInTheCatalogue) {
    const TemporaryLake lake;
    lake.write({.windows = 2});
    lake.write(spy());
    const RunningServer server(lake.open());
    const auto sessions = Json::parse(request(server.port(), "/v1/catalog").body)["sessions"];
    ASSERT_EQ(sessions.size(), 2U);
    EXPECT_EQ(sessions[0]["product_type"], "future_mbo");  // of a date: futures first
    EXPECT_EQ(sessions[1]["product_type"], "equity_mbo");
    EXPECT_EQ(sessions[1]["symbol"], "SPY");
    EXPECT_EQ(sessions[1]["tick_int"], "500000000");
    EXPECT_EQ(sessions[1]["price_increment_int"], "10000000");
    EXPECT_EQ(sessions[1]["half_width_ticks"], 100);
    EXPECT_EQ(sessions[1]["window_count"], 4);
}

TEST(Equities, HaveFlowAndSnapshots) {
    const TemporaryLake lake;
    const auto session = spy();
    lake.write(session);
    const RunningServer server(lake.open());
    const auto range = "symbol=SPY&dt=2026-01-06&start=" + std::to_string(end_of(session, 1)) +
                       "&end=" + std::to_string(end_of(session, 3));
    const auto flow = Json::parse(request(server.port(), "/v1/flow?" + range).body);
    EXPECT_EQ(flow["product_type"], "equity_mbo");
    EXPECT_EQ(flow["window_count"], 2);
    EXPECT_EQ(flow["sides"]["A"], (Json{{"added", 5.0}, {"pulled", 50.0}, {"filled", 500.0}}));
    // The ask of window 3 stands a bucket of half a dollar above its spot.
    const auto price = std::to_string(690'120'000'000 + 3 * 10'000'000 + 500'000'000);
    const auto one = Json::parse(
        request(server.port(), "/v1/flow?" + range + "&price_low=" + price + "&price_high=" + price).body);
    EXPECT_EQ(one["sides"]["A"]["added"], 3.0);
    EXPECT_EQ(one["sides"]["B"]["added"], 0.0);

    auto snapshots = read_arrow(
        request(server.port(), "/v1/snapshots.arrow?symbol=SPY&dt=2026-01-06&product_type=equity_mbo").body);
    EXPECT_EQ(snapshots.error, "");
    ASSERT_EQ(snapshots.integers["spot_ref_price_int"].size(), 4U);
    EXPECT_EQ(snapshots.integers["spot_ref_price_int"][3], spot_of(session, 3));
    EXPECT_EQ(read_arrow(request(server.port(), "/v1/velocity.arrow?" + range).body).batch_rows,
              std::vector<std::int64_t>(3, 402));
}

// A share with the name of a contract: the future is meant unless the product is said.
TEST(ProductType, ChoosesBetweenSessionsOfOneName) {
    const TemporaryLake lake;
    const SmallSession future{.symbol = "X", .windows = 2};
    const SmallSession share{.symbol = "X", .windows = 3, .seed = 5, .product = ProductType::equity_mbo};
    lake.write(future);
    lake.write(share);
    const RunningServer server(lake.open());
    StreamSocket unsaid(server.port(), stream_of("X"));
    expect_values(read_window(unsaid), future, 0, 3);
    StreamSocket said(server.port(), stream_of("X", "&product_type=equity_mbo"));
    expect_values(read_window(said), share, 0, 3);
    EXPECT_EQ(server.metric(R"(spymaster_sessions_opened_total{options="none",product_type="equity_mbo"})"),
              1.0);
}

TEST(ProductType, ThatCannotBeAskedForIs400EverywhereListingWhatCan) {
    const TemporaryLake lake;
    lake.write({.windows = 2});
    const RunningServer server(lake.open());
    for (const auto* product : {"equity_option_mbo", "future_option_mbo", "bonds", ""}) {
        const auto query = std::string("symbol=ESH6&dt=2026-01-06&start=0&end=1&product_type=") + product;
        for (const auto* path :
             {"/v1/velocity.arrow?", "/v1/options.arrow?", "/v1/flow?", "/v1/snapshots.arrow?"}) {
            const auto answer = request(server.port(), path + query);
            EXPECT_EQ(answer.status, 400) << path << query;
            EXPECT_NE(answer.body.find("future_mbo or equity_mbo"), std::string::npos) << answer.body;
        }
        EXPECT_EQ(StreamSocket(server.port(), "/v1/velocity/stream?" + query).handshake().status, 400);
    }
    // One that can, but has it not.
    EXPECT_EQ(request(server.port(), "/v1/snapshots.arrow?symbol=ESH6&dt=2026-01-06&product_type=equity_mbo")
                  .status,
              404);
}

TEST(Root, IsTheOnlyContractOfTheDate) {
    const TemporaryLake lake;
    const SmallSession contract{.windows = 1, .half_width = 1};
    lake.write(contract);
    lake.write({.symbol = "ESM6", .date = {2026, 1, 7}, .windows = 1});
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), stream_of("ES", "&product_type=future_mbo"));
    expect_values(read_window(stream), contract, 0, 1);
    EXPECT_EQ(request(server.port(), "/v1/snapshots.arrow?symbol=ES&dt=2026-01-06").status, 200);
    EXPECT_EQ(request(server.port(), "/v1/snapshots.arrow?symbol=ES&dt=2026-01-08").status, 404);
    EXPECT_EQ(request(server.port(), "/v1/snapshots.arrow?symbol=E&dt=2026-01-06").status, 404);
}

TEST(Root, OfSeveralContractsWithoutAMapIsSaidWithTheirNames) {
    const TemporaryLake lake;
    lake.write({.windows = 1});
    lake.write({.symbol = "ESM6", .windows = 1});
    const RunningServer server(lake.open());
    const auto answer = request(server.port(), "/v1/flow?symbol=ES&dt=2026-01-06&start=0&end=1");
    EXPECT_EQ(answer.status, 404);
    EXPECT_NE(answer.body.find("ESH6, ESM6"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("spymaster select"), std::string::npos) << answer.body;
    StreamSocket stream(server.port(), stream_of("ES"));
    EXPECT_NE(stream.read().payload.find("spymaster select"), std::string::npos);
    EXPECT_EQ(stream.read().close_code(), 1011);
}

class SelectedRoot : public testing::Test {
  protected:
    SelectedRoot() {
        lake_.write({.symbol = "ESH6", .windows = 1});
        lake_.write({.symbol = "ESM6", .windows = 1, .seed = 9});
    }
    void select(const market::Date& date, const std::string& symbol) const {
        const auto lake = lake_.open();
        const auto merged = pipeline::merge_selection(lake, path(), {{date, {symbol, {2026, 3, 20}, {}}}});
        ASSERT_TRUE(merged.ok()) << merged.error().message;
    }
    [[nodiscard]] std::filesystem::path path() const { return pipeline::selection_path(lake_.open()); }
    [[nodiscard]] HttpAnswer flow(const std::string& symbol) const {
        return request(server_.port(), "/v1/flow?symbol=" + symbol + "&dt=2026-01-06&start=0&end=1");
    }

    TemporaryLake lake_;
    RunningServer server_{lake_.open()};
};

TEST_F(SelectedRoot, IsTheContractOfTheMap) {
    select({2026, 1, 6}, "ESM6");
    EXPECT_EQ(Json::parse(flow("ES").body)["symbol"], "ESM6");
    EXPECT_EQ(Json::parse(flow("ESH6").body)["symbol"], "ESH6");  // a contract is itself
    StreamSocket stream(server_.port(), stream_of("ES"));
    expect_values(read_window(stream), {.symbol = "ESM6", .windows = 1, .seed = 9}, 0, 3);
}

TEST_F(SelectedRoot, IsNotGuessedForADateOutsideTheMap) {
    select({2026, 1, 7}, "ESM6");
    EXPECT_EQ(flow("ES").status, 404);
}

TEST_F(SelectedRoot, ThatTheLakeHasNotIsSaid) {
    select({2026, 1, 6}, "ESU6");
    const auto answer = flow("ES");
    EXPECT_EQ(answer.status, 404);
    EXPECT_NE(answer.body.find("ESU6"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("ESH6, ESM6"), std::string::npos) << answer.body;
}

TEST_F(SelectedRoot, OfADamagedMapIsAnErrorAndNoGuess) {
    select({2026, 1, 6}, "ESM6");
    std::ofstream(path()) << "no Parquet";
    EXPECT_EQ(flow("ES").status, 500);
    EXPECT_EQ(flow("ESH6").status, 200);
}

}  // namespace
}  // namespace spymaster::serve
