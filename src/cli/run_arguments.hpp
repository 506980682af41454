// The command line of spymaster run, and the jobs that it means.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/product.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/schedule/run_dates.hpp"

namespace spymaster::cli {

inline constexpr std::string_view kSession = "09:30-09:40";

struct RunArguments {
    std::string
        product_type;  // empty: future_mbo, or with names of datasets, whatever there is of the symbol
    std::string layer;
    std::vector<std::string> datasets;
    std::vector<std::string> only;
    std::string from;
    bool stale = false;
    std::string symbol;
    pipeline::DateArguments dates;
    std::string session;  // empty: kSession, or with names of datasets that of the silver that is there
    std::vector<std::filesystem::path> raw_files;
    std::vector<std::filesystem::path> definition_files;
    std::vector<std::filesystem::path> statistics_files;
    std::string lake;
    std::string contracts;
    double tick = 0.0;
    int half_width_ticks = 0;
    int workers = 1;
    bool overwrite = false;
    bool json = false;

    [[nodiscard]] bool names_datasets() const { return !datasets.empty() || !only.empty() || !from.empty(); }
    [[nodiscard]] bool has_dates() const;
    // Every product of the symbol, not one.
    [[nodiscard]] bool all_products() const;
};

void add_options(CLI::App& command, RunArguments& arguments);

// Fills in what a raw file's own metadata says where the command line says nothing: its symbol, and its first date. Error
// (usage): options that do not go together.
Result<void> complete(RunArguments& arguments);

// One job a date, of this product: layer as given, else all. Error: usage.
Result<std::vector<pipeline::Job>> make_jobs(const RunArguments& arguments, const market::Product& product);

}  // namespace spymaster::cli
