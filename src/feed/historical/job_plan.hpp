// Which batch jobs a download needs: dates x symbols x schemas (spec 2.2 to 2.4, with its corrections).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/raw_files.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

// Futures and their options of GLBX.MDP3; stocks of XNAS.ITCH and their options of OPRA.PILLAR.
enum class DownloadProgram : std::uint8_t { futures, equities };

// One batch job: a schema of a symbol on a date, asked for as `symbols`, and the raw file that it becomes.
struct JobRequest {
    std::string dataset;
    std::string schema;
    std::string symbol;  // as folders and the job key have it: "ES", "SPY"
    market::Date date;
    std::string product_type;  // of the job key: "futures", "futures_options"; empty for equities
    std::vector<std::string>
        symbols;           // sent: "ES.FUT", "E1B.OPT". Data of options: unknown until definitions are read
    std::string stype_in;  // "parent", "raw_symbol"
    market::ProductType product = market::ProductType::future_mbo;
    RawKind kind = RawKind::records;

    // "{dataset}|{schema}|{symbol}|{date}", and "|{product_type}" where there is one.
    [[nodiscard]] std::string key() const;
    // Data of options: their parents are those of the options that expire on the date, by the definitions of it.
    [[nodiscard]] bool needs_definitions() const;
};

struct DownloadPlanOptions {
    DownloadProgram program = DownloadProgram::futures;
    market::Date start;
    market::Date end;  // inclusive
    std::vector<std::string> symbols;
    bool include_futures = false;                // futures only
    std::vector<std::string> equity_schemas{};   // equities only: mbo, definition
    std::vector<std::string> options_schemas{};  // definition, and mbo or cmbp-1, and statistics
    std::vector<std::string>
        definition_codes{};  // asset codes whose definitions are asked for; empty: option_codes()
};

// Every day of start to end but Saturdays, and Sundays of equities (Globex opens on Sunday). Error (usage): an end
// before its start; no day left; more than 3660 days.
Result<std::vector<market::Date>> download_dates(DownloadProgram program, const market::Date& start,
                                                 const market::Date& end);

// "es, nq" -> {"ES", "NQ"}; each once. Error (usage): none, or one that is no symbol (of futures: no root).
Result<std::vector<std::string>> parse_download_symbols(DownloadProgram program, std::string_view text);

// The codes that options on a root are listed under. ES: the quarterly ES, month-end EW, Friday EW1 to EW4 and Monday to
// Thursday E1A to E5D: which of them expires on a date, holidays and month ends included, only definitions say. Any
// other root: itself.
std::vector<std::string> option_codes(std::string_view root);

// The jobs by date, then symbol: of the future or stock, definitions of options, their data. Each key once. Error
// (usage): as download_dates; a schema that has no place in the raw layer; codes for more than one symbol; no schema.
Result<std::vector<JobRequest>> plan_jobs(const DownloadPlanOptions& options);

// The definition job that a request's own data wait for. REQUIRES: needs_definitions().
JobRequest definitions_of(const JobRequest& request, const std::vector<std::string>& definition_codes);

// The request that a key of a tracker stands for, without `symbols`. Error (malformed): it is no key of ours.
Result<JobRequest> request_of_key(std::string_view key);

}  // namespace spymaster::feed
