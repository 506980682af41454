#include "feed/historical/http_client.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "feed/historical/batch_json.hpp"
#include "feed/historical/http_exchange.hpp"

namespace spymaster::feed {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMostAttempts = 5;
constexpr int kMostRefusals = 20;  // by 429
constexpr milliseconds kFirstPause{1'000};
constexpr std::int64_t kLongestRetryAfter = 600;

// Letters, digits and '-' as Databento's are; anything else could end up in a header of its own.
bool can_be_key(std::string_view key) {
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
               c == '_';
    };
    return !key.empty() && key.size() <= 200 && std::ranges::all_of(key, fits);
}

seconds retry_after(const std::string& header) {
    std::int64_t value = 1;
    std::from_chars(header.data(), header.data() + header.size(), value);
    return seconds(std::clamp<std::int64_t>(value, 1, kLongestRetryAfter));
}

// The first byte of "bytes 100-199/200".
std::optional<std::uint64_t> first_byte(std::string_view content_range) {
    constexpr std::string_view kUnit = "bytes ";
    std::uint64_t first = 0;
    if (!content_range.starts_with(kUnit)) return std::nullopt;
    const char* const begin = content_range.data() + kUnit.size();
    const char* const end = content_range.data() + content_range.size();
    const auto read = std::from_chars(begin, end, first);
    if (read.ec != std::errc{} || read.ptr == end || *read.ptr != '-') return std::nullopt;
    return first;
}

}  // namespace

class HttpClient::Impl {
  public:
    Impl(HttpSettings settings, HttpExchange exchange)
        : settings_(std::move(settings)), exchange_(std::move(exchange)) {}

    // Tries a request until it is answered or there is no point in trying again.
    Result<std::string> answer(const HttpCall& request, HttpRepeat repeat) {
        milliseconds wait = kFirstPause;
        for (int attempt = 1;; ++attempt) {
            SPY_ASSIGN(const HttpAnswer reply, patient(request));
            const bool answered = reply.failure.empty() && reply.status < 500;
            if (answered)
                return reply.status < 300 ? Result<std::string>(reply.body) : refused(request, reply);
            const bool again = repeat == HttpRepeat::always || reply.unseen;
            if (!again || attempt == kMostAttempts || settings_.stopped()) return failed(request, reply);
            say(fmt::format("trying {} again in {} s: {}", request.path, wait.count() / 1'000, why(reply)));
            if (!settings_.pause(wait)) return failed(request, reply);
            wait *= 2;
        }
    }

    Result<HttpFetch> fetch(const HttpCall& request, const HttpSink& sink) {
        std::optional<Error> of_sink;
        bool begun = false;
        const auto take = [&](const HttpAnswer& head, std::span<const std::byte> bytes) {
            Result<void> taken;
            if (!begun) {
                const auto offset = head.status == 206 ? first_byte(head.content_range) : std::uint64_t{0};
                if (!offset) {
                    of_sink =
                        make_error(ErrorCode::malformed, "{}: 206 without a Content-Range", request.path);
                    return false;
                }
                begun = true;
                taken = sink.begin(*offset);
            }
            if (taken.ok()) taken = sink.take(bytes);
            if (!taken.ok()) of_sink = taken.error();
            return taken.ok();
        };
        HttpCall with_body = request;
        with_body.take = take;
        SPY_ASSIGN(const HttpAnswer reply, patient(with_body));
        if (of_sink) return *of_sink;
        if (reply.failure.empty() && reply.status < 300) return HttpFetch{};
        if (reply.status == 416) return HttpFetch{HttpFetch::End::range_refused, why(reply)};
        if (reply.failure.empty() && reply.status < 500) return refused(request, reply);
        return HttpFetch{HttpFetch::End::cut, why(reply)};
    }

  private:
    // One request, and again while the service says that it comes too soon.
    Result<HttpAnswer> patient(const HttpCall& request) {
        for (int refusal = 1;; ++refusal) {
            SPY_ASSIGN(HttpAnswer reply, exchange_.perform(request));
            if (!reply.warning.empty())
                for (const std::string& warning : parse_warnings(reply.warning)) say("WARNING " + warning);
            if (reply.status != 429 || !reply.failure.empty() || refusal == kMostRefusals) return reply;
            const seconds wait = retry_after(reply.retry_after);
            say(fmt::format("{} comes too soon for the service (429); again in {} s", request.path,
                            wait.count()));
            if (!settings_.pause(wait)) {
                reply.failure = "stopped";
                return reply;
            }
        }
    }

    [[nodiscard]] std::string why(const HttpAnswer& reply) const {
        if (!reply.failure.empty()) return without_key(reply.failure);
        return without_key(fmt::format("{} {}", reply.status, describe_failure(reply.body)));
    }

    [[nodiscard]] Error refused(const HttpCall& request, const HttpAnswer& reply) const {
        if (reply.status >= 401 && reply.status <= 403) {
            return make_error(ErrorCode::conflict, "{} refuses the key of DATABENTO_API_KEY: {}",
                              settings_.base_url, why(reply));
        }
        return make_error(ErrorCode::usage, "{}{}: {}", settings_.base_url, request.path, why(reply));
    }

    [[nodiscard]] Error failed(const HttpCall& request, const HttpAnswer& reply) const {
        return make_error(ErrorCode::io, "{}{}: {}", settings_.base_url, request.path, why(reply));
    }

    void say(const std::string& text) const { settings_.say(without_key(text)); }

    // Nothing of ours puts the key into a text; a service might.
    [[nodiscard]] std::string without_key(std::string text) const {
        for (auto at = text.find(settings_.key); at != std::string::npos; at = text.find(settings_.key, at))
            text.replace(at, settings_.key.size(), "***");
        return text;
    }

    HttpSettings settings_;
    HttpExchange exchange_;
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::create(HttpSettings settings) {
    if (!can_be_key(settings.key)) {
        return make_error(ErrorCode::usage, "{}",
                          settings.key.empty()
                              ? "no key: put yours into the environment as DATABENTO_API_KEY"
                              : "DATABENTO_API_KEY holds no key: one has letters, digits and '-' only");
    }
    SPY_ASSIGN(settings.base_url, checked_base_url(settings.base_url));
    SPY_ASSIGN(HttpExchange exchange,
               HttpExchange::create(settings.base_url, settings.key, settings.stopped));
    return HttpClient(std::make_unique<Impl>(std::move(settings), std::move(exchange)));
}

Result<std::string> HttpClient::get(std::string_view path, const HttpParameters& parameters) {
    HttpCall request;
    request.path = path;
    request.query = parameters;
    return impl_->answer(request, HttpRepeat::always);
}

Result<std::string> HttpClient::post(std::string_view path, const HttpParameters& form, HttpRepeat repeat) {
    HttpCall request;
    request.path = path;
    request.form = form;
    request.fresh_connection = repeat == HttpRepeat::only_unseen;
    return impl_->answer(request, repeat);
}

Result<HttpFetch> HttpClient::fetch(std::string_view path, std::uint64_t from, const HttpSink& sink) {
    HttpCall request;
    request.path = path;
    request.from = from;
    return impl_->fetch(request, sink);
}

}  // namespace spymaster::feed
