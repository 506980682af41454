// A day of all tables of a future and its options, six seconds of it, with values that a test knows and may break one at a
// time. Rows are written by the contracts through the lake's own writer, whatever the engine would say of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "market/session.hpp"
#include "pipeline/checks/subject.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/plan.hpp"
#include "temporary_lake.hpp"

namespace spymaster::pipeline::checks {

inline constexpr market::Date kMadeDate{2026, 1, 6};
inline constexpr std::int64_t kTick = 250'000'000;
inline constexpr std::int64_t kMadeSpot = 5'000'000'000'000;
inline constexpr std::int64_t kMadeWindows = 6;

using Value = std::variant<std::int64_t, double, std::string>;
using MadeRow = std::map<std::string, Value>;  // a column that is not named is 0, "", or null where it may be

struct MadeTable {
    lake::PartitionKey key;
    std::vector<MadeRow> rows;
    std::vector<lake::PartitionKey> inputs;
};

inline void put(lake::ColumnBatch& batch, const lake::Contract& contract, const MadeRow& row) {
    for (std::size_t i = 0; i < contract.fields.size(); ++i) {
        const auto found = row.find(contract.fields[i].name);
        const bool given = found != row.end();
        if (contract.fields[i].nullable) batch.validity(i).push_back(given ? 1 : 0);
        lake::Column& column = batch.column(i);
        const auto integer = [&] { return given ? std::get<std::int64_t>(found->second) : 0; };
        if (auto* const longs = std::get_if<std::vector<std::int64_t>>(&column)) {
            longs->push_back(integer());
        } else if (auto* const ints = std::get_if<std::vector<std::int32_t>>(&column)) {
            ints->push_back(static_cast<std::int32_t>(integer()));
        } else if (auto* const flags = std::get_if<std::vector<std::uint8_t>>(&column)) {
            flags->push_back(integer() != 0 ? 1 : 0);
        } else if (auto* const doubles = std::get_if<std::vector<double>>(&column)) {
            doubles->push_back(given ? std::get<double>(found->second) : 0.0);
        } else {
            auto& text = std::get<lake::TextColumn>(column);
            text.codes.push_back(static_cast<std::int32_t>(text.dictionary.size()));
            text.dictionary.push_back(given ? std::get<std::string>(found->second) : std::string{});
        }
    }
}

class MadeDay {
  public:
    explicit MadeDay(market::ProductType type = market::ProductType::future_mbo)
        : lake_(open_lake(folder_.path())),
          outright_{&market::product_of(type), type == market::ProductType::future_mbo ? "ESH6" : "SPY",
                    kMadeDate},
          options_{option_product_of(type), outright_.symbol, kMadeDate},
          session_(*market::on_date(*market::parse_session("09:30:00-09:30:05"), kMadeDate)) {
        make_outright();
        make_options();
    }

