// Calibrations in the lake: what is written is read again bit for bit, nothing else is believed, and which one a
// window is forecast with.
#include "pipeline/calibration/calibration_store.hpp"

#include <cmath>
#include <limits>

#include "pipeline/calibration/calibration_document.hpp"
#include "stored_calibrations.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

const market::Product& futures() {
    return market::product_of(ProductType::future_mbo);
}

constexpr std::int64_t kNoon = 1'767'700'800'000'000'000;  // 2026-01-06T12:00:00Z

TEST(CalibrationStore, WhatIsStoredIsReadBitForBit) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const StoredCalibration stored = awkward_calibration("ES", kNoon);
    const auto path = store_calibration(lake, stored);
    ASSERT_TRUE(path.ok()) << path.error().message;
    EXPECT_EQ(path->lexically_relative(folder.path()).string(),
              "calibration/forecast/product_type=future_mbo/symbol=ES/20260106T120000Z.json");
    const auto read = read_calibration(*path);
    ASSERT_TRUE(read.ok()) << read.error().message;
    expect_equal(stored, *read);
    EXPECT_EQ(read->trained_until_ns(), kNoon);
    EXPECT_EQ(read->name(), "20260106T120000Z");

    const std::string bytes = bytes_of(*path);
    ASSERT_TRUE(store_calibration(lake, *read).ok());
    EXPECT_EQ(bytes_of(*path), bytes) << "the same calibration is the same bytes";
    EXPECT_EQ(std::distance(fs::directory_iterator(path->parent_path()), {}), 1)
        << "nothing is left beside it";
}

TEST(CalibrationStore, OneWithoutAScaleIsReadAsOneWithout) {
    StoredCalibration calibration = awkward_calibration("ES", kNoon);
    calibration.calibration.confidence_scale.reset();
    const auto read = parse_document(*to_document(calibration));
    ASSERT_TRUE(read.ok()) << read.error().message;
    expect_equal(calibration, *read);
}

TEST(CalibrationStore, ATrainingThatEndsBetweenSecondsHasANameOfItsOwn) {
    EXPECT_EQ(awkward_calibration("ES", kNoon + 500'000'000).name(), "20260106T120000.500000000Z");
}

TEST(CalibrationStore, WhatCouldNotBeReadAgainIsNotStored) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto refused = [&](auto change, std::string_view key) {
        StoredCalibration calibration = awkward_calibration("ES", kNoon);
        change(calibration);
        const auto stored = store_calibration(lake, calibration);
        ASSERT_FALSE(stored.ok()) << key;
        EXPECT_EQ(stored.error().code, ErrorCode::usage);
        EXPECT_NE(stored.error().message.find(key), std::string::npos) << stored.error().message;
    };
    refused([](auto& c) { c.calibration.path.a = std::nan(""); }, "\"path.a\"");
    refused([](auto& c) { c.calibration.path.parameters.beta = -0.5; }, "\"path.beta\"");
    refused([](auto& c) { c.calibration.path.parameters.gamma = 1.5; }, "\"path.gamma\"");
    refused([](auto& c) { c.calibration.micro_price.adjustment[2][9] = INFINITY; },
            "\"micro_price.adjustment\"");
    refused([](auto& c) { c.calibration.confidence_scale->edges[8] = 1.5; }, "\"confidence_scale.edges\"");
    refused([](auto& c) { c.calibration.confidence_scale->edges[0] = -0.1; }, "\"confidence_scale.edges\"");
    refused([](auto& c) { c.calibration.confidence_scale->edges[3] = 0.9; }, "\"confidence_scale.edges\"");
    refused([](auto& c) { c.calibration.confidence_scale->edges[3] = std::nan(""); },
            "\"confidence_scale.edges\"");
    refused([](auto& c) { c.calibration.confidence_scale->forecasts = 9; }, "\"confidence_scale.forecasts\"");
    refused([](auto& c) { c.days.clear(); }, "\"days\"");
    refused([](auto& c) { std::swap(c.days[0], c.days[1]); }, "\"days\"");
    refused([](auto& c) { c.engine_sha256 = "unknown"; }, "\"engine_sha256\"");
    refused([](auto& c) { c.symbol = "../ES"; }, "symbol");
    refused([](auto& c) { c.product_type = "future"; }, "future");
    refused([](auto& c) { c.session = "\xff"; }, "UTF-8");
    EXPECT_FALSE(fs::exists(folder.path() / "calibration")) << "nothing was begun";
}

