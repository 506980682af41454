// The forecast on the two markets whose truth is known (docs/simulator.md), from records to verdict: where there is
// nothing to find it has to say so, and where liquidity leads the price it has to find it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "feed/simulated/simulated_market.hpp"
#include "forecast/calibration/calibration.hpp"
#include "forecast/evaluation/evaluation.hpp"
#include "forecast/forecaster.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "physics/physics_engine.hpp"
#include "pipeline/layers/study_day.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::pipeline {
namespace {

using forecast::Evaluation;
using forecast::StudyDay;

#ifdef SPYMASTER_SANITIZED
constexpr std::uint64_t kMarkets = 1;  // slow
#else
constexpr std::uint64_t kMarkets = 3;
#endif

// Every window as far as its observation.
class Observer : public windows::WindowSink {
  public:
    Observer(const market::Grid& grid, const market::Date& date, const forecast::Parameters& parameters)
        : grid_(grid),
          parameters_(parameters),
          engine_(grid),
          forecaster_(grid),
          day_{.date = date, .seconds = {}} {}

    void on_window(const windows::Window& window) override {
        const windows::BookSnapshot1s& snapshot = window.snapshot;
        const physics::PhysicsSurface1s* surface = engine_.update(window);
        const forecast::Second second{.window_end_ts_ns = snapshot.window_end_ts_ns,
                                      .spot_ref_price_int = snapshot.spot_ref_price_int,
                                      .previous_spot_ref_price_int = previous_spot_,
                                      .valid = snapshot.book_valid && snapshot.window_valid};
        const forecast::Fields fields =
            surface == nullptr ? forecast::Fields{} : forecast::Fields::of(*surface);
        day_.seconds.push_back(
            observe(snapshot, forecaster_.forecast(second, fields, {}, parameters_), grid_));
        previous_spot_ = snapshot.spot_ref_price_int;
    }

    [[nodiscard]] StudyDay take() { return std::move(day_); }

  private:
    market::Grid grid_;
    forecast::Parameters parameters_;
    physics::PhysicsEngine engine_;
    forecast::Forecaster forecaster_;
    std::int64_t previous_spot_ = 0;
    StudyDay day_;
};

StudyDay day_of(feed::MarketKind kind, std::uint64_t seed, int day,
                const forecast::Parameters& parameters = {}) {
    feed::SimulationOptions options{
        .date = {2026, 1, 5 + day}, .events_per_second = 150.0, .seed = seed, .market = kind};
    options.session = *market::on_date(*market::parse_session("09:30-10:00"), options.date);
    auto market = feed::SimulatedMarket::create(options);
    EXPECT_TRUE(market.ok());
    const market::Grid& grid = market::product_of(market->product()).grid;
    Observer observer(grid, options.date, parameters);
    windows::WindowEngine windows(grid, options.session, observer);
    for (auto some = market->next(); !some.empty(); some = market->next()) {
        for (const dbn::MboMsg& msg : some) windows.apply(msg);
    }
    windows.finish();
    return observer.take();
}

// Correlation of the drive of a second with where the spot goes in the ten seconds from its end on, over all days.
double leads(const std::vector<StudyDay>& days) {
    double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;
    for (const StudyDay& day : days) {
        for (std::size_t t = 0; t < day.seconds.size(); ++t) {
            const auto* end = forecast::valid_second_from(day, t, 1);
            const auto* later = forecast::valid_second_from(day, t, 11);
            if (!day.seconds[t].valid || end == nullptr || later == nullptr) continue;
            const double a = day.seconds[t].drive;
            const auto b = static_cast<double>(later->spot_tick - end->spot_tick);
            n += 1.0, x += a, y += b, xx += a * a, yy += b * b, xy += a * b;
        }
    }
    return (xy - x * y / n) / std::sqrt((xx - x * x / n) * (yy - y * y / n));
}

struct Study {
    forecast::Calibration calibration;
    Evaluation evaluation;
    double drive_leads = 0.0;
};

// Calibrated on three days, evaluated on the two after them.
Study study_of(feed::MarketKind kind, std::uint64_t seed) {
    forecast::Calibrator calibrator;
    std::vector<StudyDay> days;
    for (int day = 0; day < 3; ++day) calibrator.add(days.emplace_back(day_of(kind, seed, day)));
    const auto fitted = calibrator.fit();
    EXPECT_TRUE(fitted.ok());
    Study study{.calibration = *fitted, .evaluation = {}};
    for (int day = 3; day < 5; ++day) days.push_back(day_of(kind, seed, day, fitted->path.parameters));
    study.evaluation = forecast::evaluate(std::span(days).subspan(3), *fitted);
    study.drive_leads = leads(days);
    return study;
}

std::string told(const Study& study) {
    const auto& path = study.calibration.path;
    std::string text = "beta " + std::to_string(path.parameters.beta) + " +- " +
                       std::to_string(path.b_std_error) + ", gamma " + std::to_string(path.parameters.gamma) +
                       "\n";
    for (const auto& horizon : study.evaluation.horizons) {
        text += std::to_string(horizon.horizon_s) + " s, hits " + std::to_string(horizon.hits.rate) +
                ", MAE " + std::to_string(horizon.mae) + ":";
        for (std::size_t i = 0; i < horizon.against.size(); ++i) {
            const auto& against = horizon.against[i];
            text += "  " + std::string(forecast::kBaselineNames[i]) + " " +
                    std::to_string(against.skill.value_or(0.0));
            if (against.cautious) text += " from " + std::to_string(against.cautious->low);
        }
        text += horizon.skilled ? "  skilled\n" : "\n";
    }
    return text;
}

TEST(MarketStudies, ThereIsNothingToFindInARandomWalk) {
    for (std::uint64_t seed = 1; seed <= kMarkets; ++seed) {
        const Study study = study_of(feed::MarketKind::random_walk, seed);
        EXPECT_FALSE(study.evaluation.skilled) << "seed " << seed << "\n" << told(study);
        for (const auto& horizon : study.evaluation.horizons)
            EXPECT_FALSE(horizon.skilled) << horizon.horizon_s;
    }
}

TEST(MarketStudies, LiquidityThatLeadsThePriceIsFound) {
    for (std::uint64_t seed = 1; seed <= kMarkets; ++seed) {
        const Study study = study_of(feed::MarketKind::liquidity_drift, seed);
        EXPECT_GT(study.calibration.path.b, 4.0 * study.calibration.path.b_std_error);
        EXPECT_GT(study.drive_leads, 0.3);
        const bool found = std::ranges::any_of(study.evaluation.horizons, [](const auto& horizon) {
            return horizon.horizon_s >= 5 && horizon.skilled;
        });
        EXPECT_TRUE(found) << "seed " << seed << "\n" << told(study);
        EXPECT_TRUE(study.evaluation.skilled);
    }
}

}  // namespace
}  // namespace spymaster::pipeline
