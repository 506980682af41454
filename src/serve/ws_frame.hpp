// WebSocket frames from a server (RFC 6455, 5.2): never masked, so the same bytes serve every client.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spymaster::serve {

enum class WsOpcode : std::uint8_t { text = 1, binary = 2 };

// Appends the head of one whole (FIN) message of `size` bytes; the payload follows it.
inline void append_ws_head(std::string& out, WsOpcode opcode, std::uint64_t size) {
    const auto byte = [&out](std::uint64_t value) { out.push_back(static_cast<char>(value & 0xFFU)); };
    byte(0x80U | static_cast<unsigned>(opcode));
    int length_bytes = 0;
    if (size < 126) {
        byte(size);
    } else if (size <= 0xFFFF) {
        byte(126);
        length_bytes = 2;
    } else {
        byte(127);
        length_bytes = 8;
    }
    for (int i = length_bytes - 1; i >= 0; --i) byte(size >> (8U * static_cast<unsigned>(i)));
}

inline void append_ws_message(std::string& out, WsOpcode opcode, std::string_view payload) {
    append_ws_head(out, opcode, payload.size());
    out.append(payload);
}

inline std::string ws_text(std::string_view payload) {
    std::string message;
    append_ws_message(message, WsOpcode::text, payload);
    return message;
}

}  // namespace spymaster::serve
