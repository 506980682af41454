// An HTTP answer, without the HTTP library: what handlers return and the connection sends.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace spymaster::serve {

// A piece of a body, and what keeps it in memory.
struct BodyPart {
    std::shared_ptr<const void> owner;
    std::string_view bytes;
};

// A body that is made while it is sent, so that it never has to be in memory as a whole.
class BodySource {
  public:
    using OnParts = std::function<void(Result<std::vector<BodyPart>>)>;

    virtual ~BodySource() = default;
    // The next parts; none at the end. The callback runs on the server's thread, once, maybe before next()
    // returns.
    virtual void next(OnParts on_parts) = 0;
};

struct Reply {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::shared_ptr<BodySource> source;  // if set: the body, sent in chunks
    std::vector<std::pair<std::string, std::string>> headers;
};

inline constexpr std::string_view kArrowContentType = "application/vnd.apache.arrow.stream";

// JSON that is made anew every time.
Reply json_reply(std::string body);
// {"error": message} as a body.
Reply error_reply(unsigned status, std::string_view message);
// 400 for usage, 404 for missing, 500 for the rest.
Reply error_reply(const Error& error);
// {"type":"error","message":…}, as the stream says it.
std::string error_message(std::string_view message);

}  // namespace spymaster::serve
