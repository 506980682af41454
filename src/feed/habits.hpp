// How the traders of the simulated market usually behave: how much they leave at a price, and how their orders
// are distributed in size and distance. The numbers were chosen by eye after two real ES files.
#pragma once

#include <cstdint>

#include "feed/random.hpp"

namespace spymaster::feed {

// The lots that a tick usually has, `distance` ticks from the best price of its side.
double usual_lots(std::int32_t tick, std::int32_t distance);

// Lots of a new limit order, 1 to 80; mean 2.6.
std::uint32_t order_size(Random& random);

// Lots of an aggressive order, 1 to 60; mean 5.
std::uint32_t aggressor_size(Random& random);

// Where a limit order goes: ticks behind the best price of its side, 0 to 250, nearly half of them 0.
std::int32_t usual_distance(Random& random);

}  // namespace spymaster::feed
