#include "lake/table_file.hpp"

#include <vector>

#include "base/files.hpp"
#include "lake/encodings.hpp"
#include "lake/parquet_reader.hpp"
#include "lake/parquet_writer.hpp"
#include "lake/row_moves.hpp"

namespace spymaster::lake {

namespace fs = std::filesystem;

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
    SPY_TRY(check_rows(rows, contract, 0));
    SPY_ASSIGN(FileBeside beside, FileBeside::create(path));
    SPY_ASSIGN(const auto writer, ParquetWriter::create(beside.path(), contract, encodings_of(contract), 1));
    SPY_TRY(writer->write_row_group(rows));
    SPY_TRY(writer->close());
    return beside.publish();
}

}  // namespace spymaster::lake
