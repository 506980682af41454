// Open interest and gamma exposure of the simulated chains: what is in the rows, from what, and what is refused.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "market/gamma_terms.hpp"
#include "pipeline/layers/gex_layer.hpp"
#include "pipeline/layers/statistics_clean_layer.hpp"
#include "simulated_products.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;
using ::testing::HasSubstr;

// A partition, all of it.
class Table {
  public:
    Table(const lake::Lake& lake, const lake::PartitionKey& key)
        : contract_((*lake.dataset(key.dataset))->contract), batch_(contract_) {
        auto reader = lake.read(key);
        EXPECT_TRUE(reader.ok()) << key.dataset;
        if (!reader.ok()) return;
        EXPECT_TRUE(*(*reader)->next(batch_)) << key.dataset;
    }
    [[nodiscard]] std::size_t rows() const { return batch_.row_count(); }
    [[nodiscard]] std::int64_t whole(std::string_view name, std::size_t row) const {
        return batch_.at<std::vector<std::int64_t>>(*contract_.index_of(name))[row];
    }
    [[nodiscard]] std::int32_t count(std::string_view name, std::size_t row) const {
        return batch_.at<std::vector<std::int32_t>>(*contract_.index_of(name))[row];
    }
    [[nodiscard]] double number(std::string_view name, std::size_t row) const {
        return batch_.at<std::vector<double>>(*contract_.index_of(name))[row];
    }
    [[nodiscard]] bool flag(std::string_view name, std::size_t row) const {
        return batch_.at<std::vector<std::uint8_t>>(*contract_.index_of(name))[row] != 0;
    }
    [[nodiscard]] bool has(std::string_view name, std::size_t row) const {
        return batch_.validity(*contract_.index_of(name))[row] != 0;
    }
    [[nodiscard]] std::string text(std::string_view name, std::size_t row) const {
        const auto& column = batch_.at<lake::TextColumn>(*contract_.index_of(name));
        return column.dictionary[static_cast<std::size_t>(column.codes[row])];
    }

  private:
    const lake::Contract& contract_;
    lake::ColumnBatch batch_;
};

Result<JobReport> clean(const lake::Lake& lake, const Job& job) {
    Progress progress;
    return run_statistics_clean(lake, job, progress);
}
Result<JobReport> gex(const lake::Lake& lake, const Job& job) {
    Progress progress;
    return run_gex(lake, job, progress);
}

class EveryChain : public testing::TestWithParam<ProductType> {
  protected:
    EveryChain() {
        run_underlying(lake_, GetParam());
        const auto report = run(lake_, product_job(GetParam(), Layer::all));
        EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
    }
    void run_all() {
        for (const auto& report : {clean(lake_, job_), gex(lake_, job_)})
            ASSERT_TRUE(report.ok()) << report.error().message;
    }

    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
    Job job_ = product_job(GetParam(), Layer::silver);
    GammaKeys keys_ = gamma_keys_of(*job_.product, job_.symbol, job_.date);
    lake::PartitionKey snapshots_ =
        keys_of(market::product_of(*job_.product->underlying), job_.symbol, job_.date).snapshots;
};

INSTANTIATE_TEST_SUITE_P(Options, EveryChain,
                         testing::Values(ProductType::future_option_mbo, ProductType::equity_option_mbo),
                         [](const auto& tested) {
                             return std::string(market::product_of(tested.param).name);
                         });

// What a plain walk through bronze says is known of each option up to a moment.
std::map<std::string, double> known_at(const Table& bronze, std::int64_t moment) {
    std::map<std::string, double> known;
    for (std::size_t i = 0; i < bronze.rows(); ++i) {
        if (bronze.whole("ts_recv_ns", i) <= moment)
            known[bronze.text("option_symbol", i)] = bronze.number("open_interest", i);
    }
    return known;
}

