// From a raw .dbn.zst file to rows in memory, and to bronze, silver and gold on disk, against `zstd -d` of
// the same file.
//
//   bench_pipeline [--records N] [--runs N]
//
// The file is a simulated session; the yardstick is what decompressing it costs. Every run checks its answer:
// the rows, the identity, and the same bytes each time.
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
#include "feed/simulated_file.hpp"
#include "lake/lake.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/job.hpp"
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

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct CountRows final : windows::WindowSink {
    std::uint64_t windows = 0;
    std::uint64_t rows = 0;
    void on_window(const windows::Window& window) override {
        ++windows;
        rows += window.flow.size();
    }
};

// Applies a block of market-by-order records of one instrument, looking ahead in it.
void apply_block(windows::WindowEngine& engine, std::span<const std::byte> block) {
    constexpr std::size_t kStride = sizeof(dbn::MboMsg);
    const std::size_t count = block.size() / kStride;
    const auto record = [&](std::size_t i) { return dbn::load<dbn::MboMsg>(block.data() + i * kStride); };
    for (std::size_t i = 0; i < count; ++i) {
        if (i + 16 < count) engine.prefetch_order(record(i + 16));
        engine.apply(record(i));
    }
}

// Raw file to flow rows in memory: decompression on its own thread, book and windows on this one.
CountRows rows_in_memory(const fs::path& file, const market::SessionWindow& session) {
    dbn::Decoder decoder = must(dbn::Decoder::open(file));
    CountRows sink;
    windows::WindowEngine engine(market::Grid{}, session, sink);
    for (;;) {
        const auto block = must(decoder.next_block());
        if (block.empty()) break;
        apply_block(engine, block);
    }
    engine.finish();
    if (engine.totals().identity_violations != 0) stop("the identity of depth and flow is violated");
    return sink;
}

std::uint64_t argument(int argc, char** argv, std::string_view name, std::uint64_t value) {
    for (int i = 1; i + 1 < argc; ++i) {
        const std::string_view text = argv[i + 1];
        if (argv[i] == name) std::from_chars(text.data(), text.data() + text.size(), value);
    }
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    const bool small = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr;  // only the answers are of interest
    const std::uint64_t records = argument(argc, argv, "--records", small ? 20'000 : 10'000'000);
    const std::uint64_t runs = argument(argc, argv, "--runs", small ? 1 : 3);

    std::string name = (fs::temp_directory_path() / "spymaster-bench-XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    const market::Product& product = *must(market::find_product("future_mbo"));
    pipeline::Job job;
    job.product = &product;
    job.date = kDate;
    job.session = must(market::parse_session(records >= 1'000'000 ? "open60" : "09:30-09:31"));
    job.grid = product.grid;
    const market::SessionWindow session = must(market::on_date(job.session, kDate));

    feed::SimulationOptions options;
    options.date = kDate;
    options.session = session;
    options.events_per_second =
        static_cast<double>(records) /
        static_cast<double>((session.end_ns - session.start_ns) / market::kNanosPerSecond);
    const feed::SimulatedFile file =
        must(feed::write_simulated_file(options, folder / "glbx-mdp3-20260106.mbo.dbn.zst", false));
    job.raw_files = {file.path};
    job.symbol = "ES";
    const auto n = static_cast<double>(file.totals.records);
    fmt::print("{} records, {:.1f} MB compressed, {} windows\n", file.totals.records,
               static_cast<double>(file.bytes) / 1e6,
               (session.end_ns - session.start_ns) / market::kNanosPerSecond + 1);

    std::vector<double> zstd, rows, lake;
    std::string gold_hash;
    for (std::uint64_t run = 0; run <= runs; ++run) {  // the first is a warm-up
        const double t_zstd = seconds_of([&] {
            const std::string command = "zstd -d -q -f -c '" + file.path.string() + "' > /dev/null";
            if (std::system(command.c_str()) != 0) stop("zstd -d failed");
        });
        CountRows counted;
        const double t_rows = seconds_of([&] { counted = rows_in_memory(file.path, session); });
        if (counted.windows !=
            static_cast<std::uint64_t>((session.end_ns - session.start_ns) / market::kNanosPerSecond + 1)) {
            stop("a second of the session is missing");
        }
        const fs::path root = folder / "lake";
        const lake::Lake target = must(lake::Lake::open(root, fs::path(SPYMASTER_SOURCE_DIR) / "contracts"));
        pipeline::JobReport report;
        const double t_lake = seconds_of([&] {
            pipeline::Progress progress;
            report = must(pipeline::run_job(target, job, progress));
        });
        const std::string hash = report.partitions.back().sha256;
        if (report.partitions.size() != 4 || report.quality.at(0).identity_violations != 0 ||
            report.partitions[2].rows != static_cast<std::int64_t>(counted.rows) ||
            (run > 0 && hash != gold_hash)) {
            stop("the lake disagrees with the rows in memory, or with the run before");
        }
        gold_hash = hash;
        fs::remove_all(root);
        if (run == 0) continue;
        zstd.push_back(t_zstd);
        rows.push_back(t_rows);
        lake.push_back(t_lake);
    }
    const double bound = median(zstd);
    fmt::print("{:<34} {:>8} {:>10} {:>10}\n", "", "s", "ns/record", "x zstd -d");
    const auto line = [&](std::string_view what, const std::vector<double>& times) {
        fmt::print("{:<34} {:>8.3f} {:>10.1f} {:>10.2f}\n", what, median(times), median(times) / n * 1e9,
                   median(times) / bound);
    };
    line("zstd -d (whole process)", zstd);
    line("raw.zst -> silver rows in memory", rows);
    line("raw.zst -> bronze, silver, gold", lake);
    fs::remove_all(folder);
    return 0;
}
