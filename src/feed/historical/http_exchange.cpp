#include "feed/historical/http_exchange.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

namespace spymaster::feed {

namespace {

constexpr std::size_t kMostBodyBytes = std::size_t{64} << 20;
constexpr std::size_t kMostErrorBytes = std::size_t{64} << 10;
constexpr long kTimeoutSeconds = 100;

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::optional<std::string> part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return std::nullopt;
    const std::unique_ptr<char, FreeText> owned(text);
    return std::string(text);
}

// Addresses of this machine, which no one else can be behind.
bool is_loopback(const std::string& host) {
    if (host == "localhost" || host == "[::1]") return true;
    int dots = 0;
    for (const char c : host) {
        if (c == '.')
            ++dots;
        else if (c < '0' || c > '9')
            return false;
    }
    return dots == 3 && host.starts_with("127.");
}

bool is_named(std::string_view line, std::string_view name) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return line.size() > name.size() && line[name.size()] == ':' &&
           std::ranges::equal(line.substr(0, name.size()), name, {}, lower);
}

std::string value_of(std::string_view line, std::string_view name) {
    line.remove_prefix(name.size() + 1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' '))
        line.remove_suffix(1);
    return std::string(line);
}

// What a request in flight has got so far.
struct Flight {
    const HttpCall& request;
    const std::function<bool()>& stopped;
    HttpAnswer reply;
    bool too_long = false;

    void take_header(std::string_view line) {
        if (line.starts_with("HTTP/")) {  // of the last answer: an interim one may come before
            reply = {};
            const auto blank = line.find(' ');
            if (blank == std::string_view::npos) return;
            std::from_chars(line.data() + blank + 1, line.data() + line.size(), reply.status);
        }
        for (const auto& [name, field] : {std::pair("retry-after", &HttpAnswer::retry_after),
                                          std::pair("x-warning", &HttpAnswer::warning),
                                          std::pair("content-range", &HttpAnswer::content_range)}) {
            if (is_named(line, name)) reply.*field = value_of(line, name);
        }
    }

    bool take_body(std::span<const std::byte> bytes) {
        if (request.take && (reply.status == 200 || reply.status == 206)) return request.take(reply, bytes);
        const std::size_t most = request.take ? kMostErrorBytes : kMostBodyBytes;
        if (bytes.size() > most - reply.body.size()) {
            too_long = true;
            return false;
        }
        reply.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return true;
    }
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* flight) {
    static_cast<Flight*>(flight)->take_header({data, size * count});
    return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* flight) {
    const auto bytes = std::as_bytes(std::span(data, size * count));
    return static_cast<Flight*>(flight)->take_body(bytes) ? size * count : 0;
}

int on_progress(void* flight, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Flight*>(flight)->stopped() ? 1 : 0;
}

bool is_before_sending(CURLcode code) {
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
           code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_SSL_CONNECT_ERROR ||
           code == CURLE_PEER_FAILED_VERIFICATION;
}

}  // namespace

Result<std::string> checked_base_url(const std::string& url) {
    const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
    if (parsed == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
        return make_error(ErrorCode::usage, "--host '{}' is no URL; one is https://hist.databento.com", url);
    }
    const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME).value_or("");
    const std::string host = part_of(parsed.get(), CURLUPART_HOST).value_or("");
    const bool more = part_of(parsed.get(), CURLUPART_USER) || part_of(parsed.get(), CURLUPART_PASSWORD) ||
                      part_of(parsed.get(), CURLUPART_QUERY) || part_of(parsed.get(), CURLUPART_FRAGMENT) ||
                      part_of(parsed.get(), CURLUPART_PATH).value_or("/") != "/";
    if (more || (scheme != "https" && scheme != "http")) {
        return make_error(ErrorCode::usage,
                          "--host takes scheme, host and port alone, as in https://hist.databento.com");
    }
    if (scheme == "http" && !is_loopback(host)) {
        return make_error(
            ErrorCode::usage,
            "the key would go to {} in the clear; use https:// (http:// is for 127.0.0.1 alone)", host);
    }
    const auto port = part_of(parsed.get(), CURLUPART_PORT);
    return fmt::format("{}://{}{}", scheme, host, port ? ":" + *port : "");
}

class HttpExchange::Impl {
  public:
    Impl(CURL* handle, std::string base_url, std::string key, std::function<bool()> stopped)
        : handle_(handle),
          base_url_(std::move(base_url)),
          key_(std::move(key)),
          stopped_(std::move(stopped)) {}

