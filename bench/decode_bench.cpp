// DBN decode, raw and zstd: nanoseconds a record, beside what the same bytes cost without decoding.
//
//   bench_decode [--records N] [--repeats N] [--level L]
//
// Makes a file of one instrument in a temporary folder with our own encoder, then times, turn by turn, in the same run:
// memcpy of its bytes, read() of it, our decoder touching every field (raw; zstd with and without its own thread), libzstd
// in one shot, and the command `zstd -d`. Every decode's answer (a sum over all fields of all records) is checked against
// that of the generator. With SPYMASTER_BENCH_SMALL in the environment the file is small: a check, not a measurement.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "dbn/decoder.hpp"
#include "dbn/encoder.hpp"
#include "decode_order_flow.hpp"

namespace spymaster::dbn {
namespace {

constexpr std::size_t kSmallRecords = 50'000;
constexpr std::size_t kReadBytes = std::size_t{256} << 10U;

struct Settings {
    std::size_t records = 10'000'000;
    int repeats = 5;
    int level = 3;
};

// Wraps around; any changed field of any record changes it.
std::uint64_t sum_of_fields(const MboMsg& m) {
    return m.hd.length + m.hd.rtype + m.hd.publisher_id + m.hd.instrument_id + m.hd.ts_event + m.order_id +
           static_cast<std::uint64_t>(m.price) + m.size + m.flags + m.channel_id +
           static_cast<std::uint64_t>(m.action) + static_cast<std::uint64_t>(m.side) + m.ts_recv +
           static_cast<std::uint64_t>(m.ts_in_delta) + m.sequence;
}

// What everyone is measured on.
struct Input {
    std::filesystem::path folder;
    std::filesystem::path raw;
    std::filesystem::path zst;
    std::size_t records = 0;
    std::uint64_t sum = 0;
    std::size_t raw_bytes = 0;
    std::size_t zst_bytes = 0;