    [[nodiscard]] const lake::Lake& lake() const { return lake_; }
    [[nodiscard]] const Subject& outright() const { return outright_; }
    [[nodiscard]] const Subject& options() const { return options_; }
    [[nodiscard]] const fs::path& folder() const { return folder_.path(); }
    [[nodiscard]] std::int64_t end_of(std::int64_t k) const { return session_.start_ns + k * 1'000'000'000; }

    // Tables by a name: "snapshot", "flow", "wall", "radar", "calibration", "vacuum", "bands", "gold", "quotes", "cells",
    // "option_gold", "open_interest", "gex", "levels". In the order in which one is made from another.
    MadeTable& operator[](const std::string& name) { return tables_.at(name); }
    [[nodiscard]] std::vector<MadeRow>& rows(const std::string& name) { return tables_.at(name).rows; }
    void leave_out(const std::string& name) { tables_.erase(name); }

    void write() {
        for (const std::string& name : order_)
            if (tables_.contains(name)) write(name);
    }
    void write(const std::string& name) {
        const MadeTable& table = tables_.at(name);
        const auto dataset = lake_.dataset(table.key.dataset);
        ASSERT_TRUE(dataset.ok()) << dataset.error().message;
        const lake::Contract& contract = (*dataset)->contract;
        lake::ColumnBatch batch(contract);
        for (const MadeRow& row : table.rows) put(batch, contract, row);
        auto writer = lake_.write(table.key);
        ASSERT_TRUE(writer.ok()) << writer.error().message;
        if (!table.rows.empty()) {
            const auto appended = (*writer)->append(batch);
            ASSERT_TRUE(appended.ok()) << appended.error().message;
        }
        const auto committed = (*writer)->commit(
            {"made", table.inputs,
             measurement_properties("09:30:00-09:30:05", session_, table_product(table).grid)});
        ASSERT_TRUE(committed.ok()) << committed.error().message;
    }

  private:
    [[nodiscard]] const market::Product& table_product(const MadeTable& table) const {
        return table.key.dataset.find("option") == std::string::npos ? *outright_.product : *options_.product;
    }

    void add(const std::string& name, lake::PartitionKey key, std::vector<lake::PartitionKey> inputs = {}) {
        order_.push_back(name);
        tables_[name] = {std::move(key), {}, std::move(inputs)};
    }

    [[nodiscard]] MadeRow window(std::int64_t k) const {
        return {{"window_start_ts_ns", end_of(k - 1)}, {"window_end_ts_ns", end_of(k)}};
    }

    // A level of the flow or, in ticks of prices, of the wall: 10 + k bid at spot, one added each second; 5 asked a tick above,
    // untouched.
    [[nodiscard]] MadeRow level(std::int64_t k, bool bid, market::PriceDelta tick) const {
        MadeRow row = window(k);
        const auto depth = static_cast<double>(bid ? 10 + k : 5);
        row.merge(MadeRow{{"price_int", bid ? kMadeSpot : kMadeSpot + std::max(tick.nanos, kTick)},
                          {"side", std::string(bid ? "B" : "A")},
                          {"spot_ref_price_int", kMadeSpot},
                          {"rel_ticks", bid ? std::int64_t{0} : std::max(tick.nanos, kTick) / tick.nanos},
                          {"depth_qty_start", bid ? depth - 1.0 : depth},
                          {"depth_qty_end", depth},
                          {"depth_qty_rest", depth - 2.0},
                          {"add_qty", bid ? 1.0 : 0.0},
                          {"window_valid", std::int64_t{1}},
                          {"epoch", std::int64_t{1}}});
        return row;
    }

    void make_outright();
    void make_options();

    TemporaryFolder folder_;
    lake::Lake lake_;
    Subject outright_;
    Subject options_;
    market::SessionWindow session_;
    std::vector<std::string> order_;
    std::map<std::string, MadeTable> tables_;
};

inline void MadeDay::make_outright() {
    const lake::PartitionKey snapshots = outright_.silver("book_snapshot_1s");
    const lake::PartitionKey wall = outright_.silver("wall_surface_1s");
    add("snapshot", snapshots);
    add("flow", outright_.silver("depth_and_flow_1s"));
    add("wall", wall);
    add("radar", outright_.silver("radar_vacuum_1s"));
    add("gold", outright_.gold_surface(), {snapshots});
    add("calibration", outright_.calibration());
    add("vacuum", outright_.silver("vacuum_surface_1s"), {wall, outright_.calibration()});
    add("bands", outright_.silver("physics_bands_1s"), {wall, snapshots, outright_.calibration()});
    for (std::int64_t k = 0; k < kMadeWindows; ++k) {
        MadeRow row = window(k);
        row.merge(MadeRow{{"spot_ref_price_int", kMadeSpot},
                          {"mid_price", 5000.125},
                          {"mid_price_int", kMadeSpot + kTick / 2},
                          {"window_valid", std::int64_t{1}},
                          {"epoch", std::int64_t{1}}});
        rows("bands").push_back(row);
        row.merge(MadeRow{{"best_bid_price_int", kMadeSpot},
                          {"best_bid_qty", 10 + k},
                          {"best_ask_price_int", kMadeSpot + kTick},
                          {"best_ask_qty", std::int64_t{5}},
                          {"book_valid", std::int64_t{1}},
                          {"trade_count", std::int64_t{1}}});
        rows("snapshot").push_back(row);
        for (const bool bid : {true, false}) {
            rows("flow").push_back(level(k, bid, outright_.product->grid.tick));
            rows("wall").push_back(level(k, bid, outright_.product->grid.price_increment));
            rows("vacuum").push_back(level(k, bid, outright_.product->grid.price_increment));
            rows("vacuum").back()["vacuum_score"] = 0.5;
        }
        rows("radar").push_back(window(k));
        rows("radar").back().merge(MadeRow{{"spot_ref_price_int", kMadeSpot},
                                           {"spot_ref_price", 5000.0},
                                           {"approach_dir", std::string("approach_none")}});
        rows("gold").push_back(window(k));
    }
    for (const char* metric : {"pull_add_log", "log1p_pull_intensity_rest", "log1p_erosion_norm",
                               "d2_pull_add_log", "wall_strength_log", "gex_abs"}) {
        rows("calibration")
            .push_back({{"metric_name", std::string(metric)},
                        {"q95", 1.0},
                        {"session_window", std::string("BOOTSTRAP")},
                        {"asof_dt", kMadeDate.iso()}});
    }
}

inline void MadeDay::make_options() {
    add("quotes", options_.silver("book_snapshot_1s"));
    add("cells", options_.silver("depth_and_flow_1s"));
    add("option_gold", options_.gold_surface(), {options_.silver("depth_and_flow_1s")});
    add("open_interest", options_.open_interest());
    add("gex", options_.silver("gex_surface_1s"), {options_.open_interest()});
    add("levels", options_.silver("gex_levels_1s"), {options_.open_interest()});
    // 40 calls of the strike at spot are known from before, 45 from the third second on.
    for (const std::int64_t known : {std::int64_t{-100}, std::int64_t{3}}) {
        rows("open_interest")
            .push_back({{"ts_recv_ns", end_of(known)},
                        {"option_symbol", std::string("C5000")},
                        {"instrument_id", std::int64_t{7}},
                        {"strike_price_int", kMadeSpot},
                        {"right", std::string("C")},
                        {"open_interest", known < 0 ? 40.0 : 45.0}});
    }
    for (std::int64_t k = 0; k < kMadeWindows; ++k) {
        MadeRow quote = window(k);
        quote.merge(MadeRow{{"instrument_id", std::int64_t{7}},
                            {"bid_price_int", 4 * kTick},
                            {"ask_price_int", 6 * kTick},
                            {"mid_price_int", 5.0 * kTick},
                            {"spot_ref_price_int", kMadeSpot}});
        rows("quotes").push_back(quote);
        MadeRow cell = window(k);
        cell.merge(MadeRow{{"spot_ref_price_int", kMadeSpot},
                           {"depth_qty_start", 3.0},
                           {"add_qty", 2.0},
                           {"pull_qty_total", 1.0},
                           {"depth_qty_end", 4.0},
                           {"window_valid", std::int64_t{1}}});
        rows("cells").push_back(cell);
        rows("option_gold").push_back(window(k));
        for (std::int64_t strike = -1; strike <= 1; ++strike) {
            MadeRow row = window(k);
            row.merge(MadeRow{{"strike_price_int", kMadeSpot + strike * 20 * kTick},
                              {"underlying_spot_ref", 5000.0},
                              {"gex_call_abs", 3.0},
                              {"gex_put_abs", 1.0},
                              {"gex_abs", 4.0},
                              {"gex", 2.0},
                              {"gex_imbalance_ratio", 0.5},
                              {"call_open_interest", strike != 0 ? 0.0
                                                     : k < 3     ? 40.0
                                                                 : 45.0},
                              {"window_valid", std::int64_t{1}}});
            rows("gex").push_back(row);
        }
        MadeRow levels = window(k);
        levels.merge(MadeRow{{"underlying_spot_ref", 5000.0},
                             {"gex_call_total", 9.0},
                             {"gex_put_total", 3.0},
                             {"gex_total", 6.0},
                             {"window_valid", std::int64_t{1}}});
        rows("levels").push_back(levels);
    }
}

}  // namespace spymaster::pipeline::checks
