#include "serve/check/surface_rows.hpp"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <array>
#include <bit>
#include <memory>

#include "lake/row_moves.hpp"
#include "serve/arrow_streams.hpp"

namespace spymaster::serve {

namespace {

// One a column type, in the order of lake::ColumnType.
constexpr std::array kArrowTypes{arrow::Type::INT64, arrow::Type::INT32, arrow::Type::DOUBLE,
                                 arrow::Type::BOOL, arrow::Type::STRING};

Error bad(std::string_view what, const arrow::Status& status) {
    return make_error(ErrorCode::malformed, "{}: {}", what, status.ToString());
}

Result<void> check_schema(const arrow::Schema& schema, const lake::Contract& contract) {
    if (schema.num_fields() != static_cast<int>(contract.fields.size())) {
        return make_error(ErrorCode::malformed, "{} columns, the contract {} has {}", schema.num_fields(),
                          contract.name, contract.fields.size());
    }
    for (int i = 0; i < schema.num_fields(); ++i) {
        const lake::ContractField& expected = contract.fields[static_cast<std::size_t>(i)];
        const arrow::Field& field = *schema.field(i);
        if (field.name() != expected.name ||
            field.type()->id() != kArrowTypes[static_cast<std::size_t>(expected.type)]) {
            return make_error(ErrorCode::malformed, "column {} is {} {}, in the contract {} it is {}", i,
                              field.name(), field.type()->ToString(), contract.name, expected.name);
        }
    }
    return {};
}

void append_value(const arrow::Array& array, std::int64_t row, lake::Column& column) {
    const bool null = array.IsNull(row);
    if (auto* const longs = std::get_if<std::vector<std::int64_t>>(&column)) {
        longs->push_back(null ? 0 : static_cast<const arrow::Int64Array&>(array).Value(row));
    } else if (auto* const ints = std::get_if<std::vector<std::int32_t>>(&column)) {
        ints->push_back(null ? 0 : static_cast<const arrow::Int32Array&>(array).Value(row));
    } else if (auto* const doubles = std::get_if<std::vector<double>>(&column)) {
        doubles->push_back(null ? 0.0 : static_cast<const arrow::DoubleArray&>(array).Value(row));
    } else if (auto* const flags = std::get_if<std::vector<std::uint8_t>>(&column)) {
        flags->push_back(!null && static_cast<const arrow::BooleanArray&>(array).Value(row) ? 1 : 0);
    } else {
        auto& text = std::get<lake::TextColumn>(column);
        const std::string value =
            null ? std::string{} : static_cast<const arrow::StringArray&>(array).GetString(row);
        if (text.dictionary.empty() || text.dictionary.back() != value) text.dictionary.push_back(value);
        text.codes.push_back(static_cast<std::int32_t>(text.dictionary.size()) - 1);
    }
}

Result<void> append_batch(const arrow::RecordBatch& batch, const lake::Contract& contract,
                          lake::ColumnBatch& rows) {
    if (const auto valid = batch.ValidateFull(); !valid.ok()) return bad("a record batch", valid);
    for (int i = 0; i < batch.num_columns(); ++i) {
        const auto place = static_cast<std::size_t>(i);
        const arrow::Array& array = *batch.column(i);
        if (!contract.fields[place].nullable && array.null_count() != 0)
            return make_error(ErrorCode::malformed, "a null in {}", contract.fields[place].name);
        for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
            append_value(array, row, rows.column(place));
            if (rows.is_nullable(place)) rows.validity(place).push_back(array.IsNull(row) ? 0 : 1);
        }
    }
    return {};
}

// A value as text, a double by its bits: what two tables are compared by.
std::string text_of(const lake::ColumnBatch& rows, std::size_t column, std::size_t row) {
    if (rows.is_nullable(column) && rows.validity(column)[row] == 0) return "null";
    const lake::Column& values = rows.column(column);
    if (const auto* const longs = std::get_if<std::vector<std::int64_t>>(&values))
        return std::to_string((*longs)[row]);
    if (const auto* const ints = std::get_if<std::vector<std::int32_t>>(&values))
        return std::to_string((*ints)[row]);
    if (const auto* const flags = std::get_if<std::vector<std::uint8_t>>(&values))
        return (*flags)[row] != 0 ? "true" : "false";
    if (const auto* const doubles = std::get_if<std::vector<double>>(&values))
        return fmt::format("{:a}", (*doubles)[row]);
    const auto& text = std::get<lake::TextColumn>(values);
    return '"' + text.dictionary[static_cast<std::size_t>(text.codes[row])] + '"';
}

}  // namespace

Result<SurfaceRows> rows_of_stream(std::string_view stream, const lake::Contract& contract) {
    if (!stream.ends_with(kArrowEnd))
        return make_error(ErrorCode::malformed, "no end marker after {} bytes", stream.size());
    arrow::io::BufferReader input(arrow::Buffer::FromString(std::string(stream)));
    auto reader = arrow::ipc::RecordBatchStreamReader::Open(&input);
    if (!reader.ok()) return bad("no Arrow stream", reader.status());
    SPY_TRY(check_schema(*(*reader)->schema(), contract));
    SurfaceRows result{lake::ColumnBatch(contract), 0};
    for (;;) {
        std::shared_ptr<arrow::RecordBatch> batch;
        if (const auto status = (*reader)->ReadNext(&batch); !status.ok())
            return bad("a record batch", status);
        if (!batch) break;
        ++result.batches;
        SPY_TRY(append_batch(*batch, contract, result.rows));
    }
    const auto read = input.Tell();
    if (!read.ok() || *read != static_cast<std::int64_t>(stream.size()))
        return make_error(ErrorCode::malformed, "bytes after the end marker");
    return result;
}

Result<lake::ColumnBatch> rows_of_lake(const lake::Lake& lake, const lake::PartitionKey& key,
                                       std::int64_t first_end_ts_ns, std::int64_t last_end_ts_ns) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(const std::size_t window, dataset->contract.index_of("window_end_ts_ns"));
    SPY_ASSIGN(auto reader, lake.read(key));
    lake::ColumnBatch batch(dataset->contract);
    lake::ColumnBatch rows(dataset->contract);
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return rows;
        const auto& ends = batch.at<std::vector<std::int64_t>>(window);
        for (std::size_t row = 0; row < ends.size(); ++row)
            if (ends[row] >= first_end_ts_ns && ends[row] <= last_end_ts_ns)
                lake::append_rows(rows, batch, row, 1);
    }
}

std::string first_difference(const lake::ColumnBatch& served, const lake::ColumnBatch& stored,
                             const lake::Contract& contract) {
    if (served.row_count() != stored.row_count())
        return fmt::format("{} rows, the lake has {}", served.row_count(), stored.row_count());
    for (std::size_t row = 0; row < served.row_count(); ++row) {
        for (std::size_t column = 0; column < served.column_count(); ++column) {
            const std::string here = text_of(served, column, row);
            const std::string there = text_of(stored, column, row);
            if (here != there)
                return fmt::format("row {}: {} is {}, in the lake {}", row, contract.fields[column].name,
                                   here, there);
        }
    }
    return {};
}

}  // namespace spymaster::serve
