// Reads the parameters of a request one by one. The first that is missing or bad is kept as the request's refusal; what is
// read after it has no meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_text.hpp"
#include "dbn/metadata.hpp"
#include "feed/gateway/http_message.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

// An instant as a request names it, and what is left open: "2026-01-06" means a day.
struct RequestTime {
    std::uint64_t ns = 0;
    std::uint64_t resolution_ns = 0;  // 0: a count of nanoseconds, nothing left open
};
// "2026-01-06", "20260106", "2026-01-06T09:30", …T09:30:00.5+00:00 (UTC unless it says otherwise), or nanoseconds since 1970.
// Error (usage).
Result<RequestTime> parse_request_time(std::string_view text);

struct Refusal {
    unsigned status = 422;
    std::string error_case;
    std::string message;
};

class RequestReader {
  public:
    explicit RequestReader(const Parameters& parameters) : parameters_(parameters) {}

    std::optional<std::string> optional(std::string_view name);
    std::string required(std::string_view name);
    std::string or_else(std::string_view name, std::string_view value);
    bool flag(std::string_view name, bool value);  // true, false, 1, 0 in any case
    std::optional<std::uint64_t> number(std::string_view name);
    std::optional<market::Date> date(std::string_view name);
    std::optional<RequestTime> time(std::string_view name);
    dbn::Schema schema();
    dbn::SymbolType stype(std::string_view name, dbn::SymbolType value);
    // symbols: comma-separated, 1 to 2,000; none given: ALL_SYMBOLS.
    std::vector<std::string> symbols();

    // Keeps the first.
    void refuse(unsigned status, std::string_view error_case, std::string message);
    void refuse_parameter(std::string_view name, std::string_view what);
    // Of the library: 422, but 500 for what is not the request's fault.
    void refuse(const Error& error);
    [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }

  private:
    const Parameters& parameters_;
    std::optional<Refusal> refusal_;
};

// What data requests have together: timeseries.get_range, batch.submit_job, metadata.get_{record_count,billable_size,cost}.
struct DataRequest {
    std::string dataset;
    std::vector<std::string> symbols;
    dbn::Schema schema = dbn::Schema::mbo;
    dbn::SymbolType stype_in = dbn::SymbolType::raw_symbol;
    dbn::SymbolType stype_out = dbn::SymbolType::instrument_id;
    std::uint64_t start_ns = 0;
    std::uint64_t end_ns = 0;  // exclusive
    std::uint64_t limit = 0;
};

}  // namespace spymaster::feed
