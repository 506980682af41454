#include "lake/row_moves.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace spymaster::lake {
namespace {

template <class T>
void append_values(std::vector<T>& to, const std::vector<T>& from, std::size_t first, std::size_t count) {
    to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(first),
              from.begin() + static_cast<std::ptrdiff_t>(first + count));
}

void append_text(TextColumn& to, const TextColumn& from, std::size_t first, std::size_t count) {
    if (to.dictionary == from.dictionary) return append_values(to.codes, from.codes, first, count);
    constexpr std::int32_t kUnknown = -1;
    std::vector<std::int32_t> place(from.dictionary.size(), kUnknown);
    for (const std::int32_t code : std::span(from.codes).subspan(first, count)) {
        const auto entry = static_cast<std::size_t>(code);
        if (place[entry] == kUnknown) {
            const auto found = std::ranges::find(to.dictionary, from.dictionary[entry]);
            place[entry] = static_cast<std::int32_t>(found - to.dictionary.begin());
            if (found == to.dictionary.end()) to.dictionary.push_back(from.dictionary[entry]);
        }
        to.codes.push_back(place[entry]);
    }
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Finite doubles have an exponent below all ones. In integers, so that the loop is a vector loop.
std::size_t first_not_finite(std::span<const double> values) {
    constexpr std::uint64_t kExponent = 0x7FF0'0000'0000'0000;
    const auto bad = [](double value) {
        return (std::bit_cast<std::uint64_t>(value) & kExponent) == kExponent;
    };
    std::uint64_t any = 0;
    for (const double value : values) any |= static_cast<std::uint64_t>(bad(value));
    if (any == 0) return kNone;
    return static_cast<std::size_t>(std::ranges::find_if(values, bad) - values.begin());
}

std::size_t first_without_entry(const TextColumn& text) {
    const auto entries = static_cast<std::uint32_t>(text.dictionary.size());
    std::uint32_t largest = 0;
    for (const std::int32_t code : text.codes) largest = std::max(largest, static_cast<std::uint32_t>(code));
    if (text.codes.empty() || largest < entries) return kNone;
    const auto bad = [&](std::int32_t code) { return static_cast<std::uint32_t>(code) >= entries; };
    return static_cast<std::size_t>(std::ranges::find_if(text.codes, bad) - text.codes.begin());
}

Result<void> check_column(const Column& column, const ContractField& field, std::int64_t first_row) {
    const auto row = [&](std::size_t place) { return first_row + static_cast<std::int64_t>(place); };
    if (const auto* values = std::get_if<std::vector<double>>(&column)) {
        const std::size_t place = first_not_finite(*values);
        if (place == kNone) return {};
        return make_error(ErrorCode::conflict, "column {} is {} in row {}: a stored number must be finite",
                          field.name, (*values)[place], row(place));
    }
    if (const auto* text = std::get_if<TextColumn>(&column)) {
        const std::size_t place = first_without_entry(*text);
        if (place == kNone) return {};
        return make_error(ErrorCode::conflict, "column {} has code {} in row {}, its dictionary {} entries",
                          field.name, text->codes[place], row(place), text->dictionary.size());
    }
    return {};
}

}  // namespace

void append_rows(ColumnBatch& to, const ColumnBatch& from, std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < to.column_count(); ++i) {
        std::visit(
            [&]<class T>(T& target) {
                const T& source = std::get<T>(from.column(i));
                if constexpr (std::is_same_v<T, TextColumn>) {
                    append_text(target, source, first, count);
                } else {
                    append_values(target, source, first, count);
                }
            },
            to.column(i));
    }
}

void truncate_rows(ColumnBatch& batch, std::size_t count) {
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
        std::visit(
            [&]<class T>(T& column) {
                if constexpr (std::is_same_v<T, TextColumn>) {
                    column.codes.resize(count);
                } else {
                    column.resize(count);
                }
            },
            batch.column(i));
    }
}

void copy_dictionaries(ColumnBatch& to, const ColumnBatch& from) {
    for (std::size_t i = 0; i < to.column_count(); ++i) {
        if (auto* text = std::get_if<TextColumn>(&to.column(i))) {
            text->dictionary = from.at<TextColumn>(i).dictionary;
        }
    }
}

Result<void> check_rows(const ColumnBatch& batch, const Contract& contract, std::int64_t first_row) {
    bool fits = batch.column_count() == contract.fields.size();
    for (std::size_t i = 0; fits && i < batch.column_count(); ++i) {
        fits = batch.column(i).index() == static_cast<std::size_t>(contract.fields[i].type);
    }
    if (!fits) {
        return make_error(ErrorCode::conflict, "the columns are not those of contract {}", contract.name);
    }
    SPY_TRY(batch.check_rectangular());
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
        SPY_TRY(check_column(batch.column(i), contract.fields[i], first_row));
    }
    return {};
}

}  // namespace spymaster::lake
