// Bytes of any kind from a client of the live gateway: lines within their bounds, values within theirs, or a reason that fits a
// line; never a crash.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "feed/gateway/live_protocol.hpp"

namespace {

using namespace spymaster::feed;

void check_reason(std::string_view reason) {
    const std::string shown = field_text(reason);
    SPY_ASSERT(!shown.empty() && shown.find_first_of("|\n\r") == std::string::npos);
}

void check_control(std::string_view line) {
    const auto message = parse_control(line);
    if (!message) return check_reason(message.error().message);
    const auto* request = std::get_if<SubscriptionRequest>(&*message);
    if (request == nullptr) return;
    SPY_ASSERT(!request->symbols.empty() && request->symbols.size() <= kMaxSymbolsPerLine);
    SPY_ASSERT(std::ranges::all_of(request->symbols, [](const std::string& symbol) {
        return !symbol.empty() && symbol.size() < spymaster::dbn::kSymbolLength &&
               symbol.find('|') == std::string::npos;
    }));
    SPY_ASSERT(!request->snapshot || (request->schema == spymaster::dbn::Schema::mbo && !request->start_ns));
    SPY_ASSERT(!request->start_ns || *request->start_ns <= static_cast<std::uint64_t>(INT64_MAX));
}

void check_authentication(std::string_view line) {
    const auto client = parse_authentication(line);
    if (!client) return check_reason(client.error().message);
    SPY_ASSERT(client->heartbeat_interval.count() >= 5 && client->heartbeat_interval.count() <= 1800);
    SPY_ASSERT(!client->dataset.empty());
    SPY_ASSERT(!answers_challenge(client->response, "challenge", "db-12345678901234567890123456789"));
    (void)answers_challenge(client->response, "challenge", "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ControlLines lines;
    for (std::size_t at = 0; at < size; at += 1000) {
        lines.append(bytes.substr(at, 1000));
        while (true) {
            const auto line = lines.next();
            if (!line) return 0;
            if (!*line) break;
            SPY_ASSERT((*line)->size() <= kMaxControlLine);
            check_control(**line);
            check_authentication(**line);
        }
    }
    return 0;
}
