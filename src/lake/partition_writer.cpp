#include "lake/partition_writer.hpp"

#include <algorithm>
#include <thread>

#include "base/files.hpp"
#include "lake/encodings.hpp"
#include "lake/manifest.hpp"
#include "lake/parquet_writer.hpp"
#include "lake/row_group_queue.hpp"
#include "lake/row_moves.hpp"
#include "lake/staging.hpp"

namespace spymaster::lake {
namespace {

constexpr std::string_view kPartName = "part-00000.parquet";

// More than two encoders do not pay: one thread fills the batches meanwhile, and closing a row group is
// serial.
unsigned int encoder_threads() {
    return std::clamp(std::thread::hardware_concurrency(), 1U, 2U);
}

class StagedPartitionWriter final : public PartitionWriter {
  public:
    StagedPartitionWriter(WriteJob job, Staging staging, std::unique_ptr<ParquetWriter> file)
        : job_(std::move(job)),
          staging_(std::move(staging)),
          pending_(job_.contract),
          queue_(std::move(file)) {}

    Result<void> append(ColumnBatch& batch) override {
        if (failed_) return *failed_;
        auto taken = take(batch);
        if (!taken) failed_ = taken.error();
        return taken;
    }

    Result<void> commit(const Lineage& lineage) override {
        if (failed_) return *failed_;
        failed_ = make_error(ErrorCode::usage, "a partition is committed once");  // also after an error below
        if (pending_.row_count() > 0) SPY_TRY(queue_.push(std::move(pending_)));
        SPY_ASSIGN(const FileHash data, queue_.finish());
        reached("data");
        SPY_ASSIGN(const std::string manifest, manifest_text(lineage, data));
        SPY_TRY(write_synced(staging_.folder() / kManifestName, manifest));
        reached("manifest");
        SPY_TRY(write_synced(staging_.folder() / kSuccessName, ""));
        return staging_.publish();
    }

    [[nodiscard]] std::int64_t row_count() const override { return row_count_; }

  private:
    Result<void> take(ColumnBatch& batch) {
        SPY_TRY(check_rows(batch, job_.contract, row_count_));
        row_count_ += static_cast<std::int64_t>(batch.row_count());
        if (pending_.row_count() == 0 && batch.row_count() < 2 * kRowGroupRows) {
            copy_dictionaries(pending_, batch);  // the caller keeps its dictionaries
            std::swap(pending_, batch);
            batch.clear();
            return push_full_groups();
        }
        for (std::size_t first = 0; first < batch.row_count();) {
            const std::size_t count =
                std::min(batch.row_count() - first, kRowGroupRows - pending_.row_count());
            append_rows(pending_, batch, first, count);
            first += count;
            SPY_TRY(push_full_groups());
        }
        batch.clear();
        return {};
    }

    // Afterwards less than a row group is pending.
    Result<void> push_full_groups() {
        while (pending_.row_count() >= kRowGroupRows) {
            ColumnBatch rest = queue_.recycled().value_or(ColumnBatch(job_.contract));
            copy_dictionaries(rest, pending_);
            append_rows(rest, pending_, kRowGroupRows, pending_.row_count() - kRowGroupRows);
            truncate_rows(pending_, kRowGroupRows);
            std::swap(pending_, rest);
            SPY_TRY(queue_.push(std::move(rest)));
        }
        return {};
    }

    Result<std::string> manifest_text(const Lineage& lineage, const FileHash& data) const {
        Manifest manifest;
        manifest.dataset = job_.key.dataset;
        manifest.symbol = job_.key.symbol;
        manifest.date = job_.key.date;
        manifest.stage = lineage.stage;
        manifest.row_count = row_count_;
        manifest.contract_path = job_.contract.path.generic_string();
        manifest.contract_sha256 = job_.contract.sha256;
        manifest.files = {{std::string(kPartName), data.size_bytes, data.sha256}};
        SPY_ASSIGN(manifest.inputs, job_.hash_inputs(lineage.inputs));
        manifest.properties = lineage.properties;
        return to_json(manifest);
    }

    WriteJob job_;
    Staging staging_;
    ColumnBatch pending_;  // fewer rows than a row group
    std::int64_t row_count_ = 0;
    std::optional<Error> failed_;
    RowGroupQueue queue_;  // last: its thread stops before the folder goes
};

}  // namespace

Result<std::unique_ptr<PartitionWriter>> start_partition(WriteJob job) {
    SPY_ASSIGN(Staging staging, Staging::create(job.target));
    SPY_ASSIGN(auto file, ParquetWriter::create(staging.folder() / kPartName, job.contract,
                                                encodings_of(job.contract), encoder_threads()));
    return std::unique_ptr<PartitionWriter>(
        std::make_unique<StagedPartitionWriter>(std::move(job), std::move(staging), std::move(file)));
}

}  // namespace spymaster::lake
