// Binds a text column of many values, as columns.hpp binds numbers and letters.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "pipeline/tables/columns.hpp"

namespace spymaster::pipeline {

// Get: Row -> text that lives as long as the row; Set: (Row&, std::string_view). Both captureless.
template <class Row, class Get, class Set>
constexpr Binding<Row> bind_text(std::string_view column, Get, Set) {
    return {column,
            [](lake::Column& target, std::span<const Row> rows) {
                auto& text = std::get<lake::TextColumn>(target);
                std::unordered_map<std::string, std::int32_t> codes;
                for (const std::string& known : text.dictionary)
                    codes.emplace(known, static_cast<std::int32_t>(codes.size()));
                text.codes.reserve(text.codes.size() + rows.size());
                for (const Row& row : rows) {
                    const auto [place, is_new] =
                        codes.emplace(std::string(Get{}(row)), static_cast<std::int32_t>(codes.size()));
                    if (is_new) text.dictionary.push_back(place->first);
                    text.codes.push_back(place->second);
                }
            },
            [](const lake::Column& source, std::span<Row> rows) {
                const auto& text = std::get<lake::TextColumn>(source);
                SPY_ASSERT(text.codes.size() == rows.size());
                for (std::size_t i = 0; i < rows.size(); ++i)
                    Set{}(rows[i], text.dictionary[static_cast<std::size_t>(text.codes[i])]);
            }};
}

}  // namespace spymaster::pipeline
