#include "serve/window_rows.hpp"

#include <algorithm>

namespace spymaster::serve {

namespace {

// Where the rows of each window begin, and the row after the last. Reads the one column.
Result<std::vector<std::int64_t>> index_rows(const lake::Lake& lake, const lake::PartitionKey& key,
                                             const std::string& end_name,
                                             const std::vector<std::int64_t>& window_ends) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto place, spec->contract.index_of(end_name));
    SPY_ASSIGN(auto reader, lake.read(key, {end_name}));
    lake::ColumnBatch rows(spec->contract);
    std::vector<std::int64_t> at(window_ends.size() + 1, 0);
    std::size_t window = 0;
    std::int64_t row = 0;
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) break;
        for (const auto end : rows.at<std::vector<std::int64_t>>(place)) {
            while (window < window_ends.size() && window_ends[window] < end) at[++window] = row;
            if (window == window_ends.size() || window_ends[window] != end) {
                return make_error(ErrorCode::conflict,
                                  "{} {} {}: row {} is of window {}, which is out of order or not among "
                                  "the snapshots; run the layer again",
                                  key.dataset, key.symbol, key.date.iso(), row, end);
            }
            row += 1;
        }
    }
    while (window < window_ends.size()) at[++window] = row;
    return at;
}

}  // namespace

Result<std::vector<std::size_t>> places_of(const lake::Contract& contract,
                                           const std::vector<std::string>& names) {
    std::vector<std::size_t> out;
    for (const auto& name : names) {
        SPY_ASSIGN(const auto place, contract.index_of(name));
        out.push_back(place);
    }
    return out;
}

Result<std::unique_ptr<WindowRows>> WindowRows::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                                     const std::vector<std::string>& names,
                                                     const std::vector<std::int64_t>& window_ends) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    SPY_ASSIGN(auto columns, places_of(spec->contract, names));
    SPY_ASSIGN(auto reader, lake.read(key, names));
    SPY_ASSIGN(auto row_at, index_rows(lake, key, names.front(), window_ends));
    std::unique_ptr<WindowRows> rows(
        new WindowRows(std::move(columns), std::move(reader), spec->contract, std::move(row_at)));
    if (rows->row_at_.back() != rows->group_at_.back()) {
        return make_error(ErrorCode::conflict, "{} {} {} was replaced while it was being opened; ask again",
                          key.dataset, key.symbol, key.date.iso());
    }
    return rows;
}

WindowRows::WindowRows(std::vector<std::size_t> columns, std::unique_ptr<lake::PartitionReader> reader,
                       const lake::Contract& contract, std::vector<std::int64_t> row_at)
    : columns_(std::move(columns)),
      reader_(std::move(reader)),
      row_at_(std::move(row_at)),
      group_at_(1, 0),
      rows_(contract) {
    for (const auto rows : reader_->row_group_rows()) group_at_.push_back(group_at_.back() + rows);
}

// REQUIRES: row < group_at_.back()
Result<void> WindowRows::decode_group_of(std::int64_t row) {
    const auto after = std::upper_bound(group_at_.begin(), group_at_.end(), row);
    const auto group = static_cast<std::size_t>(after - group_at_.begin()) - 1;
    if (decoded_ && group_ == group) return {};
    decoded_ = false;
    if (next_group_ != group) SPY_TRY(reader_->seek_row_group(group));
    next_group_ = group;
    SPY_ASSIGN(const bool more, reader_->next(rows_));
    const auto rows = static_cast<std::int64_t>(rows_.row_count());
    if (!more || rows != group_at_[group + 1] - group_at_[group]) {
        return make_error(ErrorCode::malformed, "row group {} has not the rows its file states", group);
    }
    next_group_ = group + 1;
    group_ = group;
    decoded_ = true;
    return {};
}

Result<void> WindowRows::visit(std::size_t window, const Visit& visit) {
    SPY_ASSERT(window + 1 < row_at_.size());
    const std::int64_t end = row_at_[window + 1];
    for (std::int64_t begin = row_at_[window]; begin < end;) {
        SPY_TRY(decode_group_of(begin));
        const std::int64_t stop = std::min(end, group_at_[group_ + 1]);
        SPY_TRY(visit(rows_, static_cast<std::size_t>(begin - group_at_[group_]),
                      static_cast<std::size_t>(stop - group_at_[group_])));
        begin = stop;
    }
    return {};
}

}  // namespace spymaster::serve
