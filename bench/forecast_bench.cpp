// The forecast: microseconds of one second of it alone; and from the record that closes a window of a book to the
// forecast of that window (window, gold of 802 cells and of 84 of options, forecast), and on to the window encoded as
// every client gets it, all four surfaces.
//
// With SPYMASTER_BENCH_SMALL in the environment each scenario runs for a moment only, for the tests. The answer is
// checked before anything is timed: seconds of a simulated session against the plain evaluation of tests/forecast,
// exactly. `cold` empties the caches before each window, as a second of other work would. Latencies are processor time of
// the thread; wall_p99_us is by the wall clock, and on a busy machine measures the others too. undisturbed_p99_us is of
// each window's best of several runs of the session: what an idle core would need.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "../tests/forecast/fields_of_a_second.hpp"
#include "../tests/forecast/plain_forecast.hpp"
#include "feed/simulated/simulated_market.hpp"
#include "forecast/forecaster.hpp"
#include "latencies.hpp"
#include "physics/physics_engine.hpp"
#include "serve/arrow_streams.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::forecast {
namespace {

using market::ProductType;

using bench::Latencies;
using bench::Moment;

const market::Grid& grid_of(ProductType type) {
    return market::product_of(type).grid;
}

bool small() {
    return std::getenv("SPYMASTER_BENCH_SMALL") != nullptr;
}

[[noreturn]] void stop(const char* why) {
    std::fprintf(stderr, "bench_forecast: %s\n", why);
    std::exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result.ok()) stop(result.error().message.c_str());
    return std::move(result).value();
}

// A window's rows of the stream, from what is in memory.
struct StreamRows {
    void fill(const windows::Window& window, const physics::PhysicsSurface1s* gold,
              const physics::PhysicsSurface1s& option_gold) {
        snap.window_end_ts_ns = window.snapshot.window_end_ts_ns;
        snap.mid_price = window.snapshot.mid_price;
        snap.spot_ref_price_int = window.snapshot.spot_ref_price_int;
        snap.book_valid = window.snapshot.book_valid;
        velocity.clear();
        for (std::size_t row = 0; gold != nullptr && row < gold->rows(); ++row) {
            velocity.window_end_ts_ns.push_back(gold->window_end_ts_ns);
            velocity.spot_ref_price_int.push_back(gold->spot_ref_price_int);
            velocity.rel_ticks.push_back(gold->rel_ticks(row));
            velocity.side.push_back(market::letter(gold->side(row)));
        }
        for (std::size_t i = 0; gold != nullptr && i < serve::kVelocityFields.size(); ++i)
            velocity.fields[i] =
                (*gold)[*physics::find_field(serve::kVelocityFields[i], physics::Axis::prices)];
        options.clear();
        options.window_end_ts_ns = option_gold.window_end_ts_ns;
        options.spot_ref_price_int = option_gold.spot_ref_price_int;
        options.liquidity_velocity.assign(option_gold.rows_per_lane(), 0.0);
        for (std::size_t row = 0; row < option_gold.rows(); ++row) {
            if (row < option_gold.rows_per_lane()) options.rel_ticks.push_back(option_gold.rel_ticks(row));
            options.liquidity_velocity[row % option_gold.rows_per_lane()] +=
                option_gold[physics::Field::liquidity_velocity][row];
        }
    }

    serve::SnapRow snap;
    serve::VelocityRows velocity;
    serve::OptionRows options;
};

