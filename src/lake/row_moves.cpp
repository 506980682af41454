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

// `there`: the validity of the column, empty of one that is not nullable.
bool is_null(const Validity& there, std::size_t row) {
    return !there.empty() && there[row] == 0;
}

void append_text(TextColumn& to, const TextColumn& from, const Validity& there, std::size_t first,
                 std::size_t count) {
    if (to.dictionary == from.dictionary) return append_values(to.codes, from.codes, first, count);
    constexpr std::int32_t kUnknown = -1;
    std::vector<std::int32_t> place(from.dictionary.size(), kUnknown);
    for (std::size_t row = first; row < first + count; ++row) {
        if (is_null(there, row)) {
            to.codes.push_back(0);
            continue;
        }
        const auto entry = static_cast<std::size_t>(from.codes[row]);
        if (place[entry] == kUnknown) {
            const auto found = std::ranges::find(to.dictionary, from.dictionary[entry]);
            place[entry] = static_cast<std::int32_t>(found - to.dictionary.begin());
            if (found == to.dictionary.end()) to.dictionary.push_back(from.dictionary[entry]);
        }
        to.codes.push_back(place[entry]);
    }
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

template <class T, class Bad>
std::size_t first_that_is(const std::vector<T>& values, const Validity& there, const Bad& bad) {
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (!is_null(there, row) && bad(values[row])) return row;
    }
    return kNone;
}

// Finite doubles have an exponent below all ones. In integers, so that the loop is a vector loop.
std::size_t first_not_finite(const std::vector<double>& values, const Validity& there) {
    constexpr std::uint64_t kExponent = 0x7FF0'0000'0000'0000;
    const auto bad = [](double value) {
        return (std::bit_cast<std::uint64_t>(value) & kExponent) == kExponent;
    };
    std::uint64_t any = 0;
    for (const double value : values) any |= static_cast<std::uint64_t>(bad(value));
    if (any == 0) return kNone;
    return first_that_is(values, there, bad);
}

std::size_t first_without_entry(const TextColumn& text, const Validity& there) {
    const auto entries = static_cast<std::uint32_t>(text.dictionary.size());
    std::uint32_t largest = 0;
    for (const std::int32_t code : text.codes) largest = std::max(largest, static_cast<std::uint32_t>(code));
    if (text.codes.empty() || largest < entries) return kNone;
    const auto bad = [&](std::int32_t code) { return static_cast<std::uint32_t>(code) >= entries; };
    return first_that_is(text.codes, there, bad);
}

Result<void> check_column(const Column& column, const Validity& there, const ContractField& field,
                          std::int64_t first_row) {
    const auto row = [&](std::size_t place) { return first_row + static_cast<std::int64_t>(place); };
    if (const auto* values = std::get_if<std::vector<double>>(&column)) {
        const std::size_t place = first_not_finite(*values, there);
        if (place == kNone) return {};
        return make_error(ErrorCode::conflict, "column {} is {} in row {}: a stored number must be finite",
                          field.name, (*values)[place], row(place));
    }
    if (const auto* text = std::get_if<TextColumn>(&column)) {
        const std::size_t place = first_without_entry(*text, there);
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
                    append_text(target, source, from.validity(i), first, count);
                } else {
                    append_values(target, source, first, count);
                }
            },
            to.column(i));
        if (to.is_nullable(i)) append_values(to.validity(i), from.validity(i), first, count);
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
        if (batch.is_nullable(i)) batch.validity(i).resize(count);
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
    if (!batch.is_of(contract)) {
        return make_error(ErrorCode::conflict, "the columns are not those of contract {}", contract.name);
    }
    SPY_TRY(batch.check_rectangular());
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
        SPY_TRY(check_column(batch.column(i), batch.validity(i), contract.fields[i], first_row));
    }
    return {};
}

}  // namespace spymaster::lake
