#include "pipeline/calibration/calibration_document.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "lake/datasets.hpp"

namespace spymaster::pipeline {

namespace {

using Json = nlohmann::json;  // objects are std::map: keys come out sorted
using Texts = std::map<std::string, std::string>;

constexpr std::int64_t kFormat = 1;
constexpr double kAnyNumber = std::numeric_limits<double>::max();

// An object of the document and how it is reached: "path.", "days[3].".
struct Place {
    const Json& object;
    std::string path;
};

Error bad_key(const Place& in, std::string_view key, std::string_view expected) {
    return make_error(ErrorCode::malformed, "\"{}{}\" is not {}", in.path, key, expected);
}

Result<std::string> text(const Place& in, const char* key) {
    const auto found = in.object.find(key);
    if (found == in.object.end() || !found->is_string()) return bad_key(in, key, "text");
    return found->get<std::string>();
}

Result<std::string> symbol(const Place& in) {
    SPY_ASSIGN(std::string value, text(in, "symbol"));
    if (!lake::check_symbol(value).ok()) return bad_key(in, "symbol", "a symbol");
    return value;
}

Result<std::int64_t> count(const Place& in, const char* key) {
    const auto found = in.object.find(key);
    if (found != in.object.end() && found->is_number_unsigned()) {
        const auto value = found->get<std::uint64_t>();
        if (value <= INT64_MAX) return static_cast<std::int64_t>(value);
    }
    return bad_key(in, key, "a count");
}

Result<double> number(const Place& in, const char* key, double low, double high) {
    const auto found = in.object.find(key);
    if (found != in.object.end() && found->is_number()) {
        const auto value = found->get<double>();
        if (value >= low && value <= high) return value;
    }
    return low == -kAnyNumber ? bad_key(in, key, "a number")
                              : bad_key(in, key, fmt::format("a number from {} to {}", low, high));
}

Result<double> number(const Place& in, const char* key) {
    return number(in, key, -kAnyNumber, kAnyNumber);
}

bool is_sha256(const std::string& value) {
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return value.size() == 64 && std::ranges::all_of(value, hex);
}

// Dataset -> SHA-256.
Result<Texts> hashes(const Place& in, const char* key) {
    const auto found = in.object.find(key);
    if (found == in.object.end() || !found->is_object()) return bad_key(in, key, "an object");
    Texts result;
    for (const auto& [dataset, value] : found->items()) {
        if (!value.is_string() || !is_sha256(value.get<std::string>()))
            return bad_key(in, fmt::format("{}.{}", key, dataset), "a SHA-256");
        result.emplace(dataset, value.get<std::string>());
    }
    return result;
}

Result<Place> object(const Place& in, const char* key) {
    const auto found = in.object.find(key);
    if (found == in.object.end() || !found->is_object()) return bad_key(in, key, "an object");
    return Place{*found, fmt::format("{}{}.", in.path, key)};
}

// The objects of a list.
Result<std::vector<Place>> objects(const Place& in, const char* key) {
    const auto found = in.object.find(key);
    if (found == in.object.end() || !found->is_array()) return bad_key(in, key, "a list");
    std::vector<Place> places;
    for (const Json& each : *found) {
        if (!each.is_object()) return bad_key(in, key, "a list of objects");
        places.push_back({each, fmt::format("{}{}[{}].", in.path, key, places.size())});
    }
    return places;
}

Result<forecast::PathFit> parse_path(const Place& in) {
    forecast::PathFit fit;
    SPY_ASSIGN(fit.parameters.beta, number(in, "beta", 0.0, kAnyNumber));
    SPY_ASSIGN(fit.parameters.gamma, number(in, "gamma", 0.0, 1.0));
    SPY_ASSIGN(fit.a, number(in, "a"));
    SPY_ASSIGN(fit.b, number(in, "b"));
    SPY_ASSIGN(fit.a_std_error, number(in, "a_std_error", 0.0, kAnyNumber));
    SPY_ASSIGN(fit.b_std_error, number(in, "b_std_error", 0.0, kAnyNumber));
    SPY_ASSIGN(fit.r_squared, number(in, "r_squared"));
    SPY_ASSIGN(fit.samples, count(in, "samples"));
    return fit;
}

Json to_json(const forecast::PathFit& fit) {
    return {{"beta", fit.parameters.beta},
            {"gamma", fit.parameters.gamma},
            {"a", fit.a},
            {"b", fit.b},
            {"a_std_error", fit.a_std_error},
            {"b_std_error", fit.b_std_error},
            {"r_squared", fit.r_squared},
            {"samples", fit.samples}};
}

Result<forecast::OrderFlowModel> parse_order_flow(const Place& in) {
    SPY_ASSIGN(const auto horizons, objects(in, "order_flow"));
    forecast::OrderFlowModel model;
    if (horizons.size() != model.slope.size()) return bad_key(in, "order_flow", "a list of the six horizons");
    for (std::size_t i = 0; i < horizons.size(); ++i) {
        SPY_ASSIGN(const std::int64_t horizon, count(horizons[i], "horizon_s"));
        if (horizon != forecast::kStudyHorizons[i])
            return bad_key(horizons[i], "horizon_s", std::to_string(forecast::kStudyHorizons[i]));
        SPY_ASSIGN(model.slope[i], number(horizons[i], "slope"));
        SPY_ASSIGN(model.slope_std_error[i], number(horizons[i], "slope_std_error", 0.0, kAnyNumber));
        SPY_ASSIGN(model.samples[i], count(horizons[i], "samples"));
    }
    return model;
}

Json to_json(const forecast::OrderFlowModel& model) {
    Json horizons = Json::array();
    for (std::size_t i = 0; i < model.slope.size(); ++i) {
        horizons.push_back({{"horizon_s", forecast::kStudyHorizons[i]},
                            {"slope", model.slope[i]},
                            {"slope_std_error", model.slope_std_error[i]},
                            {"samples", model.samples[i]}});
    }
    return horizons;
}

Result<forecast::MicroPriceModel> parse_micro_price(const Place& in) {
    constexpr std::string_view kShape = "3 lists of 10 numbers";
    forecast::MicroPriceModel model;
    const auto found = in.object.find("adjustment");
    if (found == in.object.end() || !found->is_array() || found->size() != model.adjustment.size())
        return bad_key(in, "adjustment", kShape);
    for (std::size_t spread = 0; spread < model.adjustment.size(); ++spread) {
        const Json& states = (*found)[spread];
        auto& adjustment = model.adjustment[spread];
        const auto is_number = [](const Json& value) { return value.is_number(); };
        if (!states.is_array() || states.size() != adjustment.size() ||
            !std::ranges::all_of(states, is_number))
            return bad_key(in, "adjustment", kShape);
        std::ranges::transform(states, adjustment.begin(),
                               [](const Json& value) { return value.get<double>(); });
    }
    SPY_ASSIGN(model.samples, count(in, "samples"));
    return model;
}

// Null where too few forecasts were there to rank.
Result<std::optional<forecast::ConfidenceScale>> parse_confidence_scale(const Place& in) {
    const auto found = in.object.find("confidence_scale");
    if (found != in.object.end() && found->is_null()) return std::optional<forecast::ConfidenceScale>();
    SPY_ASSIGN(const Place place, object(in, "confidence_scale"));
    forecast::ConfidenceScale scale;
    SPY_ASSIGN(scale.forecasts, count(place, "forecasts"));
    if (scale.forecasts < static_cast<std::int64_t>(forecast::kTenths))
        return bad_key(place, "forecasts", "at least 10");
    constexpr std::string_view kShape = "a list of 9 numbers from 0 to 1, ascending";
    const auto edges = place.object.find("edges");
    if (edges == place.object.end() || !edges->is_array() || edges->size() != scale.edges.size())
        return bad_key(place, "edges", kShape);
    double before = 0.0;
    for (std::size_t i = 0; i < scale.edges.size(); ++i) {
        const Json& edge = (*edges)[i];
        if (!edge.is_number()) return bad_key(place, "edges", kShape);
        scale.edges[i] = edge.get<double>();
        if (!(scale.edges[i] >= before && scale.edges[i] <= 1.0)) return bad_key(place, "edges", kShape);
        before = scale.edges[i];
    }
    return std::optional(scale);
}

Json to_json(const std::optional<forecast::ConfidenceScale>& scale) {
    if (!scale) return nullptr;
    return {{"edges", scale->edges}, {"forecasts", scale->forecasts}};
}

Result<TrainingDay> parse_day(const Place& in) {
    TrainingDay day;
    SPY_ASSIGN(day.symbol, symbol(in));
    SPY_ASSIGN(const std::string date, text(in, "dt"));
    const auto parsed = market::parse_date(date);
    if (!parsed) return bad_key(in, "dt", "a date");
    day.date = *parsed;
    SPY_ASSIGN(day.first_window_end_ts_ns, count(in, "first_window_end_ts_ns"));
    SPY_ASSIGN(day.last_window_end_ts_ns, count(in, "last_window_end_ts_ns"));
    if (day.last_window_end_ts_ns < day.first_window_end_ts_ns)
        return bad_key(in, "last_window_end_ts_ns", "at or after the first");
    SPY_ASSIGN(day.samples, count(in, "samples"));
    SPY_ASSIGN(day.manifests, hashes(in, "manifests"));
    return day;
}

Json to_json(const TrainingDay& day) {
    return {{"symbol", day.symbol},
            {"dt", day.date.iso()},
            {"first_window_end_ts_ns", day.first_window_end_ts_ns},
            {"last_window_end_ts_ns", day.last_window_end_ts_ns},
            {"samples", day.samples},
            {"manifests", Json(day.manifests)}};
}

// At least one, in order: the last is what trained_until_ns() goes by.
Result<std::vector<TrainingDay>> parse_days(const Place& in) {
    SPY_ASSIGN(const auto places, objects(in, "days"));
    if (places.empty()) return bad_key(in, "days", "a list of at least one day");
    std::vector<TrainingDay> days;
    for (const Place& place : places) {
        SPY_ASSIGN(TrainingDay day, parse_day(place));
        if (!days.empty() &&
            (day.date <= days.back().date || day.first_window_end_ts_ns <= days.back().last_window_end_ts_ns))
            return bad_key(in, "days", "ascending");
        days.push_back(std::move(day));
    }
    return days;
}

}  // namespace

Result<std::string> to_document(const StoredCalibration& calibration) {
    Json days = Json::array();
    for (const TrainingDay& day : calibration.days) days.push_back(to_json(day));
    const forecast::Calibration& fitted = calibration.calibration;
    const Json json = {
        {"format", kFormat},
        {"product_type", calibration.product_type},
        {"symbol", calibration.symbol},
        {"session", calibration.session},
        {"path", to_json(fitted.path)},
        {"order_flow", to_json(fitted.order_flow)},
        {"micro_price",
         {{"adjustment", Json(fitted.micro_price.adjustment)}, {"samples", fitted.micro_price.samples}}},
        {"confidence_scale", to_json(fitted.confidence_scale)},
        {"days", std::move(days)},
        {"contracts", Json(calibration.contracts)},
        {"engine_sha256", calibration.engine_sha256}};
    try {
        return json.dump(2) + "\n";
    } catch (const Json::exception&) {
        return make_error(ErrorCode::usage, "a text of the calibration of {} is not UTF-8",
                          calibration.symbol);
    }
}

Result<StoredCalibration> parse_document(std::string_view bytes) {
    const Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) return make_error(ErrorCode::malformed, "not valid JSON");
    if (!json.is_object()) return make_error(ErrorCode::malformed, "not a JSON object");
    const Place in{json, ""};
    SPY_ASSIGN(const std::int64_t format, count(in, "format"));
    if (format != kFormat) return bad_key(in, "format", "1, the one that is known");
    StoredCalibration calibration;
    SPY_ASSIGN(calibration.product_type, text(in, "product_type"));
    SPY_ASSIGN(calibration.symbol, symbol(in));
    SPY_ASSIGN(calibration.session, text(in, "session"));
    SPY_ASSIGN(const Place path, object(in, "path"));
    SPY_ASSIGN(calibration.calibration.path, parse_path(path));
    SPY_ASSIGN(calibration.calibration.order_flow, parse_order_flow(in));
    SPY_ASSIGN(const Place micro_price, object(in, "micro_price"));
    SPY_ASSIGN(calibration.calibration.micro_price, parse_micro_price(micro_price));
    SPY_ASSIGN(calibration.calibration.confidence_scale, parse_confidence_scale(in));
    SPY_ASSIGN(calibration.days, parse_days(in));
    SPY_ASSIGN(calibration.contracts, hashes(in, "contracts"));
    SPY_ASSIGN(calibration.engine_sha256, text(in, "engine_sha256"));
    if (!is_sha256(calibration.engine_sha256)) return bad_key(in, "engine_sha256", "a SHA-256");
    return calibration;
}

}  // namespace spymaster::pipeline