TEST_P(EveryChain, CleanStatisticsAreTheChangesOfWhatIsKnown) {
    ASSERT_TRUE(clean(lake_, job_).ok());
    const Table bronze(lake_, keys_.statistics), rows(lake_, keys_.statistics_clean);
    const bool opra = GetParam() == ProductType::equity_option_mbo;
    EXPECT_EQ(rows.rows() < bronze.rows(), opra) << "OPRA's exchanges repeat each other, CME does not";
    std::map<std::string, double> known;
    bool deleted = false;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const std::string symbol = rows.text("option_symbol", i);
        const bool is_new = !known.contains(symbol);
        EXPECT_TRUE(is_new || known[symbol] != rows.number("open_interest", i)) << symbol;
        known[symbol] = rows.number("open_interest", i);
        deleted = deleted || (!is_new && known[symbol] == 0.0);
        if (i > 0) {
            EXPECT_LE(std::pair(rows.whole("ts_recv_ns", i - 1), rows.text("option_symbol", i - 1)),
                      std::pair(rows.whole("ts_recv_ns", i), symbol));
        }
        EXPECT_EQ(rows.number("strike", i), static_cast<double>(rows.whole("strike_price_int", i)) * 1e-9);
        EXPECT_EQ(rows.whole("expiration_ns", i), *market::parse_instant("2026-01-06T21:00:00Z"));
        EXPECT_EQ(*market::parse_instant(rows.text("ts_event_est", i)), rows.whole("ts_event_ns", i));
        EXPECT_THAT(rows.text("ts_event_est", i), HasSubstr("-05:00"));
    }
    EXPECT_TRUE(deleted) << "the simulated chain deletes one in mid-session";
    EXPECT_EQ(known, known_at(bronze, std::numeric_limits<std::int64_t>::max()));
}

TEST_P(EveryChain, EverySecondHasItsLevelsAndADenseSurface) {
    run_all();
    const Table surface(lake_, keys_.surface), levels(lake_, keys_.levels), snapshots(lake_, snapshots_);
    const auto per_side = static_cast<std::size_t>(market::gamma_terms(GetParam()).strikes_per_side);
    ASSERT_EQ(levels.rows(), 61U);
    std::size_t at = 0, flips = 0;
    for (std::size_t second = 0; second < levels.rows(); ++second) {
        const std::int64_t end = snapshots.whole("window_end_ts_ns", second);
        ASSERT_EQ(levels.whole("window_end_ts_ns", second), end);
        const std::size_t first = at;
        double calls = 0.0, puts = 0.0;
        for (; at < surface.rows() && surface.whole("window_end_ts_ns", at) == end; ++at) {
            if (at > first) {
                EXPECT_LT(surface.whole("strike_price_int", at - 1), surface.whole("strike_price_int", at));
            }
            calls += surface.number("gex_call_abs", at);
            puts += surface.number("gex_put_abs", at);
            EXPECT_EQ(surface.number("gex", at),
                      surface.number("gex_call_abs", at) - surface.number("gex_put_abs", at));
            EXPECT_EQ(surface.flag("window_valid", at), levels.flag("window_valid", second));
        }
        EXPECT_LE(at - first, 2 * per_side + 1);
        EXPECT_GT(at - first, per_side);
        EXPECT_GE(levels.number("gex_call_total", second), calls * (1.0 - 1e-12));
        EXPECT_GE(levels.number("gex_put_total", second), puts * (1.0 - 1e-12));
        EXPECT_EQ(levels.number("underlying_mid", second), snapshots.number("mid_price", second));
        if (second == 0) continue;  // the simulated quotes of OPRA begin with the session
        EXPECT_GT(levels.count("options_priced", second), 20);
        EXPECT_TRUE(levels.has("call_wall_price_int", second) && levels.has("put_wall_price_int", second));
        flips += levels.has("flip_price_int", second) ? 1 : 0;
    }
    EXPECT_EQ(at, surface.rows());
    EXPECT_GT(flips, 0U);
    EXPECT_EQ(surface.text("underlying", 0), job_.symbol);
}

// The simulator quotes around Black's formula with this smile: what the middles imply is near it at the money.
TEST_P(EveryChain, VolatilitiesAreNearThoseThatTheMarketWasMadeWith) {
    run_all();
    const Table surface(lake_, keys_.surface), levels(lake_, keys_.levels);
    int seen = 0;
    for (std::size_t row = 0; row < surface.rows(); ++row) {
        const double distance =
            surface.number("strike_points", row) / surface.number("underlying_spot_ref", row) - 1.0;
        for (const char* name : {"call_implied_volatility", "put_implied_volatility"}) {
            if (std::abs(distance) > 0.002 || !surface.has(name, row)) continue;
            EXPECT_GT(surface.number(name, row), 0.08);
            EXPECT_LT(surface.number(name, row), 0.25);
            ++seen;
        }
    }
    EXPECT_GT(seen, 100);
}

