#include "arrow_table.hpp"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

namespace spymaster::serve {

namespace {

template <class Array>
auto value_at(const arrow::Array& array, std::int64_t row) {
    using Value = decltype(static_cast<const Array&>(array).Value(row));
    return array.IsNull(row) ? Value{} : static_cast<const Array&>(array).Value(row);
}

// `first_row`: rows of batches before this one.
void take_column(ArrowTable& table, const std::string& name, const arrow::Array& array,
                 std::size_t first_row) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
        if (array.IsNull(i)) table.nulls[name].push_back(first_row + static_cast<std::size_t>(i));
        switch (array.type_id()) {
            case arrow::Type::INT64:
                table.integers[name].push_back(value_at<arrow::Int64Array>(array, i));
                break;
            case arrow::Type::INT32:
                table.integers[name].push_back(value_at<arrow::Int32Array>(array, i));
                break;
            case arrow::Type::BOOL:
                table.integers[name].push_back(static_cast<const arrow::BooleanArray&>(array).Value(i) ? 1
                                                                                                       : 0);
                break;
            case arrow::Type::DOUBLE:
                table.reals[name].push_back(value_at<arrow::DoubleArray>(array, i));
                break;
            case arrow::Type::STRING:
                table.texts[name].push_back(static_cast<const arrow::StringArray&>(array).GetString(i));
                break;
            default:
                table.error = "a type that no schema of ours has: " + array.type()->ToString();
        }
    }
}

}  // namespace

ArrowTable read_arrow(std::string_view stream) {
    ArrowTable table;
    constexpr std::string_view kEnd{"\xFF\xFF\xFF\xFF\0\0\0\0", 8};
    if (!stream.ends_with(kEnd)) table.error = "no end marker";
    arrow::io::BufferReader input(arrow::Buffer::FromString(std::string(stream)));
    auto reader = arrow::ipc::RecordBatchStreamReader::Open(&input);
    if (!reader.ok()) {
        table.error = reader.status().ToString();
        return table;
    }
    for (const auto& field : (*reader)->schema()->fields()) {
        table.schema.push_back(field->name() + " " + field->type()->ToString() +
                               (field->nullable() ? "" : " not null"));
    }
    std::size_t rows = 0;
    while (true) {
        std::shared_ptr<arrow::RecordBatch> batch;
        auto status = (*reader)->ReadNext(&batch);
        if (status.ok() && batch) status = batch->ValidateFull();
        if (!status.ok()) table.error = status.ToString();
        if (!status.ok() || !batch) break;
        for (int i = 0; i < batch->num_columns(); ++i)
            take_column(table, batch->column_name(i), *batch->column(i), rows);
        table.batch_rows.push_back(batch->num_rows());
        rows += static_cast<std::size_t>(batch->num_rows());
    }
    const auto read = input.Tell();
    if (read.ok() && *read != static_cast<std::int64_t>(stream.size()))
        table.error = "bytes after the end marker";
    return table;
}

}  // namespace spymaster::serve