TEST(CalibrationStore, ADocumentThatIsNoneIsAnErrorThatNamesFileAndKey) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const fs::path path = *store_calibration(lake, awkward_calibration("ES", kNoon));
    const std::string good = bytes_of(path);
    const auto refused = [&](const std::string& from, const std::string& to, std::string_view key) {
        std::string text = good;
        ASSERT_NE(text.find(from), std::string::npos) << from;
        text.replace(text.find(from), from.size(), to);
        std::ofstream(path, std::ios::binary) << text;
        for (const auto& error :
             {read_calibration(path).error(), load_calibrations(lake, futures(), "ESH6").error()}) {
            EXPECT_EQ(error.code, ErrorCode::malformed);
            EXPECT_NE(error.message.find(path.string()), std::string::npos) << error.message;
            EXPECT_NE(error.message.find(key), std::string::npos) << error.message;
        }
    };
    refused(good, "", "not valid JSON");
    refused(good, good.substr(0, good.size() / 2), "not valid JSON");
    refused(good, "[]", "not a JSON object");
    refused(good, "{}", "\"format\"");
    refused("\"format\": 1", "\"format\": 2", "\"format\"");
    refused("\"gamma\": ", "\"gamma\": 1e999, \"x\": ", "not valid JSON");
    refused("\"gamma\": ", "\"gamma\": -1, \"x\": ", "\"path.gamma\"");
    refused("\"gamma\": ", "\"gamma\": null, \"x\": ", "\"path.gamma\"");
    refused("\"beta\"", "\"delta\"", "\"path.beta\"");
    refused("\"horizon_s\": 5", "\"horizon_s\": 6", "\"order_flow[2].horizon_s\"");
    refused("\"adjustment\": [", "\"adjustment\": [[],", "\"micro_price.adjustment\"");
    refused("\"confidence_scale\"", "\"scale\"", "\"confidence_scale\"");
    refused("\"confidence_scale\": {", "\"confidence_scale\": [], \"x\": {", "\"confidence_scale\"");
    refused("\"edges\": [", "\"edges\": [0.0, ", "\"confidence_scale.edges\"");
    refused("\"edges\": [", "\"edges\": [null], \"x\": [", "\"confidence_scale.edges\"");
    refused("\"forecasts\": 1234567", "\"forecasts\": 1.5", "\"confidence_scale.forecasts\"");
    refused("\"dt\": \"2026-01-06\"", "\"dt\": \"2026-13-06\"", "\"days[1].dt\"");
    refused("\"symbol\": \"ESH6\"", "\"symbol\": \"../H6\"", "\"days[0].symbol\"");
    refused("\"samples\": 17", "\"samples\": -17", "\"days[0].samples\"");
    refused("\"contracts\": {", "\"contracts\": {\"gold\": \"no\",", "\"contracts.gold\"");
}

// Whatever becomes of a byte: it is read, with what it says, or refused.
TEST(CalibrationStore, NoDamageOfADocumentGetsPastTheReader) {
    const std::string good = *to_document(awkward_calibration("ES", kNoon));
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char byte : {'\0', '"', '-', '9', '}', '[', static_cast<char>(good[at] ^ 0x80)}) {
            std::string damaged = good;
            damaged[at] = byte;
            const auto read = parse_document(damaged);
            if (!read) {
                ++refused;
                continue;
            }
            EXPECT_GE(read->calibration.path.parameters.beta, 0.0);
            EXPECT_LE(read->calibration.path.parameters.gamma, 1.0);
            ASSERT_EQ(read->days.size(), 2U);
            EXPECT_LT(read->days[0].last_window_end_ts_ns, read->trained_until_ns());
            EXPECT_TRUE(to_document(*read).ok());
        }
    }
    EXPECT_GT(refused, good.size());
}

TEST(CalibrationStore, ADocumentInTheWrongPlaceIsAnError) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const fs::path path = *store_calibration(lake, awkward_calibration("ES", kNoon));
    const auto refused = [&](const fs::path& place, const market::Product& product,
                             const std::string& symbol) {
        fs::create_directories(place.parent_path());
        fs::copy_file(path, place);
        const auto loaded = load_calibrations(lake, product, symbol);
        ASSERT_FALSE(loaded.ok()) << place;
        EXPECT_EQ(loaded.error().code, ErrorCode::malformed);
        EXPECT_NE(loaded.error().message.find(place.string()), std::string::npos) << loaded.error().message;
        fs::remove(place);
    };
    refused(path.parent_path() / "20260106T130000Z.json", futures(), "ESH6");
    refused(path.parent_path().parent_path() / "symbol=ESH6" / path.filename(), futures(), "ESH6");
    const market::Product& shares = market::product_of(ProductType::equity_mbo);
    refused(folder.path() / "calibration/forecast/product_type=equity_mbo/symbol=ES" / path.filename(),
            shares, "ES");
    EXPECT_TRUE(load_calibrations(lake, futures(), "ESH6").ok());
}

