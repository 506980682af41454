// _MANIFEST.json: what a partition holds and where it came from. The layout is in docs/lake.md.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::lake {

inline constexpr std::string_view kManifestName = "_MANIFEST.json";
inline constexpr std::string_view kSuccessName = "_SUCCESS";
inline constexpr std::size_t kMaxManifestBytes = std::size_t{4} << 20;

// Keys sorted, two spaces of indent, a newline at the end: equal manifests are equal bytes. Error (usage):
// text that is not UTF-8.
Result<std::string> to_json(const Manifest& manifest);

// Error: malformed, saying which key.
Result<Manifest> parse_manifest(std::string_view text);

}  // namespace spymaster::lake
