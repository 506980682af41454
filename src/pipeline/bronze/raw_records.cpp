#include "pipeline/bronze/raw_records.hpp"

#include <memory>

#include "dbn/decoder.hpp"
#include "pipeline/bronze/record_splitter.hpp"

namespace spymaster::pipeline {

namespace {

using dbn::Cmbp1Msg;
using dbn::MboMsg;

template <class Record>
Result<void> read_file(const std::filesystem::path& file, const RawSelection& selection,
                       RecordSplitter<Record>& splitter, Progress& progress) {
    SPY_ASSIGN(dbn::Decoder decoder, dbn::Decoder::open(file));
    const dbn::Metadata* const metadata = decoder.metadata();
    if (metadata == nullptr) {
        return make_error(ErrorCode::conflict,
                          "{} has no metadata, so its instruments have no names; use a whole DBN file",
                          file.string());
    }
    if (metadata->dataset != selection.product->dataset) {
        return make_error(ErrorCode::conflict, "{} is of dataset {}, but {} comes from {}", file.string(),
                          metadata->dataset, selection.product->name, selection.product->dataset);
    }
    splitter.begin_file(*metadata);
    progress.units_total += decoder.compressed_size();
    std::uint64_t reported_bytes = 0;
    std::uint64_t reported_records = 0;
    for (;;) {
        SPY_ASSIGN(const auto block, decoder.next_block());
        if (block.empty()) return {};
        if (auto added = splitter.add_block(block); !added.ok()) return added.error().within(file.string());
        progress.units_done += decoder.compressed_bytes_consumed() - reported_bytes;
        progress.records += decoder.records_consumed() - reported_records;
        reported_bytes = decoder.compressed_bytes_consumed();
        reported_records = decoder.records_consumed();
    }
}

template <class Record>
Result<RawCounts> read_files(const std::vector<std::filesystem::path>& files, const RawSelection& selection,
                             Progress& progress, const TakeRecords& take) {
    const auto splitter = std::make_unique<RecordSplitter<Record>>(selection, take);
    for (const std::filesystem::path& file : files) SPY_TRY(read_file(file, selection, *splitter, progress));
    return splitter->counts();
}

}  // namespace

Result<RawCounts> read_raw(const std::vector<std::filesystem::path>& files, const RawSelection& selection,
                           Progress& progress, const TakeRecords& take) {
    return has_quotes(*selection.product) ? read_files<Cmbp1Msg>(files, selection, progress, take)
                                          : read_files<MboMsg>(files, selection, progress, take);
}

}  // namespace spymaster::pipeline
