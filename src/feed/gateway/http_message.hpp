// Requests and answers of the gateway's HTTP service, apart from sockets. Pure functions: any bytes in, a value or a reason
// out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace spymaster::feed {

// Names and values, decoded, in order.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// application/x-www-form-urlencoded: a query string or a form. At most 64 parameters. Error (usage): a bad escape, a NUL, too
// many.
Result<Parameters> parse_form(std::string_view text);

struct HttpRequest {
    std::string method;  // GET (HEAD too) or POST
    std::string path;    // decoded
    Parameters parameters;
    std::string authorization;  // header fields as they came; empty: not there
    std::string range;
    std::string server_url;  // where it came to: "http://127.0.0.1:8001"
};

// Of a request's target ("/v0/…?a=b") and, for POST, its form. Error (usage): as parse_form; no leading '/'.
Result<HttpRequest> make_request(std::string_view method, std::string_view target, std::string_view form);

// The user name of Basic authentication; none if it is not that.
std::optional<std::string> basic_user(std::string_view authorization);

// Bytes [first, last] of a file.
struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};
enum class RangeKind : std::uint8_t { whole, part, unsatisfiable };
// What a Range field asks of a file of `size` bytes: one range of bytes; a field that is none, or several, is ignored
// (RFC 9110).
RangeKind parse_range(std::string_view field, std::uint64_t size, ByteRange& range);

// The body of an answer, piece by piece. One thread at a time.
class PieceSource {
  public:
    virtual ~PieceSource() = default;
    // Replaces `piece` by the next bytes; empty at the end. An error breaks the connection off.
    virtual Result<void> next(std::vector<std::byte>& piece) = 0;
};

struct HttpReply {
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string content_type = "application/json";
    std::string body;
    std::unique_ptr<PieceSource> source;        // instead of `body`
    std::optional<std::uint64_t> source_bytes;  // how much it gives, where that is known
};

// {"detail": {"case", "message", "status_code", "docs", "payload"}}, as the service's clients read it.
HttpReply error_reply(unsigned status, std::string_view error_case, std::string_view message);

}  // namespace spymaster::feed
