#include "pipeline/tables/row_ranges.hpp"

#include <algorithm>

namespace spymaster::pipeline {

Result<std::vector<std::size_t>> places_of(const lake::Contract& contract,
                                           const std::vector<std::string>& names) {
    std::vector<std::size_t> places;
    for (const std::string& name : names) {
        SPY_ASSIGN(const std::size_t place, contract.index_of(name));
        places.push_back(place);
    }
    return places;
}

Result<RowRanges> RowRanges::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                  const std::vector<std::string>& names) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(std::vector<std::size_t> columns, places_of(dataset->contract, names));
    SPY_ASSIGN(auto reader, lake.read(key, names));
    return RowRanges(std::move(columns), std::move(reader), dataset->contract);
}

RowRanges::RowRanges(std::vector<std::size_t> columns, std::unique_ptr<lake::PartitionReader> reader,
                     const lake::Contract& contract)
    : columns_(std::move(columns)), reader_(std::move(reader)), group_at_(1, 0), rows_(contract) {
    for (const std::int64_t rows : reader_->row_group_rows()) group_at_.push_back(group_at_.back() + rows);
}

// REQUIRES: row < row_count()
Result<void> RowRanges::decode_group_of(std::int64_t row) {
    const auto after = std::ranges::upper_bound(group_at_, row);
    const auto group = static_cast<std::size_t>(after - group_at_.begin()) - 1;
    if (decoded_ && group_ == group) return {};
    decoded_ = false;
    if (next_group_ != group) SPY_TRY(reader_->seek_row_group(group));
    next_group_ = group_at_.size();  // after an error it stands nowhere
    SPY_ASSIGN(const bool more, reader_->next(rows_));
    if (!more || static_cast<std::int64_t>(rows_.row_count()) != group_at_[group + 1] - group_at_[group])
        return make_error(ErrorCode::malformed, "row group {} has not the rows its file states", group);
    next_group_ = group + 1;
    group_ = group;
    decoded_ = true;
    return {};
}

Result<void> RowRanges::visit(std::int64_t begin, std::int64_t end, const Visit& visit) {
    SPY_ASSERT(0 <= begin && begin <= end && end <= row_count());
    while (begin < end) {
        SPY_TRY(decode_group_of(begin));
        const std::int64_t stop = std::min(end, group_at_[group_ + 1]);
        SPY_TRY(visit(rows_, static_cast<std::size_t>(begin - group_at_[group_]),
                      static_cast<std::size_t>(stop - group_at_[group_])));
        begin = stop;
    }
    return {};
}

}  // namespace spymaster::pipeline
