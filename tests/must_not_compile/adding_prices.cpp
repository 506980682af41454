// layer: market
// error: no match for .*operator
#include "market/price.hpp"

spymaster::market::Price doubled(spymaster::market::Price a) {
    return a + a;
}
