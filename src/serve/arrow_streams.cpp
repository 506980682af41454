#include "serve/arrow_streams.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "serve/arrow_arrays.hpp"

namespace spymaster::serve {

namespace {

std::shared_ptr<arrow::Array> string_array(const std::vector<std::int32_t>& offsets, std::string text) {
    return std::make_shared<arrow::StringArray>(static_cast<std::int64_t>(offsets.size()) - 1,
                                                arrow::Buffer::Wrap(offsets),
                                                arrow::Buffer::FromString(std::move(text)));
}

std::string serialized(const arrow::Schema& schema) {
    auto buffer = arrow::ipc::SerializeSchema(schema);
    SPY_ASSERT(buffer.ok());  // our own constant schemas
    return buffer.ValueUnsafe()->ToString();
}

std::shared_ptr<arrow::Schema> snap_schema() {
    return arrow::schema(
        {arrow::field("window_end_ts_ns", arrow::int64()), arrow::field("mid_price", arrow::float64()),
         arrow::field("spot_ref_price_int", arrow::int64()), arrow::field("book_valid", arrow::boolean())});
}

std::shared_ptr<arrow::Schema> velocity_schema() {
    arrow::FieldVector fields{arrow::field("window_end_ts_ns", arrow::int64()),
                              arrow::field("spot_ref_price_int", arrow::int64()),
                              arrow::field("rel_ticks", arrow::int32()), arrow::field("side", arrow::utf8())};
    for (const auto name : kVelocityFields)
        fields.push_back(arrow::field(std::string(name), arrow::float64()));
    return arrow::schema(std::move(fields));
}

std::shared_ptr<arrow::Schema> options_schema() {
    return arrow::schema(
        {arrow::field("window_end_ts_ns", arrow::int64()), arrow::field("spot_ref_price_int", arrow::int64()),
         arrow::field("rel_ticks", arrow::int32()), arrow::field("liquidity_velocity", arrow::float64())});
}

std::shared_ptr<arrow::Schema> forecast_schema() {
    return arrow::schema(
        {arrow::field("window_end_ts_ns", arrow::int64()), arrow::field("horizon_s", arrow::int32()),
         arrow::field("predicted_spot_tick", arrow::int64()),
         arrow::field("predicted_tick_delta", arrow::int64()), arrow::field("confidence", arrow::float64()),
         arrow::field("RunScore_up", arrow::float64()), arrow::field("RunScore_down", arrow::float64()),
         arrow::field("D_up", arrow::int32()), arrow::field("D_down", arrow::int32())});
}

// The rows of a forecast: the scores of the moment in the first, the path in those after it (spec 5.8, D-9); one
// row of nulls if nothing is said (D-10).
struct ForecastColumns {
    std::vector<std::int64_t> end;
    std::vector<std::int32_t> horizon;
    std::vector<std::int64_t> predicted_spot, predicted_delta;
    std::vector<double> confidence;
    std::vector<double> run_score_up, run_score_down;
    std::vector<std::int32_t> D_up, D_down;
    std::vector<std::uint8_t> scores, path;  // in which rows they stand

    explicit ForecastColumns(const forecast::Forecast1s& forecast) {
        const std::size_t rows = forecast.given ? 1 + forecast::kHorizons : 1;
        end.assign(rows, forecast.window_end_ts_ns);
        for (auto* whole : {&predicted_spot, &predicted_delta}) whole->assign(rows, 0);
        for (auto* real : {&confidence, &run_score_up, &run_score_down}) real->assign(rows, 0.0);
        for (auto* ticks : {&horizon, &D_up, &D_down}) ticks->assign(rows, 0);
        for (auto* flags : {&scores, &path}) flags->assign(rows, 0);
        if (!forecast.given) return;
        scores[0] = 1;
        run_score_up[0] = forecast.up.run_score;
        run_score_down[0] = forecast.down.run_score;
        D_up[0] = forecast.up.D;
        D_down[0] = forecast.down.D;
        for (std::size_t row = 1; row < rows; ++row) {
            const auto& step = forecast.path[row - 1];
            path[row] = 1;
            horizon[row] = static_cast<std::int32_t>(row);
            predicted_spot[row] = step.predicted_spot_tick;
            predicted_delta[row] = step.predicted_tick_delta;
            confidence[row] = step.confidence;
        }
    }
};

// Names and problems may carry bytes of files: what is not UTF-8 is replaced.
std::string note_members(const ForecastNote& note) {
    const auto quoted = [](std::string_view text) {
        return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    };
    return fmt::format(R"("calibration":{}{}{})",
                       note.calibration.empty() ? "null" : quoted(note.calibration),
                       note.problem.empty() ? "" : R"(,"forecast_problem":)",
                       note.problem.empty() ? "" : quoted(note.problem));
}

std::vector<std::int32_t> letter_offsets(std::size_t rows) {
    std::vector<std::int32_t> offsets(rows + 1);
    for (std::size_t i = 0; i <= rows; ++i) offsets[i] = static_cast<std::int32_t>(i);
    return offsets;
}

}  // namespace

void VelocityRows::clear() {
    window_end_ts_ns.clear();
    spot_ref_price_int.clear();
    rel_ticks.clear();
    side.clear();
    for (auto& field : fields) field.clear();
}

void OptionRows::clear() {
    window_end_ts_ns = 0;
    spot_ref_price_int = 0;
    rel_ticks.clear();
    liquidity_velocity.clear();
}

struct SurfaceEncoder::Schemas {
    struct Schema {
        std::shared_ptr<arrow::Schema> schema;
        std::string message = serialized(*schema);
    };
    std::array<Schema, 4> all{Schema{snap_schema()}, Schema{velocity_schema()}, Schema{options_schema()},
                              Schema{forecast_schema()}};

