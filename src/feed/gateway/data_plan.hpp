// From a data request's parameters to what is read for it: checked against the library, its symbols resolved.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dbn/metadata.hpp"
#include "feed/gateway/raw_library.hpp"
#include "feed/gateway/request_reader.hpp"

namespace spymaster::feed {

// dataset, schema, symbols, stype_in, stype_out, start, end, limit. Without `end` the range ends where what is left open in
// `start` ends ("2026-01-06": a day later), at most at the end of the dataset. Refused: a range outside the dataset's days, a
// schema that is not in the library.
DataRequest read_data_request(RequestReader& reader, const RawLibrary& library);

struct DataPlan {
    DataRequest request;
    Resolution resolution;
    RecordQuery query;

    // Of the answer: version 3.
    [[nodiscard]] dbn::Metadata metadata() const;
};
// Refused: symbols none of which stands for anything.
std::optional<DataPlan> plan_data(RequestReader& reader, const RawLibrary& library, DataRequest request);

}  // namespace spymaster::feed
