#include "pipeline/reference/raw_reference.hpp"

#include <algorithm>
#include <optional>

#include "dbn/decoder.hpp"
#include "dbn/legacy_records.hpp"
#include "dbn/reference_records.hpp"
#include "feed/raw_files.hpp"

namespace spymaster::pipeline {

namespace {

// Where every layout of both record types has ts_recv.
constexpr std::size_t kReceivedAt = sizeof(dbn::RecordHeader);
static_assert(offsetof(dbn::InstrumentDefMsg, ts_recv) == kReceivedAt &&
              offsetof(dbn::v2::InstrumentDefMsg, ts_recv) == kReceivedAt &&
              offsetof(dbn::v1::InstrumentDefMsg, ts_recv) == kReceivedAt &&
              offsetof(dbn::StatMsg, ts_recv) == kReceivedAt &&
              offsetof(dbn::v1::StatMsg, ts_recv) == kReceivedAt);

using TakeRecord = std::function<Result<void>(const std::byte*)>;

class ReferenceReader {
  public:
    ReferenceReader(const ReferenceQuery& query, Progress& progress, const TakeRecord& take)
        : query_(query),
          progress_(progress),
          take_(take),
          day_start_ns_(static_cast<std::uint64_t>(query.date.midnight_utc_ns())),
          day_end_ns_(static_cast<std::uint64_t>(query.date.next().midnight_utc_ns())) {}

    Result<void> read(const std::filesystem::path& file) {
        SPY_ASSIGN(dbn::Decoder decoder, dbn::Decoder::open(file));
        const dbn::Metadata* const metadata = decoder.metadata();
        if (metadata == nullptr) {
            return make_error(ErrorCode::conflict,
                              "{} has no metadata, so nothing says which dataset it is of; use a whole DBN "
                              "file",
                              file.string());
        }
        if (!query_.datasets.empty() &&
            std::ranges::find(query_.datasets, metadata->dataset) == query_.datasets.end()) {
            counts_.other_datasets += 1;
            return {};
        }
        counts_.files_read.push_back(file);
        progress_.units_total += decoder.compressed_size();
        std::uint64_t reported_bytes = 0;
        for (;;) {
            const std::uint64_t first_record = decoder.records_consumed();
            SPY_ASSIGN(const auto block, decoder.next_block());
            if (block.empty()) return {};
            SPY_TRY(read_block(block, decoder.bytes_consumed() - block.size(), first_record, file));
            progress_.units_done += decoder.compressed_bytes_consumed() - reported_bytes;
            progress_.records += decoder.records_consumed() - first_record;
            reported_bytes = decoder.compressed_bytes_consumed();
        }
    }

    ReferenceCounts& counts() { return counts_; }

  private:
    // `offset` and `number` are those of the block's first record.
    Result<void> read_block(std::span<const std::byte> block, std::uint64_t offset, std::uint64_t number,
                            const std::filesystem::path& file) {
        const std::byte* const begin = block.data();
        const std::byte* const end = begin + block.size();
        for (const std::byte* record = begin; record != end; ++number) {
            if (auto taken = consider(record); !taken.ok()) {
                return taken.error().within(fmt::format("{}: record {} at byte {}", file.string(), number,
                                                        offset + static_cast<std::uint64_t>(record - begin)));
            }
            record += dbn::load<dbn::RecordHeader>(record).size();
        }
        return {};
    }

    Result<void> consider(const std::byte* record) {
        counts_.records += 1;
        const auto header = dbn::load<dbn::RecordHeader>(record);
        if (header.rtype != query_.rtype) {
            counts_.other_types += 1;
            return {};
        }
        auto received_ns = dbn::load<std::uint64_t>(record + kReceivedAt);
        if (received_ns == market::kUndefTimestamp) received_ns = header.ts_event;
        if (received_ns < day_start_ns_ || received_ns >= day_end_ns_) {
            counts_.other_dates += 1;
            return {};
        }
        return take_(record);
    }

    const ReferenceQuery& query_;
    Progress& progress_;
    const TakeRecord& take_;
    std::uint64_t day_start_ns_;
    std::uint64_t day_end_ns_;
    ReferenceCounts counts_;
};

}  // namespace

Result<ReferenceCounts> read_reference(std::vector<std::filesystem::path> files, const ReferenceQuery& query,
                                       Progress& progress, const TakeRecord& take) {
    std::ranges::sort(files);
    ReferenceReader reader(query, progress, take);
    for (const std::filesystem::path& file : files) SPY_TRY(reader.read(file));
    return std::move(reader.counts());
}

std::map<std::string, std::string> raw_properties(std::span<const std::filesystem::path> files) {
    const bool simulated = std::ranges::all_of(files, feed::is_simulated);
    const bool recorded = std::ranges::any_of(files, feed::is_recording);
    std::map<std::string, std::string> properties{{"source", recorded    ? "live"
                                                             : simulated ? "simulated"
                                                                         : "databento"}};
    for (const std::filesystem::path& file : files) {
        std::error_code failed;
        properties["raw_file " + file.filename().string()] =
            std::to_string(std::filesystem::file_size(file, failed)) + " bytes";
    }
    return properties;
}

}  // namespace spymaster::pipeline
