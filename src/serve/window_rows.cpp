#include "serve/window_rows.hpp"

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

Result<std::unique_ptr<WindowRows>> WindowRows::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                                     const std::vector<std::string>& names,
                                                     const std::vector<std::int64_t>& window_ends) {
    SPY_ASSIGN(auto rows, pipeline::RowRanges::open(lake, key, names));
    SPY_ASSIGN(auto row_at, index_rows(lake, key, names.front(), window_ends));
    if (row_at.back() != rows.row_count()) {
        return make_error(ErrorCode::conflict, "{} {} {} was replaced while it was being opened; ask again",
                          key.dataset, key.symbol, key.date.iso());
    }
    return std::unique_ptr<WindowRows>(new WindowRows(std::move(rows), std::move(row_at)));
}

Result<void> WindowRows::visit(std::size_t window, const pipeline::RowRanges::Visit& visit) {
    SPY_ASSERT(window + 1 < row_at_.size());
    return rows_.visit(row_at_[window], row_at_[window + 1], visit);
}

}  // namespace spymaster::serve
