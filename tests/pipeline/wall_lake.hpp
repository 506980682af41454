// A lake with walls and snapshots of made-up days, as the pass over a day's records would write them.
#pragma once

#include <vector>

#include "../physics/random_walls.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/gold/vacuum_columns.hpp"
#include "pipeline/silver/silver_columns.hpp"
#include "pipeline/tables/row_reader.hpp"
#include "pipeline/tables/table_sink.hpp"
#include "pipeline_fixture.hpp"

namespace spymaster::pipeline {

template <class Value>
Value value_of(Result<Value> result) {
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    return std::move(result).value();
}
inline void expect_ok_result(const Result<void>& result) {
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
}

template <class Row>
void write_rows(const lake::Lake& lake, const lake::PartitionKey& key, std::span<const Binding<Row>> bindings,
                const std::vector<Row>& rows, const lake::Lineage& lineage) {
    const auto* const dataset = value_of(lake.dataset(key.dataset));
    const auto columns = value_of(BoundColumns<Row>::resolve(dataset->contract, bindings));
    auto sink = value_of(TableSink::create(lake, key));
    columns.append(sink.batch(), rows);
    expect_ok_result(sink.commit(lineage));
}

template <class Row>
std::vector<Row> read_rows(const lake::Lake& lake, const lake::PartitionKey& key,
                           std::span<const Binding<Row>> bindings) {
    auto reader = value_of(RowReader<Row>::open(lake, key, bindings));
    std::vector<Row> rows;
    for (;;) {
        const Row* const row = value_of(reader.peek());
        if (row == nullptr) return rows;
        rows.push_back(*row);
        reader.pop();
    }
}

// Windows of a day in prices of the product, the same for the same seed.
inline std::vector<windows::Window> walls_of_a_day(const market::Product& product, std::uint64_t seed) {
    auto day = physics::testing::random_walls(
        seed, {.windows = 60, .tick = product.grid.price_increment.nanos, .spot = 6'000'000'000'000});
    for (windows::Window& window : day) {  // rounded to a bucket where there are any
        window.snapshot.spot_ref_price_int =
            windows::has_buckets(product.grid)
                ? windows::bucketed_spot(window.wall_spot_ref_price_int, product.grid.tick.nanos)
                : window.wall_spot_ref_price_int;
    }
    return day;
}

inline std::map<std::string, std::string> measured_in(const market::Product& product,
                                                      const market::Date& date, const std::string& session) {
    return measurement_properties(session, *market::on_date(*market::parse_session(session), date),
                                  product.grid);
}

inline void write_walls(const lake::Lake& lake, const market::Product& product, const std::string& symbol,
                        const market::Date& date, const std::vector<windows::Window>& day,
                        const std::string& session = "09:30-09:31") {
    const VacuumKeys keys = vacuum_keys(product, symbol, date);
    const lake::Lineage lineage{"made_up", {}, measured_in(product, date, session)};
    std::vector<windows::BookSnapshot1s> snapshots;
    std::vector<WallRow> walls;
    for (const windows::Window& window : day) {
        snapshots.push_back(window.snapshot);
        for (const windows::WallRow1s& wall : window.wall) {
            walls.push_back({window.snapshot.window_start_ts_ns, window.snapshot.window_end_ts_ns,
                             window.wall_spot_ref_price_int, window.snapshot.window_valid,
                             window.snapshot.epoch, wall});
        }
    }
    write_rows<windows::BookSnapshot1s>(lake, keys.snapshots, kSnapshotColumns, snapshots, lineage);
    write_rows<WallRow>(lake, keys.walls, kWallColumns, walls, lineage);
}

// Gamma exposure of a day of which gex_abs alone says something.
inline lake::PartitionKey write_gex(const lake::Lake& lake, const market::Product& product,
                                    const std::string& symbol, const market::Date& date,
                                    const std::vector<double>& gex_abs) {
    const lake::PartitionKey key{
        "silver." + std::string(option_product_of(product.type)->name) + ".gex_surface_1s", symbol, date};
    const auto* const dataset = value_of(lake.dataset(key.dataset));
    auto sink = value_of(TableSink::create(lake, key));
    for (std::size_t place = 0; place < dataset->contract.fields.size(); ++place) {
        const lake::ContractField& field = dataset->contract.fields[place];
        std::visit(
            [&](auto& column) {
                using Column = std::remove_reference_t<decltype(column)>;
                if constexpr (std::is_same_v<Column, lake::TextColumn>) {
                    column.dictionary = {symbol};
                    column.codes.assign(gex_abs.size(), 0);
                } else {
                    column.assign(gex_abs.size(), 0);
                }
            },
            sink.batch().column(place));
        if (field.nullable) sink.batch().validity(place).assign(gex_abs.size(), 0);
        if (field.name == "gex_abs") sink.batch().at<std::vector<double>>(place) = gex_abs;
    }
    expect_ok_result(sink.commit({"made_up", {}, {}}));
    return key;
}

}  // namespace spymaster::pipeline
