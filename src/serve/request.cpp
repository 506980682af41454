#include "serve/request.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace spymaster::serve {

namespace {

constexpr std::size_t kMaxSymbol = 64;
constexpr std::size_t kMaxEcho = 40;  // of a client's text in our messages

bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// A client's text as it may stand in a message: short, printable ASCII.
std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, kMaxEcho)) out += (c >= ' ' && c <= '~') ? c : '?';
    if (text.size() > kMaxEcho) out += "...";
    return out;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return make_error(ErrorCode::usage, "a '%' in the URL is not followed by two hex digits");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return make_error(ErrorCode::usage, "the URL holds a NUL");
        out += c;
    }
    return out;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

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
        return make_error(ErrorCode::usage, "dt has to be a date as YYYY-MM-DD, not '{}'", shown(text));
    return date;
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

}  // namespace

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
    SPY_ASSIGN(out.path, percent_decode(target.substr(0, question), false));
    std::string_view rest =
        question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    while (!rest.empty()) {
        const auto ampersand = rest.find('&');
        const auto pair = rest.substr(0, ampersand);
        rest = ampersand == std::string_view::npos ? std::string_view() : rest.substr(ampersand + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        SPY_ASSIGN(auto key, percent_decode(pair.substr(0, equals), true));
        SPY_ASSIGN(auto value, percent_decode(equals == std::string_view::npos ? std::string_view()
                                                                               : pair.substr(equals + 1),
                                              true));
        out.query.emplace_back(std::move(key), std::move(value));
    }
    return out;
}

Result<StreamRequest> parse_stream_request(const Target& target) {
    StreamRequest request;
    SPY_ASSIGN(const auto symbol, target.value("symbol"));
    if (symbol) {
        SPY_ASSIGN(request.session.symbol, parse_symbol(*symbol));
    }
    SPY_ASSIGN(const auto dt, target.value("dt"));
    if (dt) {
        SPY_ASSIGN(request.session.date, parse_dt(*dt));
    }
    SPY_ASSIGN(request.session.product, optional_product_type(target));
    SPY_ASSIGN(const auto speed, target.value("speed"));
    if (speed) {
        SPY_ASSIGN(request.speed, parse_speed(*speed));
    }
    SPY_ASSIGN(const auto skip, optional_integer(target, "skip_minutes"));
    if (skip && *skip < 0)
        return make_error(ErrorCode::usage, "skip_minutes has to be 0 or more, not {}", *skip);
    request.skip_minutes = skip.value_or(request.skip_minutes);
    SPY_ASSIGN(request.after_window_end_ts_ns, optional_integer(target, "after_window_end_ts_ns"));
    return request;
}

Result<SessionQuery> parse_session_query(const Target& target) {
    SPY_ASSIGN(const auto symbol_text, required(target, "symbol"));
    SPY_ASSIGN(const auto dt_text, required(target, "dt"));
    SPY_ASSIGN(auto symbol, parse_symbol(symbol_text));
    SPY_ASSIGN(const auto date, parse_dt(dt_text));
    SPY_ASSIGN(const auto product, optional_product_type(target));
    return SessionQuery{std::move(symbol), date, product};
}

Result<WindowRequest> parse_window_request(const Target& target) {
    WindowRequest request;
    SPY_ASSIGN(request.session, parse_session_query(target));
    SPY_ASSIGN(const auto end, required(target, "window_end_ts_ns"));
    SPY_ASSIGN(request.window_end_ts_ns, parse_integer("window_end_ts_ns", end));
    return request;
}

Result<RangeRequest> parse_range_request(const Target& target) {
    RangeRequest request;
    SPY_ASSIGN(request.session, parse_session_query(target));
    SPY_ASSIGN(const auto start, required(target, "start"));
    SPY_ASSIGN(const auto end, required(target, "end"));
    SPY_ASSIGN(request.start_ts_ns, parse_integer("start", start));
    SPY_ASSIGN(request.end_ts_ns, parse_integer("end", end));
    SPY_ASSIGN(request.price_low, optional_integer(target, "price_low"));
    SPY_ASSIGN(request.price_high, optional_integer(target, "price_high"));
    if (request.end_ts_ns < request.start_ts_ns) return make_error(ErrorCode::usage, "end is before start");
    if (request.price_low && request.price_high && *request.price_high < *request.price_low)
        return make_error(ErrorCode::usage, "price_high is below price_low");
    return request;
}

namespace {

using Json = nlohmann::json;

Result<Control> parse_seek(const Json& message) {
    const auto at = message.find("window_end_ts_ns");
    if (at == message.end() || !at->is_string()) {
        return make_error(ErrorCode::usage, "seek needs window_end_ts_ns as a decimal string");
    }
    SPY_ASSIGN(const auto ts, parse_integer("window_end_ts_ns", at->get_ref<const std::string&>()));
    return Control(Seek{ts});
}

Result<Control> parse_set_speed(const Json& message) {
    const auto at = message.find("speed");
    if (at == message.end() || !at->is_number())
        return make_error(ErrorCode::usage, "speed needs speed as a number");
    const auto speed = at->get<double>();
    if (!std::isfinite(speed) || speed <= 0.0)
        return make_error(ErrorCode::usage, "speed has to be a finite number above 0");
    return Control(SetSpeed{speed});
}

Result<Control> parse_step(const Json& message) {
    const auto at = message.find("windows");
    if (at == message.end()) return Control(Step{});
    const bool fits =
        at->is_number_integer() &&
        (!at->is_number_unsigned() || at->get<std::uint64_t>() <= std::numeric_limits<std::int32_t>::max());
    if (!fits || at->get<std::int64_t>() == 0) {
        return make_error(ErrorCode::usage, "step needs windows as an integer other than 0");
    }
    return Control(Step{at->get<std::int64_t>()});
}

}  // namespace

Result<Control> parse_control(std::string_view json) {
    const Json message = Json::parse(json, nullptr, false);
    if (!message.is_object()) return make_error(ErrorCode::usage, "a control message is a JSON object");
    const auto type = message.find("type");
    if (type == message.end() || !type->is_string())
        return make_error(ErrorCode::usage, "a control message needs a type");
    const auto& name = type->get_ref<const std::string&>();
    if (name == "pause") return Control(Pause{});
    if (name == "resume") return Control(Resume{});
    if (name == "seek") return parse_seek(message);
    if (name == "speed") return parse_set_speed(message);
    if (name == "step") return parse_step(message);
    return make_error(ErrorCode::usage, "unknown control message '{}': pause, resume, seek, speed or step",
                      shown(name));
}

}  // namespace spymaster::serve
