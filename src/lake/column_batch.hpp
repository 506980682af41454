// Rows of one dataset as plain columns: what travels between the engine and the lake. No Arrow here.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "lake/contract.hpp"

namespace spymaster::lake {

// Text columns hold few distinct values (actions, sides, symbols): codes into a dictionary.
struct TextColumn {
    std::vector<std::string> dictionary;
    std::vector<std::int32_t> codes;

    bool operator==(const TextColumn&) const = default;
};

// One alternative per ColumnType, in its order: long, int, double, boolean (0 or 1), string.
using Column = std::variant<std::vector<std::int64_t>, std::vector<std::int32_t>, std::vector<double>,
                            std::vector<std::uint8_t>, TextColumn>;

// Columns in contract order; each of the contract's type; all of the same length when handed over.
// (Nullable columns are not carried yet: no dataset of this engine has one.)
class ColumnBatch {
  public:
    explicit ColumnBatch(const Contract& contract);

    // The column at a place of the contract. REQUIRES: T is the vector of the contract's type at that place.
    template <class T>
    T& at(std::size_t index) {
        return std::get<T>(columns_[index]);
    }
    template <class T>
    const T& at(std::size_t index) const {
        return std::get<T>(columns_[index]);
    }

    [[nodiscard]] std::size_t column_count() const { return columns_.size(); }
    [[nodiscard]] const Column& column(std::size_t index) const { return columns_[index]; }
    Column& column(std::size_t index) { return columns_[index]; }

    // Rows of the longest column: of all that were read or filled.
    [[nodiscard]] std::size_t row_count() const;
    // Error (conflict) naming the first column whose length is not row_count(): a column that was not filled fails loudly.
    Result<void> check_rectangular() const;
    // Empties every column and keeps the memory; dictionaries stay.
    void clear();

  private:
    std::vector<Column> columns_;
};

}  // namespace spymaster::lake
