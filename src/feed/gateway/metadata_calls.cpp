#include "feed/gateway/metadata_calls.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "feed/gateway/data_plan.hpp"
#include "feed/gateway/dbn_body.hpp"
#include "feed/gateway/schema_facts.hpp"

namespace spymaster::feed {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxNamedInWarning = 20;
constexpr Day kMaxConditionDays = 40'000;

Json range_json(const DayRange& range) {
    const auto text = [](const market::Date& date) { return date.iso() + "T00:00:00.000000000Z"; };
    return {{"start", text(range.start)}, {"end", text(range.end)}};
}

// The days of the dataset that a call names, or of another that it is refused.
DayRange days_of(RequestReader& reader, const RawLibrary& library, const std::string& dataset) {
    const auto range = library.range(dataset);
    if (range) return *range;
    reader.refuse(range.error());
    return {};
}

HttpReply list_publishers(RequestReader& /*reader*/, const RawLibrary& /*library*/) {
    Json all = Json::array();
    for (const auto& one : publishers()) {
        all.push_back({{"publisher_id", one.id},
                       {"dataset", one.dataset},
                       {"venue", one.venue},
                       {"description", one.description}});
    }
    return json_reply(all);
}

HttpReply list_datasets(RequestReader& reader, const RawLibrary& library) {
    const auto start = reader.date("start_date");
    const auto end = reader.date("end_date");
    Json all = Json::array();
    for (const auto& dataset : library.datasets()) {
        const auto range = library.range(dataset);
        if ((start && range->end <= *start) || (end && range->start >= *end)) continue;
        all.push_back(dataset);
    }
    return json_reply(all);
}

HttpReply list_schemas(RequestReader& reader, const RawLibrary& library) {
    const auto dataset = reader.required("dataset");
    days_of(reader, library, dataset);
    Json all = Json::array();
    for (const auto schema : library.schemas(dataset)) all.push_back(dbn::to_string(schema));
    return json_reply(all);
}

HttpReply list_fields(RequestReader& reader, const RawLibrary& /*library*/) {
    const auto schema = reader.schema();
    const auto encoding = reader.required("encoding");
    if (encoding != "dbn") reader.refuse_parameter("encoding", "this gateway serves dbn only");
    const auto fields = fields_of(schema);
    if (fields.empty())
        reader.refuse_parameter("schema",
                                fmt::format("the fields of {} are not listed here", dbn::to_string(schema)));
    Json all = Json::array();
    for (const auto& [name, type] : fields) all.push_back({{"name", name}, {"type", type}});
    return json_reply(all);
}

HttpReply list_unit_prices(RequestReader& reader, const RawLibrary& library) {
    const auto dataset = reader.required("dataset");
    days_of(reader, library, dataset);
    Json prices = Json::object();
    for (const auto schema : library.schemas(dataset)) prices[dbn::to_string(schema)] = price_of(schema);
    Json all = Json::array();
    for (const char* mode : {"historical", "historical-streaming", "live"})
        all.push_back({{"mode", mode}, {"unit_prices", prices}});
    return json_reply(all);
}

HttpReply get_dataset_range(RequestReader& reader, const RawLibrary& library) {
    const auto dataset = reader.required("dataset");
    Json answer = range_json(days_of(reader, library, dataset));
    Json schemas = Json::object();
    for (const auto schema : library.schemas(dataset))
        schemas[dbn::to_string(schema)] = range_json(*library.range(dataset, schema));
    answer["schema"] = schemas;
    return json_reply(answer);
}

HttpReply get_dataset_condition(RequestReader& reader, const RawLibrary& library) {
    const auto dataset = reader.required("dataset");
    const auto range = days_of(reader, library, dataset);
    const auto start = reader.date("start_date").value_or(range.start);
    const auto end = reader.date("end_date").value_or(date_of(day_of(range.end) - 1));
    if (end < start) reader.refuse_parameter("end_date", "is before start_date");
    if (day_of(end) - day_of(start) > kMaxConditionDays)
        reader.refuse_parameter("end_date", "is more than a century after start_date");
    if (reader.refusal()) return {};
    return json_reply(condition_json(library, dataset, start, end));
}

// What the request comes to; nothing if it is refused.
std::optional<Bill> bill_of(RequestReader& reader, const RawLibrary& library, dbn::Schema& schema) {
    const auto plan = plan_data(reader, library, read_data_request(reader, library));
    if (!plan) return std::nullopt;
    schema = plan->request.schema;
    const auto bill = library.bill(plan->query);
    if (bill) return *bill;
    reader.refuse(bill.error());
    return std::nullopt;
}

HttpReply get_record_count(RequestReader& reader, const RawLibrary& library) {
    auto schema = dbn::Schema::mbo;
    return json_reply(bill_of(reader, library, schema).value_or(Bill()).records);
}

HttpReply get_billable_size(RequestReader& reader, const RawLibrary& library) {
    auto schema = dbn::Schema::mbo;
    return json_reply(bill_of(reader, library, schema).value_or(Bill()).bytes);
}

HttpReply get_cost(RequestReader& reader, const RawLibrary& library) {
    auto schema = dbn::Schema::mbo;
    const auto bill = bill_of(reader, library, schema).value_or(Bill());
    return json_reply(cost_of(schema, bill.bytes));
}

HttpReply resolve(RequestReader& reader, const RawLibrary& library) {
    const auto dataset = reader.required("dataset");
    if (!reader.optional("symbols")) reader.refuse_parameter("symbols", "is missing");
    const auto symbols = reader.symbols();
    const auto stype_in = reader.stype("stype_in", dbn::SymbolType::raw_symbol);
    const auto stype_out = reader.stype("stype_out", dbn::SymbolType::instrument_id);
    const auto start = reader.date("start_date");
    if (!start) reader.refuse_parameter("start_date", "is missing");
    const auto end = reader.date("end_date");
    days_of(reader, library, dataset);
    if (stype_out != dbn::SymbolType::instrument_id && stype_out != dbn::SymbolType::raw_symbol)
        reader.refuse_parameter("stype_out", "can be instrument_id or raw_symbol");
    if (reader.refusal()) return {};
    const auto last = end.value_or(start->next());
    if (last <= *start) reader.refuse_parameter("end_date", "is not after start_date");
    const auto resolution = library.resolve(dataset, {stype_in, symbols, *start, last});
    if (!resolution) {
        reader.refuse(422, "symbology_invalid_symbol", resolution.error().message);
        return {};
    }
    return json_reply(resolution_json(*resolution, symbols, stype_in, stype_out, *start, last));
}

// Header X-Warning: a JSON array of "Kind: text".
void add_warnings(HttpReply& reply, const Resolution& resolution, bool nothing) {
    Json warnings = Json::array();
    const auto say = [&warnings](std::string_view what, const std::vector<std::string>& symbols) {
        if (symbols.empty()) return;
        const auto named = std::min(symbols.size(), kMaxNamedInWarning);
        const auto end = symbols.begin() + static_cast<std::ptrdiff_t>(named);
        warnings.push_back(fmt::format("BentoWarning: {}: {}{}", what, fmt::join(symbols.begin(), end, ", "),
                                       named < symbols.size() ? ", ..." : ""));
    };
    say("Symbols that stand for nothing on some dates", resolution.partial);
    say("Symbols that stand for nothing on any date", resolution.not_found);
    if (nothing) warnings.push_back("BentoWarning: No data found for the request.");
    if (!warnings.empty())
        reply.headers.emplace_back("X-Warning", warnings.dump(-1, ' ', true, Json::error_handler_t::replace));
}

HttpReply get_range(RequestReader& reader, const RawLibrary& library) {
    const auto encoding = reader.or_else("encoding", "dbn");
    if (encoding != "dbn")
        reader.refuse_parameter("encoding", "this gateway serves dbn only, neither csv nor json");
    const auto compression = reader.or_else("compression", "none");
    if (compression != "zstd" && compression != "none")
        reader.refuse_parameter("compression", "is neither zstd nor none");
    const auto plan = plan_data(reader, library, read_data_request(reader, library));
    if (!plan) return {};
    auto head = dbn::encode_metadata(plan->metadata());
    auto records = library.read(plan->query);
    if (!head || !records) {
        reader.refuse(head ? records.error() : head.error());
        return {};
    }
    const auto first = records->next();
    if (!first) {
        reader.refuse(first.error());
        return {};
    }
    HttpReply reply;
    const bool whole = plan->resolution.partial.empty() && plan->resolution.not_found.empty();
    reply.status = whole ? 200 : 206;
    reply.content_type = "application/octet-stream";
    add_warnings(reply, plan->resolution, first->empty());
    reply.source = std::make_unique<DbnBody>(std::move(*head), std::vector(first->begin(), first->end()),
                                             std::move(*records), compression == "zstd");
    return reply;
}

constexpr std::pair<std::string_view, ApiCall> kCalls[] = {
    {"metadata.list_publishers", list_publishers},
    {"metadata.list_datasets", list_datasets},
    {"metadata.list_schemas", list_schemas},
    {"metadata.list_fields", list_fields},
    {"metadata.list_unit_prices", list_unit_prices},
    {"metadata.get_dataset_condition", get_dataset_condition},
    {"metadata.get_dataset_range", get_dataset_range},
    {"metadata.get_record_count", get_record_count},
    {"metadata.get_billable_size", get_billable_size},
    {"metadata.get_cost", get_cost},
    {"symbology.resolve", resolve},
    {"timeseries.get_range", get_range},
};

}  // namespace

