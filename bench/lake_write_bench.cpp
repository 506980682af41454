// Rows in memory to a partition on disk, synced: seconds and bytes for a day of bronze and a session of gold; and back.
//
//   bronze   10,000,000 rows, 15 columns: a day of one busy future
//   gold      1,180,000 rows, 36 columns: 1,472 seconds of 802 cells
//
// A scenario fills its batches inside the time, as an engine does, by copying from a prepared block. The answer is checked
// by reading every partition back: each column's sum and each text's count. With SPYMASTER_BENCH_SMALL a hundredth of the
// rows. Not Google Benchmark: one run is seconds of disk, and what is reported is wall time, processor time and bytes.
#include <unistd.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <span>

#include "lake/lake.hpp"

namespace spymaster::lake {
namespace {

namespace fs = std::filesystem;

struct Scenario {
    PartitionKey key;
    std::size_t rows;
    void (*fill)(ColumnBatch& block, std::size_t rows);
};

constexpr std::size_t kBlockRows = 61'355;  // no divisor of a row group

// Values like an hour of ES: bursts in time, ids and sequences that grow, few prices and flags.
void fill_bronze(ColumnBatch& block, std::size_t rows) {
    std::mt19937_64 random(1);
    std::exponential_distribution<double> gap(1.0 / 60'000.0);
    const auto ints = [&](std::size_t place) -> std::vector<std::int64_t>& {
        return block.at<std::vector<std::int64_t>>(place);
    };
    const auto text = [&](std::size_t place) -> TextColumn& { return block.at<TextColumn>(place); };
    text(10).dictionary = {"A", "C", "M", "T", "F"};
    text(12).dictionary = {"A", "B", "N"};
    text(13).dictionary = {"ESH4"};
    std::int64_t ts = 1'703'545'200'000'000'000;
    std::int64_t order = 6'413'000'000'000;
    std::int64_t sequence = 1'000'000;
    std::int64_t price = 4'828'000'000'000;
    for (std::size_t i = 0; i < rows; ++i) {
        ts += static_cast<std::int64_t>(gap(random)) * (random() % 4 == 0 ? 20 : 1);
        sequence += static_cast<std::int64_t>(random() % 3);
        order += static_cast<std::int64_t>(random() % 5);
        if (random() % 50 == 0) price += (random() % 2 == 0 ? 1 : -1) * 250'000'000;
        const auto distance = static_cast<std::int64_t>(std::countr_zero(random() | 1U << 12)) * 250'000'000;
        ints(0).push_back(ts);
        ints(1).push_back(1 + static_cast<std::int64_t>(std::countr_zero(random() | 256)));
        ints(2).push_back(ts - 15'000 - static_cast<std::int64_t>(random() % 4'000));
        ints(3).push_back(0);
        ints(4).push_back(160);
        ints(5).push_back(order - static_cast<std::int64_t>(random() % 2'000));
        ints(6).push_back(1);
        ints(7).push_back(random() % 3 == 0 ? 0 : 128);
        ints(8).push_back(17'077);
        ints(9).push_back(13'000 + static_cast<std::int64_t>(random() % 4'000));
        text(10).codes.push_back(static_cast<std::int32_t>(random() % 10 < 8 ? random() % 3 : random() % 5));
        ints(11).push_back(sequence);
        text(12).codes.push_back(static_cast<std::int32_t>(random() % 2));
        text(13).codes.push_back(0);
        ints(14).push_back(price + (random() % 2 == 0 ? distance : -distance));
    }
}

// Fields like a surface: keys in lattice order; a third of the doubles few small ratios, the rest smooth and never equal.
void fill_gold(ColumnBatch& block, std::size_t rows) {
    std::mt19937_64 random(2);
    std::normal_distribution<double> normal;
    constexpr std::size_t kCells = 802;
    block.at<TextColumn>(5).dictionary = {"A", "B"};
    std::vector<double> state(block.column_count(), 0.0);
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t cell = i % kCells;
        const std::int64_t end =
            1'703'545'201'000'000'000 + static_cast<std::int64_t>(i / kCells) * 1'000'000'000;
        const auto rel_ticks = static_cast<std::int32_t>(cell % 401) - 200;
        block.at<std::vector<std::int64_t>>(0).push_back(end);
        block.at<std::vector<std::int64_t>>(1).push_back(end);
        block.at<std::vector<std::int64_t>>(2).push_back(4'828'000'000'000);
        block.at<std::vector<std::int32_t>>(3).push_back(rel_ticks);
        block.at<std::vector<std::int32_t>>(4).push_back(rel_ticks - (cell < 401 ? 1 : -1));
        block.at<TextColumn>(5).codes.push_back(cell < 401 ? 0 : 1);
        for (std::size_t column = 6; column < block.column_count(); ++column) {
            const bool ratio = column < 10 || block.column_count() - column < 2;
            state[column] = 0.9 * state[column] + 0.1 * normal(random);
            const auto few = static_cast<double>(std::countr_zero(random() | 64)) / 8.0;
            block.at<std::vector<double>>(column).push_back(ratio ? few : state[column]);
        }
    }
}

// What a column adds up to: wrong bytes, lost or doubled rows change it.
struct Sum {
    template <class T>
    std::uint64_t operator()(const std::vector<T>& values) const {
        std::uint64_t sum = 0;
        for (const T value : values) {
            if constexpr (std::is_same_v<T, double>) {
                sum += std::bit_cast<std::uint64_t>(value) * 0x9E37'79B9'7F4A'7C15;
            } else {
                sum += static_cast<std::uint64_t>(value);
            }
        }
        return sum;
    }
    std::uint64_t operator()(const TextColumn& text) const {
        std::uint64_t sum = 0;
        for (const std::int32_t code : text.codes) {
            sum += static_cast<std::uint64_t>(
                static_cast<unsigned char>(text.dictionary[static_cast<std::size_t>(code)][0]));
        }
        return sum;
    }
};

void add_sums(std::vector<std::uint64_t>& sums, const ColumnBatch& batch) {
    sums.resize(batch.column_count());
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += std::visit(Sum{}, batch.column(i));
}

void append_block(ColumnBatch& to, const ColumnBatch& block, std::size_t rows) {
    for (std::size_t i = 0; i < to.column_count(); ++i) {
        std::visit(
            [&]<class T>(T& target) {
                const T& source = block.at<T>(i);
                const auto count = static_cast<std::ptrdiff_t>(rows);
                if constexpr (std::is_same_v<T, TextColumn>) {
                    target.dictionary = source.dictionary;
                    target.codes.insert(target.codes.end(), source.codes.begin(),
                                        source.codes.begin() + count);
                } else {
                    target.insert(target.end(), source.begin(), source.begin() + count);
                }
            },
            to.column(i));
    }
}

double processor_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}
double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Timed {
    double wall = -wall_seconds();
    double processor = -processor_seconds();
    void stop() {
        wall += wall_seconds();
        processor += processor_seconds();
    }
};

Result<void> write_rows(const Lake& lake, const Scenario& scenario, const ColumnBatch& block,
                        ColumnBatch& batch) {
    SPY_ASSIGN(auto writer, lake.write(scenario.key));
    for (std::size_t done = 0; done < scenario.rows;) {
        const std::size_t count = std::min(kBlockRows, scenario.rows - done);
        append_block(batch, block, count);
        done += count;
        if (batch.row_count() >= kRowGroupRows || done == scenario.rows) SPY_TRY(writer->append(batch));
    }
    return writer->commit({.stage = "bench", .inputs = {}, .properties = {}});
}

Result<std::vector<std::uint64_t>> read_sums(const Lake& lake, const Scenario& scenario, ColumnBatch& batch) {
    SPY_ASSIGN(auto reader, lake.read(scenario.key));
    std::vector<std::uint64_t> sums;
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return sums;
        add_sums(sums, batch);
    }
}

Result<void> run(const Lake& lake, const Scenario& scenario) {
    SPY_ASSIGN(const DatasetSpec* dataset, lake.dataset(scenario.key.dataset));
    ColumnBatch block(dataset->contract);
    scenario.fill(block, std::min(kBlockRows, scenario.rows));
    std::vector<std::uint64_t> expected;
    ColumnBatch batch(dataset->contract);
    for (std::size_t done = 0; done < scenario.rows; done += kBlockRows) {
        batch.clear();
        append_block(batch, block, std::min(kBlockRows, scenario.rows - done));
        add_sums(expected, batch);
    }
    batch.clear();

    Timed writing;
    SPY_TRY(write_rows(lake, scenario, block, batch));
    writing.stop();
    Timed reading;
    SPY_ASSIGN(const auto sums, read_sums(lake, scenario, batch));
    reading.stop();
    if (sums != expected) {
        return make_error(ErrorCode::conflict, "{}: the rows read are not the rows written",
                          scenario.key.dataset);
    }
    SPY_ASSIGN(const Manifest manifest, lake.manifest(scenario.key));
    const auto megabytes = static_cast<double>(manifest.files.front().size_bytes) / 1e6;
    const auto rows = static_cast<double>(scenario.rows);
    std::printf(
        "%-38s %9zu rows  write %6.3f s wall %6.3f s cpu %6.1f ns/row %8.1f MB (%5.2f B/row)  read %6.3f s\n",
        scenario.key.dataset.c_str(), scenario.rows, writing.wall, writing.processor,
        writing.wall / rows * 1e9, megabytes, megabytes * 1e6 / rows, reading.wall);
    return {};
}

}  // namespace
}  // namespace spymaster::lake

int main() {
    using namespace spymaster::lake;
    const std::size_t part = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr ? 100 : 1;
    const fs::path root = fs::temp_directory_path() / ("spymaster_bench_lake_" + std::to_string(::getpid()));
    const auto lake = Lake::open(root, SPYMASTER_SOURCE_DIR "/contracts");
    bool right = lake.ok();
    if (!right) std::fprintf(stderr, "%s\n", lake.error().message.c_str());
    const spymaster::market::Date date{2023, 12, 25};
    const Scenario scenarios[] = {
        {{"bronze.future_mbo.mbo", "ESH4", date}, 10'000'000 / part, &fill_bronze},
        {{"gold.future_mbo.physics_surface_1s", "ESH4", date}, 1'180'000 / part, &fill_gold},
    };
    for (const Scenario& scenario : scenarios) {
        if (!right) break;
        const auto done = run(*lake, scenario);
        right = done.ok();
        if (!right) std::fprintf(stderr, "%s\n", done.error().message.c_str());
    }
    std::error_code ignored;
    fs::remove_all(root, ignored);
    return right ? 0 : 1;
}
