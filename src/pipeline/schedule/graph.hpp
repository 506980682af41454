// The datasets of the lake as a graph, stated once: which stage writes each, and from which others.
//
//   bronze ─► silver ─► physics ────────────────────────────► forecast
//     │         ├─────► vacuum ◄─ norm_calibration ◄─ earlier sessions' walls and gamma exposure
//     │         └─ spot ─► options' silver ─► physics ─► forecast, where it is there
//     └─ options' statistics ─► statistics_clean ─► gex
//
// A node is a stage of a product. A product and the options on it are a family: their partitions of a day have one
// symbol, and stages of another family have nothing to do with them. Which symbols and dates there are is the lake's
// business, not the graph's. May be read from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/product.hpp"
#include "pipeline/day/job.hpp"

namespace spymaster::pipeline {

enum class StageKind : std::uint8_t {
    definitions,
    bronze,
    silver,
    physics,
    statistics_clean,
    gex,
    norm_calibration,
    vacuum,
    forecast
};

// Which partitions of a dataset a stage reads, all of its own symbol.
enum class Reach : std::uint8_t {
    needed,    // its date's: nothing can be made without it
    if_there,  // its date's, where it is there
    earlier    // those of earlier dates, where they are there; the stage never has them made
};

struct Read {
    std::string dataset;
    Reach reach = Reach::needed;
};

struct Stage {
    StageKind kind = StageKind::bronze;
    const market::Product* product = nullptr;
    std::vector<std::string> writes;  // datasets, all in one pass
    std::vector<Read> inputs;

    [[nodiscard]] bool is_of_engine() const;  // bronze, silver or physics: what a fused run makes in one pass
    [[nodiscard]] bool writes_to(std::string_view dataset) const;
    [[nodiscard]] bool reads(const Stage& other, Reach reach) const;  // something that the other one writes
};

// "gex", "norm_calibration", ...
std::string_view name_of(StageKind kind);

// The layer that a stage belongs to.
Layer layer_of(StageKind kind);

// Every stage of every product, each after those it reads from.
const std::vector<Stage>& stages();

// The stage of a product; nullptr where it has none such.
const Stage* find_stage(StageKind kind, const market::Product& product);

// Whether two products belong to one family: one is on the other, or they are the same.
bool is_family(const market::Product& a, const market::Product& b);

// The stage of a product's family that writes a dataset; nullptr if none does.
const Stage* writer_of(std::string_view dataset, const market::Product& product);

// The stages of these products that write a dataset called by its full name or by its table ("radar_vacuum_1s"). Error
// (usage): no dataset is called that, or none of these products has it; both say what there is.
Result<std::vector<const Stage*>> stages_writing(std::string_view name,
                                                 const std::vector<const market::Product*>& products);

}  // namespace spymaster::pipeline
