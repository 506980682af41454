// A dataset being written from rows of one kind, through their bindings.
#pragma once

#include <span>
#include <utility>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/tables/columns.hpp"
#include "pipeline/tables/table_sink.hpp"

namespace spymaster::pipeline {

template <class Row>
class RowTable {
  public:
    // `columns_of` gives the bindings that fill a contract. Error: as BoundColumns::resolve and lake::Lake::write.
    template <class ColumnsOf>
    static Result<RowTable> create(const lake::Lake& lake, const lake::PartitionKey& key,
                                   ColumnsOf&& columns_of, Kept kept = Kept::in_lake) {
        SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
        SPY_ASSIGN(auto columns,
                   BoundColumns<Row>::resolve(dataset->contract, columns_of(dataset->contract)));
        SPY_ASSIGN(TableSink table, TableSink::create(lake, key, kept));
        return RowTable(std::move(table), std::move(columns));
    }

    Result<void> append(std::span<const Row> rows) {
        columns_.append(table_.batch(), rows);
        return table_.added();
    }
    Result<void> commit(const lake::Lineage& lineage) { return table_.commit(lineage); }
    // The rows that are not in the lake yet; of a table kept in memory, all since it was cleared.
    [[nodiscard]] lake::ColumnBatch& batch() { return table_.batch(); }

  private:
    RowTable(TableSink table, BoundColumns<Row> columns)
        : table_(std::move(table)), columns_(std::move(columns)) {}

    TableSink table_;
    BoundColumns<Row> columns_;
};

}  // namespace spymaster::pipeline
