// An hour of ES as it was, from the file to the fields: every value finite and in its range through the open,
// and the first seconds of the session equal to the plain reference, exactly.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "dbn/decoder.hpp"
#include "equality.hpp"
#include "market/session.hpp"
#include "physics/physics_engine.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::physics {
namespace {

std::filesystem::path real_hour() {
    const char* folder = std::getenv("SPYMASTER_TEST_DATA");
    const std::filesystem::path data = folder != nullptr ? folder : SPYMASTER_SOURCE_DIR "/../shared/data";
    return data / "real/esh4-glbx-mdp3-20231225.mbo.dbn.zst";
}

class CheckedPhysics : public windows::WindowSink {
  public:
    void on_window(const windows::Window& window) override {
        ++windows;
        const PhysicsSurface1s* surface = engine_.update(window);
        if (windows <= kCompared) compare(window, surface);
        if (surface == nullptr) return;
        ++surfaces;
        check_ranges(*surface);
    }

    int windows = 0;
    int surfaces = 0;
    int out_of_range = 0;
    int compared_rows = 0;

  private:
    static constexpr int kCompared = 30;

    void compare(const windows::Window& window, const PhysicsSurface1s* surface) {
        const auto expected = reference_.update(window);
        ASSERT_EQ(surface != nullptr, expected.has_value());
        if (surface == nullptr) return;
        testing::expect_same(*surface, *expected);
        compared_rows += static_cast<int>(window.flow.size());
    }

    void check_ranges(const PhysicsSurface1s& surface) {
        for (std::size_t field = 0; field < kFieldNames.size(); ++field) {
            for (const double value : surface[static_cast<Field>(field)])
                out_of_range += std::isfinite(value) ? 0 : 1;
        }
        for (std::size_t row = 0; row < surface.rows(); ++row) {
            const bool in_range = surface[Field::liquidity_velocity][row] > -1.0 &&
                                  surface[Field::phi_rest][row] >= 0.0 &&
                                  surface[Field::phi_rest][row] < 1.0 && surface[Field::Omega][row] >= 0.0 &&
                                  surface[Field::nu][row] >= 1.0 && surface[Field::kappa][row] <= 1.0;
            out_of_range += in_range ? 0 : 1;
        }
    }

    PhysicsEngine engine_{market::Grid{}};
    testing::PlainReference reference_{market::Grid{}.half_width_ticks};
};

TEST(RealHour, IsFiniteInRangeAndEqualToThePlainReference) {
    if (!std::filesystem::exists(real_hour())) GTEST_SKIP() << "no test data at " << real_hour();
    const auto session = market::parse_session("18:00-19:00");
    ASSERT_TRUE(session.ok());
    const auto hour = market::on_date(session.value(), {2023, 12, 25});
    ASSERT_TRUE(hour.ok());

    CheckedPhysics physics;
    windows::WindowEngine engine(market::Grid{}, hour.value(), physics);
    auto decoder = dbn::Decoder::open(real_hour());
    ASSERT_TRUE(decoder.ok()) << decoder.error().message;
    for (;;) {
        const auto block = decoder.value().next_block();
        ASSERT_TRUE(block.ok()) << block.error().message;
        if (block.value().empty()) break;
        for (const std::byte* p = block.value().data(); p != block.value().data() + block.value().size();) {
            const auto header = dbn::load<dbn::RecordHeader>(p);
            if (header.rtype == dbn::rtype::mbo) engine.apply(dbn::load<dbn::MboMsg>(p));
            p += header.size();
        }
    }
    engine.finish();

    EXPECT_EQ(physics.windows, 3601);
    EXPECT_EQ(physics.surfaces, 3601);
    EXPECT_EQ(physics.out_of_range, 0);
    EXPECT_GT(physics.compared_rows, 1000);
}

}  // namespace
}  // namespace spymaster::physics
