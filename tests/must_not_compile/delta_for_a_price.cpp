// layer: market
// error: could not convert
#include "market/price.hpp"

spymaster::market::Price confused(spymaster::market::PriceDelta d) {
    return d;
}
