#include "pipeline/live/live_tables.hpp"

#include <algorithm>
#include <optional>

#include "pipeline/calibration/calibration_store.hpp"
#include "pipeline/calibration/norm_calibration.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/gold/gex_sink.hpp"
#include "pipeline/gold/gold.hpp"
#include "pipeline/gold/vacuum_sink.hpp"
#include "pipeline/layers/gex_inputs.hpp"
#include "pipeline/silver/silver.hpp"

namespace spymaster::pipeline {

namespace {

using physics::Axis;
using physics::PhysicsSurface1s;

// The tables of the options on a contract.
struct OptionTables {
    GoldSink gold;
    GexSink gex;
    physics::GexEngine engine;
    std::vector<double> obstacles;  // by strike; empty where the product does not tell them

    struct Publication {
        std::int64_t ts_recv_ns;
        std::int64_t instrument_id;
        double contracts;
    };
    std::vector<Publication> waiting;  // by ts_recv_ns

    void tell_open_interest(std::int64_t window_end_ts_ns) {
        const auto later = std::ranges::upper_bound(waiting, window_end_ts_ns, {}, &Publication::ts_recv_ns);
        for (auto said = waiting.begin(); said != later; ++said)
            engine.set_open_interest(said->instrument_id, said->contracts);
        waiting.erase(waiting.begin(), later);
    }
};

Result<OptionTables> open_options(const lake::Lake& lake, const LiveContract& contract,
                                  const OptionUniverse& universe) {
    const market::Product& product = *option_product_of(contract.product->type);
    const physics::LatticeShape shape(*contract.option_grid, Axis::strikes);
    SPY_ASSIGN(GoldSink gold, GoldSink::create(lake, keys_of(product, contract.symbol, contract.date).gold,
                                               shape, Kept::in_memory));
    SPY_ASSIGN(GexSink gex, GexSink::create(lake, gamma_keys_of(product, contract.symbol, contract.date),
                                            Kept::in_memory));
    SPY_ASSIGN(auto listed, listed_options(universe, product, contract.symbol));
    const std::size_t strikes = tells_obstacles(lake, product) ? shape.rows_per_lane() : 0;
    return OptionTables{.gold = std::move(gold),
                        .gex = std::move(gex),
                        .engine = physics::GexEngine(market::gamma_terms(product.type), std::move(listed)),
                        .obstacles = std::vector<double>(strikes),
                        .waiting = {}};
}

class Tables final : public LiveTables {
  public:
    Tables(const market::Grid& grid, SilverSink<windows::Window> silver, GoldSink gold, VacuumSink vacuum,
           std::optional<OptionTables> options, std::optional<market::Grid> obstacle_grid,
           std::vector<StoredCalibration> calibrations)
        : silver_(std::move(silver)),
          gold_(std::move(gold)),
          vacuum_(std::move(vacuum)),
          options_(std::move(options)),
          forecaster_(grid, obstacle_grid),
          calibrations_(std::move(calibrations)) {
        for (const StoredCalibration& calibration : calibrations_) names_.push_back(calibration.name());
    }

    void publish_open_interest(std::int64_t ts_recv_ns, std::int64_t instrument_id,
                               double contracts) override {
        if (!options_) return;
        auto& waiting = options_->waiting;
        const auto place =
            std::ranges::upper_bound(waiting, ts_recv_ns, {}, &OptionTables::Publication::ts_recv_ns);
        waiting.insert(place, {ts_recv_ns, instrument_id, contracts});
    }

    Result<const LiveSecond*> close(const ClosedSecond& closed) override {
        const auto began = std::chrono::steady_clock::now();
        clear();
        const windows::Window& window = *closed.window;
        SPY_TRY(silver_.append(window));
        if (closed.surface != nullptr) SPY_TRY(gold_.append(*closed.surface));
        SPY_TRY(vacuum_.append(window));
        if (options_) SPY_TRY(close_options(closed));
        fill_tables();
        second_.window_end_ts_ns = window.snapshot.window_end_ts_ns;
        second_.arrived = closed.arrived;
        forecast(closed);
        second_.computed = std::chrono::steady_clock::now() - began;
        return &second_;
    }

  private:
    void clear() {
        for (lake::ColumnBatch* const batch : silver_.batches()) batch->clear();
        gold_.batch().clear();
        vacuum_.vacuum_batch().clear();
        vacuum_.bands_batch().clear();
        if (!options_) return;
        options_->gold.batch().clear();
        options_->gex.surface_batch().clear();
        options_->gex.levels_batch().clear();
    }

