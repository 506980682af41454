// Bytes kept on disk for as long as the process lives: appended, and read again by their place.
//
// The file has no name from the moment it is made, so the operating system gives its space back when the process ends,
// however it ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::serve {

class FrameLog {
  public:
    // `folder` has to be there. Error: io.
    static Result<std::unique_ptr<FrameLog>> make(const std::filesystem::path& folder);
    ~FrameLog();
    FrameLog(const FrameLog&) = delete;
    FrameLog& operator=(const FrameLog&) = delete;

    // Where the bytes lie now. One thread at a time. Error (io): they lie nowhere, and what came before is as it was.
    Result<std::int64_t> append(std::string_view bytes);
    // Any thread. Error: io. REQUIRES: bytes that were appended
    [[nodiscard]] Result<std::string> read(std::int64_t at, std::size_t size) const;

  private:
    explicit FrameLog(int file) : file_(file) {}
    int file_;
    std::int64_t size_ = 0;
};

}  // namespace spymaster::serve