TEST_P(EveryChain, OpenInterestIsThatKnownAtTheEndOfTheSecond) {
    run_all();
    const Table surface(lake_, keys_.surface), bronze(lake_, keys_.statistics);
    int changed = 0;
    for (std::size_t row = 0; row < surface.rows(); ++row) {
        const std::int64_t end = surface.whole("window_end_ts_ns", row);
        double calls = 0.0, before = 0.0;
        std::map<std::string, double> known, earlier;
        for (std::size_t i = 0; i < bronze.rows(); ++i) {
            if (bronze.text("right", i) != "C" ||
                bronze.number("strike", i) != surface.number("strike_points", row))
                continue;
            if (bronze.whole("ts_recv_ns", i) <= end)
                known[bronze.text("option_symbol", i)] = bronze.number("open_interest", i);
            if (bronze.whole("ts_recv_ns", i) <= end - 1'000'000'000)
                earlier[bronze.text("option_symbol", i)] = bronze.number("open_interest", i);
        }
        for (const auto& [symbol, contracts] : known) calls += contracts;
        for (const auto& [symbol, contracts] : earlier) before += contracts;
        ASSERT_EQ(surface.number("call_open_interest", row), calls) << end;
        changed += calls != before ? 1 : 0;
    }
    EXPECT_GT(changed, 0) << "some of it is published in mid-session";
}

TEST_P(EveryChain, GivesTheSameBytesAgainAndSaysFromWhat) {
    run_all();
    const std::string once = partition_bytes(lake_, keys_.surface) + partition_bytes(lake_, keys_.levels);
    auto again = gex(lake_, job_);
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_TRUE(std::ranges::none_of(again->partitions, &PartitionReport::written));
    job_.overwrite = true;
    again = gex(lake_, job_);
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_TRUE(std::ranges::all_of(again->partitions, &PartitionReport::written));
    EXPECT_TRUE(once == partition_bytes(lake_, keys_.surface) + partition_bytes(lake_, keys_.levels));
    const auto manifest = lake_.manifest(keys_.surface);
    ASSERT_TRUE(manifest.ok());
    EXPECT_EQ(manifest->properties.at("gex_unit"), "USD per 1 % of the underlying");
    EXPECT_EQ(manifest->properties.at("gex_rate"), "0.05");
    EXPECT_EQ(manifest->properties.at("session"), kSimulatedSession);
    std::vector<std::string> inputs;
    for (const auto& input : manifest->inputs) inputs.push_back(input.dataset);
    EXPECT_EQ(inputs,
              (std::vector<std::string>{keys_of(*job_.product, job_.symbol, job_.date).snapshots.dataset,
                                        snapshots_.dataset, keys_.statistics_clean.dataset,
                                        "bronze.shared.instrument_definitions"}));
}

TEST_P(EveryChain, NeedsOpenInterestOfTheSameSessionAndFreshInputs) {
    const auto without = gex(lake_, job_);
    ASSERT_FALSE(without.ok());
    EXPECT_EQ(without.error().code, ErrorCode::missing);
    EXPECT_THAT(without.error().message, HasSubstr("statistics_clean"));
    run_all();
    // The underlying again, in a shorter session: what was made of it is stale, and cannot be made of both.
    Job shorter = product_job(*job_.product->underlying, Layer::all);
    shorter.session = *market::parse_session("09:30:00-09:30:30");
    shorter.overwrite = true;
    ASSERT_TRUE(run(lake_, shorter).ok());
    for (const bool overwrite : {false, true}) {
        job_.overwrite = overwrite;
        const auto other_session = gex(lake_, job_);
        ASSERT_FALSE(other_session.ok());
        EXPECT_EQ(other_session.error().code, ErrorCode::conflict);
        EXPECT_THAT(other_session.error().message, HasSubstr("session"));
    }
}

TEST(GammaExposure, IsOfOptionsAlone) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const Job job = product_job(ProductType::equity_mbo, Layer::silver);
    for (const auto& report : {clean(lake, job), gex(lake, job)}) {
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.error().code, ErrorCode::usage);
    }
}

TEST(CleanStatistics, NeedBronze) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto report = clean(lake, product_job(ProductType::equity_option_mbo, Layer::silver));
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::missing);
    EXPECT_THAT(report.error().message, HasSubstr("--layer bronze"));
}

}  // namespace
}  // namespace spymaster::pipeline