    Result<void> close_options(const ClosedSecond& closed) {
        SPY_ASSERT(closed.chain != nullptr && closed.chain_surface != nullptr);
        const windows::BookSnapshot1s& snapshot = closed.window->snapshot;
        SPY_TRY(options_->gold.append(*closed.chain_surface));
        if (!options_->obstacles.empty())
            forecast::sum_option_obstacles(*closed.chain_surface, options_->obstacles);
        options_->tell_open_interest(snapshot.window_end_ts_ns);
        return options_->gex.append(options_->engine.close(gex_second(snapshot, closed.chain->quotes)));
    }

    void fill_tables() {
        const auto silver = silver_.batches();
        second_.tables = {silver[0], &gold_.batch(),         nullptr, silver[2], &vacuum_.vacuum_batch(),
                          silver[3], &vacuum_.bands_batch(), nullptr, nullptr};
        if (!options_) return;
        const auto put = [this](LiveTable table, const lake::ColumnBatch& batch) {
            second_.tables[static_cast<std::size_t>(table)] = &batch;
        };
        put(LiveTable::option_gold, options_->gold.batch());
        put(LiveTable::gex, options_->gex.surface_batch());
        put(LiveTable::gex_levels, options_->gex.levels_batch());
    }

    void forecast(const ClosedSecond& closed) {
        const windows::BookSnapshot1s& snapshot = closed.window->snapshot;
        ForecastSecond& made_of = second_.forecast_second;
        made_of = {};
        made_of.snapshot = snapshot;
        made_of.second = {.window_end_ts_ns = snapshot.window_end_ts_ns,
                          .spot_ref_price_int = snapshot.spot_ref_price_int,
                          .previous_spot_ref_price_int = previous_spot_,
                          .valid = snapshot.book_valid && snapshot.window_valid};
        previous_spot_ = snapshot.spot_ref_price_int;
        if (closed.surface != nullptr) made_of.fields = forecast::Fields::of(*closed.surface);
        if (options_) made_of.option_obstacles = options_->obstacles;
        const StoredCalibration* const in_force =
            calibration_in_force(calibrations_, snapshot.window_end_ts_ns);
        second_.parameters = parameters_of(in_force);
        second_.calibration = {};
        second_.confidence_scale = nullptr;
        if (in_force != nullptr) {
            second_.calibration = names_[static_cast<std::size_t>(in_force - calibrations_.data())];
            const auto& scale = in_force->calibration.confidence_scale;
            second_.confidence_scale = scale ? &*scale : nullptr;
        }
        second_.forecast = &forecaster_.forecast(made_of.second, made_of.fields, made_of.option_obstacles,
                                                 second_.parameters);
    }

    SilverSink<windows::Window> silver_;
    GoldSink gold_;
    VacuumSink vacuum_;
    std::optional<OptionTables> options_;
    forecast::Forecaster forecaster_;
    std::vector<StoredCalibration> calibrations_;
    std::vector<std::string> names_;  // of each
    std::int64_t previous_spot_ = 0;
    LiveSecond second_;
};

}  // namespace

Result<std::unique_ptr<LiveTables>> LiveTables::open(const lake::Lake& lake, const LiveContract& contract,
                                                     const OptionUniverse* universe) {
    const market::Product& product = *contract.product;
    const ContractDayKeys keys = keys_of(product, contract.symbol, contract.date);
    const VacuumKeys vacuum_keys_of_day = vacuum_keys(product, contract.symbol, contract.date);
    SPY_ASSIGN(auto silver, SilverSink<windows::Window>::create(lake, keys, contract.grid, Kept::in_memory));
    SPY_ASSIGN(GoldSink gold,
               GoldSink::create(lake, keys.gold, physics::LatticeShape(contract.grid, Axis::prices),
                                Kept::in_memory));
    SPY_ASSIGN(const physics::NormBounds bounds, read_norm_bounds(lake, vacuum_keys_of_day.calibration));
    SPY_ASSIGN(VacuumSink vacuum,
               VacuumSink::create(lake, vacuum_keys_of_day, bounds, contract.grid, Kept::in_memory));
    std::optional<OptionTables> options;
    std::optional<market::Grid> obstacle_grid;
    if (universe != nullptr) {
        SPY_ASSIGN(options, open_options(lake, contract, *universe));
        if (!options->obstacles.empty()) obstacle_grid = contract.option_grid;
    }
    SPY_ASSIGN(auto calibrations, load_calibrations(lake, product, contract.symbol));
    return std::unique_ptr<LiveTables>(
        std::make_unique<Tables>(contract.grid, std::move(silver), std::move(gold), std::move(vacuum),
                                 std::move(options), obstacle_grid, std::move(calibrations)));
}

}  // namespace spymaster::pipeline
