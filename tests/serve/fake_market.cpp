#include "fake_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

#include "lake/row_moves.hpp"
#include "serve/live/live_encoder.hpp"

namespace spymaster::serve {

namespace {

using pipeline::LiveTable;

// What stands where nothing is must not show.
void spoil_nulls(lake::ColumnBatch& rows) {
    for (std::size_t column = 0; column < rows.column_count(); ++column) {
        const auto& there = rows.validity(column);
        std::visit(
            [&]<class Values>(Values& values) {
                if constexpr (!std::is_same_v<Values, lake::TextColumn>) {
                    for (std::size_t row = 0; row < there.size(); ++row) {
                        if (there[row] == 0) values[row] = 1;
                    }
                }
            },
            rows.column(column));
    }
}

}  // namespace

FakeMarket::FakeMarket(const TemporaryLake& lake, const SmallSession& session, pipeline::LiveSink& sink,
                       const SmallChain* chain)
    : lake_(lake.open()), session_(session), sink_(sink) {
    const auto key = session.key();
    contract_.product = &market::product_of(key.product);
    contract_.symbol = key.symbol;
    contract_.date = key.date;
    contract_.session = {end_of(session, 0), end_of(session, session.windows - 1)};
    contract_.session_name = "09:30-09:40";
    contract_.grid = contract_.product->grid;
    contract_.grid.half_width_ticks = session.half_width;
    if (chain != nullptr) {
        const auto& options = *pipeline::option_product_of(key.product);
        contract_.option_grid = options.grid;
        contract_.option_grid->half_width_ticks = chain->half_width;
        contract_.option_grid->step_ticks = chain->step;
    }
    read(LiveTable::gold, partitions_of(key).gold);
    if (const auto gold = option_gold_of(lake_, key)) read(LiveTable::option_gold, *gold);
    for (const auto surface : kSurfaces) {
        if (is_table(surface) && lake_.is_complete(table_of(key, surface)))
            read(*live_table_of(surface), table_of(key, surface));
    }
    std::vector<std::int64_t> ends;
    for (std::int64_t k = 0; k < session.windows; ++k) ends.push_back(end_of(session, k));
    auto forecast = SessionForecast::open(lake_, key, ends);
    if (forecast) {
        forecast_ = std::move(forecast).value();
    } else {
        forecast_problem_ = forecast.error().message;
    }
}

void FakeMarket::read(LiveTable table, const lake::PartitionKey& key) {
    const auto spec = lake_.dataset(key.dataset);
    ASSERT_TRUE(spec.ok());
    const auto& contract = (*spec)->contract;
    Rows rows{lake::ColumnBatch(contract), lake::ColumnBatch(contract),
              *contract.index_of("window_end_ts_ns")};
    auto reader = lake_.read(key);
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    lake::ColumnBatch group(contract);
    while (*(*reader)->next(group)) lake::append_rows(rows.all, group, 0, group.row_count());
    tables_[static_cast<std::size_t>(table)] = std::move(rows);
}

pipeline::LiveSecond FakeMarket::second(std::int64_t k) {
    pipeline::LiveSecond second;
    second.window_end_ts_ns = end_of(session_, k);
    second.arrived = std::chrono::steady_clock::now();
    second.computed = std::chrono::microseconds(300);
    for (std::size_t table = 0; table < tables_.size(); ++table) {
        if (!tables_[table]) continue;
        auto& rows = *tables_[table];
        const auto& ends = rows.all.at<std::vector<std::int64_t>>(rows.end_at);
        const auto [first, last] = std::ranges::equal_range(ends, second.window_end_ts_ns);
        rows.of_second.clear();
        lake::append_rows(rows.of_second, rows.all, static_cast<std::size_t>(first - ends.begin()),
                          static_cast<std::size_t>(last - first));
        spoil_nulls(rows.of_second);
        second.tables[table] = &rows.of_second;
    }
    second.problem = forecast_problem_;
    if (!forecast_) return second;
    const auto made = forecast_->make(static_cast<std::size_t>(k));
    if (!made) {
        second_problem_ = made.error().message;
        second.problem = second_problem_;
        return second;
    }
    second.forecast_second = *made->second;
    second.forecast = made->forecast;
    second.parameters = made->parameters;
    second.calibration = made->calibration;
    second.confidence_scale = made->confidence_scale;
    return second;
}

void FakeMarket::begin() {
    const auto begun = sink_.on_contract(contract_);
    ASSERT_TRUE(begun.ok()) << begun.error().message;
}

void FakeMarket::tell(std::int64_t k) {
    const auto told = sink_.on_second(contract_, second(k));
    ASSERT_TRUE(told.ok()) << told.error().message;
    next_ = k + 1;
}

void FakeMarket::tell_through(std::int64_t last) {
    while (next_ <= last) tell(next_);
}

void FakeMarket::end() {
    sink_.on_end(contract_);
}

}  // namespace spymaster::serve
