#include "serve/reply.hpp"

#include <nlohmann/json.hpp>

namespace spymaster::serve {

namespace {

// Messages may carry bytes of file names: what is not UTF-8 is replaced, never thrown about.
std::string dump(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Reply json_reply(std::string body) {
    Reply reply;
    reply.body = std::move(body);
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

Reply error_reply(unsigned status, std::string_view message) {
    Reply reply;
    reply.status = status;
    reply.body = dump({{"error", message}});
    return reply;
}

Reply error_reply(const Error& error) {
    const unsigned status = error.code == ErrorCode::usage     ? 400
                            : error.code == ErrorCode::missing ? 404
                                                               : 500;
    return error_reply(status, error.message);
}

std::string error_message(std::string_view message) {
    return dump({{"type", "error"}, {"message", message}});
}

}  // namespace spymaster::serve
