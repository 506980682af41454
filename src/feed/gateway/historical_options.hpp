// How the historical half of the gateway behaves.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace spymaster::feed {

// What the gateway does wrong on purpose, for the tests of clients. 0: nothing.
struct GatewayFaults {
    std::uint64_t corrupt_downloads = 0;   // so many first answers to file downloads have one byte changed
    std::uint64_t cut_download_bytes = 0;  // an answer to a file download breaks off after so many bytes
    std::uint64_t error_job = 0;           // the so many-th job submitted (from 1) ends in the state "error"
    std::uint64_t too_many = 0;            // so many first requests get 429, Retry-After 1
    std::uint64_t server_errors = 0;       // so many first requests (after those) get 500
    std::uint64_t no_range = 0;            // 1: Range is ignored, the whole file comes with 200
};

// "corrupt-download=N", "cut-download=BYTES", "error-job=N", "429=N", "500=N", "no-range=1". Error (usage): lists them.
Result<void> add_fault(std::string_view text, GatewayFaults& faults);

struct HistoricalOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free port
    std::string key;  // the only API key that is let in; empty: any that looks like one ("db-" and 29 more)
    std::filesystem::path
        state;  // where jobs' files are written; empty: a temporary folder, removed at the end
    // A job is queued, then processing (at least so long), then done, then expired and its files gone.
    std::chrono::milliseconds queued{1000};
    std::chrono::milliseconds processing{1000};
    std::chrono::milliseconds expires{std::chrono::hours(24 * 30)};
    bool limits = true;  // the service's limits of requests: 429
    GatewayFaults faults;
};

}  // namespace spymaster::feed
