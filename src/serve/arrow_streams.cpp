#include "serve/arrow_streams.hpp"

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/buffer.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <fmt/format.h>

#include "serve/ws_frame.hpp"

namespace spymaster::serve {

namespace {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

Error arrow_error(const arrow::Status& status) {
    return make_error(ErrorCode::internal, "encoding an Arrow stream: {}", status.message());
}

// The array sees the vector's memory; it must not outlive it.
template <class ArrowType, class T>
std::shared_ptr<arrow::Array> view(const std::vector<T>& values) {
    return std::make_shared<arrow::NumericArray<ArrowType>>(static_cast<std::int64_t>(values.size()),
                                                            arrow::Buffer::Wrap(values));
}

// Arrow keeps booleans as bits.
std::shared_ptr<arrow::Array> boolean_array(const std::vector<std::uint8_t>& values) {
    std::string bits((values.size() + 7) / 8, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != 0)
            bits[i / 8] = static_cast<char>(static_cast<unsigned char>(bits[i / 8]) | (1U << (i % 8)));
    }
    return std::make_shared<arrow::BooleanArray>(static_cast<std::int64_t>(values.size()),
                                                 arrow::Buffer::FromString(std::move(bits)));
}

std::shared_ptr<arrow::Array> string_array(const std::vector<std::int32_t>& offsets, std::string text) {
    return std::make_shared<arrow::StringArray>(static_cast<std::int64_t>(offsets.size()) - 1,
                                                arrow::Buffer::Wrap(offsets),
                                                arrow::Buffer::FromString(std::move(text)));
}

// A record batch as an IPC message.
Result<std::shared_ptr<arrow::Buffer>> batch_message(const std::shared_ptr<arrow::Schema>& schema,
                                                     Arrays arrays) {
    const std::int64_t rows = arrays.front()->length();
    const auto batch = arrow::RecordBatch::Make(schema, rows, std::move(arrays));
    auto buffer = arrow::ipc::SerializeRecordBatch(*batch, arrow::ipc::IpcWriteOptions::Defaults());
    if (!buffer.ok()) return arrow_error(buffer.status());
    return std::move(buffer).ValueUnsafe();
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

// None for no buffer: a surface without rows has no batch.
std::string_view bytes_of(const std::shared_ptr<arrow::Buffer>& buffer) {
    if (!buffer) return {};
    return {reinterpret_cast<const char*>(buffer->data()), static_cast<std::size_t>(buffer->size())};
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
                                         const OptionRows& options) const {
    SPY_ASSIGN(const auto snap_batch, schemas_->snap_batch(snap));
    SPY_ASSIGN(const auto velocity_batch, schemas_->velocity_batch(velocity));
    SPY_ASSIGN(const auto options_batch, schemas_->options_batch(options));
    auto frames = std::make_shared<WindowFrames>();
    frames->window_end_ts_ns = snap.window_end_ts_ns;
    frames->bytes.reserve(bytes_of(velocity_batch).size() + bytes_of(options_batch).size() + 8192);
    append_ws_message(frames->bytes, WsOpcode::text,
                      fmt::format(R"({{"type":"batch_start","window_end_ts_ns":"{}",)"
                                  R"("surfaces":["snap","velocity","options","forecast"]}})",
                                  snap.window_end_ts_ns));
    schemas_->append(*frames, Surface::snap, snap_batch);
    schemas_->append(*frames, Surface::velocity, velocity_batch);
    schemas_->append(*frames, Surface::options, options_batch);
    schemas_->append(*frames, Surface::forecast, nullptr);
    frames->bytes.shrink_to_fit();
    return WindowPtr(std::move(frames));
}

namespace {

std::shared_ptr<arrow::DataType> arrow_type(lake::ColumnType type) {
    switch (type) {
        case lake::ColumnType::long_:
            return arrow::int64();
        case lake::ColumnType::int_:
            return arrow::int32();
        case lake::ColumnType::double_:
            return arrow::float64();
        case lake::ColumnType::boolean:
            return arrow::boolean();
        case lake::ColumnType::string:
            break;
    }
    return arrow::utf8();
}

Result<std::shared_ptr<arrow::Array>> array_of(const lake::Column& column) {
    if (const auto* longs = std::get_if<std::vector<std::int64_t>>(&column))
        return view<arrow::Int64Type>(*longs);
    if (const auto* ints = std::get_if<std::vector<std::int32_t>>(&column))
        return view<arrow::Int32Type>(*ints);
    if (const auto* doubles = std::get_if<std::vector<double>>(&column))
        return view<arrow::DoubleType>(*doubles);
    if (const auto* booleans = std::get_if<std::vector<std::uint8_t>>(&column))
        return boolean_array(*booleans);
    const auto& text = std::get<lake::TextColumn>(column);
    arrow::StringBuilder builder;
    for (const auto code : text.codes) {
        const auto status = builder.Append(text.dictionary.at(static_cast<std::size_t>(code)));
        if (!status.ok()) return arrow_error(status);
    }
    auto array = builder.Finish();
    if (!array.ok()) return arrow_error(array.status());
    return std::move(array).ValueUnsafe();
}

}  // namespace

Result<std::string> arrow_stream(const lake::Contract& contract, lake::PartitionReader& reader) {
    arrow::FieldVector fields;
    for (const auto& field : contract.fields) {
        fields.push_back(arrow::field(field.name, arrow_type(field.type), field.nullable));
    }
    const auto schema = arrow::schema(std::move(fields));
    auto head = arrow::ipc::SerializeSchema(*schema);
    if (!head.ok()) return arrow_error(head.status());
    std::string out = head.ValueUnsafe()->ToString();

    lake::ColumnBatch rows(contract);
    while (true) {
        SPY_ASSIGN(const bool more, reader.next(rows));
        if (!more) break;
        Arrays arrays;
        for (std::size_t i = 0; i < rows.column_count(); ++i) {
            SPY_ASSIGN(auto array, array_of(rows.column(i)));
            arrays.push_back(std::move(array));
        }
        SPY_ASSIGN(const auto batch, batch_message(schema, std::move(arrays)));
        out.append(bytes_of(batch));
    }
    out.append(kArrowEnd);
    return out;
}

}  // namespace spymaster::serve
