#include "serve/table_encoder.hpp"

#include <arrow/array/builder_binary.h>

#include <type_traits>

#include "serve/arrow_arrays.hpp"

namespace spymaster::serve {

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

// `there`: empty where there is no null.
Result<std::shared_ptr<arrow::Array>> text_array(const lake::TextColumn& text, const lake::Validity& there) {
    arrow::StringBuilder builder;
    for (std::size_t row = 0; row < text.codes.size(); ++row) {
        const bool null = !there.empty() && there[row] == 0;
        const auto status =
            null ? builder.AppendNull()
                 : builder.Append(text.dictionary.at(static_cast<std::size_t>(text.codes[row])));
        if (!status.ok()) return arrow_error(status);
    }
    auto array = builder.Finish();
    if (!array.ok()) return arrow_error(array.status());
    return std::move(array).ValueUnsafe();
}

// The values with 0 where nothing is.
template <class ArrowType, class T>
std::shared_ptr<arrow::Array> nullable_array(const std::vector<T>& values, const lake::Validity& there) {
    std::vector<T> known(values);
    for (std::size_t row = 0; row < known.size(); ++row) {
        if (there[row] == 0) known[row] = T{};
    }
    if constexpr (std::is_same_v<ArrowType, arrow::BooleanType>) {
        return boolean_array(known, there);
    } else {
        const auto rows = static_cast<std::int64_t>(known.size());  // before it is moved from
        return std::make_shared<arrow::NumericArray<ArrowType>>(
            rows, arrow::Buffer::FromVector(std::move(known)), null_bitmap(there));
    }
}

template <class ArrowType, class T>
std::shared_ptr<arrow::Array> number_array(const std::vector<T>& values, const lake::Validity& there) {
    return there.empty() ? view<ArrowType>(values) : nullable_array<ArrowType>(values, there);
}

Result<std::shared_ptr<arrow::Array>> array_of(const lake::Column& column, const lake::Validity& there) {
    if (const auto* longs = std::get_if<std::vector<std::int64_t>>(&column))
        return number_array<arrow::Int64Type>(*longs, there);
    if (const auto* ints = std::get_if<std::vector<std::int32_t>>(&column))
        return number_array<arrow::Int32Type>(*ints, there);
    if (const auto* doubles = std::get_if<std::vector<double>>(&column))
        return number_array<arrow::DoubleType>(*doubles, there);
    if (const auto* booleans = std::get_if<std::vector<std::uint8_t>>(&column)) {
        return there.empty() ? boolean_array(*booleans)
                             : nullable_array<arrow::BooleanType>(*booleans, there);
    }
    return text_array(std::get<lake::TextColumn>(column), there);
}

}  // namespace

struct TableEncoder::Schema {
    std::shared_ptr<arrow::Schema> schema;
    std::string message;
};

TableEncoder::TableEncoder(std::unique_ptr<const Schema> schema) : schema_(std::move(schema)) {}
TableEncoder::~TableEncoder() = default;
TableEncoder::TableEncoder(TableEncoder&&) noexcept = default;
TableEncoder& TableEncoder::operator=(TableEncoder&&) noexcept = default;

Result<TableEncoder> TableEncoder::make(const lake::Contract& contract) {
    arrow::FieldVector fields;
    for (const auto& field : contract.fields)
        fields.push_back(arrow::field(field.name, arrow_type(field.type), field.nullable));
    auto schema = std::make_unique<Schema>();
    schema->schema = arrow::schema(std::move(fields));
    const auto message = arrow::ipc::SerializeSchema(*schema->schema);
    if (!message.ok()) return arrow_error(message.status());
    schema->message = message.ValueUnsafe()->ToString();
    return TableEncoder(std::move(schema));
}

std::string_view TableEncoder::schema_message() const {
    return schema_->message;
}

Result<FramePtr> TableEncoder::frame(const lake::ColumnBatch& rows) const {
    if (rows.row_count() == 0) return make_frame(schema_->message, {});
    Arrays arrays;
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
        SPY_ASSIGN(auto array, array_of(rows.column(i), rows.validity(i)));
        arrays.push_back(std::move(array));
    }
    SPY_ASSIGN(const auto message, batch_message(schema_->schema, std::move(arrays)));
    return make_frame(schema_->message, bytes_of(message));
}

}  // namespace spymaster::serve
