// From a raw .dbn.zst file to rows in memory, and to bronze, silver and gold on disk, against `zstd -d` of
// the same file.
//
//   bench_pipeline [--records N] [--runs N] [--strikes N]
//
// For each of the four products a simulated session; the yardstick is what decompressing it costs. Every run
// checks its answer: the rows, the identity, and the same bytes each time.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dbn/decoder.hpp"
#include "feed/simulated/simulated_day.hpp"
#include "lake/lake.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "windows/chain_engine.hpp"
#include "windows/window_engine.hpp"

namespace {

namespace fs = std::filesystem;
using namespace spymaster;

constexpr market::Date kDate{2026, 1, 6};

[[noreturn]] void stop(const std::string& why) {
    fmt::print(stderr, "bench_pipeline: {}\n", why);
    std::exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result.ok()) stop(result.error().message);
    return std::move(result).value();
}

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void must(Result<void> result) {
    if (!result.ok()) stop(result.error().message);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// What came out of the engine, and whether depth and flow agree in it.
struct Rows {
    std::uint64_t windows = 0;
    std::uint64_t rows = 0;  // of depth and flow
    std::uint64_t identity_violations = 0;
};

struct CountRows final : windows::WindowSink {
    Rows counted;
    void on_window(const windows::Window& window) override {
        ++counted.windows;
        counted.rows += window.flow.size();
    }
};

struct CountCells final : windows::ChainSink {
    Rows counted;
    void on_window(const windows::ChainWindow& window) override {
        ++counted.windows;
        counted.rows += window.cells.size();
    }
};

// Applies the records of a file, looking ahead in each block. Decompression is on its own thread.
template <class Record, class Engine>
void apply_file(const fs::path& file, Engine& engine) {
    dbn::Decoder decoder = must(dbn::Decoder::open(file));
    for (;;) {
        const auto block = must(decoder.next_block());
        if (block.empty()) break;
        const std::size_t count = block.size() / sizeof(Record);
        const auto record = [&](std::size_t i) {
            return dbn::load<Record>(block.data() + i * sizeof(Record));
        };
        for (std::size_t i = 0; i < count; ++i) {
            if constexpr (requires { engine.prefetch_order(record(i)); }) {
                if (i + 16 < count) engine.prefetch_order(record(i + 16));
            }
            engine.apply(record(i));
        }
    }
    engine.finish();
}

// Raw file to rows in memory.
Rows rows_in_memory(const pipeline::Job& job, const fs::path& file, const market::SessionWindow& session,
                    const windows::SpotTrack& spots) {
    const market::Product& product = *job.product;
    if (!product.is_option()) {
        CountRows sink;
        windows::WindowEngine engine(job.grid, session, sink);
        apply_file<dbn::MboMsg>(file, engine);
        sink.counted.identity_violations = engine.totals().identity_violations;
        return sink.counted;
    }
    pipeline::Progress progress;
    const auto universe = must(
        pipeline::OptionUniverse::from_files(job.definition_files, {&product, job.symbol, kDate}, progress));
    CountCells sink;
    windows::ChainEngine engine(job.grid, session, spots, sink);
    for (const pipeline::OptionTerms& option : universe.options())
        engine.add_option(option.instrument_id, {option.right, option.strike_price},
                          option.min_price_increment);
    if (product.raw_schema == "cmbp-1") {
        apply_file<dbn::Cmbp1Msg>(file, engine);
    } else {
        apply_file<dbn::MboMsg>(file, engine);
    }
    sink.counted.identity_violations = engine.totals().identity_violations;
    return sink.counted;
}

std::uint64_t argument(int argc, char** argv, std::string_view name, std::uint64_t value) {
    for (int i = 1; i + 1 < argc; ++i) {
        const std::string_view text = argv[i + 1];
        if (argv[i] == name) std::from_chars(text.data(), text.data() + text.size(), value);
    }
    return value;
}

struct Settings {
    std::uint64_t records;  // of each product
    std::uint64_t runs;
    int strikes;  // of each chain
    fs::path folder;
    market::Session session;
    market::SessionWindow window;
};

lake::Lake open_lake(const Settings& settings) {
    return must(lake::Lake::open(settings.folder / "lake", fs::path(SPYMASTER_SOURCE_DIR) / "contracts"));
}

// The raw files of the day in the lake, as jobs of the products, in an order that options can be run in.
std::vector<pipeline::Job> make_day(const Settings& settings) {
    const auto seconds = (settings.window.end_ns - settings.window.start_ns) / market::kNanosPerSecond;
    feed::DayOptions options;
    options.future.date = kDate;
    options.future.session = settings.window;
    options.future.events_per_second = static_cast<double>(settings.records) / static_cast<double>(seconds);
    options.share = options.future;
    options.share.symbol = "SPY";
    options.option_events_per_second = options.future.events_per_second;
    options.strikes = settings.strikes;
    std::vector<const market::Product*> products;
    for (const market::Product& product : market::products()) products.push_back(&product);
    std::vector<pipeline::Job> jobs;
    const auto job_of = [&](const market::Product* product, const std::string& symbol) -> pipeline::Job& {
        for (pipeline::Job& job : jobs) {
            if (job.product == product) return job;
        }
        pipeline::Job& job = jobs.emplace_back();
        job.product = product;
        job.symbol = symbol;
        job.date = kDate;
        job.session = settings.session;
        job.grid = product->grid;
        return job;
    };
    for (const feed::DayFile& file : must(feed::simulated_day(products, options))) {
        const fs::path path = must(feed::place_in_lake(file, settings.folder / "lake", kDate));
        must(feed::write_simulated_file(must(file.open()), path, false));
        pipeline::Job& job = job_of(file.product, file.symbol);
        (file.kind == feed::RawKind::records       ? job.raw_files
         : file.kind == feed::RawKind::definitions ? job.definition_files
                                                   : job.statistics_files)
            .push_back(path);
    }
    return jobs;
}

// Where the underlying stood, from its silver, which its own scenario has written.
windows::SpotTrack spots_of(const Settings& settings, const market::Product& product,
                            const std::string& symbol) {
    windows::SpotTrack spots;
    if (!product.is_option()) return spots;
    const lake::Lake lake = open_lake(settings);
    const std::string dataset =
        "silver." + std::string(market::product_of(*product.underlying).name) + ".book_snapshot_1s";
    const lake::PartitionKey key{dataset, symbol, kDate};
    const auto* spec = must(lake.dataset(dataset));
    const auto ends = must(spec->contract.index_of("window_end_ts_ns"));
    const auto refs = must(spec->contract.index_of("spot_ref_price_int"));
    const auto reader = must(lake.read(key));
    lake::ColumnBatch rows(spec->contract);
    while (must(reader->next(rows))) {
        for (std::size_t i = 0; i < rows.row_count(); ++i)
            spots.add(rows.at<std::vector<std::int64_t>>(ends)[i],
                      rows.at<std::vector<std::int64_t>>(refs)[i]);
    }
    return spots;
}

void measure(const Settings& settings, const pipeline::Job& job) {
    const fs::path file = job.raw_files.front();
    const std::uint64_t windows =
        static_cast<std::uint64_t>((settings.window.end_ns - settings.window.start_ns) /
                                   market::kNanosPerSecond) +
        1;
    std::vector<double> zstd, rows, lake;
    std::string gold_hash;
    std::uint64_t records = 0;
    windows::SpotTrack spots;
    pipeline::JobReport report;
    for (std::uint64_t run = 0; run <= settings.runs; ++run) {  // the first is a warm-up
        const lake::Lake target = open_lake(settings);
        for (const pipeline::PartitionReport& partition : report.partitions)
            must(target.remove(partition.key));
        const double t_lake = seconds_of([&] {
            pipeline::Progress progress;
            report = must(pipeline::run_job(target, job, progress));
        });
        const std::string contract = report.quality.at(0).symbol;
        if (run == 0) spots = spots_of(settings, *job.product, contract);
        Rows counted;
        const double t_rows =
            seconds_of([&] { counted = rows_in_memory(job, file, settings.window, spots); });
        const double t_zstd = seconds_of([&] {
            const std::string command = "zstd -d -q -f -c '" + file.string() + "' > /dev/null";
            if (std::system(command.c_str()) != 0) stop("zstd -d failed");
        });
        const pipeline::PartitionReport& gold = report.partitions.back();
        const std::string flow_table = pipeline::keys_of(*job.product, contract, job.date).flows.dataset;
        const auto flows = std::ranges::find_if(report.partitions, [&flow_table](const auto& partition) {
            return partition.key.dataset == flow_table;
        });
        if (counted.windows != windows || counted.identity_violations != 0 ||
            report.quality.at(0).identity_violations != 0 || flows == report.partitions.end() ||
            flows->rows != static_cast<std::int64_t>(counted.rows) || (run > 0 && gold.sha256 != gold_hash)) {
            stop("the lake disagrees with the rows in memory, or with the run before");
        }
        gold_hash = gold.sha256;
        records = report.raw.records;
        if (run == 0 && settings.runs > 0) continue;
        zstd.push_back(t_zstd);
        rows.push_back(t_rows);
        lake.push_back(t_lake);
    }
    const auto n = static_cast<double>(records);
    fmt::print("{}: {} records, {:.1f} MB compressed, {} windows\n", job.product->name, records,
               static_cast<double>(fs::file_size(file)) / 1e6, windows);
    const auto line = [&](std::string_view what, const std::vector<double>& times) {
        fmt::print("  {:<34} {:>8.3f} s {:>8.1f} ns/record {:>6.2f} x zstd -d\n", what, median(times),
                   median(times) / n * 1e9, median(times) / median(zstd));
    };
    line("zstd -d (whole process)", zstd);
    line("raw.zst -> silver rows in memory", rows);
    line("raw.zst -> bronze, silver, gold", lake);
}

}  // namespace

int main(int argc, char** argv) {
    const bool small = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr;  // only the answers are of interest
    Settings settings;
    settings.records = argument(argc, argv, "--records", small ? 20'000 : 10'000'000);
    settings.runs = argument(argc, argv, "--runs", small ? 1 : 3);
    settings.strikes = static_cast<int>(argument(argc, argv, "--strikes", 0));
    std::string name = (fs::temp_directory_path() / "spymaster-bench-XXXXXX").string();
    settings.folder = mkdtemp(name.data());
    settings.session = must(market::parse_session(settings.records >= 1'000'000 ? "open60" : "09:30-09:31"));
    settings.window = must(market::on_date(settings.session, kDate));
    for (const pipeline::Job& job : make_day(settings)) measure(settings, job);
    fs::remove_all(settings.folder);
    return 0;
}
