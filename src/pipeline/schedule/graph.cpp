#include "pipeline/schedule/graph.hpp"

#include <algorithm>
#include <set>

#include "pipeline/datasets.hpp"
#include "pipeline/reference/definitions.hpp"

namespace spymaster::pipeline {

namespace {

using enum StageKind;
using enum Reach;

constexpr std::string_view kNormCalibration = "gold.hud.physics_norm_calibration";
constexpr std::string_view kForecast = "stream.forecast_1s";

// The datasets of a product by their tables.
struct Names {
    explicit Names(const market::Product& product)
        : name(product.name),
          bronze("bronze." + name + "." + std::string(product.table)),
          gold("gold." + name + ".physics_surface_1s") {}

    [[nodiscard]] std::string silver(std::string_view table) const {
        return "silver." + name + "." + std::string(table);
    }

    std::string name;
    std::string bronze;
    std::string gold;
};

// "bronze.future_option.statistics" -> "silver.future_option.statistics_clean"
std::string clean(std::string_view statistics_dataset) {
    return "silver" + std::string(statistics_dataset.substr(statistics_dataset.find('.'))) + "_clean";
}

const std::string kDefinitions(kDefinitionsDataset);

void add_outright(const market::Product& product, std::vector<Stage>& all) {
    const Names own(product);
    std::vector<Read> earlier{{own.silver("wall_surface_1s"), Reach::earlier}};
    std::vector<Read> silver{{own.bronze}};
    if (product.has_roots()) silver.push_back({kDefinitions, if_there});  // the contract's tick
    all.push_back({bronze, &product, {own.bronze}, {}});
    all.push_back({StageKind::silver,
                   &product,
                   {own.silver("book_snapshot_1s"), own.silver("depth_and_flow_1s"),
                    own.silver("wall_surface_1s"), own.silver("radar_vacuum_1s")},
                   std::move(silver)});
    all.push_back({physics,
                   &product,
                   {own.gold},
                   {{own.silver("book_snapshot_1s")}, {own.silver("depth_and_flow_1s")}}});
    if (const market::Product* const options = option_product_of(product.type))
        earlier.push_back({Names(*options).silver("gex_surface_1s"), Reach::earlier});
    earlier.push_back({own.silver("wall_surface_1s")});
    all.push_back({norm_calibration, &product, {std::string(kNormCalibration)}, std::move(earlier)});
    all.push_back({vacuum,
                   &product,
                   {own.silver("vacuum_surface_1s"), own.silver("physics_bands_1s")},
                   {{own.silver("wall_surface_1s")},
                    {own.silver("book_snapshot_1s")},
                    {std::string(kNormCalibration)}}});
}

void add_options(const market::Product& product, std::vector<Stage>& all) {
    const Names own(product);
    const Names on(market::product_of(*product.underlying));
    const std::string statistics(product.statistics_dataset);
    all.push_back({bronze, &product, {own.bronze, statistics}, {{kDefinitions, if_there}}});
    all.push_back({StageKind::silver,
                   &product,
                   {own.silver("book_snapshot_1s"), own.silver("depth_and_flow_1s")},
                   {{own.bronze}, {on.silver("book_snapshot_1s")}, {kDefinitions, if_there}}});
    all.push_back({physics, &product, {own.gold}, {{own.silver("depth_and_flow_1s")}}});
    all.push_back({statistics_clean, &product, {clean(statistics)}, {{statistics}, {kDefinitions}}});
    all.push_back({gex,
                   &product,
                   {own.silver("gex_surface_1s"), own.silver("gex_levels_1s")},
                   {{clean(statistics)},
                    {own.silver("book_snapshot_1s")},
                    {on.silver("book_snapshot_1s")},
                    {kDefinitions}}});
}

Stage forecast_of(const market::Product& product) {
    const Names own(product);
    Stage stage{forecast, &product, {std::string(kForecast)}, {{own.gold}, {own.silver("book_snapshot_1s")}}};
    if (const market::Product* const options = option_product_of(product.type))
        stage.inputs.push_back({Names(*options).gold, if_there});
    return stage;
}

std::vector<Stage> all_stages() {
    std::vector<Stage> all;
    for (const market::Product& product : market::products()) {
        if (product.is_option()) continue;
        const market::Product* const options = option_product_of(product.type);
        // Definitions are those of the options and of what they are on together.
        if (options != nullptr) all.push_back({definitions, options, {kDefinitions}, {}});
        add_outright(product, all);
        if (options != nullptr) add_options(*options, all);
        all.push_back(forecast_of(product));
    }
    return all;
}

std::string_view table_of(std::string_view dataset) {
    return dataset.substr(dataset.rfind('.') + 1);
}

}  // namespace

bool Stage::is_of_engine() const {
    return kind == bronze || kind == silver || kind == physics;
}

bool Stage::writes_to(std::string_view dataset) const {
    return std::ranges::find(writes, dataset) != writes.end();
}

bool Stage::reads(const Stage& other, Reach reach) const {
    return is_family(*product, *other.product) && std::ranges::any_of(inputs, [&](const Read& read) {
               return read.reach == reach && other.writes_to(read.dataset);
           });
}

std::string_view name_of(StageKind kind) {
    constexpr std::string_view kNames[] = {"definitions",      "bronze",           "silver",
                                           "physics",          "statistics_clean", "gex",
                                           "norm_calibration", "vacuum",           "forecast"};
    return kNames[static_cast<std::size_t>(kind)];
}

Layer layer_of(StageKind kind) {
    switch (kind) {
        case definitions:
        case bronze:
            return Layer::bronze;
        case silver:
        case statistics_clean:
        case gex:
        case vacuum:
            return Layer::silver;
        case physics:
        case norm_calibration:
            return Layer::gold;
        case forecast:
            break;
    }
    return Layer::stream;
}

const std::vector<Stage>& stages() {
    static const std::vector<Stage> all = all_stages();
    return all;
}

const Stage* find_stage(StageKind kind, const market::Product& product) {
    const auto found = std::ranges::find_if(stages(), [&](const Stage& stage) {
        return stage.kind == kind && stage.product->type == product.type;
    });
    return found == stages().end() ? nullptr : &*found;
}

bool is_family(const market::Product& a, const market::Product& b) {
    return a.underlying.value_or(a.type) == b.underlying.value_or(b.type);
}

const Stage* writer_of(std::string_view dataset, const market::Product& product) {
    const auto found = std::ranges::find_if(stages(), [&](const Stage& stage) {
        return stage.writes_to(dataset) && is_family(*stage.product, product);
    });
    return found == stages().end() ? nullptr : &*found;
}

Result<std::vector<const Stage*>> stages_writing(std::string_view name,
                                                 const std::vector<const market::Product*>& products) {
    std::vector<const Stage*> found;
    std::set<std::string_view> tables;
    std::string others;
    for (const Stage& stage : stages()) {
        bool writes = false;
        for (const std::string& dataset : stage.writes) {
            tables.insert(table_of(dataset));
            writes = writes || dataset == name || table_of(dataset) == name;
        }
        if (!writes) continue;
        if (std::ranges::find(products, stage.product) != products.end())
            found.push_back(&stage);
        else
            others += (others.empty() ? "" : ", ") + std::string(stage.product->name);
    }
    if (!found.empty()) return found;
    if (!others.empty()) {
        return make_error(ErrorCode::usage, "{} is a dataset of {}; choose with --product-type", name,
                          others);
    }
    return make_error(ErrorCode::usage, "no dataset is called '{}'; there are {}", name,
                      fmt::join(tables, ", "));
}

}  // namespace spymaster::pipeline
