// An answer's body of DBN: metadata, then records as they are read, raw or as zstd.
#pragma once

#include <optional>

#include "dbn/zstd_writer.hpp"
#include "feed/gateway/http_message.hpp"
#include "feed/gateway/record_reader.hpp"

namespace spymaster::feed {

class DbnBody final : public PieceSource {
  public:
    // `head`: the encoded metadata. `first`: a record that was read from `reader` already, or nothing.
    DbnBody(std::vector<std::byte> head, std::vector<std::byte> first, RecordReader reader, bool zstd);
    Result<void> next(std::vector<std::byte>& piece) override;

  private:
    std::vector<std::byte> raw_;  // not yet handed out
    RecordReader reader_;
    std::optional<dbn::ZstdWriter> compressor_;
    bool ended_ = false;
};

}  // namespace spymaster::feed
