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

// Of a nullable column, a byte a row: 1 where there is a value, 0 where there is none (null). A value where there is none
// means nothing: whoever reads gets a 0 there (of text the code 0, whose entry need not exist), and what stands there when
// rows are written is not looked at.
using Validity = std::vector<std::uint8_t>;

// Columns in contract order; each of the contract's type; all of the same length when handed over, as are the validities of
// the nullable ones.
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

    [[nodiscard]] bool is_nullable(std::size_t index) const { return nullable_[index]; }
    // Empty of a column that is not nullable, and has to stay so.
    [[nodiscard]] const Validity& validity(std::size_t index) const { return validities_[index]; }
    Validity& validity(std::size_t index) { return validities_[index]; }

    // The columns are those of the contract: as many, each of its type, nullable where it is.
    [[nodiscard]] bool is_of(const Contract& contract) const;

    // Rows of the longest column: of all that were read or filled.
    [[nodiscard]] std::size_t row_count() const;
    // Error (conflict) naming the first column whose length, or whose validity's, is not row_count(): a column that was not
    // filled fails loudly.
    Result<void> check_rectangular() const;
    // Empties every column and keeps the memory; dictionaries stay.
    void clear();

  private:
    std::vector<Column> columns_;
    std::vector<Validity> validities_;
    std::vector<bool> nullable_;
};

}  // namespace spymaster::lake