    [[nodiscard]] const Schema& of(Surface surface) const { return all[place_of(surface)]; }

    [[nodiscard]] Result<FramePtr> frame(Surface surface, Arrays arrays, std::string note = {}) const {
        SPY_ASSIGN(const auto batch, batch_message(of(surface).schema, std::move(arrays)));
        return make_frame(of(surface).message, bytes_of(batch), std::move(note));
    }
    [[nodiscard]] FramePtr without_rows(Surface surface, std::string note = {}) const {
        return make_frame(of(surface).message, {}, std::move(note));
    }
};

SurfaceEncoder::SurfaceEncoder() : schemas_(std::make_unique<const Schemas>()) {}
SurfaceEncoder::~SurfaceEncoder() = default;

std::string_view SurfaceEncoder::schema_message(Surface surface) const {
    SPY_ASSERT(!is_table(surface));
    return schemas_->of(surface).message;
}

Result<FramePtr> SurfaceEncoder::snap(const SnapRow& snap) const {
    const std::vector<std::int64_t> end{snap.window_end_ts_ns};
    const std::vector<std::int64_t> spot{snap.spot_ref_price_int};
    const std::vector<double> mid{snap.mid_price};
    return schemas_->frame(Surface::snap, {view<arrow::Int64Type>(end), view<arrow::DoubleType>(mid),
                                           view<arrow::Int64Type>(spot), boolean_array({snap.book_valid})});
}

Result<FramePtr> SurfaceEncoder::velocity(const VelocityRows& velocity) const {
    if (velocity.rel_ticks.empty()) return schemas_->without_rows(Surface::velocity);
    const auto offsets = letter_offsets(velocity.side.size());
    Arrays arrays{view<arrow::Int64Type>(velocity.window_end_ts_ns),
                  view<arrow::Int64Type>(velocity.spot_ref_price_int),
                  view<arrow::Int32Type>(velocity.rel_ticks), string_array(offsets, velocity.side)};
    for (const auto& field : velocity.fields) arrays.push_back(view<arrow::DoubleType>(field));
    return schemas_->frame(Surface::velocity, std::move(arrays));
}

Result<FramePtr> SurfaceEncoder::options(const OptionRows& options) const {
    if (options.rel_ticks.empty()) return schemas_->without_rows(Surface::options);
    const std::vector<std::int64_t> ends(options.rel_ticks.size(), options.window_end_ts_ns);
    const std::vector<std::int64_t> spots(options.rel_ticks.size(), options.spot_ref_price_int);
    return schemas_->frame(Surface::options, {view<arrow::Int64Type>(ends), view<arrow::Int64Type>(spots),
                                              view<arrow::Int32Type>(options.rel_ticks),
                                              view<arrow::DoubleType>(options.liquidity_velocity)});
}

Result<FramePtr> SurfaceEncoder::forecast(const ForecastNote& note) const {
    if (note.forecast == nullptr) return schemas_->without_rows(Surface::forecast, note_members(note));
    const ForecastColumns rows(*note.forecast);
    return schemas_->frame(
        Surface::forecast,
        {view<arrow::Int64Type>(rows.end), view<arrow::Int32Type>(rows.horizon),
         view<arrow::Int64Type>(rows.predicted_spot, rows.path),
         view<arrow::Int64Type>(rows.predicted_delta, rows.path),
         view<arrow::DoubleType>(rows.confidence, rows.path),
         view<arrow::DoubleType>(rows.run_score_up, rows.scores),
         view<arrow::DoubleType>(rows.run_score_down, rows.scores),
         view<arrow::Int32Type>(rows.D_up, rows.scores), view<arrow::Int32Type>(rows.D_down, rows.scores)},
        note_members(note));
}

}  // namespace spymaster::serve
