// Which rules the tables of the radar family follow. The corrected ones are what the program runs; the reference's are for
// comparison with tables that were made by it (radar spec, appendix B), and no command reaches them.
//
//   corrected   spot is the window's anchor at its start; a snapshot's orders are found, not added; derivatives have a memory
//               only from one valid second to the next
//   reference   spot is the last trade at window end, else the best bid of a valid book; a snapshot's orders are added;
//               derivatives go against the last row there was, however old (radar spec D-16)
#pragma once

#include <cstdint>

namespace spymaster::windows {

enum class Compatibility : std::uint8_t { corrected, reference };

}  // namespace spymaster::windows
