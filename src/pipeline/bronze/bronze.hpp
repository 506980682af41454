// Bronze: the records of one contract, or of all 0DTE options on one underlying, as rows of bronze.*.mbo and
// bronze.*.cmbp_1 (spec 3.1 to 3.4), and back.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "dbn/records.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "pipeline/bronze/records.hpp"

namespace spymaster::pipeline {

// Makes a record canonical, the same for the lake and for the engine: a missing price, size or time of receipt
// becomes 0, 0 and ts_event.
// Error (malformed): an Add or Modify without a price (spec 3, NULL price rule).
Result<void> make_canonical(dbn::MboMsg& record);
Result<void> make_canonical(dbn::Cmbp1Msg& record);

class BronzeSink {
  public:
    static Result<BronzeSink> create(const lake::Lake& lake, const lake::PartitionKey& key,
                                     const market::Product& product);
    BronzeSink(BronzeSink&&) noexcept;
    BronzeSink& operator=(BronzeSink&&) noexcept;
    ~BronzeSink();

    Result<void> append(const RecordRun& run);
    Result<void> commit(const lake::Lineage& lineage);

  private:
    class Impl;
    explicit BronzeSink(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Hands every record of a bronze partition to `take`, run by run, in file order, until it returns false.
Result<void> read_bronze(const lake::Lake& lake, const lake::PartitionKey& key,
                         const market::Product& product,
                         const std::function<Result<bool>(const RecordRun&)>& take);

}  // namespace spymaster::pipeline
