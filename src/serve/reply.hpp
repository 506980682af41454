// Answers of the service, as its handlers make them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sockets/reply.hpp"

namespace spymaster::serve {

using sockets::BodyPart;
using sockets::BodySource;
using sockets::Reply;

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
