#include "lake/partition_reader.hpp"

#include <future>
#include <numeric>
#include <optional>
#include <system_error>

#include "lake/parquet_reader.hpp"

namespace spymaster::lake {
namespace {

struct Place {
    ParquetReader* file;
    std::size_t row_group;  // in the file
};

class PrefetchingReader final : public PartitionReader {
  public:
    PrefetchingReader(const Contract& contract, std::vector<bool> wanted,
                      std::vector<std::unique_ptr<ParquetReader>> files)
        : contract_(contract), wanted_(std::move(wanted)), files_(std::move(files)) {
        for (const auto& file : files_) {
            for (std::size_t i = 0; i < file->row_group_rows().size(); ++i) {
                places_.push_back({file.get(), i});
                rows_.push_back(file->row_group_rows()[i]);
            }
        }
    }
    ~PrefetchingReader() override {
        if (coming_.valid()) coming_.wait();
    }

    Result<bool> next(ColumnBatch& batch) override {
        if (next_ == places_.size()) return false;
        auto rows = coming_.valid() ? coming_.get() : load(next_, std::move(batch));
        if (!rows) {
            batch = ColumnBatch(contract_);
            next_ = places_.size();  // what is beyond a damaged row group is not offered
            return rows.error();
        }
        ++next_;
        std::swap(batch, *rows);
        if (next_ < places_.size()) {
            // The memory of the rows the caller has done with is used for the rows to come.
            coming_ =
                std::async(std::launch::async, [this, index = next_, memory = std::move(*rows)]() mutable {
                    return load(index, std::move(memory));
                });
        }
        return true;
    }

    [[nodiscard]] std::vector<std::int64_t> row_group_rows() const override { return rows_; }

    Result<void> seek_row_group(std::size_t index) override {
        if (index >= places_.size()) {
            return make_error(ErrorCode::usage, "no row group {}: the partition has {}", index,
                              places_.size());
        }
        if (coming_.valid()) (void)coming_.get();
        next_ = index;
        return {};
    }

    [[nodiscard]] std::int64_t row_count() const override {
        return std::accumulate(rows_.begin(), rows_.end(), std::int64_t{0});
    }

  private:
    // The rows of a row group, in the memory of a batch that is no longer used.
    Result<ColumnBatch> load(std::size_t index, ColumnBatch memory) const {
        // A caller may hand over a batch of another contract: it is replaced.
        if (!memory.is_of(contract_)) memory = ColumnBatch(contract_);
        SPY_TRY(places_[index].file->read_row_group(places_[index].row_group, wanted_, memory));
        return memory;
    }

    Contract contract_;
    std::vector<bool> wanted_;
    std::vector<std::unique_ptr<ParquetReader>> files_;
    std::vector<Place> places_;
    std::vector<std::int64_t> rows_;
    std::size_t next_ = 0;
    std::future<Result<ColumnBatch>> coming_;  // row group next_, if valid
};

Result<std::vector<bool>> wanted_columns(const Contract& contract, const std::vector<std::string>& columns) {
    std::vector<bool> wanted(contract.fields.size(), columns.empty());
    for (const std::string& column : columns) {
        SPY_ASSIGN(const std::size_t place, contract.index_of(column));
        wanted[place] = true;
    }
    return wanted;
}

}  // namespace

Result<std::unique_ptr<PartitionReader>> open_partition(const std::filesystem::path& folder,
                                                        const Manifest& manifest, const Contract& contract,
                                                        const std::vector<std::string>& columns) {
    SPY_ASSIGN(std::vector<bool> wanted, wanted_columns(contract, columns));
    std::vector<std::unique_ptr<ParquetReader>> files;
    std::int64_t rows = 0;
    for (const Manifest::File& entry : manifest.files) {
        const std::filesystem::path path = folder / entry.name;
        std::error_code error;
        const auto size = std::filesystem::file_size(path, error);
        if (error)
            return make_error(ErrorCode::missing, "{} is in the manifest, but not there", path.string());
        if (size != static_cast<std::uintmax_t>(entry.size_bytes)) {
            return make_error(ErrorCode::malformed,
                              "{} has {} bytes, its manifest says {}: rebuild the partition", path.string(),
                              size, entry.size_bytes);
        }
        SPY_ASSIGN(auto file, ParquetReader::open(path, contract));
        const auto& groups = file->row_group_rows();
        rows = std::accumulate(groups.begin(), groups.end(), rows);
        files.push_back(std::move(file));
    }
    if (rows != manifest.row_count) {
        return make_error(ErrorCode::malformed, "{} has {} rows, its manifest says {}", folder.string(), rows,
                          manifest.row_count);
    }
    return std::unique_ptr<PartitionReader>(
        std::make_unique<PrefetchingReader>(contract, std::move(wanted), std::move(files)));
}

}  // namespace spymaster::lake
