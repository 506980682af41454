// Bronze: the market-by-order records of one contract, as rows of bronze.*.mbo (spec 3.1), and back.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "dbn/records.hpp"
#include "lake/lake.hpp"
#include "pipeline/columns.hpp"
#include "pipeline/table_sink.hpp"

namespace spymaster::pipeline {

// Makes a record canonical, the same for the lake and for the engine: a missing price becomes 0.
// Error (malformed): an Add or Modify without a price (spec 3, NULL price rule).
Result<void> make_canonical(dbn::MboMsg& record);

class BronzeSink {
  public:
    static Result<BronzeSink> create(const lake::Lake& lake, const lake::PartitionKey& key);
    Result<void> append(std::span<const dbn::MboMsg> records);
    Result<void> commit(const lake::Lineage& lineage) { return table_.commit(lineage); }
    [[nodiscard]] std::int64_t row_count() const { return table_.row_count(); }

  private:
    BronzeSink(TableSink table, BoundColumns<dbn::MboMsg> columns, std::size_t symbol_place)
        : table_(std::move(table)), columns_(std::move(columns)), symbol_place_(symbol_place) {}

    TableSink table_;
    BoundColumns<dbn::MboMsg> columns_;
    std::size_t symbol_place_;
};

// Hands every record of a bronze partition to `take`, block by block, in file order, until it returns false.
Result<void> read_bronze(const lake::Lake& lake, const lake::PartitionKey& key,
                         const std::function<Result<bool>(std::span<const dbn::MboMsg>)>& take);

}  // namespace spymaster::pipeline
