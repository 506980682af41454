#include "feed/gateway/historical_options.hpp"

#include <charconv>
#include <utility>

namespace spymaster::feed {

Result<void> add_fault(std::string_view text, GatewayFaults& faults) {
    const std::pair<std::string_view, std::uint64_t*> known[] = {
        {"corrupt-download", &faults.corrupt_downloads},
        {"cut-download", &faults.cut_download_bytes},
        {"error-job", &faults.error_job},
        {"429", &faults.too_many},
        {"500", &faults.server_errors},
        {"no-range", &faults.no_range},
    };
    const auto equals = text.find('=');
    const auto digits = equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
    std::uint64_t value = 0;
    const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool number = !digits.empty() && failed == std::errc() && stop == digits.data() + digits.size();
    for (const auto& [name, place] : known) {
        if (name != text.substr(0, equals) || !number) continue;
        *place = value;
        return {};
    }
    return make_error(ErrorCode::usage,
                      "--fault '{}' is none of corrupt-download=N, cut-download=BYTES, error-job=N, 429=N, "
                      "500=N, no-range=1",
                      text);
}

}  // namespace spymaster::feed
