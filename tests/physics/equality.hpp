// A surface of the engine against one of the plain reference, exactly.
#pragma once

#include <gtest/gtest.h>

#include "physics/surface.hpp"
#include "plain_reference.hpp"

namespace spymaster::physics::testing {

// Every cell of every column, by its bits (0.0 and -0.0 compare equal: no formula distinguishes them).
inline void expect_same(const PhysicsSurface1s& surface, const ReferenceSurface& expected) {
    ASSERT_EQ(surface.rows(), expected.cells.size());
    std::size_t row = 0;
    for (const auto& [cell, fields] : expected.cells) {
        EXPECT_EQ(surface.rel_ticks_side[row], expected.rel_ticks_side.at(cell)) << cell.first << cell.second;
        ASSERT_EQ(fields.size(), kFieldNames.size());
        for (std::size_t field = 0; field < kFieldNames.size(); ++field) {
            const double value = surface[static_cast<Field>(field)][row];
            ASSERT_EQ(value, fields.find(kFieldNames[field])->second)
                << kFieldNames[field] << " at side " << cell.first << " x " << cell.second;
        }
        ++row;
    }
}

}  // namespace spymaster::physics::testing
