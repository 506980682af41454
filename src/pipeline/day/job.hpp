// One job of a run: one symbol on one date, through one layer, or from bronze to gold (spec 8.4, 8.5).
//
// A layer is computed from the one before it: in one pass where both are asked for (fused), from the lake
// otherwise (staged). The bytes are the same. What is complete is left alone; what is complete but was made
// with another session or grid, or from inputs that have changed since, is a conflict unless `overwrite` says
// to replace it.
//
// Bronze brings the definitions of the day's instruments along, and of options their statistics. Options need
// definitions, and for their silver the silver of what they are on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "pipeline/bronze/raw_records.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

enum class Layer : std::uint8_t { bronze, silver, gold, stream, all };  // all: bronze to gold

Result<Layer> parse_layer(std::string_view name);

struct Job {
    const market::Product* product = nullptr;
    // Futures and their options: a contract ("ESH4"), or a root ("ES"): every outright contract there is.
    // Equities and theirs: the symbol ("SPY").
    std::string symbol;
    market::Date date;
    Layer layer = Layer::all;
    market::Session session;
    market::Grid grid;
    bool overwrite = false;  // silver, gold and stream only; raw and bronze are never replaced
    // Empty: those of the lake's raw layer.
    std::vector<std::filesystem::path> raw_files;
    std::vector<std::filesystem::path> definition_files;
    std::vector<std::filesystem::path> statistics_files;
    bool tick_given = false;        // else a future's tick is that of its definition, where there is one
    std::string selected_contract;  // of a root: whose silver and gold are wanted; empty: every one's
};

// Whether the symbol stands for several contracts.
bool is_root(const Job& job);

// Whether silver and gold of one of them are wanted.
bool is_measured(const Job& job, const std::string& contract);

struct PartitionReport {
    lake::PartitionKey key;
    std::int64_t rows = 0;
    std::string sha256;    // of the data file
    bool written = false;  // false: it was complete already
};

// How good the data of a partition were: the engine's counts from the start of the day's file, warm-up included, to the
// end of the session.
struct QualityReport {
    std::string symbol;
    std::uint64_t records = 0;
    std::uint64_t anomalies = 0;
    std::uint64_t crossed_publishes = 0;
    std::uint64_t identity_violations =
        0;  // windows' rows where start + add - pull - fill != end; never above 0
};

struct JobReport {
    std::vector<PartitionReport> partitions;
    std::vector<QualityReport> quality;
    RawCounts raw;
    std::vector<std::string> notes;  // what a person should know: records left out, and why
};

// Bronze to gold; layer stream is run_stream()'s (layers/forecast_layer.hpp). May run on any thread, one thread a job; jobs
// of different (symbol, date) may run at the same time.
Result<JobReport> run_job(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
