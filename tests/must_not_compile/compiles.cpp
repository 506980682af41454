// layer: physics
// The control: if this fails, the other cases prove nothing.
#include "market/price.hpp"
#include "physics/surface.hpp"

bool differs(spymaster::market::Price a, spymaster::market::Price b) {
    return a + (b - a) != b;
}
