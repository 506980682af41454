#include "feed/gateway/http_message.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/client_text.hpp"

namespace spymaster::feed {

namespace {

constexpr std::size_t kMaxParameters = 64;
constexpr std::string_view kBasic = "Basic ";
constexpr std::size_t kMaxAuthorization = 1024;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failed != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

Result<Parameters> parse_form(std::string_view text) {
    Parameters parameters;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        if (pair.empty()) continue;
        if (parameters.size() == kMaxParameters)
            return make_error(ErrorCode::usage, "more than {} parameters", kMaxParameters);
        const auto equals = pair.find('=');
        SPY_ASSIGN(auto name, percent_decode(pair.substr(0, equals), true, "parameters"));
        const std::string_view raw =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        SPY_ASSIGN(auto value, percent_decode(raw, true, "parameters"));
        parameters.emplace_back(std::move(name), std::move(value));
    }
    return parameters;
}

Result<HttpRequest> make_request(std::string_view method, std::string_view target, std::string_view form) {
    HttpRequest request;
    request.method = method;
    const auto question = target.find('?');
    SPY_ASSIGN(request.path, percent_decode(target.substr(0, question), false, "parameters"));
    if (!request.path.starts_with('/')) return make_error(ErrorCode::usage, "the target is not a path");
    if (question != std::string_view::npos) {
        SPY_ASSIGN(request.parameters, parse_form(target.substr(question + 1)));
    }
    SPY_ASSIGN(auto more, parse_form(form));
    for (auto& parameter : more) request.parameters.push_back(std::move(parameter));
    return request;
}

std::optional<std::string> basic_user(std::string_view authorization) {
    if (authorization.size() > kMaxAuthorization || !authorization.starts_with(kBasic)) return std::nullopt;
    const auto text = authorization.substr(kBasic.size());
    if (text.empty() || text.size() % 4 != 0) return std::nullopt;
    std::string decoded(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    const auto colon = decoded.find(':');
    if (colon == std::string::npos) return std::nullopt;
    return decoded.substr(0, colon);
}

RangeKind parse_range(std::string_view field, std::uint64_t size, ByteRange& range) {
    constexpr std::string_view kBytes = "bytes=";
    if (!field.starts_with(kBytes)) return RangeKind::whole;
    const auto asked = field.substr(kBytes.size());
    const auto dash = asked.find('-');
    if (dash == std::string_view::npos || asked.find(',') != std::string_view::npos) return RangeKind::whole;
    const auto first = number(asked.substr(0, dash));
    const auto last = number(asked.substr(dash + 1));
    if (dash == 0) {  // the last so many bytes
        if (!last) return RangeKind::whole;
        if (*last == 0 || size == 0) return RangeKind::unsatisfiable;
        range = {size - std::min(*last, size), size - 1};
        return RangeKind::part;
    }
    if (!first || (!last && dash + 1 != asked.size()) || (last && *last < *first)) return RangeKind::whole;
    if (*first >= size) return RangeKind::unsatisfiable;
    range = {*first, last ? std::min(*last, size - 1) : size - 1};
    return RangeKind::part;
}

HttpReply error_reply(unsigned status, std::string_view error_case, std::string_view message) {
    HttpReply reply;
    reply.status = status;
    const nlohmann::json detail = {{"case", error_case},
                                   {"message", message},
                                   {"status_code", status},
                                   {"docs", nullptr},
                                   {"payload", nullptr}};
    reply.body =
        nlohmann::json{{"detail", detail}}.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    return reply;
}

}  // namespace spymaster::feed
