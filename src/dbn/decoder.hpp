// Reads DBN: versions 1 to 3; raw, zstd, several zstd frames; with metadata or as a headerless fragment.
//
//   SPY_ASSIGN(Decoder decoder, Decoder::open(path));
//   for (;;) {
//       SPY_ASSIGN(const auto block, decoder.next_block());
//       if (block.empty()) break;
//       for_each_record(block, [&](const std::byte* record) {
//           if (load<RecordHeader>(record).rtype == rtype::mbo) use(load<MboMsg>(record));
//       });
//   }
//
// Records stay where they were read or decompressed to; nothing is copied but a record split between two
// reads. Memory is a few blocks, whatever the size of the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "dbn/records.hpp"

namespace spymaster::dbn {

struct DecodeOptions {
    bool own_thread = true;  // zstd decompresses on its own thread; the records are the same either way
    bool fragment = false;   // records without metadata; implied by ".frag" in the file's name
    int fragment_version =
        0;  // 1 to 3; 0: from ".vN." in the file's name, else by the length of the first record
    std::size_t block_bytes = 0;  // bytes read or decompressed at once; 0: the default, chosen by measurement
};

class Decoder {
  public:
    // Opens the file and reads its metadata. Error: missing or io (the file), malformed (not DBN, bad
    // metadata), truncated (the file ends inside its metadata).
    static Result<Decoder> open(const std::filesystem::path& path, DecodeOptions options = {});
    // The same for bytes in memory, which must outlive the decoder. `name` stands for the file in errors.
    static Result<Decoder> from_memory(std::span<const std::byte> bytes, std::string name,
                                       DecodeOptions options = {});

    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;
    ~Decoder();

    // nullptr for a fragment.
    [[nodiscard]] const Metadata* metadata() const;
    // 1 to 3: which layouts the old record types have (upgrade.hpp).
    [[nodiscard]] int version() const;

    // A run of whole records, valid until the next call; empty at the clean end of the input.
    //
    // Every record is inside the block, is at least a header long, and, if its rtype is one of records.hpp,
    // at least as long as the shortest layout of that type in any version: load<MboMsg>() of an mbo record is
    // safe. The types that changed between versions are read with upgrade.hpp.
    //
    // On bad input the whole records before it are delivered first; then, for ever, the Error: truncated or
    // malformed, naming the file, the byte offset (of the decompressed bytes) and the record number, or io.
    Result<std::span<const std::byte>> next_block();

    // Bytes of the (decompressed) input delivered so far, metadata included: the offset of the next record.
    [[nodiscard]] std::uint64_t bytes_consumed() const;
    [[nodiscard]] std::uint64_t records_consumed() const;
    // For progress: bytes read from the file so far, and its size (0 when it has none, as a pipe).
    [[nodiscard]] std::uint64_t compressed_bytes_consumed() const;
    [[nodiscard]] std::uint64_t compressed_size() const;

  private:
    class Impl;
    explicit Decoder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::dbn
