#include "lake/parquet_writer.hpp"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/key_value_metadata.h>
#include <fcntl.h>
#include <parquet/column_writer.h>
#include <parquet/exception.h>
#include <parquet/file_writer.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>

#include "lake/parquet_columns.hpp"

namespace spymaster::lake {
namespace {

// A page holds at most this many rows, so that little is left to compress when a column chunk is closed,
// which happens on one thread. A sixth of a row group.
constexpr std::int64_t kRowsPerPage = 20'480;
constexpr std::int64_t kRowsPerWrite = 4'096;

// A new file that hashes what is written to it.
class HashingFile final : public arrow::io::OutputStream {
  public:
    explicit HashingFile(const std::filesystem::path& path)
        : path_(path), fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {}
    ~HashingFile() override {
        if (fd_ >= 0) ::close(fd_);
    }

    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    [[nodiscard]] arrow::Status failed(const char* doing) const {
        return arrow::Status::IOError(doing, " ", path_.string(), ": ",
                                      std::generic_category().message(errno));
    }

    using arrow::io::OutputStream::Write;
    arrow::Status Write(const void* data, std::int64_t size) override {
        hash_.update(data, static_cast<std::size_t>(size));
        const char* bytes = static_cast<const char*>(data);
        for (std::int64_t done = 0; done < size;) {
            const ssize_t count = ::write(fd_, bytes + done, static_cast<std::size_t>(size - done));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return failed("cannot write");
            done += count;
        }
        // The disk starts now, not at the sync.
        ::sync_file_range(fd_, position_, size, SYNC_FILE_RANGE_WRITE);
        position_ += size;
        return arrow::Status::OK();
    }
    arrow::Status Close() override { return arrow::Status::OK(); }
    [[nodiscard]] bool closed() const override { return false; }
    [[nodiscard]] arrow::Result<std::int64_t> Tell() const override { return position_; }

    arrow::Status sync() { return ::fsync(fd_) == 0 ? arrow::Status::OK() : failed("cannot sync"); }
    FileHash finish() { return {position_, hash_.finish()}; }

  private:
    std::filesystem::path path_;
    int fd_;
    std::int64_t position_ = 0;
    Sha256 hash_;
};

std::shared_ptr<parquet::schema::GroupNode> schema_of(const Contract& contract) {
    parquet::schema::NodeVector nodes;
    for (const ContractField& field : contract.fields) {
        const auto repetition =
            field.nullable ? parquet::Repetition::OPTIONAL : parquet::Repetition::REQUIRED;
        const auto add = [&](parquet::Type::type type,
                             const std::shared_ptr<const parquet::LogicalType>& logical) {
            nodes.push_back(parquet::schema::PrimitiveNode::Make(field.name, repetition, logical, type));
        };
        switch (field.type) {
            case ColumnType::long_:
                add(parquet::Type::INT64, parquet::LogicalType::None());
                break;
            case ColumnType::int_:
                add(parquet::Type::INT32, parquet::LogicalType::None());
                break;
            case ColumnType::double_:
                add(parquet::Type::DOUBLE, parquet::LogicalType::None());
                break;
            case ColumnType::boolean:
                add(parquet::Type::BOOLEAN, parquet::LogicalType::None());
                break;
            case ColumnType::string:
                add(parquet::Type::BYTE_ARRAY, parquet::LogicalType::String());
                break;
        }
    }
    auto root = parquet::schema::GroupNode::Make(contract.name, parquet::Repetition::REQUIRED, nodes);
    return std::static_pointer_cast<parquet::schema::GroupNode>(root);
}

void set_encoding(parquet::WriterProperties::Builder& builder, const std::string& column,
                  const ColumnEncoding& as) {
    builder.disable_dictionary(column);
    switch (as.encoding) {
        case Encoding::plain:
            builder.encoding(column, parquet::Encoding::PLAIN);
            break;
        case Encoding::dictionary:
            builder.enable_dictionary(column);
            break;
        case Encoding::delta:
            builder.encoding(column, parquet::Encoding::DELTA_BINARY_PACKED);
            break;
        case Encoding::byte_stream_split:
            builder.encoding(column, parquet::Encoding::BYTE_STREAM_SPLIT);
            break;
    }
    if (as.zstd_level > 0) {
        builder.compression(column, parquet::Compression::ZSTD);
        builder.compression_level(column, as.zstd_level);
    } else {
        builder.compression(column, parquet::Compression::UNCOMPRESSED);
    }
}

std::shared_ptr<parquet::WriterProperties> properties_of(const Contract& contract,
                                                         const std::vector<ColumnEncoding>& encodings) {
    parquet::WriterProperties::Builder builder;
    builder.version(parquet::ParquetVersion::PARQUET_2_6);
    builder.max_rows_per_page(kRowsPerPage);
    builder.write_batch_size(kRowsPerWrite);
    builder.enable_page_checksum();
    builder.disable_write_page_index();
    builder.set_size_statistics_level(parquet::SizeStatisticsLevel::None);
    for (std::size_t i = 0; i < encodings.size(); ++i)
        set_encoding(builder, contract.fields[i].name, encodings[i]);
    return builder.build();
}

// Runs what calls Arrow, and makes an Error of what it throws.
template <class Body>
Result<void> guarded(const Body& body) {
    try {
        body();
        return {};
    } catch (const std::bad_alloc&) {
        return make_error(ErrorCode::io, "out of memory");
    } catch (const std::exception& exception) {
        return make_error(ErrorCode::io, "{}", exception.what());
    }
}

class ArrowParquetWriter final : public ParquetWriter {
  public:
    ArrowParquetWriter(std::shared_ptr<HashingFile> sink, const Contract& contract,
                       const std::vector<ColumnEncoding>& encodings, unsigned int threads)
        : sink_(std::move(sink)), threads_(threads) {
        auto metadata =
            arrow::KeyValueMetadata::Make({"spymaster.contract", "spymaster.contract_sha256"},
                                          {contract.name_space + "." + contract.name, contract.sha256});
        file_ = parquet::ParquetFileWriter::Open(sink_, schema_of(contract),
                                                 properties_of(contract, encodings), std::move(metadata));
    }
    ~ArrowParquetWriter() override {
        // Arrow's destructor closes the file, and may throw into a log; an unfinished file is deleted anyway.
        (void)guarded([&] { file_.reset(); });
    }

