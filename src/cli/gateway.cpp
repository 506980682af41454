// spymaster gateway: Databento's services over a folder of raw files, on this machine.
#include "feed/gateway/gateway.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "cli/command.hpp"
#include "cli/gateway_live.hpp"
#include "cli/service_notice.hpp"

namespace spymaster::cli {

namespace {

constexpr const char* kKeyVariable = "SPYMASTER_GATEWAY_KEY";

struct GatewayArguments {
    std::string raw;
    feed::HistoricalOptions historical;
    std::string state;
    std::uint32_t queued_ms = 1000;
    std::uint32_t processing_ms = 1000;
    double expires_seconds = 30 * 86'400.0;
    bool no_limits = false;
    std::vector<std::string> faults;
    GatewayLiveArguments live;
};

Result<feed::GatewayOptions> options_of(const GatewayArguments& arguments) {
    feed::GatewayOptions options;
    options.raw = arguments.raw;
    options.historical = arguments.historical;
    options.historical.state = arguments.state;
    options.historical.queued = std::chrono::milliseconds(arguments.queued_ms);
    options.historical.processing = std::chrono::milliseconds(arguments.processing_ms);
    options.historical.expires =
        std::chrono::milliseconds(static_cast<std::int64_t>(arguments.expires_seconds * 1000));
    options.historical.limits = !arguments.no_limits;
    if (const char* key = std::getenv(kKeyVariable)) options.historical.key = key;
    for (const auto& fault : arguments.faults) SPY_TRY(feed::add_fault(fault, options.historical.faults));
    SPY_ASSIGN(options.live, live_options_of(arguments.live));
    options.live.host = options.historical.host;
    options.live.key = options.historical.key;
    if (arguments.no_limits) {
        options.live.max_sessions_per_dataset = options.live.max_connections;
        options.live.max_connections_per_second = options.live.max_connections;
    }
    return options;
}

void print_library(const feed::RawLibrary& library) {
    for (const auto& left : library.left_out())
        fmt::print(stderr, "spymaster: left out {}: {}\n", left.path.string(), left.reason);
    for (const auto& file : library.files()) {
        if (!file.warning.empty())
            fmt::print(stderr, "spymaster: {}: {}\n", file.path.string(), file.warning);
    }
    for (const auto& dataset : library.datasets()) {
        std::string schemas;
        for (const auto schema : library.schemas(dataset))
            schemas += (schemas.empty() ? "" : ", ") + dbn::to_string(schema);
        const auto range = library.range(dataset);
        fmt::print("{}: {}, {} to {}\n", dataset, schemas, range->start.iso(), range->end.iso());
    }
}

Result<void> run_gateway(const GatewayArguments& arguments) {
    SPY_ASSIGN(const auto options, options_of(arguments));
    // Blocked before the gateway's threads begin, which inherit it: the signals wait for sigwait().
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    SPY_ASSIGN(const auto gateway, feed::Gateway::start(options));
    print_library(gateway->library());
    fmt::print("Live gateway: {}\n", gateway->live_address());
    fmt::print("Historical gateway: {} (Ctrl-C stops it)\n", gateway->url());
    std::fflush(stdout);
    tell_service_manager("READY=1");
    int signal = 0;
    ::sigwait(&stop, &signal);
    return {};
}

}  // namespace

void add_gateway(CLI::App& app, int& exit) {
    auto* command = app.add_subcommand(
        "gateway", "Serve raw files as Databento would: for tests, and to work without an account");
    command->footer(
        "Any key of the form db-... (32 characters) is let in, unless the environment fixes one: "
        "SPYMASTER_GATEWAY_KEY.");
    auto arguments = std::make_shared<GatewayArguments>();
    auto& historical = arguments->historical;
    command->add_option("--raw", arguments->raw, "Folder with DBN files: raw/ of a lake, or any other")
        ->required();
    command->add_option("--host", historical.host, "IP address to listen on")->capture_default_str();
    command->add_option("--http-port", historical.port, "Port of the historical service; 0 takes a free one")
        ->capture_default_str();
    command->add_option("--state", arguments->state,
                        "Folder for the files of batch jobs (default: a temporary one, removed at the end)");
    command->add_option("--job-queued-ms", arguments->queued_ms, "How long a job is queued")
        ->capture_default_str();
    command
        ->add_option("--job-processing-ms", arguments->processing_ms, "How long, at least, it is processing")
        ->capture_default_str();
    command
        ->add_option("--job-expires-seconds", arguments->expires_seconds,
                     "How long after it is done its files are there")
        ->check(CLI::Range(0.0, 1e9))
        ->capture_default_str();
    command->add_flag("--no-limits", arguments->no_limits,
                      "Without the services' limits: requests a second, live sessions and connections");
    command->add_option(
        "--fault", arguments->faults,
        "Goes wrong on purpose (repeatable): corrupt-download=N: one byte of the first N file "
        "downloads is changed; cut-download=BYTES: every file download breaks off after so many "
        "bytes; no-range=1: Range is ignored; error-job=N: the N-th job ends in error; 429=N and "
        "500=N: the first N requests get that");
    add_live_options(*command, arguments->live);
    command->callback([arguments, &exit] {
        const auto served = run_gateway(*arguments);
        exit = served ? 0 : fail(served.error());
    });
}

}  // namespace spymaster::cli
