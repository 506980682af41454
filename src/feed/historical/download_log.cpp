#include "feed/historical/download_log.hpp"

#include <cerrno>
#include <system_error>

#include "base/files.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

std::string iso_microseconds(std::int64_t ts_ns) {
    std::string text = market::format_utc(ts_ns / 1'000 * 1'000);
    text.pop_back();  // the zone
    const auto dot = text.find('.');
    return dot == std::string::npos ? text : text.substr(0, dot + 7);
}

Result<DownloadLog> DownloadLog::open(const std::filesystem::path& path, std::FILE* stream) {
    SPY_TRY(make_folders(path.parent_path()));
    std::FILE* const file = std::fopen(path.c_str(), "ae");
    if (file == nullptr) {
        return make_error(ErrorCode::io, "cannot open {}: {}", path.string(),
                          std::generic_category().message(errno));
    }
    return DownloadLog(file, stream);
}

void DownloadLog::write(std::int64_t now_ns, std::string_view message) {
    const std::string line = fmt::format("{}Z {}\n", iso_microseconds(now_ns), message);
    for (std::FILE* const out : {file_.get(), stream_}) {
        std::fwrite(line.data(), 1, line.size(), out);
        std::fflush(out);
    }
}

}  // namespace spymaster::feed
