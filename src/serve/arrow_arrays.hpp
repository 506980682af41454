// Plain vectors as Arrow arrays, and record batches as IPC messages: what the .cpp files that know Arrow share.
#pragma once

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace spymaster::serve {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

inline Error arrow_error(const arrow::Status& status) {
    return make_error(ErrorCode::internal, "encoding an Arrow stream: {}", status.message());
}

// Arrow keeps booleans as bits, the first value in the lowest bit.
inline std::shared_ptr<arrow::Buffer> bits_of(const std::vector<std::uint8_t>& values) {
    std::string bits((values.size() + 7) / 8, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != 0)
            bits[i / 8] = static_cast<char>(static_cast<unsigned char>(bits[i / 8]) | (1U << (i % 8)));
    }
    return arrow::Buffer::FromString(std::move(bits));
}

// Where values are: a 1 in `there`, null elsewhere; all of them if it is empty.
inline std::shared_ptr<arrow::Buffer> null_bitmap(const std::vector<std::uint8_t>& there) {
    return there.empty() ? nullptr : bits_of(there);
}

// The array sees the vector's memory; it must not outlive it.
template <class ArrowType, class T>
std::shared_ptr<arrow::Array> view(const std::vector<T>& values,
                                   const std::vector<std::uint8_t>& there = {}) {
    return std::make_shared<arrow::NumericArray<ArrowType>>(static_cast<std::int64_t>(values.size()),
                                                            arrow::Buffer::Wrap(values), null_bitmap(there));
}

inline std::shared_ptr<arrow::Array> boolean_array(const std::vector<std::uint8_t>& values,
                                                   const std::vector<std::uint8_t>& there = {}) {
    return std::make_shared<arrow::BooleanArray>(static_cast<std::int64_t>(values.size()), bits_of(values),
                                                 null_bitmap(there));
}

// A record batch as an IPC message.
inline Result<std::shared_ptr<arrow::Buffer>> batch_message(const std::shared_ptr<arrow::Schema>& schema,
                                                            Arrays arrays) {
    const std::int64_t rows = arrays.front()->length();
    const auto batch = arrow::RecordBatch::Make(schema, rows, std::move(arrays));
    auto buffer = arrow::ipc::SerializeRecordBatch(*batch, arrow::ipc::IpcWriteOptions::Defaults());
    if (!buffer.ok()) return arrow_error(buffer.status());
    return std::move(buffer).ValueUnsafe();
}

// None for no buffer: a surface without rows has no batch.
inline std::string_view bytes_of(const std::shared_ptr<arrow::Buffer>& buffer) {
    if (!buffer) return {};
    return {reinterpret_cast<const char*>(buffer->data()), static_cast<std::size_t>(buffer->size())};
}

}  // namespace spymaster::serve