TEST(CalibrationStore, ASymbolsOwnCalibrationsComeBeforeThoseOfItsRoot) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto loaded = [&](const market::Product& product, const std::string& symbol) {
        std::string names;
        const auto calibrations = load_calibrations(lake, product, symbol);
        EXPECT_TRUE(calibrations.ok()) << (calibrations.ok() ? "" : calibrations.error().message);
        if (calibrations.ok())
            for (const StoredCalibration& each : *calibrations)
                names += each.symbol + " " + each.name() + " ";
        return names;
    };
    EXPECT_EQ(loaded(futures(), "ESH6"), "");
    for (const std::int64_t hours : {2, 0, 1})
        ASSERT_TRUE(
            store_calibration(lake, awkward_calibration("ES", kNoon + hours * 3'600'000'000'000)).ok());
    EXPECT_EQ(loaded(futures(), "ESH6"), "ES 20260106T120000Z ES 20260106T130000Z ES 20260106T140000Z ");
    EXPECT_EQ(loaded(futures(), "ES"), loaded(futures(), "ESH6"));
    EXPECT_EQ(loaded(futures(), "NQH6"), "");
    EXPECT_EQ(loaded(market::product_of(ProductType::equity_mbo), "ESH6"), "") << "a share has no root";
    ASSERT_TRUE(store_calibration(lake, awkward_calibration("ESH6", kNoon)).ok());
    EXPECT_EQ(loaded(futures(), "ESH6"), "ESH6 20260106T120000Z ");
    EXPECT_FALSE(load_calibrations(lake, futures(), "../ES").ok());
}

TEST(CalibrationInForce, IsTheNewestWhoseTrainingEndedBeforeTheWindowDid) {
    const std::vector<StoredCalibration> two{awkward_calibration("ES", kNoon),
                                             awkward_calibration("ES", kNoon + 60)};
    const auto at = [&](std::int64_t window_end) -> std::ptrdiff_t {
        const StoredCalibration* const found = calibration_in_force(two, window_end);
        return found == nullptr ? -1 : found - two.data();
    };
    EXPECT_EQ(at(0), -1);
    EXPECT_EQ(at(kNoon), -1) << "the last window trained on is not forecast with what was learned from it";
    EXPECT_EQ(at(kNoon + 1), 0);
    EXPECT_EQ(at(kNoon + 60), 0);
    EXPECT_EQ(at(kNoon + 61), 1);
    EXPECT_EQ(at(INT64_MAX), 1);
    EXPECT_EQ(calibration_in_force({}, INT64_MAX), nullptr);

    const auto over = [&](std::int64_t first, std::int64_t last) {
        const auto span = calibrations_in_force(two, first, last);
        return span.empty() ? std::string{}
                            : std::to_string(span.data() - two.data()) + "+" + std::to_string(span.size());
    };
    EXPECT_EQ(over(0, kNoon), "");
    EXPECT_EQ(over(0, kNoon + 1), "0+1");
    EXPECT_EQ(over(kNoon + 1, kNoon + 60), "0+1");
    EXPECT_EQ(over(kNoon, kNoon + 61), "0+2");
    EXPECT_EQ(over(kNoon + 61, INT64_MAX), "1+1");
}

TEST(EvaluationPath, StaysBelowTheLake) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto path = evaluation_path(lake, futures(), "ES", "uncalibrated", ".html");
    ASSERT_TRUE(path.ok()) << path.error().message;
    EXPECT_EQ(path->lexically_relative(folder.path()).string(),
              "evaluation/forecast/product_type=future_mbo/symbol=ES/uncalibrated.html");
    for (const auto& [symbol, name] :
         {std::pair{"..", "a"}, {"ES/..", "a"}, {"ES", "../a"}, {"ES", "/a"}, {"ES", ""}})
        EXPECT_FALSE(evaluation_path(lake, futures(), symbol, name, ".json").ok()) << symbol << " " << name;
}

}  // namespace
}  // namespace spymaster::pipeline
