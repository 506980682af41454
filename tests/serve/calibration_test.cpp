// /v1/calibration: what was fitted, and what it turned out to be worth.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "pipeline/calibration/calibration_store.hpp"
#include "raw_client.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;

class Calibration : public testing::Test {
  protected:
    Calibration() { lake_.write(session_); }

    void calibrate() { lake_.write_calibration("ES", trained_until_, {.beta = 40.0, .gamma = 0.625}); }
    void write_evaluation(const std::string& symbol, std::string_view text) {
        const auto path = pipeline::evaluation_path(lake_.open(), market::product_of({}), symbol,
                                                    "20260106T142959Z", ".json");
        ASSERT_TRUE(path.ok());
        std::filesystem::create_directories(path->parent_path());
        std::ofstream(*path, std::ios::trunc) << text;
    }
    HttpAnswer ask() { return request(server_.port(), "/v1/calibration?symbol=ESH6&dt=2026-01-06"); }
    Json only() {
        const auto answer = ask();
        EXPECT_EQ(answer.status, 200) << answer.body;
        const auto calibrations = Json::parse(answer.body)["calibrations"];
        EXPECT_EQ(calibrations.size(), 1U);
        return calibrations.at(0);
    }

    const SmallSession session_{.windows = 3};
    const std::int64_t trained_until_ = end_of(session_, 0) - 1'000'000'000;
    TemporaryLake lake_;
    RunningServer server_{lake_.open()};
};

TEST_F(Calibration, IsListedWithItsProvenance) {
    EXPECT_EQ(Json::parse(ask().body), (Json{{"product_type", "future_mbo"},
                                             {"symbol", "ESH6"},
                                             {"dt", "2026-01-06"},
                                             {"calibrations", Json::array()}}));
    calibrate();
    EXPECT_EQ(only(), (Json{{"name", "20260106T142959Z"},
                            {"symbol", "ES"},
                            {"trained_until_ns", std::to_string(trained_until_)},
                            {"beta", 40.0},
                            {"gamma", 0.625},
                            {"beta_std_error", 0.5},
                            {"gamma_std_error", 0.25},
                            {"samples", 42},
                            {"dates", {"2026-01-05"}},
                            {"confidence_tenths", {0.0, 0.0, 0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75}},
                            {"evaluation", nullptr}}));
}

TEST_F(Calibration, ComesWithItsEvaluationAsItIs) {
    calibrate();
    const std::string document =
        R"({"format":1,"calibration":"20260106T142959Z","verdict":"no skill","horizons":[{"mae":0.10000000000000001}],"new":{}})";
    write_evaluation("ES", document);
    EXPECT_EQ(only()["evaluation"], Json::parse(document));
    EXPECT_NE(ask().body.find(document), std::string::npos);
    write_evaluation("ESH6", R"({"format":1,"calibration":"20260106T142959Z","verdict":"skill"})");
    EXPECT_EQ(only()["evaluation"]["verdict"], "skill");  // on the very contract
    std::filesystem::remove_all(lake_.folder() / "evaluation");
    EXPECT_TRUE(only()["evaluation"].is_null());
}

// Fitted again until the same second, a calibration has the name of the one that was evaluated.
TEST_F(Calibration, ComesWithoutTheEvaluationOfAnotherOfItsName) {
    const auto evaluated = [this](std::string_view parameters) {
        write_evaluation(
            "ES",
            fmt::format(R"({{"format":1,"calibration":"20260106T142959Z","parameters":{}}})", parameters));
        return only();
    };
    calibrate();
    EXPECT_TRUE(evaluated(R"({"beta":40.0,"gamma":0.625})")["evaluation"].is_object());
    for (const char* other : {R"({"beta":41.0,"gamma":0.625})", R"({"beta":40.0,"gamma":0.5})", "7"}) {
        const Json calibration = evaluated(other);
        EXPECT_TRUE(calibration["evaluation"].is_null()) << other;
        EXPECT_NE(calibration.value("evaluation_problem", "").find("evaluate again"), std::string::npos)
            << other;
    }
}

// An evaluation that is none hides neither the calibration nor that something is wrong.
TEST_F(Calibration, SaysThatAnEvaluationIsDamaged) {
    calibrate();
    const std::string deep(500'000, '[');
    const std::string long_text =
        R"({"format":1,"calibration":"20260106T142959Z","x":")" + std::string(2'000'000, 'x') + "\"}";
    for (const std::string& text :
         {std::string(), std::string("null"), std::string("[]"), std::string("{"), std::string("\xff\xfe"),
          std::string(R"({"format":2,"calibration":"20260106T142959Z"})"),
          std::string(R"({"format":1,"calibration":null})"),
          std::string(R"({"format":1,"calibration":"20260105T000000Z"})"),
          std::string("{\"format\":1,\"calibration\":\"20260106T142959Z\",\"x\":\"\xff\"}"), deep,
          deep + std::string(500'000, ']'), long_text}) {
        write_evaluation("ES", text);
        const auto calibration = only();
        EXPECT_TRUE(calibration["evaluation"].is_null());
        EXPECT_NE(calibration.value("evaluation_problem", "").find("20260106T142959Z.json"),
                  std::string::npos)
            << text.substr(0, 80);
        EXPECT_EQ(calibration["beta"], 40.0);
    }
}

TEST_F(Calibration, ThatIsNoneIsAnErrorThatNamesTheFile) {
    calibrate();
    const auto folder = lake_.folder() / "calibration/forecast/product_type=future_mbo/symbol=ES";
    const auto file = folder / "20260106T142959Z.json";
    ASSERT_TRUE(std::filesystem::exists(file));
    std::ifstream in(file);
    const std::string whole(std::istreambuf_iterator<char>(in), {});
    const auto without = [&](const std::string& key) {
        auto json = Json::parse(whole);
        json.erase(key);
        return json.dump();
    };
    const auto with_beta = [&](const Json& beta) {
        auto json = Json::parse(whole);
        json["path"]["beta"] = beta;
        return json.dump();
    };
    for (const std::string& text :
         {std::string(), std::string("{}"), std::string("[1]"), whole.substr(0, whole.size() / 2),
          std::string(400'000, '['), without("path"), without("days"), without("symbol"), with_beta("40"),
          with_beta(nullptr), with_beta(-1.0), with_beta(Json::array())}) {
        std::ofstream(file, std::ios::trunc) << text;
        const auto answer = ask();
        EXPECT_EQ(answer.status, 500) << text.substr(0, 80);
        EXPECT_NE(answer.body.find("20260106T142959Z.json"), std::string::npos) << answer.body;
    }
    std::ofstream(file, std::ios::trunc) << whole;
    EXPECT_EQ(only()["beta"], 40.0);
    std::filesystem::copy_file(file, folder / "20260106T142959Z.copy.json");  // not where it says
    EXPECT_EQ(ask().status, 500);
}

}  // namespace
}  // namespace spymaster::serve
