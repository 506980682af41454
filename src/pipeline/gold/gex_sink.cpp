#include "pipeline/gold/gex_sink.hpp"

#include <array>

#include "market/price.hpp"
#include "pipeline/tables/nullable_column.hpp"

namespace spymaster::pipeline {

namespace {

using physics::GexLevels1s;

// Written only: who shows gamma exposure reads the columns as they are.
#define BIND(Row, Type, column, value) \
    bind<Row, Type>(column, [](const Row& r) { return value; }, [](Row&, Type) {})
#define BIND_STRIKE(member) BIND(GexSurfaceRow, double, #member, r.strike.member)
#define BIND_CHANGES(of)                                             \
    BIND(GexSurfaceRow, double, "d1_" #of, r.strike.of_##of.d1),     \
        BIND(GexSurfaceRow, double, "d2_" #of, r.strike.of_##of.d2), \
        BIND(GexSurfaceRow, double, "d3_" #of, r.strike.of_##of.d3)
#define BIND_LEVEL(Type, member) BIND(GexLevels1s, Type, #member, r.member)

constexpr std::array kSurfaceColumns{
    BIND(GexSurfaceRow, std::int64_t, "window_start_ts_ns", r.second->window_start_ts_ns),
    BIND(GexSurfaceRow, std::int64_t, "window_end_ts_ns", r.second->window_end_ts_ns),
    BIND(GexSurfaceRow, std::int64_t, "strike_price_int", r.strike.strike_price_int),
    BIND(GexSurfaceRow, double, "underlying_spot_ref", market::Price{r.second->spot_ref_price_int}.points()),
    BIND(GexSurfaceRow, double, "strike_points", market::Price{r.strike.strike_price_int}.points()),
    BIND_STRIKE(gex_call_abs),
    BIND_STRIKE(gex_put_abs),
    BIND_STRIKE(gex_abs),
    BIND_STRIKE(gex),
    BIND_STRIKE(gex_imbalance_ratio),
    BIND_CHANGES(gex_abs),
    BIND_CHANGES(gex),
    BIND_CHANGES(gex_imbalance_ratio),
    BIND_STRIKE(call_open_interest),
    BIND_STRIKE(put_open_interest),
    BIND(GexSurfaceRow, std::uint8_t, "window_valid", r.second->window_valid),
};
constexpr std::array kLevelColumns{
    BIND_LEVEL(std::int64_t, window_start_ts_ns),
    BIND_LEVEL(std::int64_t, window_end_ts_ns),
    BIND(GexLevels1s, double, "underlying_spot_ref", market::Price{r.spot_ref_price_int}.points()),
    BIND_LEVEL(double, underlying_mid),
    BIND_LEVEL(double, gex_call_total),
    BIND_LEVEL(double, gex_put_total),
    BIND_LEVEL(double, gex_total),
    BIND_LEVEL(std::int32_t, options_priced),
    BIND_LEVEL(std::int32_t, options_unpriced),
    BIND_LEVEL(std::uint8_t, window_valid),
};
#undef BIND_LEVEL
#undef BIND_CHANGES
#undef BIND_STRIKE
#undef BIND

}  // namespace

Result<GexSink> GexSink::create(const lake::Lake& lake, const GammaKeys& keys, Kept kept) {
    SPY_ASSIGN(const lake::DatasetSpec* surface, lake.dataset(keys.surface.dataset));
    SPY_ASSIGN(const lake::DatasetSpec* levels, lake.dataset(keys.levels.dataset));
    SPY_ASSIGN(auto surface_columns,
               BoundColumns<GexSurfaceRow>::resolve(surface->contract, kSurfaceColumns, 3));
    SPY_ASSIGN(auto level_columns, BoundColumns<GexLevels1s>::resolve(levels->contract, kLevelColumns, 4));
    SurfacePlaces surface_at{};
    SPY_ASSIGN(surface_at.underlying, surface->contract.index_of("underlying"));
    SPY_ASSIGN(surface_at.call_implied_volatility, surface->contract.index_of("call_implied_volatility"));
    SPY_ASSIGN(surface_at.put_implied_volatility, surface->contract.index_of("put_implied_volatility"));
    LevelPlaces levels_at{};
    SPY_ASSIGN(levels_at.underlying, levels->contract.index_of("underlying"));
    SPY_ASSIGN(levels_at.flip, levels->contract.index_of("flip_price_int"));
    SPY_ASSIGN(levels_at.call_wall, levels->contract.index_of("call_wall_price_int"));
    SPY_ASSIGN(levels_at.put_wall, levels->contract.index_of("put_wall_price_int"));
    SPY_ASSIGN(TableSink surface_table, TableSink::create(lake, keys.surface, kept));
    SPY_ASSIGN(TableSink level_table, TableSink::create(lake, keys.levels, kept));
    return GexSink(std::move(surface_table), std::move(surface_columns), surface_at, std::move(level_table),
                   std::move(level_columns), levels_at, keys.surface.symbol);
}

GexSink::GexSink(TableSink surface, BoundColumns<GexSurfaceRow> surface_columns, SurfacePlaces surface_at,
                 TableSink levels, BoundColumns<GexLevels1s> level_columns, LevelPlaces levels_at,
                 const std::string& underlying)
    : surface_(std::move(surface)),
      surface_columns_(std::move(surface_columns)),
      surface_at_(surface_at),
      levels_(std::move(levels)),
      level_columns_(std::move(level_columns)),
      levels_at_(levels_at) {
    surface_.batch().at<lake::TextColumn>(surface_at_.underlying).dictionary = {underlying};
    levels_.batch().at<lake::TextColumn>(levels_at_.underlying).dictionary = {underlying};
}

Result<void> GexSink::append(const physics::GexWindow& window) {
    rows_.clear();
    for (const physics::GexStrike1s& strike : window.strikes) rows_.push_back({&window.levels, strike});
    lake::ColumnBatch& surface = surface_.batch();
    surface_columns_.append(surface, rows_);
    for (const physics::GexStrike1s& strike : window.strikes) {
        surface.at<lake::TextColumn>(surface_at_.underlying).codes.push_back(0);
        append_or_null(surface, surface_at_.call_implied_volatility, strike.call_implied_volatility);
        append_or_null(surface, surface_at_.put_implied_volatility, strike.put_implied_volatility);
    }
    SPY_TRY(surface_.added());
    lake::ColumnBatch& levels = levels_.batch();
    level_columns_.append(levels, std::span(&window.levels, 1));
    levels.at<lake::TextColumn>(levels_at_.underlying).codes.push_back(0);
    append_or_null(levels, levels_at_.flip, window.levels.flip_price_int);
    append_or_null(levels, levels_at_.call_wall, window.levels.call_wall_price_int);
    append_or_null(levels, levels_at_.put_wall, window.levels.put_wall_price_int);
    return levels_.added();
}

Result<void> GexSink::commit(const lake::Lineage& lineage) {
    SPY_TRY(surface_.commit(lineage));
    return levels_.commit(lineage);
}

}  // namespace spymaster::pipeline