    Input() = default;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input() {
        if (!folder.empty()) std::filesystem::remove_all(folder);
    }
};

Result<void> make_input(const Settings& settings, Input& input) {
    std::string pattern = (std::filesystem::temp_directory_path() / "spymaster-decode-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        return make_error(ErrorCode::io, "cannot make a temporary folder");
    input.folder = pattern;
    input.raw = input.folder / "one.dbn";
    input.zst = input.folder / "one.dbn.zst";
    Metadata metadata;
    metadata.dataset = "GLBX.MDP3";
    metadata.schema = Schema::mbo;
    SPY_ASSIGN(Encoder raw, Encoder::create(input.raw, metadata, {.zstd = false}));
    SPY_ASSIGN(Encoder zst, Encoder::create(input.zst, metadata, {.zstd = true, .level = settings.level}));
    OrderFlow flow;
    for (input.records = 0; input.records < settings.records; ++input.records) {
        const MboMsg record = flow.next();
        input.sum += sum_of_fields(record);
        SPY_TRY(raw.write(record));
        SPY_TRY(zst.write(record));
    }
    SPY_TRY(raw.finish());
    SPY_TRY(zst.finish());
    input.raw_bytes = std::filesystem::file_size(input.raw);
    input.zst_bytes = std::filesystem::file_size(input.zst);
    return {};
}

[[noreturn]] void stop(std::string_view why) {
    fmt::print(stderr, "bench_decode: {}\n", why);
    std::exit(1);
}

std::vector<std::byte> whole_file(const std::filesystem::path& path) {
    std::vector<std::byte> bytes(std::filesystem::file_size(path));
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

void decode(const std::filesystem::path& path, const Input& input, bool own_thread) {
    auto decoder = Decoder::open(path, {.own_thread = own_thread});
    if (!decoder) stop(decoder.error().message);
    std::uint64_t sum = 0;
    std::size_t records = 0;
    for (;;) {
        const auto block = decoder->next_block();
        if (!block) stop(block.error().message);
        if (block->empty()) break;
        for_each_record(*block, [&](const std::byte* record) {
            if (load<RecordHeader>(record).rtype == rtype::mbo) sum += sum_of_fields(load<MboMsg>(record));
            ++records;
        });
    }
    if (sum != input.sum || records != input.records) stop("the decoder's answer is wrong");
}

void read_only(const Input& input, std::vector<std::byte>& buffer) {
    const int file = ::open(input.raw.c_str(), O_RDONLY | O_CLOEXEC);
    std::size_t total = 0;
    for (ssize_t count = 1; count > 0; total += static_cast<std::size_t>(count)) {
        count = ::read(file, buffer.data(), kReadBytes);
        if (count < 0) stop("cannot read the file");
    }
    ::close(file);
    if (total != input.raw_bytes) stop("read() gave another number of bytes");
}

void copy_only(const std::vector<std::byte>& from, std::vector<std::byte>& to) {
    std::memcpy(to.data(), from.data(), from.size());
    asm volatile("" : : "r"(to.data()) : "memory");  // the copy is used
}

void one_shot(const std::vector<std::byte>& compressed, std::vector<std::byte>& into, const Input& input) {
    const std::size_t size = ZSTD_decompress(into.data(), into.size(), compressed.data(), compressed.size());
    if (size != input.raw_bytes) stop("libzstd gave another number of bytes");
}

void command_line(const Input& input) {
    std::string program = "zstd", decompress = "-dcq", file = input.zst.string();
    char* const arguments[] = {program.data(), decompress.data(), file.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    int status = 0;
    if (::posix_spawnp(&child, "zstd", &actions, nullptr, arguments, environ) != 0) stop("cannot start zstd");
    if (::waitpid(child, &status, 0) != child || status != 0) stop("zstd -d failed");
    posix_spawn_file_actions_destroy(&actions);
}

// Processor time of this program and the ones it started: what is left to compare when others use the machine.
double processor_seconds() {
    double total = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage = {};
        ::getrusage(who, &usage);
        for (const timeval& t : {usage.ru_utime, usage.ru_stime}) {
            total += static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
        }
    }
    return total;
}

struct Scenario {
    std::string name;
    std::function<void()> run;
    std::vector<double> seconds;
    std::vector<double> processor;
};

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void report(const std::vector<Scenario>& scenarios, const Input& input) {
    fmt::print("{} records, {} bytes raw, {} bytes zstd ({:.2f}x)\n", input.records, input.raw_bytes,
               input.zst_bytes, static_cast<double>(input.raw_bytes) / static_cast<double>(input.zst_bytes));
    fmt::print("{:<40}{:>10}{:>9}{:>9}{:>11}{:>13}\n", "", "ns/record", "lowest", "highest", "processor",
               "M records/s");
    const double scale = 1e9 / static_cast<double>(input.records);
    for (const Scenario& scenario : scenarios) {
        const double middle = median(scenario.seconds) * scale;
        fmt::print("{:<40}{:>10.2f}{:>9.2f}{:>9.2f}{:>11.2f}{:>13.1f}\n", scenario.name, middle,
                   std::ranges::min(scenario.seconds) * scale, std::ranges::max(scenario.seconds) * scale,
                   median(scenario.processor) * scale, 1e3 / middle);
    }
}

int run(const Settings& settings) {
    Input input;
    if (const auto made = make_input(settings, input); !made) stop(made.error().message);
    const std::vector<std::byte> raw = whole_file(input.raw);
    const std::vector<std::byte> compressed = whole_file(input.zst);
    std::vector<std::byte> target(input.raw_bytes);  // written once here: no page fault is timed
    std::vector<std::byte> buffer(kReadBytes);
    std::vector<Scenario> scenarios = {
        {"memcpy of the raw bytes", [&] { copy_only(raw, target); }, {}, {}},
        {"read() of the raw file", [&] { read_only(input, buffer); }, {}, {}},
        {"decode raw, all fields", [&] { decode(input.raw, input, true); }, {}, {}},
        {"libzstd, one shot, memory to memory", [&] { one_shot(compressed, target, input); }, {}, {}},
        {"zstd -d, the command, to /dev/null", [&] { command_line(input); }, {}, {}},
        {"decode zstd, all fields, own thread", [&] { decode(input.zst, input, true); }, {}, {}},
        {"decode zstd, all fields, same thread", [&] { decode(input.zst, input, false); }, {}, {}},
    };
    for (int turn = 0; turn < settings.repeats; ++turn) {
        for (Scenario& scenario : scenarios) {
            const double used = processor_seconds();
            const auto start = std::chrono::steady_clock::now();
            scenario.run();
            scenario.seconds.push_back(
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            scenario.processor.push_back(processor_seconds() - used);
        }
    }
    report(scenarios, input);
    return 0;
}

}  // namespace
}  // namespace spymaster::dbn

int main(int argc, char** argv) {
    using namespace spymaster::dbn;
    Settings settings;
    if (std::getenv("SPYMASTER_BENCH_SMALL") != nullptr) {
        settings.records = kSmallRecords;
        settings.repeats = 1;
    }
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        const long value = i + 1 < argc ? std::atol(argv[i + 1]) : 0;
        if (value <= 0 || (name != "--records" && name != "--repeats" && name != "--level")) {
            fmt::print(stderr, "usage: bench_decode [--records N] [--repeats N] [--level L]\n");
            return 2;
        }
        if (name == "--records") settings.records = static_cast<std::size_t>(value);
        if (name == "--repeats") settings.repeats = static_cast<int>(value);
        if (name == "--level") settings.level = static_cast<int>(value);
    }
    return run(settings);
}
