// An HTTP answer, apart from the HTTP library: what handlers return and a connection sends.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace spymaster::sockets {

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
    // The next parts; none at the end. An error breaks the connection off: its head is out. The callback runs on the sockets'
    // thread, once, maybe before next() returns.
    virtual void next(OnParts on_parts) = 0;
};

struct Reply {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::shared_ptr<BodySource> source;         // instead of `body`
    std::optional<std::uint64_t> source_bytes;  // how much it gives; not known: it is sent in chunks
    std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace spymaster::sockets
