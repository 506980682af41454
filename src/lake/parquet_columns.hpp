// How a column of a batch becomes a column chunk of a Parquet file.
#pragma once

#include "lake/column_batch.hpp"

namespace parquet {
class ColumnWriter;
}

namespace spymaster::lake {

// Writes the whole column as the rest of the writer's chunk. `there` is its validity, empty of a column that is not
// nullable; where it is 0 a null is written and the value is not looked at. Text comes back with its dictionary in order of
// first appearance, nulls with the code 0. REQUIRES: the writer's type and repetition are the column's, codes that are not
// null lie within the dictionary. Throws parquet::ParquetException.
void write_column(parquet::ColumnWriter& writer, Column& column, const Validity& there);

}  // namespace spymaster::lake
