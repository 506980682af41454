#include "pipeline/layers/forecast_inputs.hpp"

#include <algorithm>
#include <array>

#include "physics/surface.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/silver/silver.hpp"
#include "pipeline/tables/lattice_rows.hpp"

namespace spymaster::pipeline {

namespace {

using lake::PartitionKey;
using physics::Axis;

constexpr std::string_view kOptionObstacle =
    physics::kOptionFieldNames[static_cast<std::size_t>(physics::Field::Omega)];

std::string name_of(const PartitionKey& key) {
    return fmt::format("{} {} {}", key.dataset, key.symbol, key.date.iso());
}

Result<lake::Manifest> manifest_of(const lake::Lake& lake, const PartitionKey& key,
                                   const market::Product& product, std::string_view layer) {
    if (lake.is_complete(key)) return lake.manifest(key);
    return make_error(
        ErrorCode::missing,
        "{} is not in {}: a forecast is made from silver and gold; run spymaster run --product-type {} "
        "--symbol {} --dt {} --layer {}",
        name_of(key), lake.root().string(), product.name, key.symbol, key.date.iso(), layer);
}

constexpr std::array<std::string_view, 8> kMeasure{
    "session_start_ns", "session_end_ns",      "tick_int",  "half_width_ticks",
    "step_ticks",       "price_increment_int", "window_ns", "rest_ns"};
// Options have a grid of their own, over the same seconds and in the same ticks.
constexpr std::array<std::string_view, 4> kShared{"session_start_ns", "session_end_ns", "tick_int",
                                                  "window_ns"};

// One second after the other, none missing: the spot of the second before is that of the row before.
Result<void> check_in_a_row(const std::vector<windows::BookSnapshot1s>& snapshots, std::int64_t window_ns,
                            const PartitionKey& key) {
    for (std::size_t i = 1; i < snapshots.size(); ++i) {
        std::int64_t apart = 0;
        const std::int64_t end = snapshots[i].window_end_ts_ns;
        if (!__builtin_sub_overflow(end, snapshots[i - 1].window_end_ts_ns, &apart) && apart == window_ns)
            continue;
        return make_error(ErrorCode::malformed, "{}: window {} does not follow on {}; make the layer again",
                          name_of(key), end, snapshots[i - 1].window_end_ts_ns);
    }
    return {};
}

}  // namespace

struct ForecastInputs::Tables {
    market::Grid grid;
    std::optional<market::Grid> option_grid;
    std::vector<PartitionKey> partitions;
    std::vector<windows::BookSnapshot1s> snapshots;
    std::vector<std::int64_t> surface_at;  // the surface of each second, or of the next that has one
    LatticeRows gold;
    std::optional<LatticeRows> options;
    // With options: what their obstacles are summed from, and the sums.
    std::optional<physics::PhysicsSurface1s> option_surface;
    std::vector<double> option_obstacles;

    std::size_t next = 0;
    ForecastSecond second;

