// layer: market
// error: ignoring returned value
#include "market/time.hpp"

void forget() {
    spymaster::market::parse_date("2023-12-25");
}
