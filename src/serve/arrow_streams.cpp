#include "serve/arrow_streams.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "serve/arrow_arrays.hpp"
#include "serve/ws_frame.hpp"

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

// Values where `there` has a 1, null elsewhere.
template <class ArrowType, class T>
std::shared_ptr<arrow::Array> view(const std::vector<T>& values, const std::vector<std::uint8_t>& there) {
    return std::make_shared<arrow::NumericArray<ArrowType>>(static_cast<std::int64_t>(values.size()),
                                                            arrow::Buffer::Wrap(values), bits_of(there));
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

// {"type":"batch_start",…}. Names and problems may carry bytes of files: what is not UTF-8 is replaced.
std::string batch_start(std::int64_t window_end_ts_ns, const ForecastNote& note) {
    const auto quoted = [](std::string_view text) {
        return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    };
    return fmt::format(R"({{"type":"batch_start","window_end_ts_ns":"{}",)"
                       R"("surfaces":["snap","velocity","options","forecast"],"calibration":{}{}{}}})",
                       window_end_ts_ns, note.calibration.empty() ? "null" : quoted(note.calibration),
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
    std::array<Schema, kSurfaceNames.size()> all{Schema{snap_schema()}, Schema{velocity_schema()},
                                                 Schema{options_schema()}, Schema{forecast_schema()}};

    [[nodiscard]] const Schema& of(Surface surface) const { return all[static_cast<std::size_t>(surface)]; }

    Result<std::shared_ptr<arrow::Buffer>> snap_batch(const SnapRow& snap) const;
    Result<std::shared_ptr<arrow::Buffer>> velocity_batch(const VelocityRows& velocity) const;
    Result<std::shared_ptr<arrow::Buffer>> options_batch(const OptionRows& options) const;
    Result<std::shared_ptr<arrow::Buffer>> forecast_batch(const forecast::Forecast1s* forecast) const;
    // A text message with the surface's name, then a binary one: schema message, batch (may be empty), end.
    void append(WindowFrames& frames, Surface surface, const std::shared_ptr<arrow::Buffer>& batch) const;
};

Result<std::shared_ptr<arrow::Buffer>> SurfaceEncoder::Schemas::snap_batch(const SnapRow& snap) const {
    const std::vector<std::int64_t> end{snap.window_end_ts_ns};
    const std::vector<std::int64_t> spot{snap.spot_ref_price_int};
    const std::vector<double> mid{snap.mid_price};
    return batch_message(of(Surface::snap).schema,
                         {view<arrow::Int64Type>(end), view<arrow::DoubleType>(mid),
                          view<arrow::Int64Type>(spot), boolean_array({snap.book_valid})});
}

Result<std::shared_ptr<arrow::Buffer>> SurfaceEncoder::Schemas::velocity_batch(
    const VelocityRows& velocity) const {
    if (velocity.rel_ticks.empty()) return std::shared_ptr<arrow::Buffer>();
    const auto offsets = letter_offsets(velocity.side.size());
    Arrays arrays{view<arrow::Int64Type>(velocity.window_end_ts_ns),
                  view<arrow::Int64Type>(velocity.spot_ref_price_int),
                  view<arrow::Int32Type>(velocity.rel_ticks), string_array(offsets, velocity.side)};
    for (const auto& field : velocity.fields) arrays.push_back(view<arrow::DoubleType>(field));
    return batch_message(of(Surface::velocity).schema, std::move(arrays));
}

Result<std::shared_ptr<arrow::Buffer>> SurfaceEncoder::Schemas::options_batch(
    const OptionRows& options) const {
    if (options.rel_ticks.empty()) return std::shared_ptr<arrow::Buffer>();
    const std::vector<std::int64_t> ends(options.rel_ticks.size(), options.window_end_ts_ns);
    const std::vector<std::int64_t> spots(options.rel_ticks.size(), options.spot_ref_price_int);
    return batch_message(
        of(Surface::options).schema,
        {view<arrow::Int64Type>(ends), view<arrow::Int64Type>(spots),
         view<arrow::Int32Type>(options.rel_ticks), view<arrow::DoubleType>(options.liquidity_velocity)});
}

Result<std::shared_ptr<arrow::Buffer>> SurfaceEncoder::Schemas::forecast_batch(
    const forecast::Forecast1s* forecast) const {
    if (forecast == nullptr) return std::shared_ptr<arrow::Buffer>();
    const ForecastColumns rows(*forecast);
    return batch_message(
        of(Surface::forecast).schema,
        {view<arrow::Int64Type>(rows.end), view<arrow::Int32Type>(rows.horizon),
         view<arrow::Int64Type>(rows.predicted_spot, rows.path),
         view<arrow::Int64Type>(rows.predicted_delta, rows.path),
         view<arrow::DoubleType>(rows.confidence, rows.path),
         view<arrow::DoubleType>(rows.run_score_up, rows.scores),
         view<arrow::DoubleType>(rows.run_score_down, rows.scores),
         view<arrow::Int32Type>(rows.D_up, rows.scores), view<arrow::Int32Type>(rows.D_down, rows.scores)});
}

void SurfaceEncoder::Schemas::append(WindowFrames& frames, Surface surface,
                                     const std::shared_ptr<arrow::Buffer>& batch) const {
    const auto index = static_cast<std::size_t>(surface);
    const std::string_view schema = of(surface).message;
    const std::string_view rows = bytes_of(batch);
    std::string& out = frames.bytes;
    append_ws_message(out, WsOpcode::text,
                      fmt::format(R"({{"type":"surface_header","surface":"{}"}})", kSurfaceNames[index]));
    append_ws_head(out, WsOpcode::binary, schema.size() + rows.size() + kArrowEnd.size());
    out.append(schema);
    frames.batches[index] = {out.size(), rows.size()};
    out.append(rows).append(kArrowEnd);
}

SurfaceEncoder::SurfaceEncoder() : schemas_(std::make_unique<const Schemas>()) {}
SurfaceEncoder::~SurfaceEncoder() = default;

std::string_view SurfaceEncoder::schema_message(Surface surface) const {
    return schemas_->of(surface).message;
}

Result<WindowPtr> SurfaceEncoder::encode(const SnapRow& snap, const VelocityRows& velocity,
                                         const OptionRows& options, const ForecastNote& note) const {
    SPY_ASSIGN(const auto snap_batch, schemas_->snap_batch(snap));
    SPY_ASSIGN(const auto velocity_batch, schemas_->velocity_batch(velocity));
    SPY_ASSIGN(const auto options_batch, schemas_->options_batch(options));
    SPY_ASSIGN(const auto forecast_batch, schemas_->forecast_batch(note.forecast));
    auto frames = std::make_shared<WindowFrames>();
    frames->window_end_ts_ns = snap.window_end_ts_ns;
    frames->bytes.reserve(bytes_of(velocity_batch).size() + bytes_of(options_batch).size() +
                          bytes_of(forecast_batch).size() + 8192);
    append_ws_message(frames->bytes, WsOpcode::text, batch_start(snap.window_end_ts_ns, note));
    schemas_->append(*frames, Surface::snap, snap_batch);
    schemas_->append(*frames, Surface::velocity, velocity_batch);
    schemas_->append(*frames, Surface::options, options_batch);
    schemas_->append(*frames, Surface::forecast, forecast_batch);
    frames->bytes.shrink_to_fit();
    return WindowPtr(std::move(frames));
}

}  // namespace spymaster::serve
