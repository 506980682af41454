// Rows of a contract to Arrow: the contract's columns in its order, nulls where it lets them be. No header of Arrow
// comes with this one.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "lake/column_batch.hpp"
#include "lake/contract.hpp"
#include "serve/surface_frame.hpp"

namespace spymaster::serve {

// Immutable: any number of threads may use one.
class TableEncoder {
  public:
    // Error (internal): Arrow cannot write the schema.
    static Result<TableEncoder> make(const lake::Contract& contract);
    ~TableEncoder();
    TableEncoder(TableEncoder&&) noexcept;
    TableEncoder& operator=(TableEncoder&&) noexcept;

    [[nodiscard]] std::string_view schema_message() const;
    // All rows, in one record batch; what stands where nothing is does not change the bytes. REQUIRES: rows of the contract,
    // rectangular.
    [[nodiscard]] Result<FramePtr> frame(const lake::ColumnBatch& rows) const;

  private:
    struct Schema;
    explicit TableEncoder(std::unique_ptr<const Schema> schema);
    std::unique_ptr<const Schema> schema_;
};

}  // namespace spymaster::serve
