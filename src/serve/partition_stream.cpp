#include "serve/partition_stream.hpp"

#include <arrow/array/builder_binary.h>

#include "serve/arrow_arrays.hpp"
#include "serve/arrow_streams.hpp"

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

Result<std::string> partition_stream(const lake::Contract& contract, lake::PartitionReader& reader) {
    arrow::FieldVector fields;
    for (const auto& field : contract.fields) {
        if (field.nullable) {
            return make_error(ErrorCode::conflict, "column {} of {} may be null, which is not sent",
                              field.name, contract.name);
        }
        fields.push_back(arrow::field(field.name, arrow_type(field.type), false));
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
