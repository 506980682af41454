#include "feed/gateway/live_protocol.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.hpp"
#include "base/client_text.hpp"
#include "base/sha256.hpp"
#include "feed/gateway/symbology.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

namespace {

constexpr std::size_t kBucketLength = 5;
constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kChallengeLength = 32;
constexpr int kMinHeartbeatSeconds = 5;
constexpr int kMaxHeartbeatSeconds = 1800;
constexpr std::array kStypes{dbn::SymbolType::raw_symbol, dbn::SymbolType::instrument_id,
                             dbn::SymbolType::parent, dbn::SymbolType::continuous};

// The value of a key; nullopt: not said, or said empty.
std::optional<std::string_view> field(std::string_view line, std::string_view key) {
    std::optional<std::string_view> found;
    while (!line.empty()) {
        const std::size_t bar = line.find('|');
        const std::string_view token = line.substr(0, bar);
        line = bar == std::string_view::npos ? std::string_view{} : line.substr(bar + 1);
        const std::size_t equals = token.find('=');
        if (equals == std::string_view::npos || token.substr(0, equals) != key) continue;
        found = token.substr(equals + 1);
    }
    return found && found->empty() ? std::nullopt : found;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, value);
    return failed == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

// 0 or 1; `otherwise` where the key is not said.
Result<bool> flag(std::string_view line, std::string_view key, bool otherwise) {
    const auto value = field(line, key);
    if (!value) return otherwise;
    if (*value != "0" && *value != "1") {
        return make_error(ErrorCode::usage, "{} must be 0 or 1, was '{}'", key, *value);
    }
    return *value == "1";
}

Result<std::string_view> required(std::string_view line, std::string_view key) {
    if (const auto value = field(line, key)) return *value;
    return make_error(ErrorCode::usage, "{} is missing", key);
}

Result<std::chrono::seconds> heartbeat_interval(std::string_view line) {
    const auto text = field(line, "heartbeat_interval_s");
    if (!text) return Authentication{}.heartbeat_interval;
    const auto seconds = number<int>(*text);
    if (!seconds || *seconds < kMinHeartbeatSeconds || *seconds > kMaxHeartbeatSeconds) {
        return make_error(ErrorCode::usage, "heartbeat_interval_s must be between {} and {}, was '{}'",
                          kMinHeartbeatSeconds, kMaxHeartbeatSeconds, *text);
    }
    return std::chrono::seconds{*seconds};
}

Result<SlowReader> slow_reader(std::string_view line) {
    const auto text = field(line, "slow_reader_behavior");
    if (!text) return Authentication{}.slow_reader;
    if (*text == "warn") return SlowReader::warn;
    if (*text == "skip") return SlowReader::skip;
    return make_error(ErrorCode::usage, "slow_reader_behavior must be warn or skip, was '{}'", *text);
}

Result<dbn::Schema> schema_named(std::string_view name) {
    for (auto schema = dbn::Schema::mbo; schema <= dbn::Schema::bbo_1m;
         schema = dbn::Schema{static_cast<std::uint16_t>(static_cast<unsigned>(schema) + 1)}) {
        if (dbn::to_string(schema) == name) return schema;
    }
    return make_error(ErrorCode::usage, "Invalid schema '{}'", name);
}

Result<dbn::SymbolType> stype_named(std::string_view name) {
    for (const auto type : kStypes) {
        if (dbn::to_string(type) == name) return type;
    }
    return make_error(ErrorCode::usage, "Invalid stype_in '{}'", name);
}

Result<std::vector<std::string>> symbols_of(std::string_view list) {
    std::vector<std::string> symbols;
    while (true) {
        const std::size_t comma = list.find(',');
        const std::string_view symbol = list.substr(0, comma);
        if (symbol.empty() || symbol.size() >= dbn::kSymbolLength) {
            return make_error(ErrorCode::usage, "Invalid symbol '{}'", symbol);
        }
        symbols.emplace_back(symbol);
        if (symbols.size() > kMaxSymbolsPerLine) {
            return make_error(ErrorCode::usage, "More than {} symbols in one line", kMaxSymbolsPerLine);
        }
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    if (symbols.size() > 1 && std::ranges::find(symbols, kAllSymbols) != symbols.end()) {
        return make_error(ErrorCode::usage, "{} stands alone", kAllSymbols);
    }
    return symbols;
}

// ns since 1970, or ISO 8601; without a zone it is UTC.
Result<std::optional<std::uint64_t>> start_of(std::string_view line) {
    const auto text = field(line, "start");
    if (!text) return std::optional<std::uint64_t>{};
    auto instant = market::parse_instant(*text);
    if (!instant) instant = market::parse_instant(std::string(*text) + "Z");
    if (!instant) instant = market::parse_instant(std::string(*text) + "T00:00:00Z");
    if (!instant || *instant < 0) return make_error(ErrorCode::usage, "Invalid start '{}'", *text);
    return std::optional(static_cast<std::uint64_t>(*instant));
}

Result<SubscriptionRequest> parse_subscription(std::string_view line) {
    SubscriptionRequest request;
    SPY_ASSIGN(const auto schema, required(line, "schema"));
    SPY_ASSIGN(request.schema, schema_named(schema));
    SPY_ASSIGN(const auto stype_in, required(line, "stype_in"));
    SPY_ASSIGN(request.stype_in, stype_named(stype_in));
    SPY_ASSIGN(const auto symbols, required(line, "symbols"));
    SPY_ASSIGN(request.symbols, symbols_of(symbols));
    SPY_ASSIGN(request.start_ns, start_of(line));
    SPY_ASSIGN(request.snapshot, flag(line, "snapshot", false));
    SPY_ASSIGN(request.is_last, flag(line, "is_last", true));
    if (const auto id = field(line, "id")) {
        request.id = number<std::uint32_t>(*id);
        if (!request.id) return make_error(ErrorCode::usage, "Invalid id '{}'", *id);
    }
    if (request.snapshot && request.schema != dbn::Schema::mbo) {
        return make_error(ErrorCode::usage, "snapshot is of schema mbo only, not of {}", schema);
    }
    if (request.snapshot && request.start_ns) {
        return make_error(ErrorCode::usage, "snapshot and start exclude each other");
    }
    return request;
}

}  // namespace

Result<std::optional<std::string>> ControlLines::next() {
    const std::size_t end = bytes_.find('\n');
    if (std::min(end, bytes_.size()) > kMaxControlLine) {
        return make_error(ErrorCode::usage, "line longer than {} bytes", kMaxControlLine);
    }
    if (end == std::string::npos) return std::optional<std::string>{};
    std::string line = bytes_.substr(0, end);
    bytes_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return std::optional(std::move(line));
}

Result<Authentication> parse_authentication(std::string_view line) {
    Authentication result;
    SPY_ASSIGN(result.response, required(line, "auth"));
    SPY_ASSIGN(result.dataset, required(line, "dataset"));
    if (const auto encoding = field(line, "encoding"); encoding && *encoding != "dbn") {
        return make_error(ErrorCode::usage, "encoding must be dbn, was '{}'", *encoding);
    }
    if (const auto compression = field(line, "compression")) {
        if (*compression != "none" && *compression != "zstd") {
            return make_error(ErrorCode::usage, "compression must be none or zstd, was '{}'", *compression);
        }
        result.zstd = *compression == "zstd";
    }
    SPY_ASSIGN(result.ts_out, flag(line, "ts_out", false));
    SPY_ASSIGN(result.heartbeat_interval, heartbeat_interval(line));
    SPY_ASSIGN(result.slow_reader, slow_reader(line));
    return result;
}

std::string new_challenge() {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::string challenge(kChallengeLength, ' ');
    const bool filled = ::getentropy(challenge.data(), challenge.size()) == 0;
    SPY_ASSERT(filled);  // fails for more than 256 bytes only
    for (char& c : challenge) c = kLetters[static_cast<unsigned char>(c) % kLetters.size()];
    return challenge;
}

bool answers_challenge(std::string_view response, std::string_view challenge, std::string_view key) {
    if (key.empty()) {
        const std::string_view digits = response.substr(0, kSha256Digits);
        return response.size() == kSha256Digits + 1 + kBucketLength && response[kSha256Digits] == '-' &&
               digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    }
    const std::string_view bucket = key.substr(key.size() - std::min(key.size(), kBucketLength));
    return response == fmt::format("{}-{}", sha256_of(fmt::format("{}|{}", challenge, key)), bucket);
}

Result<ControlMessage> parse_control(std::string_view line) {
    if (line == "start_session" || line.starts_with("start_session=")) return ControlMessage{StartSession{}};
    SPY_ASSIGN(auto request, parse_subscription(line));
    return ControlMessage{std::move(request)};
}

std::string field_text(std::string_view text) {
    std::string out = printable(text);
    std::ranges::replace(out, '|', '?');
    return out;
}

}  // namespace spymaster::feed
