// The records of one feed that are measured, of one kind: of the contracts, or of the options on them.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "pipeline/bronze/record_splitter.hpp"

namespace spymaster::pipeline {

class MeasuredRecords {
  public:
    MeasuredRecords(const RawSelection& selection, const TakeRecords& take) : selection_(selection) {
        if (has_quotes(*selection.product)) {
            quotes_ = std::make_unique<RecordSplitter<dbn::Cmbp1Msg>>(selection_, take);
        } else {
            orders_ = std::make_unique<RecordSplitter<dbn::MboMsg>>(selection_, take);
        }
    }
    MeasuredRecords(const MeasuredRecords&) = delete;
    MeasuredRecords& operator=(const MeasuredRecords&) = delete;

    void begin(const dbn::Metadata& metadata) {
        if (orders_) orders_->begin_file(metadata);
        if (quotes_) quotes_->begin_file(metadata);
    }
    void choose_from(const OptionUniverse& universe) {
        selection_.universe = &universe;
        if (orders_) orders_->look_again();
        if (quotes_) quotes_->look_again();
    }
    Result<void> add(std::span<const std::byte> block) {
        return orders_ ? orders_->add_block(block) : quotes_->add_block(block);
    }

  private:
    RawSelection selection_;
    std::unique_ptr<RecordSplitter<dbn::MboMsg>> orders_;
    std::unique_ptr<RecordSplitter<dbn::Cmbp1Msg>> quotes_;
};

}  // namespace spymaster::pipeline
