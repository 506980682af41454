#include "lake/parquet_columns.hpp"

#include <arrow/array/array_binary.h>
#include <arrow/array/array_dict.h>
#include <arrow/array/array_primitive.h>
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <parquet/column_writer.h>
#include <parquet/exception.h>
#include <parquet/properties.h>

#include <string_view>
#include <unordered_map>

namespace spymaster::lake {
namespace {

// Entries in order of first appearance, none unused and none twice: equal rows are equal bytes, whatever the dictionary
// was.
void make_canonical(TextColumn& text, const Validity& there) {
    constexpr std::int32_t kUnseen = -1;
    std::vector<std::int32_t> place(text.dictionary.size(), kUnseen);
    std::unordered_map<std::string_view, std::int32_t> places;
    std::vector<std::string> dictionary;
    for (std::size_t row = 0; row < text.codes.size(); ++row) {
        std::int32_t& code = text.codes[row];
        if (!there.empty() && there[row] == 0) {
            code = 0;
            continue;
        }
        std::int32_t& seen = place[static_cast<std::size_t>(code)];
        if (seen == kUnseen) {
            const std::string& entry = text.dictionary[static_cast<std::size_t>(code)];
            const auto [found, is_new] = places.try_emplace(entry, static_cast<std::int32_t>(places.size()));
            if (is_new) dictionary.push_back(entry);
            seen = found->second;
        }
        code = seen;
    }
    text.dictionary = std::move(dictionary);
}

// Arrow keeps validity as bits; none for a column without nulls.
std::shared_ptr<arrow::Buffer> bits_of(const Validity& there) {
    if (there.empty()) return nullptr;
    std::vector<std::uint8_t> bits((there.size() + 7) / 8);
    for (std::size_t row = 0; row < there.size(); ++row) {
        if (there[row] != 0) bits[row / 8] = static_cast<std::uint8_t>(bits[row / 8] | 1U << row % 8);
    }
    return arrow::Buffer::FromVector(std::move(bits));
}

// An array over memory of ours.
std::shared_ptr<arrow::Array> wrap_text(const TextColumn& text, const Validity& there) {
    std::string bytes;
    std::vector<std::int32_t> offsets = {0};
    for (const std::string& entry : text.dictionary) {
        bytes += entry;
        offsets.push_back(static_cast<std::int32_t>(bytes.size()));
    }
    const auto dictionary = std::make_shared<arrow::StringArray>(
        static_cast<std::int64_t>(text.dictionary.size()), arrow::Buffer::FromVector(std::move(offsets)),
        arrow::Buffer::FromString(std::move(bytes)));
    const auto codes = std::make_shared<arrow::Int32Array>(static_cast<std::int64_t>(text.codes.size()),
                                                           arrow::Buffer::Wrap(text.codes), bits_of(there));
    return std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), arrow::utf8()), codes,
                                                    dictionary);
}

struct WriteColumn {
    parquet::ColumnWriter& writer;
    const Validity& there;
    std::vector<std::int16_t> levels;  // Parquet's word for `there`

    void operator()(std::vector<std::int64_t>& values) const { write<parquet::Int64Writer>(values); }
    void operator()(std::vector<std::int32_t>& values) const { write<parquet::Int32Writer>(values); }
    void operator()(std::vector<double>& values) const { write<parquet::DoubleWriter>(values); }
    void operator()(std::vector<std::uint8_t>& values) const {
        const std::unique_ptr<bool[]> bools(new bool[values.size()]);
        std::size_t count = 0;
        for (std::size_t row = 0; row < values.size(); ++row) {
            if (there.empty() || there[row] != 0) bools[count++] = values[row] != 0;
        }
        write_values<parquet::BoolWriter>(values.size(), bools.get());
    }
    void operator()(TextColumn& text) const {
        make_canonical(text, there);
        const auto array = wrap_text(text, there);
        const auto properties = parquet::default_arrow_writer_properties();
        parquet::ArrowWriteContext context(arrow::default_memory_pool(), properties.get());
        PARQUET_THROW_NOT_OK(writer.WriteArrow(there.empty() ? nullptr : levels.data(), nullptr,
                                               static_cast<std::int64_t>(text.codes.size()), *array, &context,
                                               !there.empty()));
    }

    template <class Writer, class T>
    void write(const std::vector<T>& values) const {
        if (there.empty()) return write_values<Writer>(values.size(), values.data());
        std::vector<T> dense;
        dense.reserve(values.size());
        for (std::size_t row = 0; row < values.size(); ++row) {
            if (there[row] != 0) dense.push_back(values[row]);
        }
        write_values<Writer>(values.size(), dense.data());
    }

    // `values`: those that are there, one after the other.
    template <class Writer, class T>
    void write_values(std::size_t rows, const T* values) const {
        static_cast<Writer&>(writer).WriteBatch(static_cast<std::int64_t>(rows),
                                                there.empty() ? nullptr : levels.data(), nullptr, values);
    }
};

}  // namespace

void write_column(parquet::ColumnWriter& writer, Column& column, const Validity& there) {
    std::vector<std::int16_t> levels;
    levels.reserve(there.size());
    for (const std::uint8_t value : there) levels.push_back(value != 0 ? 1 : 0);
    std::visit(WriteColumn{writer, there, std::move(levels)}, column);
}

}  // namespace spymaster::lake
