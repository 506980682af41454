// Silver's and gold's half of the chain: takes closed windows from an engine or from the lake, and writes down
// what is wanted of them.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "base/result.hpp"
#include "market/product.hpp"
#include "physics/physics_engine.hpp"
#include "pipeline/gold/gold.hpp"
#include "pipeline/silver/silver.hpp"

namespace spymaster::pipeline {

// What a kind of window goes through: its sink's interface, and the axis that its physics are over.
template <class Window>
struct WindowRoad;
template <>
struct WindowRoad<windows::Window> {
    using Sink = windows::WindowSink;
    static constexpr physics::Axis kAxis = physics::Axis::prices;
};
template <>
struct WindowRoad<windows::ChainWindow> {
    using Sink = windows::ChainSink;
    static constexpr physics::Axis kAxis = physics::Axis::strikes;
};

template <class Window>
using WatchWindow = std::function<Result<void>(const Window&, const physics::PhysicsSurface1s*)>;

template <class Window>
class WindowsToLake final : public WindowRoad<Window>::Sink {
  public:
    WindowsToLake(std::optional<SilverSink<Window>> silver, std::optional<GoldSink> gold,
                  const market::Grid& grid, WatchWindow<Window> watch = {})
        : silver_(std::move(silver)),
          gold_(std::move(gold)),
          physics_(grid, WindowRoad<Window>::kAxis),
          watch_(std::move(watch)) {}

    void on_window(const Window& window) override {
        if (status_.ok()) status_ = write(window);
    }

    // The first failure to write; nothing is written after it.
    [[nodiscard]] const Result<void>& status() const { return status_; }
    std::optional<SilverSink<Window>>& silver() { return silver_; }
    std::optional<GoldSink>& gold() { return gold_; }

  private:
    Result<void> write(const Window& window) {
        if (silver_) SPY_TRY(silver_->append(window));
        const physics::PhysicsSurface1s* const surface = gold_ ? measure(window) : nullptr;
        if (surface != nullptr) SPY_TRY(gold_->append(*surface));
        return watch_ ? watch_(window, surface) : Result<void>{};
    }

    const physics::PhysicsSurface1s* measure(const windows::Window& window) {
        return physics_.update(window);
    }
    const physics::PhysicsSurface1s* measure(const windows::ChainWindow& window) {
        return &physics_.update(window);
    }

    std::optional<SilverSink<Window>> silver_;
    std::optional<GoldSink> gold_;
    physics::PhysicsEngine physics_;
    WatchWindow<Window> watch_;
    Result<void> status_;
};

}  // namespace spymaster::pipeline
