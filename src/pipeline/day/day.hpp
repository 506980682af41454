// One contract, or all 0DTE options on one underlying, on one day, going through the engine: records -> windows
// -> fields, each written down where wanted.
//
//   records ─► bronze                                  append()
//      └─────► WindowEngine or ChainEngine ─► silver   closed windows
//                                   └─────► PhysicsEngine ─► gold
//
// The one wiring of batch runs, fused or staged. Nothing in it looks ahead: what has been written when a
// record arrives does not depend on any later record.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "physics/surface.hpp"
#include "pipeline/bronze/records.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job.hpp"
#include "windows/chain_rows.hpp"
#include "windows/rows.hpp"
#include "windows/spot_track.hpp"

namespace spymaster::pipeline {

// What of a day is to be written.
struct Plan {
    bool bronze = false;
    bool silver = false;
    bool gold = false;
};

class Day {
  public:
    virtual ~Day() = default;

    // Records in file order, canonical (bronze.hpp).
    virtual Result<void> append(const RecordRun& run) = 0;
    // No more records: emits the windows up to the session's end.
    virtual Result<void> finish() = 0;
    // Nothing that may still come can change what is written.
    [[nodiscard]] virtual bool done() const = 0;
    // Instead of records: the windows of a silver that is in the lake.
    virtual Result<void> append_silver(const lake::Lake& lake, const ContractDayKeys& keys) = 0;

    // Writes what the plan has; nothing else may be asked for. After finish() or append_silver().
    virtual Result<void> commit_bronze(const lake::Lineage& lineage) = 0;
    virtual Result<void> commit_silver(const lake::Lineage& lineage) = 0;
    virtual Result<void> commit_gold(const lake::Lineage& lineage) = 0;

    // Over all records given to an engine.
    [[nodiscard]] virtual QualityReport quality() const = 0;
};

// How a day is measured.
struct DayMeasure {
    market::Grid grid;
    market::SessionWindow session;
    // Options: of their underlying; outlives the day. A window's spot is on it before a record of a later window comes.
    const windows::SpotTrack* spots = nullptr;
};

// Who sees each window as it is closed, of the kind that the product has: after it was written down, with its surface
// (nullptr: none, or no gold in the plan). Both are valid during the call. An error ends the day.
struct DayWatch {
    std::function<Result<void>(const windows::Window&, const physics::PhysicsSurface1s*)> window;
    std::function<Result<void>(const windows::ChainWindow&, const physics::PhysicsSurface1s*)> chain;
};

// Opens the partitions of the plan. Gold without silver: for append_silver() only.
Result<std::unique_ptr<Day>> open_day(const lake::Lake& lake, const market::Product& product,
                                      const ContractDayKeys& keys, const Plan& plan,
                                      const DayMeasure& measure, DayWatch watch = {});

}  // namespace spymaster::pipeline
