#include "base/client_text.hpp"

namespace spymaster {

namespace {

constexpr std::size_t kMostShown = 40;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_space, std::string_view where) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return make_error(ErrorCode::usage, "a '%' in the {} is not followed by two hex digits",
                                  where);
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return make_error(ErrorCode::usage, "there is a NUL in the {}", where);
        out += c;
    }
    return out;
}

std::string printable(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c < ' ' || c > '~') c = '?';
    return out;
}

std::string shown(std::string_view text) {
    std::string out = printable(text.substr(0, kMostShown));
    if (text.size() > kMostShown) out += "...";
    return out;
}

}  // namespace spymaster
