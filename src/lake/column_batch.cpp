#include "lake/column_batch.hpp"

#include <algorithm>

namespace spymaster::lake {
namespace {

Column empty_column(ColumnType type) {
    switch (type) {
        case ColumnType::long_:
            return std::vector<std::int64_t>();
        case ColumnType::int_:
            return std::vector<std::int32_t>();
        case ColumnType::double_:
            return std::vector<double>();
        case ColumnType::boolean:
            return std::vector<std::uint8_t>();
        case ColumnType::string:
            return TextColumn();
    }
    SPY_ASSERT(false);
}

struct Size {
    template <class T>
    std::size_t operator()(const std::vector<T>& values) const {
        return values.size();
    }
    std::size_t operator()(const TextColumn& text) const { return text.codes.size(); }
};

struct Clear {
    template <class T>
    void operator()(std::vector<T>& values) const {
        values.clear();
    }
    void operator()(TextColumn& text) const { text.codes.clear(); }
};

}  // namespace

ColumnBatch::ColumnBatch(const Contract& contract) {
    columns_.reserve(contract.fields.size());
    for (const ContractField& field : contract.fields) {
        columns_.push_back(empty_column(field.type));
        nullable_.push_back(field.nullable);
    }
    validities_.resize(columns_.size());
}

bool ColumnBatch::is_of(const Contract& contract) const {
    if (columns_.size() != contract.fields.size()) return false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const ContractField& field = contract.fields[i];
        if (columns_[i].index() != static_cast<std::size_t>(field.type) || nullable_[i] != field.nullable)
            return false;
    }
    return true;
}

std::size_t ColumnBatch::row_count() const {
    std::size_t rows = 0;
    for (const Column& column : columns_) rows = std::max(rows, std::visit(Size{}, column));
    return rows;
}

Result<void> ColumnBatch::check_rectangular() const {
    const std::size_t rows = row_count();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const std::size_t size = std::visit(Size{}, columns_[i]);
        if (size != rows) {
            return make_error(ErrorCode::conflict, "column {} has {} rows, another has {}", i, size, rows);
        }
        const std::size_t known = nullable_[i] ? rows : 0;
        if (validities_[i].size() != known) {
            return make_error(ErrorCode::conflict,
                              "column {} is {}: its validity should have {} rows, not {}", i,
                              nullable_[i] ? "nullable" : "not nullable", known, validities_[i].size());
        }
    }
    return {};
}

void ColumnBatch::clear() {
    for (Column& column : columns_) std::visit(Clear{}, column);
    for (Validity& validity : validities_) validity.clear();
}

}  // namespace spymaster::lake
