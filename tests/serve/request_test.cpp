#include "serve/request.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "serve/control.hpp"

namespace spymaster::serve {
namespace {

Result<StreamRequest> stream(std::string_view query) {
    const auto target = parse_target("/v1/velocity/stream?" + std::string(query));
    if (!target) return target.error();
    return parse_stream_request(*target);
}

TEST(StreamRequest, HasTheDefaultsOfTheSpec) {
    const auto request = stream("");
    ASSERT_TRUE(request.ok());
    EXPECT_EQ(request->session, (SessionQuery{"ESH6", {2026, 1, 6}, {}}));
    EXPECT_EQ(request->speed, 1.0);
    EXPECT_EQ(request->skip_minutes, 5);
    EXPECT_FALSE(request->after_window_end_ts_ns.has_value());
}

TEST(StreamRequest, TakesEveryParameterDecoded) {
    const auto request = stream(
        "symbol=BRK%2eB&product_type=equity_mb%6f&dt=2024-02-29&speed=2.5e0&skip_minutes=0&after_window_end_"
        "ts_ns=1703545200000000000&"
        "new=1");
    ASSERT_TRUE(request.ok()) << request.error().message;
    EXPECT_EQ(request->session, (SessionQuery{"BRK.B", {2024, 2, 29}, market::ProductType::equity_mbo}));
    EXPECT_EQ(request->speed, 2.5);
    EXPECT_EQ(request->skip_minutes, 0);
    EXPECT_EQ(request->after_window_end_ts_ns, 1703545200000000000);
}

Result<Control> control(std::string_view text) {
    return parse_control(text, StreamKind::velocity);
}

TEST(StreamRequest, TakesSurfacesInAnyOrder) {
    EXPECT_EQ(stream("")->surfaces,
              (SurfaceSet{Surface::snap, Surface::velocity, Surface::options, Surface::forecast}));
    EXPECT_EQ(stream("surfaces=wall%2Csnap,physics,wall")->surfaces,
              (SurfaceSet{Surface::snap, Surface::wall, Surface::physics_bands}));
}

TEST(HudStreamRequest, NeedsASessionAndKnowsTheOldNames) {
    const auto parse = [](std::string_view query) {
        return parse_hud_stream_request(*parse_target("/v1/hud/stream?" + std::string(query)));
    };
    const auto plain = parse("symbol=SPY&dt=2026-01-06");
    ASSERT_TRUE(plain.ok());
    EXPECT_EQ(plain->surfaces,
              (SurfaceSet{Surface::book_snapshot, Surface::wall, Surface::vacuum, Surface::radar,
                          Surface::physics_bands, Surface::gex, Surface::gex_levels}));
    EXPECT_EQ(plain->skip_minutes, 0);
    EXPECT_EQ(plain->speed, 1.0);
    EXPECT_FALSE(plain->start_ts_ns.has_value());
    const auto chosen = parse("symbol=SPY&dt=2026-01-06&surfaces=snap,gex&start_ts_ns=-7&speed=3");
    ASSERT_TRUE(chosen.ok());
    EXPECT_EQ(chosen->surfaces, (SurfaceSet{Surface::book_snapshot, Surface::gex}));
    EXPECT_EQ(chosen->start_ts_ns, -7);
    EXPECT_EQ(chosen->speed, 3.0);
    for (const auto* query :
         {"dt=2026-01-06", "symbol=SPY", "symbol=SPY&dt=2026-01-06&surfaces=,",
          "symbol=SPY&dt=2026-01-06&surfaces=Wall", "symbol=SPY&dt=2026-01-06&start_ts_ns="}) {
        EXPECT_FALSE(parse(query).ok()) << query;
    }
}

TEST(HudRequest, HasNoBoundsUnlessTheyAreGiven) {
    const auto day = parse_hud_surface_request(*parse_target("/x?symbol=SPY&dt=2026-01-06&surface=radar"));
    ASSERT_TRUE(day.ok());
    EXPECT_EQ(day->surface, Surface::radar);
    EXPECT_EQ(day->start_ts_ns, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(day->end_ts_ns, std::numeric_limits<std::int64_t>::max());
    EXPECT_FALSE(day->newest.has_value());
    const auto ring = parse_bootstrap_request(*parse_target("/x?symbol=SPY&dt=2026-01-06&end_ts_ns=7"));
    ASSERT_TRUE(ring.ok());
    EXPECT_EQ(ring->surface, Surface::book_snapshot);
    EXPECT_EQ(ring->end_ts_ns, 7);
    EXPECT_EQ(ring->newest, 1800U);
}

class BadStreamRequest : public testing::TestWithParam<const char*> {};

TEST_P(BadStreamRequest, IsRefusedNamingTheParameter) {
    const std::string query = GetParam();
    const auto request = stream(query);
    ASSERT_FALSE(request.ok());
    EXPECT_EQ(request.error().code, ErrorCode::usage);
    EXPECT_NE(request.error().message.find(query.substr(0, query.find('='))), std::string::npos)
        << request.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Values, BadStreamRequest,
    testing::Values("speed=0", "speed=-1", "speed=inf", "speed=nan", "speed=", "speed=1x", "speed=1e999",
                    "speed=%201", "skip_minutes=-1", "skip_minutes=1.5",
                    "skip_minutes=", "skip_minutes=99999999999999999999", "dt=2026-02-30", "dt=20260106",
                    "dt=", "dt=2026-01-06/..", "symbol=", "symbol=..", "symbol=../../etc",
                    "symbol=%2e%2e%2fetc", "symbol=a/b", "symbol=a%5cb", "symbol=.hidden", "symbol=a b",
                    "symbol=a%0ab", "symbol=\xc3\xa9", "after_window_end_ts_ns=x", "symbol=ESH6&symbol=ESM6",
                    "surfaces=", "surfaces=wall,", "surfaces=,wall", "surfaces=walls", "surfaces=wall gex",
                    "product_type=", "product_type=stocks", "product_type=future_option_mbo",
                    "product_type=equity_option_mbo", "product_type=FUTURE_MBO",
                    "product_type=future_mbo&product_type=equity_mbo"));

TEST(ProductType, IsRefusedListingWhatCanBeAsked) {
    for (const auto* text : {"bonds", "equity_option_mbo"}) {
        const auto request = stream(std::string("product_type=") + text);
        ASSERT_FALSE(request.ok()) << text;
        EXPECT_NE(request.error().message.find("future_mbo or equity_mbo"), std::string::npos)
            << request.error().message;
    }
    EXPECT_NE(stream("product_type=equity_option_mbo").error().message.find("surface `options`"),
              std::string::npos);
}

TEST(StreamRequest, RefusesASymbolLongerThanAnyIs) {
    EXPECT_TRUE(stream("symbol=" + std::string(64, 'A')).ok());
    EXPECT_FALSE(stream("symbol=" + std::string(65, 'A')).ok());
}

TEST(Target, RefusesBadEscapesAndNul) {
    for (const auto* text : {"", "v1", "/a%", "/a%4", "/a%zz", "/a?b=%", "/a%00b", "/a?b=%00"}) {
        EXPECT_FALSE(parse_target(text).ok()) << text;
    }
}

TEST(Target, DecodesPathAndQuery) {
    const auto target = parse_target("/a%20+b?x=1+2&&y&z=a=b#fragment");
    ASSERT_TRUE(target.ok());
    EXPECT_EQ(target->path, "/a +b");
    const std::vector<std::pair<std::string, std::string>> expected{{"x", "1 2"}, {"y", ""}, {"z", "a=b"}};
    EXPECT_EQ(target->query, expected);
}

TEST(RangeRequest, NeedsSessionStartAndEnd) {
    const auto parse = [](std::string_view text) { return parse_range_request(*parse_target(text)); };
    const auto good = parse("/v1/flow?symbol=ESH4&dt=2023-12-25&start=1&end=2&price_low=-5&price_high=7");
    ASSERT_TRUE(good.ok());
    EXPECT_EQ(good->start_ts_ns, 1);
    EXPECT_EQ(good->end_ts_ns, 2);
    EXPECT_EQ(good->price_low, -5);
    EXPECT_EQ(good->price_high, 7);
    EXPECT_FALSE(parse("/v1/flow?dt=2023-12-25&start=1&end=2").ok());
    EXPECT_FALSE(parse("/v1/flow?symbol=ESH4&start=1&end=2").ok());
    EXPECT_FALSE(parse("/v1/flow?symbol=ESH4&dt=2023-12-25&end=2").ok());
    EXPECT_FALSE(parse("/v1/flow?symbol=ESH4&dt=2023-12-25&start=3&end=2").ok());
    EXPECT_FALSE(parse("/v1/flow?symbol=ESH4&dt=2023-12-25&start=1&end=2&price_low=8&price_high=7").ok());
}

TEST(WindowRequest, NeedsSessionAndWindow) {
    const auto parse = [](std::string_view text) { return parse_window_request(*parse_target(text)); };
    const auto good = parse("/v1/forecast/explain?symbol=SPY&dt=2026-01-06&window_end_ts_ns=-7&new=1");
    ASSERT_TRUE(good.ok());
    EXPECT_EQ(good->session, (SessionQuery{"SPY", {2026, 1, 6}, {}}));
    EXPECT_EQ(good->window_end_ts_ns, -7);
    for (const auto* text : {"/x?dt=2026-01-06&window_end_ts_ns=1", "/x?symbol=SPY&window_end_ts_ns=1",
                             "/x?symbol=SPY&dt=2026-01-06", "/x?symbol=SPY&dt=2026-01-06&window_end_ts_ns=",
                             "/x?symbol=SPY&dt=2026-01-06&window_end_ts_ns=1.0",
                             "/x?symbol=SPY&dt=2026-01-06&window_end_ts_ns=1&window_end_ts_ns=1"}) {
        EXPECT_FALSE(parse(text).ok()) << text;
    }
}

TEST(Control, TakesEachMessage) {
    EXPECT_TRUE(std::holds_alternative<Pause>(*control(R"({"type":"pause"})")));
    EXPECT_EQ(std::get<SetSurfaces>(*control(R"({"type":"surfaces","surfaces":["snap","gex"]})")).surfaces,
              (SurfaceSet{Surface::snap, Surface::gex}));
    EXPECT_TRUE(std::holds_alternative<Resume>(*control(R"({"type":"resume"})")));
    EXPECT_EQ(std::get<Seek>(*control(R"({"type":"seek","window_end_ts_ns":"1703545200000000000"})"))
                  .window_end_ts_ns,
              1703545200000000000);
    EXPECT_EQ(std::get<SetSpeed>(*control(R"({"type":"speed","speed":5})")).speed, 5.0);
    EXPECT_EQ(std::get<Step>(*control(R"({"type":"step","windows":-60})")).windows, -60);
    EXPECT_EQ(std::get<Step>(*control(R"({"type":"step"})")).windows, 1);
}

TEST(Control, RefusesTheRest) {
    for (const auto* text : {"",
                             "pause",
                             "[]",
                             "{",
                             "null",
                             R"({"type":5})",
                             R"({"type":"stop"})",
                             R"({"type":"seek"})",
                             R"({"type":"seek","window_end_ts_ns":1703545200000000000})",
                             R"({"type":"seek","window_end_ts_ns":"12x"})",
                             R"({"type":"seek","window_end_ts_ns":"99999999999999999999"})",
                             R"({"type":"speed"})",
                             R"({"type":"speed","speed":0})",
                             R"({"type":"speed","speed":-2})",
                             R"({"type":"speed","speed":"2"})",
                             R"({"type":"speed","speed":1e999})",
                             R"({"type":"surfaces"})",
                             R"({"type":"surfaces","surfaces":[]})",
                             R"({"type":"surfaces","surfaces":"wall"})",
                             R"({"type":"surfaces","surfaces":{"wall":1}})",
                             R"({"type":"surfaces","surfaces":["wall",null]})",
                             R"({"type":"surfaces","surfaces":["wall\u0000"]})",
                             R"({"type":"step","windows":0})",
                             R"({"type":"step","windows":1.5})",
                             R"({"type":"step","windows":18446744073709551615})",
                             "\xff\xfe{}"}) {
        const auto parsed = control(text);
        ASSERT_FALSE(parsed.ok()) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::usage);
    }
}

}  // namespace
}  // namespace spymaster::serve