// From closed windows to forecasts and frames, as a live stream does it; timed from `started` on.
class LiveForecast final : public windows::WindowSink {
  public:
    void on_window(const windows::Window& window) override {
        const physics::PhysicsSurface1s* surface = gold_.update(window);
        const physics::PhysicsSurface1s& option_surface = option_gold_.update(next_chain_window());
        sum_option_obstacles(option_surface, obstacles_);
        second_ = {.window_end_ts_ns = window.snapshot.window_end_ts_ns,
                   .spot_ref_price_int = window.snapshot.spot_ref_price_int,
                   .previous_spot_ref_price_int = previous_spot_,
                   .valid = window.snapshot.book_valid && window.snapshot.window_valid};
        const Fields fields = surface == nullptr ? Fields{} : Fields::of(*surface);
        const Forecast1s& forecast = forecaster_.forecast(second_, fields, obstacles_, {});
        benchmark::DoNotOptimize(&forecast);
        forecast_made.add(started, Moment::now());
        rows_.fill(window, surface, option_surface);
        must(encoder_.snap(rows_.snap));
        must(encoder_.velocity(rows_.velocity));
        must(encoder_.options(rows_.options));
        must(encoder_.forecast({&forecast, {}, {}}));
        encoded.add(started, Moment::now());
        if (check) check_answer(forecast, fields);
        given += forecast.given ? 1 : 0;
        previous_spot_ = second_.spot_ref_price_int;
        started = Moment::now();  // of the next window, should the same record close it too
    }

    Moment started;
    Latencies forecast_made;
    Latencies encoded;
    int given = 0;
    bool check = false;

  private:
    // Options of any quantities, made before anything is timed.
    const windows::ChainWindow& next_chain_window() {
        return chain_windows_[encoded.cpu.size() % chain_windows_.size()];
    }

    static std::vector<windows::ChainWindow> random_chain_windows() {
        std::mt19937_64 random(3);
        const physics::LatticeShape shape(grid_of(ProductType::future_option_mbo), physics::Axis::strikes);
        std::vector<windows::ChainWindow> windows(64);
        for (windows::ChainWindow& window : windows) {
            for (std::size_t row = 0; row < shape.rows(); ++row) {
                windows::StrikeFlow1s& cell = window.cells.emplace_back();
                cell.right = shape.right(row);
                cell.side = shape.side(row);
                cell.rel_ticks = shape.rel_ticks(row);
                cell.depth_qty_start = static_cast<std::int64_t>(random() % 500);
                cell.add_qty = static_cast<std::int64_t>(random() % 100);
                cell.pull_qty_total = cell.depth_qty_start / 4;
                cell.depth_qty_end = cell.depth_qty_start + cell.add_qty - cell.pull_qty_total;
                cell.depth_qty_rest = cell.depth_qty_end / 2;
            }
        }
        return windows;
    }

    void check_answer(const Forecast1s& forecast, const Fields& fields) {
        if (!forecast.given) return;
        const market::Grid& grid = grid_of(ProductType::future_mbo);
        testing::PlainSecond plain = testing::plain_second(second_, fields, grid, {});
        plain.option_obstacles =
            testing::plain_obstacles(obstacles_, grid_of(ProductType::future_option_mbo));
        Forecast1s expected = testing::PlainForecast(plain).run();
        expected.window_end_ts_ns = second_.window_end_ts_ns;
        if (forecast != expected) stop("the forecast disagrees with the plain evaluation; nothing timed");
    }

    physics::PhysicsEngine gold_{grid_of(ProductType::future_mbo)};
    physics::PhysicsEngine option_gold_{grid_of(ProductType::future_option_mbo), physics::Axis::strikes};
    Forecaster forecaster_{grid_of(ProductType::future_mbo), grid_of(ProductType::future_option_mbo)};
    std::vector<windows::ChainWindow> chain_windows_ = random_chain_windows();
    std::vector<double> obstacles_ = std::vector<double>(21);
    serve::SurfaceEncoder encoder_;
    StreamRows rows_;
    Second second_;
    std::int64_t previous_spot_ = 0;
};

struct Session {
    market::SessionWindow window;
    std::vector<dbn::MboMsg> records;
};

