#include "feed/gateway/data_plan.hpp"

#include <algorithm>

namespace spymaster::feed {

namespace {

std::uint64_t midnight(const market::Date& date) {
    return static_cast<std::uint64_t>(date.midnight_utc_ns());
}

std::string iso(std::uint64_t ns) {
    return market::format_utc(static_cast<std::int64_t>(ns));
}

void check_range(RequestReader& reader, const DataRequest& request, const DayRange& days) {
    const auto first = midnight(days.start);
    const auto end = midnight(days.end);
    if (request.start_ns >= request.end_ns) {
        reader.refuse(
            422, "data_time_range_start_on_or_after_end",
            fmt::format("`start` {} is not before `end` {}", iso(request.start_ns), iso(request.end_ns)));
    } else if (request.start_ns < first) {
        reader.refuse(422, "data_start_before_available_start",
                      fmt::format("`start` {} is before '{}', where the data of {} begin",
                                  iso(request.start_ns), iso(first), request.dataset));
    } else if (request.start_ns >= end) {
        reader.refuse(422, "data_start_after_available_end",
                      fmt::format("`start` {} is after '{}', where the data of {} end", iso(request.start_ns),
                                  iso(end), request.dataset));
    } else if (request.end_ns > end) {
        reader.refuse(422, "data_end_after_available_end",
                      fmt::format("`end` {} is after '{}', where the data of {} end", iso(request.end_ns),
                                  iso(end), request.dataset));
    }
}

}  // namespace

DataRequest read_data_request(RequestReader& reader, const RawLibrary& library) {
    DataRequest request;
    request.dataset = reader.required("dataset");
    request.schema = reader.schema();
    request.symbols = reader.symbols();
    request.stype_in = reader.stype("stype_in", dbn::SymbolType::raw_symbol);
    request.stype_out = reader.stype("stype_out", dbn::SymbolType::instrument_id);
    request.limit = reader.number("limit").value_or(0);
    const auto start = reader.time("start");
    if (!start) reader.refuse_parameter("start", "is missing");
    const auto end = reader.time("end");
    if (reader.refusal()) return request;
    if (const auto served = library.range(request.dataset, request.schema); !served) {
        reader.refuse(served.error());
        return request;
    }
    const auto days = library.range(request.dataset);
    request.start_ns = start->ns;
    const std::uint64_t open_end =
        start->resolution_ns == 0 ? midnight(days->end) : start->ns + start->resolution_ns;
    request.end_ns = end ? end->ns : std::min(open_end, std::max(midnight(days->end), start->ns + 1));
    check_range(reader, request, *days);
    return request;
}

dbn::Metadata DataPlan::metadata() const {
    dbn::Metadata metadata;
    metadata.dataset = request.dataset;
    metadata.schema = request.schema;
    metadata.start = request.start_ns;
    metadata.end = request.end_ns;
    metadata.limit = request.limit;
    metadata.stype_in = request.stype_in;
    metadata.stype_out = request.stype_out;
    metadata.symbols = request.symbols;
    metadata.partial = resolution.partial;
    metadata.not_found = resolution.not_found;
    metadata.mappings = resolution.mappings(request.stype_in, request.stype_out);
    return metadata;
}

std::optional<DataPlan> plan_data(RequestReader& reader, const RawLibrary& library, DataRequest request) {
    if (reader.refusal()) return std::nullopt;
    SymbolQuery symbols{request.stype_in, request.symbols, date_of(day_of_ns(request.start_ns)),
                        date_of(day_of_ns(request.end_ns - 1) + 1)};
    auto resolution = library.resolve(request.dataset, symbols);
    if (!resolution) {
        reader.refuse(422, "symbology_invalid_symbol", resolution.error().message);
        return std::nullopt;
    }
    if (resolution->not_found.size() > 0 && resolution->instruments.empty()) {
        reader.refuse(422, "symbology_invalid_request", "None of the symbols could be resolved");
        return std::nullopt;
    }
    DataPlan plan;
    plan.query.dataset = request.dataset;
    plan.query.schema = request.schema;
    plan.query.instruments = resolution->selection();
    plan.query.start_ns = request.start_ns;
    plan.query.end_ns = request.end_ns;
    plan.query.limit = request.limit;
    plan.request = std::move(request);
    plan.resolution = std::move(*resolution);
    return plan;
}

}  // namespace spymaster::feed
