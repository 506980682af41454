#include "feed/live/recording_path.hpp"

#include <fmt/format.h>

namespace spymaster::feed::live {

std::filesystem::path recording_folder(const std::filesystem::path& root, std::string_view dataset) {
    return root / "raw" / "source=live" / fmt::format("dataset={}", dataset);
}

std::string recording_name(std::string_view dataset, const market::Date& date) {
    std::string text(dataset);
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == '.') c = '-';
    }
    return fmt::format("{}-{}.live.dbn", text, date.compact());
}

}  // namespace spymaster::feed::live