Session simulated_session(const char* session_text, double events_per_second) {
    feed::SimulationOptions options;
    options.session = must(market::on_date(must(market::parse_session(session_text)), options.date));
    options.events_per_second = events_per_second;
    feed::SimulatedMarket market = must(feed::SimulatedMarket::create(options));
    Session session{options.session, {}};
    for (auto records = market.next(); !records.empty(); records = market.next())
        session.records.insert(session.records.end(), records.begin(), records.end());
    return session;
}

// Other memory than ours, so that the caches hold nothing of a forecast.
void empty_caches() {
    static std::vector<unsigned char> other((small() ? 1U : 40U) << 20U);
    for (std::size_t i = 0; i < other.size(); i += 64) ++other[i];
    benchmark::DoNotOptimize(other.data());
}

void run_session(const Session& session, bool cold, LiveForecast& live) {
    windows::WindowEngine engine(grid_of(ProductType::future_mbo), session.window, live);
    const auto second_of = [](const dbn::MboMsg& record) { return record.ts_recv / 1'000'000'000; };
    std::uint64_t second = 0;
    for (const dbn::MboMsg& record : session.records) {
        if (second_of(record) != second) {
            second = second_of(record);
            if (cold) empty_caches();
            live.started = Moment::now();
        }
        engine.apply(record);
    }
    live.started = Moment::now();
    engine.finish();
}

void forecast_alone(benchmark::State& state) {
    std::mt19937_64 random(1);
    const auto fields = testing::random_fields(random, 200);
    const std::vector<double> obstacles = testing::random_obstacles(random, state.range(0) != 0 ? 21 : 0);
    Forecaster forecaster(grid_of(ProductType::future_mbo), grid_of(ProductType::future_option_mbo));
    const Second second = testing::valid_second(2);
    for (auto _ : state) {
        benchmark::DoNotOptimize(forecaster.forecast(second, fields.view(), obstacles, {}));
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations());
}

void window_close_to_encoded(benchmark::State& state) {
    const bool cold = state.range(0) != 0;
    const Session session =
        small() ? simulated_session("09:30-09:31", 100) : simulated_session("09:30-09:35", 3'000);
    Latencies forecast_made;
    Latencies encoded;
    for (auto _ : state) {
        LiveForecast live;
        run_session(session, cold, live);
        if (live.given == 0) stop("no second of the session was forecast");
        forecast_made.add_run(live.forecast_made);
        encoded.add_run(live.encoded);
        state.SetIterationTime(bench::quantile(live.encoded.cpu, 0.50) / 1e6);
    }
    state.counters["windows"] = static_cast<double>(encoded.cpu.size());
    const auto report = [&](const std::string& what, const Latencies& latencies) {
        state.counters[what + "_p50_us"] = bench::quantile(latencies.cpu, 0.50);
        state.counters[what + "_p99_us"] = bench::quantile(latencies.cpu, 0.99);
        state.counters[what + "_max_us"] = bench::quantile(latencies.cpu, 1.0);
        state.counters[what + "_undisturbed_p99_us"] = bench::quantile(latencies.best, 0.99);
        state.counters[what + "_wall_p99_us"] = bench::quantile(latencies.wall, 0.99);
    };
    report("forecast", forecast_made);
    report("encoded", encoded);
}

BENCHMARK(forecast_alone)->ArgName("options")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(window_close_to_encoded)
    ->ArgName("cold")
    ->Arg(0)
    ->Iterations(6)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(window_close_to_encoded)
    ->ArgName("cold")
    ->Arg(1)
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

void check_answers() {
    LiveForecast live;
    live.check = true;
    run_session(simulated_session("09:30-09:31", 100), false, live);
    if (live.given == 0) stop("no second of the session was forecast");
}

}  // namespace
}  // namespace spymaster::forecast

int main(int argc, char** argv) {
    std::vector<char*> arguments(argv, argv + argc);
    char moment[] = "--benchmark_min_time=0.01";
    if (spymaster::forecast::small()) arguments.push_back(moment);
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
    spymaster::forecast::check_answers();
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