    Result<HttpAnswer> perform(const HttpCall& request) {
        Flight flight{request, stopped_, {}};
        char reason[CURL_ERROR_SIZE] = "";
        curl_easy_reset(handle_.get());
        SPY_TRY(set_common(flight, reason));
        const std::string url =
            base_url_ + request.path + (request.query.empty() ? "" : "?") + encoded(request.query);
        const std::string form = request.form ? encoded(*request.form) : std::string();
        const std::string range = fmt::format("{}-", request.from);
        set(CURLOPT_URL, url.c_str());
        if (request.form) {
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(form.size()));
            set(CURLOPT_POSTFIELDS, form.c_str());
        }
        if (request.from > 0) set(CURLOPT_RANGE, range.c_str());
        if (request.fresh_connection) set(CURLOPT_FRESH_CONNECT, 1L);
        if (request.take) {  // of a file, which may take hours
            set(CURLOPT_BUFFERSIZE, 256L * 1024);
            set(CURLOPT_LOW_SPEED_LIMIT, 1L);
            set(CURLOPT_LOW_SPEED_TIME, kTimeoutSeconds);
        } else {
            set(CURLOPT_TIMEOUT, kTimeoutSeconds);
        }
        const CURLcode code = curl_easy_perform(handle_.get());
        if (flight.too_long && flight.reply.status < 300) {
            return make_error(ErrorCode::malformed, "{}: an answer of more than {} bytes", request.path,
                              kMostBodyBytes);
        }
        if (code != CURLE_OK && !flight.too_long) {
            flight.reply.failure = code == CURLE_ABORTED_BY_CALLBACK ? "stopped"
                                   : reason[0] != '\0'               ? reason
                                                                     : curl_easy_strerror(code);
            flight.reply.unseen = is_before_sending(code);
        }
        return std::move(flight.reply);
    }

  private:
    template <class T>
    void set(CURLoption option, T value) {
        if (curl_easy_setopt(handle_.get(), option, value) != CURLE_OK) refused_ = true;
    }

    // What every request has, and nothing that libcurl would do unasked.
    Result<void> set_common(Flight& flight, char* reason) {
        refused_ = false;
        set(CURLOPT_ERRORBUFFER, reason);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROTOCOLS_STR, "https,http");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        if (base_url_.starts_with("http://")) set(CURLOPT_PROXY, "");  // a proxy is not this machine
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(CURLOPT_USERNAME, key_.c_str());
        set(CURLOPT_PASSWORD, "");
        set(CURLOPT_USERAGENT, "spymaster");
        if (!headers_) headers_.reset(curl_slist_append(nullptr, "accept: application/json"));
        set(CURLOPT_HTTPHEADER, headers_.get());
        set(CURLOPT_CONNECTTIMEOUT, kTimeoutSeconds);
        set(CURLOPT_HEADERFUNCTION, on_header);
        set(CURLOPT_HEADERDATA, &flight);
        set(CURLOPT_WRITEFUNCTION, on_body);
        set(CURLOPT_WRITEDATA, &flight);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, on_progress);
        set(CURLOPT_XFERINFODATA, &flight);
        if (refused_ || !headers_)
            return make_error(ErrorCode::internal, "libcurl lacks what a safe request needs");
        return {};
    }

    [[nodiscard]] std::string encoded(const std::vector<std::pair<std::string, std::string>>& pairs) const {
        std::string text;
        for (const auto& [name, value] : pairs) {
            const std::unique_ptr<char, FreeText> escaped(
                curl_easy_escape(handle_.get(), value.c_str(), static_cast<int>(value.size())));
            text += (text.empty() ? "" : "&") + name + "=" + (escaped ? escaped.get() : "");
        }
        return text;
    }

    std::unique_ptr<CURL, FreeHandle> handle_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::string base_url_;
    std::string key_;
    std::function<bool()> stopped_;
    bool refused_ = false;
};

HttpExchange::HttpExchange(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpExchange::HttpExchange(HttpExchange&&) noexcept = default;
HttpExchange& HttpExchange::operator=(HttpExchange&&) noexcept = default;
HttpExchange::~HttpExchange() = default;

Result<HttpExchange> HttpExchange::create(std::string base_url, std::string key,
                                          std::function<bool()> stopped) {
    static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL* const handle = kStarted == CURLE_OK ? curl_easy_init() : nullptr;
    if (handle == nullptr) return make_error(ErrorCode::internal, "libcurl cannot start");
    return HttpExchange(
        std::make_unique<Impl>(handle, std::move(base_url), std::move(key), std::move(stopped)));
}

Result<HttpAnswer> HttpExchange::perform(const HttpCall& request) {
    return impl_->perform(request);
}

}  // namespace spymaster::feed
