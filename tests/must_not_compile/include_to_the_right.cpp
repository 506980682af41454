// layer: physics
// error: lake/lake.hpp: No such file
#include "lake/lake.hpp"
