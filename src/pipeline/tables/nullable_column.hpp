// Values of a nullable column, one after the other.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "lake/column_batch.hpp"

namespace spymaster::pipeline {

// A row's value, or null. REQUIRES: the column at `place` is nullable and of T.
template <class T>
void append_or_null(lake::ColumnBatch& batch, std::size_t place, std::optional<T> value) {
    batch.at<std::vector<T>>(place).push_back(value.value_or(T{}));
    batch.validity(place).push_back(value ? 1 : 0);
}

}  // namespace spymaster::pipeline
