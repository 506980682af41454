// EPS_QTY, the quantity added to a depth before dividing by it, so that an empty level has a rate too.
//
//   symbol   EPS_QTY        unit   lots        value   1.0        spec   1.1
#pragma once

namespace spymaster::physics {

inline constexpr double kEpsQty = 1.0;

}  // namespace spymaster::physics
