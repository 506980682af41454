#include "pipeline/checks/table_rows.hpp"

#include "pipeline/tables/row_ranges.hpp"

namespace spymaster::pipeline::checks {

Result<TableRows> TableRows::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                  const std::vector<std::string>& names) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(std::vector<std::size_t> places, places_of(dataset->contract, names));
    SPY_ASSIGN(auto reader, lake.read(key, names));
    return TableRows(std::move(reader), std::move(places), dataset->contract);
}

TableRows::TableRows(std::unique_ptr<lake::PartitionReader> reader, std::vector<std::size_t> places,
                     const lake::Contract& contract)
    : reader_(std::move(reader)), places_(std::move(places)), batch_(contract) {}

Result<bool> TableRows::next() {
    if (++row_ < rows_) return true;
    do {
        SPY_ASSIGN(const bool more, reader_->next(batch_));
        row_ = 0;
        rows_ = more ? batch_.row_count() : 0;
        if (!more) return false;
    } while (rows_ == 0);
    return true;
}

std::int64_t TableRows::integer(std::size_t column) const {
    const lake::Column& values = batch_.column(places_[column]);
    if (const auto* const longs = std::get_if<std::vector<std::int64_t>>(&values)) return (*longs)[row_];
    if (const auto* const ints = std::get_if<std::vector<std::int32_t>>(&values)) return (*ints)[row_];
    return std::get<std::vector<std::uint8_t>>(values)[row_];
}

double TableRows::real(std::size_t column) const {
    return batch_.at<std::vector<double>>(places_[column])[row_];
}

std::string_view TableRows::text(std::size_t column) const {
    const auto& values = batch_.at<lake::TextColumn>(places_[column]);
    return values.dictionary[static_cast<std::size_t>(values.codes[row_])];
}

bool TableRows::is_null(std::size_t column) const {
    const lake::Validity& there = batch_.validity(places_[column]);
    return !there.empty() && there[row_] == 0;
}

}  // namespace spymaster::pipeline::checks
