// DBN as it comes over a line: metadata, then records, cut anywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "dbn/block_source.hpp"
#include "dbn/metadata.hpp"

namespace spymaster::feed::live {

class DbnStream {
  public:
    // What is done with a whole, sound record (record_walk.hpp); false: what follows is not wanted any more.
    using Use = std::function<bool(const std::byte* record)>;

    // Takes the next bytes. Once the metadata are whole, metadata() has them; records go to `use`, in order. Error
    // (malformed): not DBN, or no record; it stays that way.
    Result<void> feed(std::span<const std::byte> bytes, const Use& use);

    [[nodiscard]] const std::optional<dbn::Metadata>& metadata() const { return metadata_; }
    // The metadata as they came, prelude included.
    [[nodiscard]] std::span<const std::byte> metadata_bytes() const { return head_; }

  private:
    // Of `bytes`, what belongs to the metadata is taken.
    Result<void> read_metadata(std::span<const std::byte>& bytes);
    // Completes the record that the bytes before ended in. True if there is (now) none.
    Result<bool> complete_record(std::span<const std::byte>& bytes);
    [[nodiscard]] Error unsound(const std::byte* record) const;

    std::vector<std::byte> head_;
    std::optional<dbn::Metadata> metadata_;
    std::array<std::byte, dbn::kMaxRecordSize> begun_{};  // a record not all there yet
    std::size_t begun_size_ = 0;
    std::uint64_t records_ = 0;
};

}  // namespace spymaster::feed::live
