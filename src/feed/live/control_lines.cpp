#include "feed/live/control_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.hpp"

namespace spymaster::feed::live {

namespace {

constexpr std::size_t kBucketLength = 5;
constexpr std::string_view kClient = "Spymaster/0.1.0";

}  // namespace

std::optional<std::string_view> field(std::string_view line, std::string_view key) {
    while (!line.empty()) {
        const std::string_view pair = line.substr(0, line.find('|'));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == key) return pair.substr(equals + 1);
        line.remove_prefix(std::min(line.size(), pair.size() + 1));
    }
    return std::nullopt;
}

std::string challenge_response(std::string_view challenge, std::string_view key) {
    const std::string_view bucket = key.substr(key.size() - std::min(key.size(), kBucketLength));
    return fmt::format("{}-{}", sha256_of(fmt::format("{}|{}", challenge, key)), bucket);
}

std::string authentication_line(std::string_view challenge, std::string_view key, std::string_view dataset,
                                int heartbeat_interval_s) {
    return fmt::format(
        "auth={}|dataset={}|encoding=dbn|ts_out=0|compression=none|client={}|heartbeat_interval_s={}\n",
        challenge_response(challenge, key), dataset, kClient, heartbeat_interval_s);
}

std::string subscription_lines(const LiveSubscription& request, std::size_t id) {
    std::string lines;
    const std::string start = request.start ? fmt::format("|start={}", *request.start) : std::string();
    for (std::size_t first = 0; first < request.symbols.size(); first += kSymbolsPerLine) {
        const std::size_t end = std::min(first + kSymbolsPerLine, request.symbols.size());
        const auto begin = request.symbols.begin();
        lines += fmt::format("schema={}|stype_in={}|id={}{}|symbols={}|snapshot={}|is_last={}\n",
                             dbn::to_string(request.schema), dbn::to_string(request.stype_in), id, start,
                             fmt::join(begin + static_cast<std::ptrdiff_t>(first),
                                       begin + static_cast<std::ptrdiff_t>(end), ","),
                             request.snapshot ? 1 : 0, end == request.symbols.size() ? 1 : 0);
    }
    return lines;
}

}  // namespace spymaster::feed::live
