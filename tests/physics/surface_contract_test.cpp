// The code's names of the gold columns against the contract: same names, order and types.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "physics/surface.hpp"

namespace spymaster::physics {
namespace {

struct Column {
    std::string name;
    std::string type;
    bool operator==(const Column&) const = default;
};

void PrintTo(const Column& column, std::ostream* out) {
    *out << column.name << ' ' << column.type;
}

TEST(SurfaceContract, FieldNamesAreTheColumnsOfTheContract) {
    std::vector<Column> expected{{"window_end_ts_ns", "long"},   {"event_ts_ns", "long"},
                                 {"spot_ref_price_int", "long"}, {"rel_ticks", "int"},
                                 {"rel_ticks_side", "int"},      {"side", "string"}};
    for (const std::string_view name : kFieldNames) expected.push_back({std::string(name), "double"});

    std::ifstream file(SPYMASTER_SOURCE_DIR "/contracts/gold/future_mbo/physics_surface_1s.avsc");
    const nlohmann::json contract = nlohmann::json::parse(file, nullptr, false);
    ASSERT_FALSE(contract.is_discarded());
    std::vector<Column> stated;
    for (const auto& field : contract.at("fields")) stated.push_back({field.at("name"), field.at("type")});
    EXPECT_EQ(stated, expected);
    EXPECT_EQ(stated.size(), 36U);
}

// kFieldNames[field] must be what the enumerator is called: the two lists are written side by side.
TEST(SurfaceContract, EveryEnumeratorHasItsName) {
    const auto name = [](Field field) { return kFieldNames.at(static_cast<std::size_t>(field)); };
#define EXPECT_NAMED(field) EXPECT_EQ(name(Field::field), #field)
    EXPECT_NAMED(add_intensity);
    EXPECT_NAMED(fill_intensity);
    EXPECT_NAMED(pull_intensity);
    EXPECT_NAMED(liquidity_velocity);
    EXPECT_NAMED(u_ema_2);
    EXPECT_NAMED(u_ema_8);
    EXPECT_NAMED(u_ema_32);
    EXPECT_NAMED(u_ema_128);
    EXPECT_NAMED(u_band_fast);
    EXPECT_NAMED(u_band_mid);
    EXPECT_NAMED(u_band_slow);
    EXPECT_NAMED(u_wave_energy);
    EXPECT_NAMED(du_dt);
    EXPECT_NAMED(d2u_dt2);
    EXPECT_NAMED(u_near);
    EXPECT_NAMED(u_far);
    EXPECT_NAMED(u_prom);
    EXPECT_NAMED(du_dx);
    EXPECT_NAMED(d2u_dx2);
    EXPECT_NAMED(rho);
    EXPECT_NAMED(phi_rest);
    EXPECT_NAMED(u_p);
    EXPECT_NAMED(u_p_slow);
    EXPECT_NAMED(Omega);
    EXPECT_NAMED(Omega_near);
    EXPECT_NAMED(Omega_far);
    EXPECT_NAMED(Omega_prom);
    EXPECT_NAMED(nu);
    EXPECT_NAMED(kappa);
    EXPECT_NAMED(pressure_grad);
#undef EXPECT_NAMED
}

}  // namespace
}  // namespace spymaster::physics
