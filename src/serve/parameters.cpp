#include "serve/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace spymaster::serve {

namespace {

constexpr std::size_t kMaxSymbol = 64;

bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// A session is of a product with a book of its own; options are a surface of it.
Result<market::ProductType> parse_product_type(std::string_view text) {
    std::string known;
    for (const auto& product : market::products()) {
        if (product.is_option()) continue;
        if (product.name == text) return product.type;
        known += known.empty() ? "" : " or ";
        known += product.name;
    }
    const auto option = market::find_product(text);
    return make_error(ErrorCode::usage, "product_type has to be {}, not '{}'{}", known, shown(text),
                      option ? ": options are the surface `options` of their underlying" : "");
}

}  // namespace

Result<double> parse_speed(std::string_view text) {
    const auto speed = parse_number<double>(text);
    if (!speed || !std::isfinite(*speed) || *speed <= 0.0) {
        return make_error(ErrorCode::usage, "speed has to be a finite number above 0, not '{}'", shown(text));
    }
    return *speed;
}

Result<std::int64_t> parse_integer(std::string_view name, std::string_view text) {
    const auto value = parse_number<std::int64_t>(text);
    if (!value)
        return make_error(ErrorCode::usage, "{} has to be an integer (64 bits), not '{}'", name, shown(text));
    return *value;
}

Result<std::string> parse_symbol(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(),
                                   [](char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-'; });
    if (text.empty() || text.size() > kMaxSymbol || !plain || !is_alnum(text.front())) {
        return make_error(ErrorCode::usage,
                          "symbol has to be 1 to {} letters, digits, '.', '_' or '-', not '{}'", kMaxSymbol,
                          shown(text));
    }
    return std::string(text);
}

Result<market::Date> parse_dt(std::string_view text) {
    auto date = market::parse_date(text);
    if (!date)
        return make_error(ErrorCode::usage, "dt has to be a date as YYYY-MM-DD, or live, not '{}'",
                          shown(text));
    return date;
}

Result<std::optional<market::ProductType>> optional_product_type(const Target& target) {
    SPY_ASSIGN(const auto text, target.value("product_type"));
    if (!text) return std::optional<market::ProductType>();
    SPY_ASSIGN(const auto type, parse_product_type(*text));
    return std::optional<market::ProductType>(type);
}

Result<std::string> required(const Target& target, std::string_view name) {
    SPY_ASSIGN(auto value, target.value(name));
    if (!value) return make_error(ErrorCode::usage, "parameter {} is missing", name);
    return *std::move(value);
}

Result<std::optional<std::int64_t>> optional_integer(const Target& target, std::string_view name) {
    SPY_ASSIGN(const auto text, target.value(name));
    if (!text) return std::optional<std::int64_t>();
    SPY_ASSIGN(const auto value, parse_integer(name, *text));
    return std::optional<std::int64_t>(value);
}

Result<std::optional<std::string>> Target::value(std::string_view name) const {
    std::optional<std::string> found;
    for (const auto& [key, value] : query) {
        if (key != name) continue;
        if (found) return make_error(ErrorCode::usage, "parameter {} is given twice", name);
        found = value;
    }
    return found;
}

Result<Target> parse_target(std::string_view target) {
    target = target.substr(0, target.find('#'));
    if (target.empty() || target.front() != '/')
        return make_error(ErrorCode::usage, "the request target has to start with '/'");
    Target out;
    const auto question = target.find('?');
    SPY_ASSIGN(out.path, percent_decode(target.substr(0, question), false, "URL"));
    std::string_view rest =
        question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    while (!rest.empty()) {
        const auto ampersand = rest.find('&');
        const auto pair = rest.substr(0, ampersand);
        rest = ampersand == std::string_view::npos ? std::string_view() : rest.substr(ampersand + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        SPY_ASSIGN(auto key, percent_decode(pair.substr(0, equals), true, "URL"));
        SPY_ASSIGN(auto value, percent_decode(equals == std::string_view::npos ? std::string_view()
                                                                               : pair.substr(equals + 1),
                                              true, "URL"));
        out.query.emplace_back(std::move(key), std::move(value));
    }
    return out;
}

}  // namespace spymaster::serve
