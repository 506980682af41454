// SHA-256 (FIPS 180-4) of bytes as they come, as lower-case hex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct evp_md_ctx_st;

namespace spymaster {

class Sha256 {
  public:
    Sha256();
    void update(const void* bytes, std::size_t size);
    // The hash of everything so far. REQUIRES: called once, last.
    std::string finish();

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// Lower-case hexadecimal digits, two a byte.
std::string hex(std::span<const unsigned char> bytes);

std::string sha256_of(std::string_view bytes);

struct FileHash {
    std::int64_t size_bytes = 0;
    std::string sha256;
};
// Reads the whole file. Error: missing, io.
Result<FileHash> sha256_of_file(const std::filesystem::path& path);

}  // namespace spymaster
