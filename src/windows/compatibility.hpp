// Whether an engine of the radar family follows the corrected rules, or the reference's in what its vectors pin down. The
// reference's are for tests against those vectors alone: no command leads to them.
#pragma once

#include <cstdint>

namespace spymaster::windows {

enum class Compatibility : std::uint8_t { corrected, reference };

}  // namespace spymaster::windows
