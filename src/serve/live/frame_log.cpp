#include "serve/live/frame_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace spymaster::serve {

namespace {

Error file_error(std::string_view what) {
    return make_error(ErrorCode::io, "{}: {}", what,
                      std::error_code(errno, std::generic_category()).message());
}

}  // namespace

Result<std::unique_ptr<FrameLog>> FrameLog::make(const std::filesystem::path& folder) {
    std::string name = (folder / ".live-XXXXXX").string();
    const int file = mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) return file_error(fmt::format("making a file for live windows in {}", folder.string()));
    std::unique_ptr<FrameLog> log(new FrameLog(file));
    if (unlink(name.c_str()) != 0) return file_error(fmt::format("removing {}", name));
    return log;
}

FrameLog::~FrameLog() {
    close(file_);
}

Result<std::int64_t> FrameLog::append(std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto more = pwrite(file_, bytes.data() + written, bytes.size() - written,
                                 size_ + static_cast<std::int64_t>(written));
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) return file_error("keeping live windows on disk");
        written += static_cast<std::size_t>(more);
    }
    const auto at = size_;
    size_ += static_cast<std::int64_t>(written);
    return at;
}

Result<std::string> FrameLog::read(std::int64_t at, std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const auto more = pread(file_, bytes.data() + got, size - got, at + static_cast<std::int64_t>(got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return file_error("reading live windows from disk");
        if (more == 0) return make_error(ErrorCode::io, "reading live windows from disk: they end early");
        got += static_cast<std::size_t>(more);
    }
    return bytes;
}

}  // namespace spymaster::serve
