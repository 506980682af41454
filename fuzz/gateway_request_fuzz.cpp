// The gateway's readers of what a client sends, against any bytes: target, form, authentication, range, parameters, names of
// contracts. Stops the program if what is read breaks its own limits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "feed/gateway/contract_names.hpp"
#include "feed/gateway/historical_options.hpp"
#include "feed/gateway/http_message.hpp"
#include "feed/gateway/request_reader.hpp"

namespace {

using namespace spymaster;
using namespace spymaster::feed;

void use_range(std::string_view field, std::uint64_t size) {
    ByteRange range;
    if (parse_range(field, size, range) == RangeKind::part)
        SPY_ASSERT(range.first <= range.last && range.last < size);
}

void use_parameters(const Parameters& parameters) {
    RequestReader reader(parameters);
    reader.schema();
    const auto symbols = reader.symbols();
    if (!reader.refusal()) SPY_ASSERT(!symbols.empty() && symbols.size() <= 2000);
    reader.stype("stype_in", dbn::SymbolType::raw_symbol);
    reader.number("limit");
    reader.flag("short", false);
    if (const auto start = reader.time("start"))
        SPY_ASSERT(start->ns <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    if (const auto date = reader.date("start_date")) SPY_ASSERT(date->year >= 1970);
    if (const auto& refusal = reader.refusal()) {
        const auto reply = error_reply(refusal->status, refusal->error_case, refusal->message);
        SPY_ASSERT(reply.body.starts_with('{'));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = text.substr(0, text.find('\n'));
    const auto rest = text.substr(std::min(line.size() + 1, text.size()));
    if (const auto request = make_request("POST", line, rest)) {
        SPY_ASSERT(request->path.starts_with('/') && request->parameters.size() <= 128);
        use_parameters(request->parameters);
    }
    use_parameters({{"schema", "mbo"}, {"symbols", std::string(line)}, {"start", std::string(rest)}});
    basic_user(line);
    use_range(line, rest.size());
    GatewayFaults faults;
    SPY_ASSERT(add_fault(line, faults).ok() || faults.too_many == 0);
    read_occ_name(line);
    read_future_name(line, {2026, 1, 6});
    if (const auto name = read_continuous_name(line)) SPY_ASSERT(!name->root.empty());
    return 0;
}
