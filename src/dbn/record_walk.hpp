// Finds the whole, sound records at the start of a run of bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dbn/records.hpp"

namespace spymaster::dbn {

// Bytes a record of this type has at least, in any version; of an unknown type, a header.
[[nodiscard]] std::size_t min_record_size(std::uint8_t type);
// A type that records.hpp or reference_records.hpp describes.
[[nodiscard]] bool is_known_type(std::uint8_t type);

struct RecordWalk {
    std::size_t bytes = 0;  // of the whole records
    std::uint64_t records = 0;
    bool sound = true;  // false: what follows is no record; true: it is only not all there
};

[[nodiscard]] RecordWalk walk_records(const std::byte* begin, const std::byte* end);

}  // namespace spymaster::dbn
