#include "lake/table_file.hpp"

#include <unistd.h>

#include <vector>

#include "lake/encodings.hpp"
#include "lake/files.hpp"
#include "lake/parquet_reader.hpp"
#include "lake/parquet_writer.hpp"
#include "lake/row_moves.hpp"

namespace spymaster::lake {

namespace fs = std::filesystem;

namespace {

// A file that goes unless it was renamed.
class Unfinished {
  public:
    explicit Unfinished(fs::path path) : path_(std::move(path)) {}
    ~Unfinished() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

}  // namespace

Result<ColumnBatch> read_table_file(const fs::path& path, const Contract& contract) {
    SPY_ASSIGN(const auto reader, ParquetReader::open(path, contract));
    ColumnBatch all(contract);
    ColumnBatch group(contract);
    const std::vector<bool> every_column(contract.fields.size(), true);
    for (std::size_t index = 0; index < reader->row_group_rows().size(); ++index) {
        SPY_TRY(reader->read_row_group(index, every_column, group));
        append_rows(all, group, 0, group.row_count());
    }
    return all;
}

Result<void> write_table_file(const fs::path& path, const Contract& contract, ColumnBatch& rows) {
    if (!path.has_filename()) return make_error(ErrorCode::io, "{} is no name of a file", path.string());
    SPY_TRY(check_rows(rows, contract, 0));
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    SPY_TRY(make_folders(folder));
    const Unfinished beside(folder / fmt::format(".tmp_{}_{}", ::getpid(), path.filename().string()));
    std::error_code failed;
    fs::remove(beside.path(), failed);  // of a dead writer that had this number
    SPY_ASSIGN(const auto writer, ParquetWriter::create(beside.path(), contract, encodings_of(contract), 1));
    SPY_TRY(writer->write_row_group(rows));
    SPY_TRY(writer->close());
    fs::rename(beside.path(), path, failed);
    if (failed) {
        return make_error(ErrorCode::io, "cannot rename {} to {}: {}", beside.path().string(), path.string(),
                          failed.message());
    }
    return sync_folder(folder);
}

}  // namespace spymaster::lake