    Result<void> read(std::size_t window);
    Result<void> read_fields(std::size_t window);
    Result<void> read_options(std::size_t window);
};

std::optional<PartitionKey> option_obstacles_of(const lake::Lake& lake, const market::Product& product,
                                                const std::string& symbol, const market::Date& date) {
    const market::Product* const options = option_product_of(product.type);
    if (options == nullptr) return std::nullopt;
    PartitionKey gold = keys_of(*options, symbol, date).gold;
    if (!tells_obstacles(lake, *options) || !lake.is_complete(gold)) return std::nullopt;
    return gold;
}

bool tells_obstacles(const lake::Lake& lake, const market::Product& options) {
    const auto dataset = lake.dataset("gold." + std::string(options.name) + ".physics_surface_1s");
    return dataset && (*dataset)->contract.index_of(kOptionObstacle);
}

Result<ForecastInputs> ForecastInputs::open(const lake::Lake& lake, const market::Product& product,
                                            const std::string& symbol, const market::Date& date) {
    if (product.is_option()) {
        return make_error(ErrorCode::usage,
                          "no forecast is made of {}: it is of prices; options stand in their way",
                          product.name);
    }
    const ContractDayKeys keys = keys_of(product, symbol, date);
    SPY_ASSIGN(const lake::Manifest silver, manifest_of(lake, keys.snapshots, product, "silver"));
    SPY_ASSIGN(const lake::Manifest gold, manifest_of(lake, keys.gold, product, "gold"));
    SPY_TRY(check_same(silver, gold, kMeasure));
    SPY_ASSIGN(const market::Grid grid, grid_of(gold));
    if (grid.step_ticks != 1) {
        return make_error(ErrorCode::conflict, "{} has rows every {} ticks; a forecast needs every one",
                          name_of(keys.gold), grid.step_ticks);
    }
    SPY_ASSIGN(std::vector<windows::BookSnapshot1s> snapshots, read_snapshots(lake, keys.snapshots));
    SPY_TRY(check_in_a_row(snapshots, grid.window_ns, keys.snapshots));
    std::vector<std::int64_t> surface_at{0};
    for (const windows::BookSnapshot1s& snapshot : snapshots)
        surface_at.push_back(surface_at.back() + (snapshot.spot_ref_price_int > 0 ? 1 : 0));
    SPY_ASSIGN(LatticeRows gold_rows,
               LatticeRows::open(lake, keys.gold, physics::LatticeShape(grid, Axis::prices),
                                 {"u_near", "u_p_slow", "Omega", "pressure_grad"}, surface_at.back()));
    auto tables = std::make_unique<Tables>(Tables{.grid = grid,
                                                  .option_grid = {},
                                                  .partitions = {keys.snapshots, keys.gold},
                                                  .snapshots = std::move(snapshots),
                                                  .surface_at = std::move(surface_at),
                                                  .gold = std::move(gold_rows),
                                                  .options = {},
                                                  .option_surface = {},
                                                  .option_obstacles = {},
                                                  .next = 0,
                                                  .second = {}});
    if (const auto options = option_obstacles_of(lake, product, symbol, date)) {
        SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(*options));
        SPY_TRY(check_same(gold, manifest, kShared));
        SPY_ASSIGN(const market::Grid option_grid, grid_of(manifest));
        tables->option_grid = option_grid;
        tables->partitions.push_back(*options);
        const physics::LatticeShape strikes(option_grid, Axis::strikes);
        SPY_ASSIGN(tables->options, LatticeRows::open(lake, *options, strikes, {std::string(kOptionObstacle)},
                                                      static_cast<std::int64_t>(tables->snapshots.size())));
        tables->option_surface.emplace(option_grid, Axis::strikes);
        tables->option_obstacles.assign(strikes.rows_per_lane(), 0.0);
    }
    return ForecastInputs(std::move(tables));
}

Result<void> ForecastInputs::Tables::read_fields(std::size_t window) {
    const windows::BookSnapshot1s& snapshot = snapshots[window];
    second.fields = {};
    if (snapshot.spot_ref_price_int <= 0) return {};
    SPY_TRY(gold.read(surface_at[window], snapshot.window_end_ts_ns, snapshot.spot_ref_price_int));
    second.fields = {gold.field(0), gold.field(1), gold.field(2), gold.field(3)};
    return {};
}

Result<void> ForecastInputs::Tables::read_options(std::size_t window) {
    const windows::BookSnapshot1s& snapshot = snapshots[window];
    second.option_obstacles = {};
    if (!options) return {};
    SPY_TRY(options->read(static_cast<std::int64_t>(window), snapshot.window_end_ts_ns,
                          snapshot.spot_ref_price_int));
    (*option_surface)[physics::Field::Omega] = options->field(0);
    forecast::sum_option_obstacles(*option_surface, option_obstacles);
    second.option_obstacles = option_obstacles;
    return {};
}

Result<void> ForecastInputs::Tables::read(std::size_t window) {
    const windows::BookSnapshot1s& snapshot = snapshots[window];
    second.snapshot = snapshot;
    second.second = {
        .window_end_ts_ns = snapshot.window_end_ts_ns,
        .spot_ref_price_int = snapshot.spot_ref_price_int,
        .previous_spot_ref_price_int = window == 0 ? 0 : snapshots[window - 1].spot_ref_price_int,
        .valid = snapshot.book_valid && snapshot.window_valid};
    SPY_TRY(read_fields(window));
    return read_options(window);
}

ForecastInputs::ForecastInputs(std::unique_ptr<Tables> tables) : tables_(std::move(tables)) {}
ForecastInputs::~ForecastInputs() = default;
ForecastInputs::ForecastInputs(ForecastInputs&&) noexcept = default;
ForecastInputs& ForecastInputs::operator=(ForecastInputs&&) noexcept = default;

const market::Grid& ForecastInputs::grid() const {
    return tables_->grid;
}
const std::optional<market::Grid>& ForecastInputs::option_grid() const {
    return tables_->option_grid;
}
const std::vector<PartitionKey>& ForecastInputs::partitions() const {
    return tables_->partitions;
}
const std::vector<windows::BookSnapshot1s>& ForecastInputs::snapshots() const {
    return tables_->snapshots;
}

Result<const ForecastSecond*> ForecastInputs::next() {
    if (tables_->next == tables_->snapshots.size()) return nullptr;
    SPY_TRY(tables_->read(tables_->next));
    ++tables_->next;
    return &tables_->second;
}

void ForecastInputs::seek(std::size_t window) {
    SPY_ASSERT(window <= tables_->snapshots.size());
    tables_->next = window;
}

}  // namespace spymaster::pipeline
