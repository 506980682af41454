// The log of a download: a line a message, each with its time, flushed (spec 2.7).
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::feed {

// UTC without a zone, to the microsecond: "2026-01-06T14:30:00.000001"; the fraction is left out when it is zero.
std::string iso_microseconds(std::int64_t ts_ns);

class DownloadLog {
  public:
    // Lines go to `stream` and to the end of the file, whose folder is made. Error: io.
    static Result<DownloadLog> open(const std::filesystem::path& file, std::FILE* stream);

    // "{time}Z {message}". What cannot be written is lost: a full disk must not stop a download.
    void write(std::int64_t now_ns, std::string_view message);

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    DownloadLog(std::FILE* file, std::FILE* stream) : file_(file), stream_(stream) {}

    std::unique_ptr<std::FILE, Close> file_;
    std::FILE* stream_;
};

}  // namespace spymaster::feed
