#include "feed/live/live_options.hpp"

#include <algorithm>

namespace spymaster::feed::live {

namespace {

constexpr std::size_t kLongestSymbol = 71;
constexpr std::size_t kShortestKey = 6;  // five letters of it are sent, to find it by
constexpr std::string_view kDefaultPort = "13000";

// Printable, and nothing that means something in a line of the protocol.
bool is_plain(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f && c != '|' && c != ',' && c != '=';
    });
}

Result<void> check(const LiveSubscription& subscription) {
    const std::string schema = dbn::to_string(subscription.schema);
    if (subscription.symbols.empty()) {
        return make_error(ErrorCode::usage, "no symbols of {}; name some, or ALL_SYMBOLS", schema);
    }
    for (const std::string& symbol : subscription.symbols) {
        // Symbols of other venues have blanks inside: "BRK B", "SPXW  260106C06900000".
        std::string without_blanks(symbol);
        std::erase(without_blanks, ' ');
        if (!is_plain(without_blanks) || symbol.size() > kLongestSymbol) {
            return make_error(ErrorCode::usage, "'{}' is no symbol", symbol.substr(0, kLongestSymbol));
        }
    }
    if (subscription.snapshot && subscription.schema != dbn::Schema::mbo) {
        return make_error(ErrorCode::usage, "there are snapshots of mbo, not of {}", schema);
    }
    if (subscription.snapshot && subscription.start) {
        return make_error(ErrorCode::usage, "{}: a start, or a snapshot, not both", schema);
    }
    if (subscription.start.value_or(0) < 0) {
        return make_error(ErrorCode::usage, "{}: a start before 1970", schema);
    }
    return {};
}

}  // namespace

Result<void> check(const LiveOptions& options) {
    if (!is_plain(options.dataset) || options.dataset.find('/') != std::string::npos) {
        return make_error(ErrorCode::usage, "'{}' is no dataset; GLBX.MDP3 is one", options.dataset);
    }
    if (options.key.size() < kShortestKey || !is_plain(options.key)) {
        return make_error(ErrorCode::usage, "no key, or none that could be one; set DATABENTO_API_KEY");
    }
    if (options.subscriptions.empty()) {
        return make_error(ErrorCode::usage, "nothing to subscribe to");
    }
    if (options.heartbeat_interval_s < 5 || options.heartbeat_interval_s > 1800) {
        return make_error(ErrorCode::usage, "a heartbeat every {} s; 5 to 1800 are possible",
                          options.heartbeat_interval_s);
    }
    for (const LiveSubscription& subscription : options.subscriptions) SPY_TRY(check(subscription));
    SPY_TRY(destination_of(options));
    return {};
}

Result<Destination> destination_of(const LiveOptions& options) {
    Destination to{.timeout = options.connect_timeout};
    if (options.gateway.empty()) {
        to.host = options.dataset;
        for (char& c : to.host) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            if (c == '.') c = '-';
        }
        to.host += ".lsg.databento.com";
        to.port = kDefaultPort;
        return to;
    }
    const std::size_t colon = options.gateway.rfind(':');
    to.host = options.gateway.substr(0, colon);
    if (to.host.size() > 2 && to.host.front() == '[' && to.host.back() == ']') {
        to.host = to.host.substr(1, to.host.size() - 2);
    }
    to.port = colon == std::string::npos ? kDefaultPort : options.gateway.substr(colon + 1);
    const bool digits =
        !to.port.empty() && to.port.size() <= 5 &&
        std::all_of(to.port.begin(), to.port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (to.host.empty() || !digits) {
        return make_error(ErrorCode::usage, "'{}' is no gateway; write host:port", options.gateway);
    }
    return to;
}

}  // namespace spymaster::feed::live
