#include "feed/live/recording_path.hpp"

#include <fmt/format.h>

#include "feed/raw_files.hpp"

namespace spymaster::feed::live {

std::filesystem::path recording_folder(const std::filesystem::path& root, std::string_view dataset) {
    return root / "raw" / "source=live" / fmt::format("dataset={}", dataset);
}

std::string recording_name(std::string_view dataset, const market::Date& date) {
    return fmt::format("{}-{}.live.dbn", lower_dataset(dataset), date.compact());
}

}  // namespace spymaster::feed::live
