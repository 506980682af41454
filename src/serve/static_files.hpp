// The built page: files below one folder, and nothing else.
#pragma once

#include <filesystem>
#include <string_view>

#include "serve/reply.hpp"

namespace spymaster::serve {

// The answer to GET `path` (decoded, starting with '/'); "/" is index.html. A name that starts with a dot, or
// a link that leads out of the folder, is not found. Hashed names below /assets/ may be cached for ever, the
// rest not.
Reply static_file(const std::filesystem::path& web, std::string_view path);

}  // namespace spymaster::serve