    Result<void> write_row_group(ColumnBatch& rows) override {
        return guarded([&] {
            parquet::RowGroupWriter* group = file_->AppendBufferedRowGroup();
            std::vector<parquet::ColumnWriter*> writers;
            for (int i = 0; i < group->num_columns(); ++i) writers.push_back(group->column(i));
            encode(writers, rows);
            group->Close();
        });
    }

    Result<FileHash> close() override {
        SPY_TRY(guarded([&] {
            file_->Close();
            PARQUET_THROW_NOT_OK(sink_->sync());
        }));
        return sink_->finish();
    }

  private:
    // Columns of a buffered row group are independent: whichever thread is free takes the next.
    void encode(const std::vector<parquet::ColumnWriter*>& writers, ColumnBatch& rows) const {
        std::atomic<std::size_t> next = 0;
        std::mutex mutex;
        std::exception_ptr failure;
        const auto work = [&] {
            try {
                for (std::size_t i = next++; i < writers.size(); i = next++) {
                    write_column(*writers[i], rows.column(i), rows.validity(i));
                }
            } catch (...) {
                const std::lock_guard lock(mutex);
                failure = std::current_exception();
            }
        };
        {
            std::vector<std::jthread> others;
            for (unsigned int i = 1; i < threads_; ++i) others.emplace_back(work);
            work();
        }
        if (failure) std::rethrow_exception(failure);
    }

    std::shared_ptr<HashingFile> sink_;
    unsigned int threads_;
    std::unique_ptr<parquet::ParquetFileWriter> file_;
};

}  // namespace

Result<std::unique_ptr<ParquetWriter>> ParquetWriter::create(const std::filesystem::path& path,
                                                             const Contract& contract,
                                                             std::vector<ColumnEncoding> encodings,
                                                             unsigned int threads) {
    SPY_ASSERT(encodings.size() == contract.fields.size() && threads > 0);
    auto sink = std::make_shared<HashingFile>(path);
    if (!sink->is_open()) return make_error(ErrorCode::io, "{}", sink->failed("cannot create").message());
    std::unique_ptr<ParquetWriter> writer;
    SPY_TRY(guarded([&] {
        writer = std::make_unique<ArrowParquetWriter>(std::move(sink), contract, encodings, threads);
    }));
    return writer;
}

}  // namespace spymaster::lake
