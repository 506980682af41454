// spymaster download: batches of Databento's historical service, into the raw layer of the lake.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <set>

#include "cli/command.hpp"
#include "cli/download_arguments.hpp"
#include "cli/download_report.hpp"
#include "cli/progress_line.hpp"
#include "cli/where.hpp"
#include "feed/historical/batch_api.hpp"
#include "feed/historical/download_log.hpp"

namespace spymaster::cli {

namespace {

using feed::DownloadProgram;
using Action = DownloadArguments::Action;

// Set by a signal: the work stops at the next place where it can be taken up again.
volatile std::sig_atomic_t stop_asked = 0;

// The second one ends the program at once.
void stop_on_signals() {
    struct sigaction action{};
    action.sa_handler = [](int) { stop_asked = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a broken connection is an error of the request
}

bool stopped() {
    return stop_asked != 0;
}

bool pause_for(std::chrono::milliseconds time) {
    constexpr auto kSlice = std::chrono::milliseconds(50);
    const auto end = std::chrono::steady_clock::now() + time;
    while (!stopped() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(
            std::min<std::chrono::nanoseconds>(kSlice, end - std::chrono::steady_clock::now()));
    return !stopped();
}

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string from_environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

// "y" or "yes" from the terminal.
bool is_agreed(const std::string& question) {
    fmt::print(stderr, "{} [y/N] ", question);
    std::fflush(stderr);
    char answer[16] = "";
    if (std::fgets(answer, sizeof answer, stdin) == nullptr) return false;
    const std::string_view text(answer);
    return text == "y\n" || text == "Y\n" || text == "yes\n";
}

Result<void> consent(const DownloadArguments& arguments, const std::vector<feed::JobQuote>& quotes) {
    print_quotes(stderr, quotes);
    if (arguments.yes) return {};
    const std::string cost = fmt::format("{} jobs for ${:.2f}", quotes.size(), total_of(quotes).usd);
    if (isatty(STDIN_FILENO) == 0) {
        return make_error(
            ErrorCode::usage,
            "{} would be submitted, and nobody can be asked: agree to the cost with --yes, or look at "
            "it with --dry-run",
            cost);
    }
    if (is_agreed(fmt::format("Submit {}?", cost))) return {};
    return make_error(ErrorCode::conflict, "{} not agreed to; nothing of it was submitted", cost);
}

// What the work says and shows: log lines, and a bar while a file comes.
class Voice {
  public:
    explicit Voice(feed::DownloadLog log) : log_(std::move(log)) {}

    void say(const std::string& text) {
        bar_.reset();
        log_.write(now_ns(), text);
    }
    void show(std::uint64_t done, std::uint64_t all) {
        progress_.units_done = done;
        progress_.units_total = all;
        progress_.records = done;
        if (!bar_ && isatty(STDERR_FILENO) != 0) bar_.emplace(progress_, "bytes");
    }
    void be_silent() { bar_.reset(); }

  private:
    feed::DownloadLog log_;
    pipeline::Progress progress_;
    std::optional<ProgressLine> bar_;
};

Result<feed::HttpClient> connect(const DownloadArguments& arguments, Voice& voice) {
    feed::HttpSettings settings;
    settings.base_url =
        !arguments.host.empty() ? arguments.host : from_environment("DATABENTO_HISTORICAL_URL");
    if (settings.base_url.empty()) settings.base_url = kDatabentoHost;
    settings.key = from_environment("DATABENTO_API_KEY");
    settings.pause = pause_for;
    settings.stopped = stopped;
    settings.say = [&voice](const std::string& text) { voice.say(text); };
    return feed::HttpClient::create(std::move(settings));
}

Result<feed::JobTracker> open_tracker(const DownloadArguments& arguments) {
    const bool futures = arguments.program == DownloadProgram::futures;
    const std::filesystem::path path = !arguments.tracker.empty()
                                           ? std::filesystem::path(arguments.tracker)
                                           : lake_root(arguments.lake) / "logs" /
                                                 (futures ? "futures_jobs.json" : "equity_options_jobs.json");
    return feed::JobTracker::open(path, fmt::format("process {} (spymaster download {}) since {}Z", getpid(),
                                                    arguments.name, feed::iso_microseconds(now_ns())));
}

Result<void> work(const DownloadArguments& arguments, const std::vector<feed::JobRequest>& requests,
                  feed::Downloads& downloads, Voice& voice) {
    switch (arguments.action) {
        case Action::submit:
            return downloads.submit(requests);
        case Action::poll:
            return downloads.poll();
        case Action::daemon:
            break;
    }
    std::set<market::Date> dates;
    std::set<std::string> symbols;
    for (const feed::JobRequest& request : requests) {
        dates.insert(request.date);
        symbols.insert(request.symbol);
    }
    voice.say(fmt::format("DAEMON start: {} dates, {} symbols", dates.size(), symbols.size()));
    return downloads.run(requests);
}

Result<int> download(const DownloadArguments& arguments) {
    SPY_ASSIGN(const std::vector<feed::JobRequest> requests, requests_of(arguments));
    SPY_ASSIGN(feed::DownloadLog log,
               feed::DownloadLog::open(arguments.log_file, arguments.json ? stderr : stdout));
    Voice voice(std::move(log));
    SPY_ASSIGN(feed::HttpClient client, connect(arguments, voice));
    feed::BatchApi service(std::move(client));
    SPY_ASSIGN(feed::JobTracker tracker, open_tracker(arguments));
    stop_on_signals();
    feed::Downloads downloads(
        service, tracker,
        // The tracker remembers paths for whichever folder the next one is started in.
        {.lake_root = std::filesystem::absolute(lake_root(arguments.lake)),
         .definition_codes = arguments.option_codes,
         .pause = std::chrono::seconds(arguments.pause_seconds),
         .poll_interval = std::chrono::seconds(arguments.poll_interval_seconds)},
        {.now_ns = now_ns,
         .pause = pause_for,
         .stopped = stopped,
         .log = [&](const std::string& text) { voice.say(text); },
         .consent = [&](const std::vector<feed::JobQuote>& quotes) { return consent(arguments, quotes); },
         .progress = [&](std::uint64_t done, std::uint64_t all) { voice.show(done, all); }});
    if (arguments.dry_run) {
        SPY_ASSIGN(const std::vector<feed::JobQuote> quotes, downloads.quote(requests));
        if (arguments.json)
            print_quotes_json(quotes, downloads.outcome());
        else
            print_quotes(stdout, quotes);
    } else {
        const Result<void> done = work(arguments, requests, downloads, voice);
        voice.be_silent();
        if (arguments.json) print_outcome_json(arguments.name, tracker.path(), downloads.outcome());
        if (!done.ok()) return done.error();
    }
    const auto& failed = downloads.outcome().failed;
    if (stopped()) return 130;
    if (failed.empty()) return 0;
    return make_error(ErrorCode::io, "{} failed; the first is {}: {}",
                      failed.size() == 1 ? "a job" : fmt::format("{} jobs", failed.size()),
                      failed.begin()->first, failed.begin()->second);
}

}  // namespace

int run_download(const DownloadArguments& arguments) {
    const Result<int> done = download(arguments);
    return done.ok() ? *done : fail(done.error());
}

}  // namespace spymaster::cli
