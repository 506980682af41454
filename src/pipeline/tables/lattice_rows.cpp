#include "pipeline/tables/lattice_rows.hpp"

#include <cmath>

#include "market/right.hpp"
#include "market/side.hpp"

namespace spymaster::pipeline {

namespace {

using Longs = std::vector<std::int64_t>;
using Ints = std::vector<std::int32_t>;
using Doubles = std::vector<double>;

// The letter of each code of a text column; 0 for what is none.
std::vector<char> letters_of(const lake::TextColumn& column) {
    std::vector<char> letters;
    for (const std::string& text : column.dictionary) letters.push_back(text.size() == 1 ? text[0] : '\0');
    return letters;
}

char letter_at(const std::vector<char>& letters, std::int32_t code) {
    return code >= 0 && static_cast<std::size_t>(code) < letters.size()
               ? letters[static_cast<std::size_t>(code)]
               : '\0';
}

}  // namespace

Result<LatticeRows> LatticeRows::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                      const physics::LatticeShape& shape, std::vector<std::string> fields,
                                      std::int64_t surfaces) {
    std::vector<std::string> names{"window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "side"};
    if (shape.axis() == physics::Axis::strikes) names.emplace_back("right");
    const std::size_t count = fields.size();
    names.insert(names.end(), std::make_move_iterator(fields.begin()), std::make_move_iterator(fields.end()));
    SPY_ASSIGN(RowRanges rows, RowRanges::open(lake, key, names));
    const auto needed = surfaces * static_cast<std::int64_t>(shape.rows());
    if (rows.row_count() != needed) {
        return make_error(
            ErrorCode::malformed,
            "{} {} {}: {} rows, where its {} surfaces of {} cells would have {}; make the layer again",
            key.dataset, key.symbol, key.date.iso(), rows.row_count(), surfaces, shape.rows(), needed);
    }
    return LatticeRows(key, std::move(rows), shape, count);
}

LatticeRows::LatticeRows(lake::PartitionKey key, RowRanges rows, const physics::LatticeShape& shape,
                         std::size_t fields)
    : key_(std::move(key)),
      rows_(std::move(rows)),
      first_field_(rows_.columns().size() - fields),
      values_(fields, Doubles(shape.rows(), 0.0)) {
    const bool options = shape.axis() == physics::Axis::strikes;
    for (std::size_t row = 0; row < shape.rows(); ++row) {
        cells_.push_back({shape.rel_ticks(row), market::letter(shape.side(row)),
                          options ? market::letter(shape.right(row)) : '\0'});
    }
}

Result<void> LatticeRows::read(std::int64_t surface, std::int64_t window_end_ts_ns,
                               std::int64_t spot_ref_price_int) {
    const auto rows = static_cast<std::int64_t>(cells_.size());
    std::size_t row = 0;
    return rows_.visit(
        surface * rows, (surface + 1) * rows,
        [&](const lake::ColumnBatch& batch, std::size_t first, std::size_t last) -> Result<void> {
            SPY_TRY(add(batch, first, last, row, window_end_ts_ns, spot_ref_price_int));
            row += last - first;
            return {};
        });
}

// Rows [first, last) of a batch are those of the lattice from `row` on.
Result<void> LatticeRows::add(const lake::ColumnBatch& rows, std::size_t first, std::size_t last,
                              std::size_t row, std::int64_t window_end_ts_ns,
                              std::int64_t spot_ref_price_int) {
    const std::vector<std::size_t>& at = rows_.columns();
    const auto& ends = rows.at<Longs>(at[0]);
    const auto& spots = rows.at<Longs>(at[1]);
    const auto& rel_ticks = rows.at<Ints>(at[2]);
    const auto& sides = rows.at<lake::TextColumn>(at[3]);
    const auto* const rights = first_field_ > 4 ? &rows.at<lake::TextColumn>(at[4]) : nullptr;
    const std::vector<char> side_letters = letters_of(sides);
    const std::vector<char> right_letters = rights == nullptr ? std::vector<char>{} : letters_of(*rights);
    for (std::size_t i = first; i < last; ++i) {
        const Cell& cell = cells_[row + (i - first)];
        const char right = rights == nullptr ? '\0' : letter_at(right_letters, rights->codes[i]);
        if (ends[i] == window_end_ts_ns && spots[i] == spot_ref_price_int && rel_ticks[i] == cell.rel_ticks &&
            letter_at(side_letters, sides.codes[i]) == cell.side && right == cell.right)
            continue;
        return make_error(
            ErrorCode::malformed,
            "{} {} {}: window {}: its row {} is of window {}, spot {}, rel_ticks {}, not of spot {}, "
            "rel_ticks {} and the side in turn; make the layer again",
            key_.dataset, key_.symbol, key_.date.iso(), window_end_ts_ns, row + (i - first), ends[i],
            spots[i], rel_ticks[i], spot_ref_price_int, cell.rel_ticks);
    }
    for (std::size_t field = 0; field < values_.size(); ++field) {
        const auto& column = rows.at<Doubles>(at[first_field_ + field]);
        for (std::size_t i = first; i < last; ++i) {
            if (!std::isfinite(column[i])) {
                return make_error(ErrorCode::malformed,
                                  "{} {} {}: window {}: a value that is not finite; make the "
                                  "layer again",
                                  key_.dataset, key_.symbol, key_.date.iso(), window_end_ts_ns);
            }
            values_[field][row + (i - first)] = column[i];
        }
    }
    return {};
}

}  // namespace spymaster::pipeline
