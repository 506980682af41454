// A simulated minute of all four products, written once, and jobs on it.
#pragma once

#include <map>

#include "feed/simulated/simulated_day.hpp"
#include "pipeline_fixture.hpp"

namespace spymaster::pipeline {

// The raw files of a date, by product and kind, in a folder of their own.
struct RawDay {
    std::map<std::pair<std::string_view, feed::RawKind>, fs::path> files;

    [[nodiscard]] std::vector<fs::path> of(const market::Product& product, feed::RawKind kind) const {
        const auto found = files.find({product.name, kind});
        return found == files.end() ? std::vector<fs::path>{} : std::vector{found->second};
    }
};

inline RawDay write_raw_day(const fs::path& root, const market::Date& date) {
    feed::DayOptions options;
    for (feed::SimulationOptions* market : {&options.future, &options.share}) {
        market->date = date;
        market->session = *market::on_date(*market::parse_session(kSimulatedSession), date);
        market->events_per_second = 60;
    }
    options.option_events_per_second = 150;
    options.strikes = 40;
    std::vector<const market::Product*> products;
    for (const market::Product& product : market::products()) products.push_back(&product);
    RawDay day;
    auto files = feed::simulated_day(products, options);
    EXPECT_TRUE(files.ok()) << (files.ok() ? "" : files.error().message);
    for (const feed::DayFile& file : *files) {
        const auto stream = file.open();
        EXPECT_TRUE(stream.ok()) << (stream.ok() ? "" : stream.error().message);
        const auto place = feed::place_in_lake(file, root, date);
        EXPECT_TRUE(place.ok());
        const auto written = feed::write_simulated_file(*stream, *place, false);
        EXPECT_TRUE(written.ok()) << (written.ok() ? "" : written.error().message);
        day.files[{file.product->name, file.kind}] = *place;
    }
    return day;
}

inline const RawDay& simulated_day() {
    static const TemporaryFolder folder;
    static const RawDay day = write_raw_day(folder.path(), kSimulatedDate);
    return day;
}

// A job on it. The symbol: the future and options on it by their contract, SPY.
inline Job product_job(market::ProductType type, Layer layer) {
    Job job;
    job.product = &market::product_of(type);
    job.symbol = job.product->dataset == "GLBX.MDP3" ? feed::front_contract("ES", kSimulatedDate) : "SPY";
    job.date = kSimulatedDate;
    job.layer = layer;
    job.session = *market::parse_session(kSimulatedSession);
    job.grid = job.product->grid;
    job.raw_files = simulated_day().of(*job.product, feed::RawKind::records);
    if (job.product->is_option())
        job.definition_files = simulated_day().of(*job.product, feed::RawKind::definitions);
    job.statistics_files = simulated_day().of(*job.product, feed::RawKind::statistics);
    return job;
}

// Runs what a product is on, if it is on something, through all layers; an error fails the test.
inline void run_underlying(const lake::Lake& lake, market::ProductType type) {
    const auto underlying = market::product_of(type).underlying;
    if (!underlying) return;
    const auto report = run(lake, product_job(*underlying, Layer::all));
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
}

}  // namespace spymaster::pipeline
