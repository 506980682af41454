// One contract on one day, going through the engine: records -> windows -> fields, each written down where
// wanted.
//
//   records ─► bronze          append()
//      └─────► WindowEngine ─► silver          closed windows
//                      └─────► PhysicsEngine ─► gold
//
// The one wiring of batch runs, fused or staged. Nothing in it looks ahead: what has been written when a
// record arrives does not depend on any later record.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "dbn/records.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "physics/physics_engine.hpp"
#include "pipeline/bronze.hpp"
#include "pipeline/gold.hpp"
#include "pipeline/silver.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::pipeline {

// What of a contract day is to be written.
struct Plan {
    bool bronze = false;
    bool silver = false;
    bool gold = false;
};

// Silver's and gold's half of the chain: takes closed windows from the engine or from the lake.
class WindowsToLake final : public windows::WindowSink {
  public:
    WindowsToLake(std::optional<SilverSink> silver, std::optional<GoldSink> gold, const market::Grid& grid)
        : silver_(std::move(silver)), gold_(std::move(gold)), physics_(grid) {}

    void on_window(const windows::Window& window) override;

    // The first failure to write; nothing is written after it.
    [[nodiscard]] const Result<void>& status() const { return status_; }
    std::optional<SilverSink>& silver() { return silver_; }
    std::optional<GoldSink>& gold() { return gold_; }

  private:
    Result<void> write(const windows::Window& window);

    std::optional<SilverSink> silver_;
    std::optional<GoldSink> gold_;
    physics::PhysicsEngine physics_;
    Result<void> status_;
};

// The whole chain, from records.
class ContractDay {
  public:
    // `windows` must outlive this object. Without silver or gold to write, records go to bronze only.
    ContractDay(std::optional<BronzeSink> bronze, bool run_engine, const market::Grid& grid,
                market::SessionWindow session, WindowsToLake& windows)
        : bronze_(std::move(bronze)),
          run_engine_(run_engine),
          windows_(windows),
          engine_(grid, session, windows) {}

    // Records in file order, canonical (bronze.hpp).
    Result<void> append(std::span<const dbn::MboMsg> records);
    // No more records: emits the windows up to the session's end.
    Result<void> finish();
    // Nothing that may still come can change what is written.
    [[nodiscard]] bool done() const { return !bronze_ && engine_.done(); }

    std::optional<BronzeSink>& bronze() { return bronze_; }
    [[nodiscard]] const windows::WindowEngine& engine() const { return engine_; }

  private:
    void apply(std::span<const dbn::MboMsg> records);

    std::optional<BronzeSink> bronze_;
    bool run_engine_;
    WindowsToLake& windows_;
    windows::WindowEngine engine_;
};

}  // namespace spymaster::pipeline