ApiCall find_call(std::string_view name) {
    for (const auto& [known, call] : kCalls) {
        if (known == name) return call;
    }
    return nullptr;
}

HttpReply json_reply(const nlohmann::json& json) {
    HttpReply reply;
    reply.body = json.dump(-1, ' ', true, Json::error_handler_t::replace);
    return reply;
}

nlohmann::json resolution_json(const Resolution& resolution, const std::vector<std::string>& symbols,
                               dbn::SymbolType stype_in, dbn::SymbolType stype_out, const market::Date& start,
                               const market::Date& end) {
    Json result = Json::object();
    for (const auto& mapping : resolution.mappings(stype_in, stype_out)) {
        Json intervals = Json::array();
        for (const auto& one : mapping.intervals)
            intervals.push_back({{"d0", one.start.iso()}, {"d1", one.end.iso()}, {"s", one.symbol}});
        result[mapping.raw_symbol] = std::move(intervals);
    }
    const bool partly = !resolution.partial.empty();
    const bool missing = !resolution.not_found.empty();
    return {{"result", std::move(result)},
            {"symbols", symbols},
            {"stype_in", dbn::to_string(stype_in)},
            {"stype_out", dbn::to_string(stype_out)},
            {"start_date", start.iso()},
            {"end_date", end.iso()},
            {"partial", resolution.partial},
            {"not_found", resolution.not_found},
            {"message", missing  ? "Not found"
                        : partly ? "Partially resolved"
                                 : "OK"},
            {"status", missing  ? 2
                       : partly ? 1
                                : 0}};
}

nlohmann::json condition_json(const RawLibrary& library, std::string_view dataset, const market::Date& start,
                              const market::Date& end) {
    const auto days = library.days(dataset);
    Json all = Json::array();
    for (Day day = day_of(start); day <= day_of(end); ++day) {
        const auto date = date_of(day);
        const bool there = std::binary_search(days.begin(), days.end(), date);
        all.push_back({{"date", date.iso()},
                       {"condition", there ? "available" : "missing"},
                       {"last_modified_date", there ? Json(date.iso()) : Json()}});
    }
    return all;
}

}  // namespace spymaster::feed
