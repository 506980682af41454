// From bytes on the socket to a window on the WebSocket: how long after the arrival of the record that closes a second the
// whole window is in a client's hands.
//
//   bench_live [--events-per-second N] [--option-events-per-second N]
//
// A gateway, a live session of ES with its options, its server and a client, all over sockets in one process, so that one
// clock times them. At the pace of the market, and twenty times as fast. Every run checks its answer: the windows streamed
// live are, byte for byte, those that the lake replays afterwards.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "feed/gateway/gateway.hpp"
#include "feed/historical/job_plan.hpp"
#include "feed/simulated/simulated_day.hpp"
#include "latencies.hpp"
#include "pipeline/live/live_run.hpp"
#include "serve/check/live_client.hpp"
#include "serve/server.hpp"

namespace {

namespace fs = std::filesystem;
using namespace spymaster;
using Clock = std::chrono::steady_clock;

constexpr market::Date kDate{2026, 1, 6};
constexpr std::int64_t kOpenNs = 1767709800000000000;  // 09:30 New York
constexpr std::size_t kSurfaces = 4;

[[noreturn]] void stop(const std::string& why) {
    fmt::print(stderr, "bench_live: {}\n", why);
    std::exit(1);
}
template <class T>
T must(Result<T> result) {
    if (!result.ok()) stop(result.error().message);
    return std::move(result).value();
}

// Passes everything on, and notes when what closed each second had arrived.
class NotingSink final : public pipeline::LiveSink {
  public:
    explicit NotingSink(pipeline::LiveSink& next) : next_(next) {}
    Result<void> on_contract(const pipeline::LiveContract& contract) override {
        SPY_TRY(next_.on_contract(contract));
        begun_.set_value();
        return {};
    }
    Result<void> on_second(const pipeline::LiveContract& contract,
                           const pipeline::LiveSecond& second) override {
        {
            const std::scoped_lock lock(mutex_);
            arrived_[second.window_end_ts_ns] = second.arrived;
        }
        return next_.on_second(contract, second);
    }
    void on_end(const pipeline::LiveContract& contract) override { next_.on_end(contract); }
    void on_feed(const pipeline::FeedState& state) override { next_.on_feed(state); }

    void wait_for_contract() { begun_.get_future().wait(); }
    Clock::time_point arrived(std::int64_t window_end_ts_ns) {
        const std::scoped_lock lock(mutex_);
        return arrived_.at(window_end_ts_ns);
    }

