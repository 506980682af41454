// Text that comes from others: what a URL or form says, and how it is repeated in a message.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster {

// %XX to bytes, and in forms + to a space. Error (usage): a '%' without two hex digits, a NUL; `where` names the text.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space, std::string_view where);

// What is not printable ASCII as '?'.
std::string printable(std::string_view text);

// At most 40 characters, printable ones; "..." where there were more.
std::string shown(std::string_view text);

}  // namespace spymaster
