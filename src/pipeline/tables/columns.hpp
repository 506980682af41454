// Rows to columns and back: which member of a row struct is which column of a contract.
//
// A table of bindings is written once per row type (bronze.hpp, silver.hpp) and used both to fill batches for
// the lake and to read them again, so that the two cannot drift. Work goes column by column: one indirect
// call a column and block.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"
#include "lake/column_batch.hpp"

namespace spymaster::pipeline {

template <class Row>
struct Binding {
    std::string_view column;
    void (*append)(lake::Column& column, std::span<const Row> rows);
    void (*read)(const lake::Column& column, std::span<Row> rows);
};

// Binds a numeric column stored as T. Get: Row -> value; Set: (Row&, T). Both captureless.
template <class Row, class T, class Get, class Set>
constexpr Binding<Row> bind(std::string_view column, Get, Set) {
    return {column,
            [](lake::Column& target, std::span<const Row> rows) {
                auto& values = std::get<std::vector<T>>(target);
                const std::size_t first = values.size();
                values.resize(first + rows.size());
                for (std::size_t i = 0; i < rows.size(); ++i)
                    values[first + i] = static_cast<T>(Get{}(rows[i]));
            },
            [](const lake::Column& source, std::span<Row> rows) {
                const auto& values = std::get<std::vector<T>>(source);
                SPY_ASSERT(values.size() == rows.size());
                for (std::size_t i = 0; i < rows.size(); ++i) Set{}(rows[i], values[i]);
            }};
}

// Binds a text column of single letters. Unknown text reads as 'N', DBN's "none".
template <class Row, class Get, class Set>
constexpr Binding<Row> bind_letter(std::string_view column, Get, Set) {
    return {column,
            [](lake::Column& target, std::span<const Row> rows) {
                auto& text = std::get<lake::TextColumn>(target);
                const std::size_t first = text.codes.size();
                text.codes.resize(first + rows.size());
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    const char letter = Get{}(rows[i]);
                    std::int32_t code = 0;
                    const auto known = static_cast<std::int32_t>(text.dictionary.size());
                    while (code < known && text.dictionary[static_cast<std::size_t>(code)][0] != letter)
                        ++code;
                    if (code == known) text.dictionary.emplace_back(1, letter);
                    text.codes[first + i] = code;
                }
            },
            [](const lake::Column& source, std::span<Row> rows) {
                const auto& text = std::get<lake::TextColumn>(source);
                SPY_ASSERT(text.codes.size() == rows.size());
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    const std::string& value = text.dictionary[static_cast<std::size_t>(text.codes[i])];
                    Set{}(rows[i], value.size() == 1 ? value[0] : 'N');
                }
            }};
}

// The bindings of a row type, each at its place in a contract.
template <class Row>
class BoundColumns {
  public:
    // Error (conflict): the contract has a column without a binding, or lacks one. So many others are filled by
    // other means.
    static Result<BoundColumns> resolve(const lake::Contract& contract,
                                        std::span<const Binding<Row>> bindings, std::size_t others = 0) {
        BoundColumns bound;
        for (const Binding<Row>& binding : bindings) {
            SPY_ASSIGN(const std::size_t place, contract.index_of(binding.column));
            bound.places_.push_back({place, &binding});
        }
        if (contract.fields.size() != bindings.size() + others) {
            return make_error(ErrorCode::conflict, "contract {} has {} columns, the engine fills {}",
                              contract.name, contract.fields.size(), bindings.size() + others);
        }
        return bound;
    }

    void append(lake::ColumnBatch& batch, std::span<const Row> rows) const {
        for (const auto& [place, binding] : places_) binding->append(batch.column(place), rows);
    }
    // REQUIRES: rows.size() == batch.row_count()
    void read(const lake::ColumnBatch& batch, std::span<Row> rows) const {
        for (const auto& [place, binding] : places_) binding->read(batch.column(place), rows);
    }

  private:
    struct Place {
        std::size_t place;
        const Binding<Row>* binding;
    };
    std::vector<Place> places_;
};

}  // namespace spymaster::pipeline