  private:
    pipeline::LiveSink& next_;
    std::promise<void> begun_;
    std::mutex mutex_;
    std::map<std::int64_t, Clock::time_point> arrived_;
};

struct Window {
    std::int64_t end_ts_ns = 0;
    Clock::time_point received;
    std::string messages;  // all of it
};

// Everything that the stream has, until it is closed.
std::vector<Window> read_stream(const serve::ServerAddress& address, const std::string& target) {
    auto stream = must(serve::LiveStream::open(address, target));
    std::vector<Window> windows;
    std::size_t binaries = kSurfaces;
    for (;;) {
        auto message = must(stream.next());
        if (message.closed) return windows;
        if (!message.binary && message.payload.find("\"type\":\"feed\"") != std::string::npos) continue;
        constexpr std::string_view kEnd = "\"window_end_ts_ns\":\"";
        if (!message.binary && message.payload.find("batch_start") != std::string::npos) {
            const char* const digits = message.payload.data() + message.payload.find(kEnd) + kEnd.size();
            std::from_chars(digits, digits + 19, windows.emplace_back().end_ts_ns);
            binaries = 0;
        }
        windows.back().messages += message.payload;
        if (message.binary && ++binaries == kSurfaces) windows.back().received = Clock::now();
    }
}

struct Scenario {
    std::string name;
    double speed;
    std::string session;
    std::size_t windows;
};

pipeline::LiveRunOptions live_options(const Scenario& scenario, const fs::path& root,
                                      const std::string& gateway) {
    pipeline::LiveRunOptions run;
    pipeline::Job& job = run.market.outright;
    job.product = &market::product_of(market::ProductType::future_mbo);
    job.symbol = "ES";
    job.date = kDate;
    job.grid = job.product->grid;
    job.session = must(market::parse_session(scenario.session));
    run.market.options = job;
    run.market.options->product = &market::product_of(market::ProductType::future_option_mbo);
    run.market.options->grid = run.market.options->product->grid;
    run.market.awaits_definitions = true;
    feed::live::LiveOptions live;
    live.dataset = "GLBX.MDP3";
    live.gateway = gateway;
    live.key = "db-" + std::string(29, '0');
    live.root = root;
    const auto ask = [&live](dbn::Schema schema, std::vector<std::string> symbols) {
        live.subscriptions.push_back({.schema = schema,
                                      .stype_in = dbn::SymbolType::parent,
                                      .symbols = std::move(symbols),
                                      .snapshot = false,
                                      .start = 0});
    };
    std::vector<std::string> parents;
    for (const std::string& code : feed::option_codes("ES")) parents.push_back(code + ".OPT");
    ask(dbn::Schema::statistics, parents);
    parents.emplace_back("ES.FUT");
    ask(dbn::Schema::definition, parents);
    ask(dbn::Schema::mbo, parents);
    run.feeds.push_back(std::move(live));
    return run;
}

void measure(const Scenario& scenario, const fs::path& raw, const fs::path& root) {
    feed::GatewayOptions gateway_options{.raw = raw};
    gateway_options.live.speed = scenario.speed;
    gateway_options.live.from_ns = static_cast<std::uint64_t>(kOpenNs - 5'000'000'000);
    const auto gateway = must(feed::Gateway::start(gateway_options));
    const fs::path contracts = fs::path(SPYMASTER_SOURCE_DIR) / "contracts";
    const auto lake = must(lake::Lake::open(root, contracts));
    serve::ServeOptions serving;
    serving.port = 0;
    const auto server = must(serve::Server::start(must(lake::Lake::open(root, contracts)), serving));
    std::jthread serving_thread([&server] { server->run(); });
    NotingSink sink(server->live());
    const auto options = live_options(scenario, root, gateway->live_address());
    const auto run = must(pipeline::LiveRun::create(lake, options, sink));
    auto outcome = std::async(std::launch::async, [&run] { return run->run(); });
    sink.wait_for_contract();
    const auto address = must(serve::parse_server_url(server->url()));
    const std::string target = "/v1/velocity/stream?symbol=ESH6&dt=";
    const auto windows = read_stream(address, target + "live&after_window_end_ts_ns=1");
    const pipeline::LiveOutcome ended = must(outcome.get());
    if (!ended.session_over) stop("the session was not over");

    // The forecasts count only with the options' gold, which is there now; what was streamed has to be what is replayed.
    const auto replayed = read_stream(address, target + kDate.iso() + "&skip_minutes=0&speed=1000000");
    if (windows.size() != scenario.windows || replayed.size() != scenario.windows)
        stop(fmt::format("{} windows live, {} replayed, not {}", windows.size(), replayed.size(),
                         scenario.windows));
    std::vector<double> latencies;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        if (windows[i].messages != replayed[i].messages) stop(fmt::format("window {} is another live", i));
        const auto after = windows[i].received - sink.arrived(windows[i].end_ts_ns);
        latencies.push_back(std::chrono::duration<double, std::milli>(after).count());
    }
    fmt::print("{:<28} {:>6} windows   p50 {:7.2f} ms   p99 {:7.2f} ms   max {:7.2f} ms\n", scenario.name,
               windows.size(), bench::quantile(latencies, 0.5), bench::quantile(latencies, 0.99),
               bench::quantile(latencies, 1.0));
    server->stop();
}

void simulate(const fs::path& root, const std::string& session, double events, double option_events) {
    feed::DayOptions options;
    options.future.date = kDate;
    options.future.session = must(market::on_date(must(market::parse_session(session)), kDate));
    options.future.events_per_second = events;
    options.share.date = kDate;
    options.share.session = options.future.session;
    options.option_events_per_second = option_events;
    const std::array<const market::Product*, 2> products{
        &market::product_of(market::ProductType::future_mbo),
        &market::product_of(market::ProductType::future_option_mbo)};
    for (const feed::DayFile& file : must(feed::simulated_day(products, options)))
        must(feed::write_simulated_file(must(file.open()), must(feed::place_in_lake(file, root, kDate)),
                                        false));
}

}  // namespace

int main(int argc, char** argv) {
    const bool small = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr;
    double events = small ? 100 : 4000;
    double option_events = small ? 100 : 4000;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--events-per-second") events = std::atof(argv[i + 1]);
        if (name == "--option-events-per-second") option_events = std::atof(argv[i + 1]);
    }
    std::string folder = (fs::temp_directory_path() / "spymaster-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) stop("no temporary folder");
    const fs::path root = folder;
    simulate(root, small ? "09:30-09:31" : "09:30-09:40", events, option_events);
    fmt::print("{} records a second of ES, {} of its options, on average\n", events, option_events);
    std::vector<Scenario> scenarios{{"20 times the market's pace", 20, small ? "09:30-09:31" : "09:30-09:40",
                                     small ? std::size_t{61} : std::size_t{601}}};
    if (!small) scenarios.insert(scenarios.begin(), {"the market's pace", 1, "09:30-09:32", 121});
    int number = 0;
    for (const Scenario& scenario : scenarios)
        measure(scenario, root / "raw", root / fmt::format("lake-{}", ++number));
    fs::remove_all(root);
    return 0;
}
