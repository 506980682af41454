// What a client of the live gateway says, line by line: "key=value|key=value\n".
//
// Keys that are not known are passed over, as clients may be newer; a key said twice has its last value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"

namespace spymaster::feed {

// 500 symbols of 71 characters take 36 kB.
inline constexpr std::size_t kMaxControlLine = std::size_t{64} << 10U;
inline constexpr std::size_t kMaxSymbolsPerLine = 500;

// Bytes to lines. One thread.
class ControlLines {
  public:
    void append(std::string_view bytes) { bytes_ += bytes; }
    // The next whole line without its end ("\n" or "\r\n"). Error (usage): it is longer than kMaxControlLine; then for ever.
    Result<std::optional<std::string>> next();

  private:
    std::string bytes_;
};

// What to do with a session that reads too slowly: send everything and warn, or leave records out. Only top-of-book
// schemas are ever skipped.
enum class SlowReader : std::uint8_t { warn, skip };

struct Authentication {
    std::string response;  // as sent: hex of a SHA-256, '-', the last five characters of the key
    std::string dataset;
    bool ts_out = false;
    bool zstd = false;
    std::chrono::seconds heartbeat_interval{30};
    SlowReader slow_reader = SlowReader::skip;
};

// Error (usage): fit for the answer to the client.
Result<Authentication> parse_authentication(std::string_view line);

// A random text that cannot be foreseen.
std::string new_challenge();
// Whether the response answers the challenge. With no key to compare with, whether it could answer any.
bool answers_challenge(std::string_view response, std::string_view challenge, std::string_view key);

struct SubscriptionRequest {
    dbn::Schema schema = dbn::Schema::mbo;
    dbn::SymbolType stype_in = dbn::SymbolType::raw_symbol;
    std::vector<std::string> symbols;       // ALL_SYMBOLS, alone: every instrument
    std::optional<std::uint64_t> start_ns;  // replay from there; 0: all there is
    bool snapshot = false;
    std::optional<std::uint32_t> id;
    bool is_last = true;  // of the lines with this id
};

struct StartSession {};

using ControlMessage = std::variant<SubscriptionRequest, StartSession>;

// A line after the session is authenticated. Error (usage): fit for the client.
Result<ControlMessage> parse_control(std::string_view line);

// The text as the value of a field: what would break a line of the protocol, or is not ASCII, as '?'.
std::string field_text(std::string_view text);

}  // namespace spymaster::feed
