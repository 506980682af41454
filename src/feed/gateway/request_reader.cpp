#include "feed/gateway/request_reader.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "feed/gateway/symbology.hpp"

namespace spymaster::feed {

namespace {

constexpr std::size_t kMaxSymbols = 2000;
constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kHour = 60 * kMinute;
constexpr std::uint64_t kDay = 24 * kHour;

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::uint64_t> digits(std::string_view text) {
    std::uint64_t value = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!all_digits(text) || failed != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

Result<RequestTime> from_date(std::string_view text) {
    SPY_ASSIGN(const auto date, market::parse_date(text));
    const auto ns = date.midnight_utc_ns();
    if (ns < 0) return make_error(ErrorCode::usage, "a date before 1970");
    return RequestTime{static_cast<std::uint64_t>(ns), kDay};
}

// A date with a time of day: "2026-01-06T09", "…T09:30", "…T09:30:00", with or without a zone.
Result<RequestTime> from_date_time(std::string_view text) {
    std::string whole(text);
    whole[10] = 'T';
    const auto zone = whole.find_first_of("Zz+-", 11);
    std::string clock = whole.substr(11, zone == std::string::npos ? zone : zone - 11);
    const std::string suffix = zone == std::string::npos ? "Z" : whole.substr(zone);
    std::uint64_t resolution = kSecond;
    if (clock.size() == 2) {
        clock += ":00:00";
        resolution = kHour;
    } else if (clock.size() == 5) {
        clock += ":00";
        resolution = kMinute;
    } else if (clock.size() > 8) {
        resolution = 1;
    }
    SPY_ASSIGN(const auto ns, market::parse_instant(whole.substr(0, 11) + clock + suffix));
    if (ns < 0) return make_error(ErrorCode::usage, "an instant before 1970");
    return RequestTime{static_cast<std::uint64_t>(ns), resolution};
}

}  // namespace

Result<RequestTime> parse_request_time(std::string_view text) {
    if (all_digits(text) && text.size() == 8) {
        return from_date(fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
    }
    if (const auto ns = digits(text)) {
        if (*ns > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return make_error(ErrorCode::usage, "an instant after 2262");
        return RequestTime{*ns, 0};
    }
    if (text.size() == 10) return from_date(text);
    if (text.size() > 10 && (text[10] == 'T' || text[10] == ' ')) return from_date_time(text);
    return make_error(ErrorCode::usage, "neither a date, an ISO 8601 time nor nanoseconds");
}

void RequestReader::refuse(unsigned status, std::string_view error_case, std::string message) {
    if (!refusal_) refusal_ = Refusal{status, std::string(error_case), std::move(message)};
}

void RequestReader::refuse_parameter(std::string_view name, std::string_view what) {
    refuse(422, "invalid_parameter", fmt::format("parameter `{}`: {}", name, what));
}

void RequestReader::refuse(const Error& error) {
    const bool theirs = error.code == ErrorCode::usage || error.code == ErrorCode::missing;
    refuse(theirs ? 422 : 500, theirs ? "invalid_request" : "internal_error", error.message);
}

std::optional<std::string> RequestReader::optional(std::string_view name) {
    std::optional<std::string> found;
    for (const auto& [key, value] : parameters_) {
        if (key != name) continue;
        if (found) refuse_parameter(name, "is given twice");
        found = value;
    }
    if (found && found->empty()) found.reset();
    return found;
}

std::string RequestReader::required(std::string_view name) {
    auto found = optional(name);
    if (!found) refuse_parameter(name, "is missing");
    return found.value_or(std::string());
}

std::string RequestReader::or_else(std::string_view name, std::string_view value) {
    return optional(name).value_or(std::string(value));
}

bool RequestReader::flag(std::string_view name, bool value) {
    const auto text = optional(name);
    if (!text) return value;
    const auto plain = lower(*text);
    if (plain == "true" || plain == "1") return true;
    if (plain != "false" && plain != "0")
        refuse_parameter(name, fmt::format("'{}' is not true or false", shown(*text)));
    return false;
}

std::optional<std::uint64_t> RequestReader::number(std::string_view name) {
    const auto text = optional(name);
    if (!text) return std::nullopt;
    const auto value = digits(*text);
    if (!value) refuse_parameter(name, fmt::format("'{}' is not a whole number", shown(*text)));
    return value;
}

std::optional<market::Date> RequestReader::date(std::string_view name) {
    const auto found = time(name);
    if (!found) return std::nullopt;
    return market::utc_date(static_cast<std::int64_t>(found->ns));
}

std::optional<RequestTime> RequestReader::time(std::string_view name) {
    const auto text = optional(name);
    if (!text) return std::nullopt;
    const auto value = parse_request_time(*text);
    if (value) return *value;
    refuse_parameter(name, fmt::format("'{}' is {}", shown(*text), value.error().message));
    return std::nullopt;
}

dbn::Schema RequestReader::schema() {
    const auto text = required("schema");
    for (int value = 0; value <= static_cast<int>(dbn::Schema::bbo_1m); ++value) {
        if (dbn::to_string(static_cast<dbn::Schema>(value)) == text) return static_cast<dbn::Schema>(value);
    }
    refuse_parameter("schema", fmt::format("'{}' is not a schema", shown(text)));
    return dbn::Schema::mbo;
}

dbn::SymbolType RequestReader::stype(std::string_view name, dbn::SymbolType value) {
    const auto text = optional(name);
    if (!text) return value;
    using enum dbn::SymbolType;
    for (const auto type : {instrument_id, raw_symbol, parent, continuous}) {
        if (dbn::to_string(type) == *text) return type;
    }
    refuse_parameter(
        name, fmt::format("'{}' is not raw_symbol, instrument_id, parent or continuous", shown(*text)));
    return value;
}

std::vector<std::string> RequestReader::symbols() {
    const auto text = optional("symbols");
    if (!text) return {std::string(kAllSymbols)};
    std::vector<std::string> symbols;
    std::string_view rest = *text;
    while (!rest.empty()) {
        const auto one = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
        const auto first = one.find_first_not_of(' ');
        if (first == std::string_view::npos) continue;
        const auto symbol = one.substr(first, one.find_last_not_of(' ') - first + 1);
        if (symbol.size() >= dbn::kSymbolLength)
            refuse_parameter("symbols", fmt::format("'{}' is longer than a symbol", shown(symbol)));
        symbols.emplace_back(symbol);
    }
    if (symbols.empty()) refuse_parameter("symbols", "names none");
    if (symbols.size() > kMaxSymbols)
        refuse_parameter("symbols",
                         fmt::format("{} symbols; a request may have {}", symbols.size(), kMaxSymbols));
    return symbols;
}

}  // namespace spymaster::feed
