#include "serve/forecast_queries.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "pipeline/calibration/calibration_store.hpp"

namespace spymaster::serve {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxEvaluationBytes = std::size_t{1} << 20U;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The text of an evaluation document, checked so far as that it is one and of this calibration; "null" without a
// file. It is passed on as it is, never taken apart and put together again. Fitted again until the same second, a
// calibration has the name of the one before it: the parameters tell whose the evaluation is.
Result<std::string> read_evaluation(const std::filesystem::path& path,
                                    const pipeline::StoredCalibration& calibration) {
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) return std::string("null");
    SPY_ASSIGN(auto text, read_text(path, kMaxEvaluationBytes));
    const auto document = nlohmann::json::parse(text, nullptr, false);
    const auto is = [&](const char* name, const nlohmann::json& value) {
        const auto found = document.find(name);
        return found != document.end() && *found == value;
    };
    if (!document.is_object() || !is("format", 1) || !is("calibration", calibration.name())) {
        return make_error(ErrorCode::malformed,
                          "{} is not the evaluation of calibration {}; evaluate again, or remove it",
                          path.string(), calibration.name());
    }
    const auto& fitted = calibration.calibration.path.parameters;
    if (document.contains("parameters") &&
        !is("parameters", {{"beta", fitted.beta}, {"gamma", fitted.gamma}})) {
        return make_error(ErrorCode::conflict,
                          "{} is the evaluation of another calibration {}, with other parameters; evaluate "
                          "again, or remove it",
                          path.string(), calibration.name());
    }
    return text;
}

// The evaluation on the session's own symbol, else on the symbol of the calibration.
Result<std::string> evaluation_of(const lake::Lake& lake, const SessionKey& session,
                                  const pipeline::StoredCalibration& calibration) {
    const auto& product = market::product_of(session.product);
    for (const auto& symbol : {session.symbol, calibration.symbol}) {
        SPY_ASSIGN(const auto path,
                   pipeline::evaluation_path(lake, product, symbol, calibration.name(), ".json"));
        SPY_ASSIGN(auto text, read_evaluation(path, calibration));
        if (text != "null") return text;
    }
    return std::string("null");
}

std::string calibration_json(const lake::Lake& lake, const SessionKey& session,
                             const pipeline::StoredCalibration& calibration) {
    const auto& path = calibration.calibration.path;
    Json json{{"name", calibration.name()},
              {"symbol", calibration.symbol},
              {"trained_until_ns", std::to_string(calibration.trained_until_ns())},
              {"beta", path.parameters.beta},
              {"gamma", path.parameters.gamma},
              {"beta_std_error", path.b_std_error},
              {"gamma_std_error", path.a_std_error},
              {"samples", path.samples},
              {"dates", Json::array()},
              {"confidence_tenths", nullptr}};
    for (const auto& day : calibration.days) json["dates"].push_back(day.date.iso());
    if (const auto& scale = calibration.calibration.confidence_scale)
        json["confidence_tenths"] = scale->edges;
    const auto evaluation = evaluation_of(lake, session, calibration);
    if (!evaluation) json["evaluation_problem"] = evaluation.error().message;
    auto text = dump(json);
    text.back() = ',';
    return text + R"("evaluation":)" + (evaluation ? *evaluation : "null") + "}";
}

// The first and the last window of a session; 0 and 0 of one without windows.
using WindowSpan = std::pair<std::int64_t, std::int64_t>;
Result<WindowSpan> first_and_last(const lake::Lake& lake, const lake::PartitionKey& snapshots) {
    SPY_ASSIGN(const auto* spec, lake.dataset(snapshots.dataset));
    SPY_ASSIGN(const auto at, spec->contract.index_of("window_end_ts_ns"));
    SPY_ASSIGN(auto reader, lake.read(snapshots, {"window_end_ts_ns"}));
    lake::ColumnBatch rows(spec->contract);
    WindowSpan span{0, 0};
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) return span;
        const auto& ends = rows.at<std::vector<std::int64_t>>(at);
        if (ends.empty()) continue;
        if (span.first == 0) span.first = ends.front();
        span.second = ends.back();
    }
}

// `span`: the first and the last window of the session.
Result<std::string> calibrations_json(const lake::Lake& lake, const SessionKey& session,
                                      const Result<WindowSpan>& span) {
    const auto& product = market::product_of(session.product);
    SPY_ASSIGN(const auto calibrations, pipeline::load_calibrations(lake, product, session.symbol));
    if (!span) return span.error();
    std::string list;
    for (const auto& calibration : pipeline::calibrations_in_force(calibrations, span->first, span->second)) {
        if (!list.empty()) list += ',';
        list += calibration_json(lake, session, calibration);
    }
    auto text =
        dump({{"product_type", product.name}, {"symbol", session.symbol}, {"dt", session.date.iso()}});
    text.back() = ',';
    return text + R"("calibrations":[)" + list + "]}";
}

Json way_json(const forecast::Way& way) {
    return {{"D", way.D},
            {"wall", way.wall},
            {"vacuum", way.vacuum},
            {"reinforce", way.reinforce},
            {"run_score", way.run_score},
            {"corridor", way.corridor}};
}

Json step_json(std::size_t place, const ExplainedSecond& explained) {
    const auto& step = explained.forecast.path[place];
    const auto& scale = explained.confidence_scale;
    return {{"horizon_s", place + 1},
            {"delta", explained.forecast.delta[place]},
            {"predicted_tick_delta", step.predicted_tick_delta},
            {"predicted_spot_tick", std::to_string(step.predicted_spot_tick)},
            {"confidence", step.confidence},
            {"confidence_tenth", scale && step.predicted_tick_delta != 0
                                     ? Json(forecast::tenth_of(*scale, step.confidence))
                                     : Json()}};
}

// What the forecast says; null members where it says nothing.
void add_forecast(Json& json, const ExplainedSecond& explained) {
    const auto& forecast = explained.forecast;
    json["given"] = forecast.given;
    for (const char* name : {"force", "damping", "drive", "velocity", "up", "down", "path"})
        json[name] = nullptr;
    if (!forecast.given) return;
    json["force"] = forecast.force;
    json["damping"] = forecast.damping;
    json["drive"] = forecast.drive;
    json["velocity"] = forecast.velocity;
    json["up"] = way_json(forecast.up);
    json["down"] = way_json(forecast.down);
    json["path"] = Json::array();
    for (std::size_t place = 0; place < forecast::kHorizons; ++place)
        json["path"].push_back(step_json(place, explained));
}

std::string explanation_json(const SessionKey& session, const ExplainedSecond& explained) {
    const auto& second = explained.second;
    Json json{{"product_type", market::product_of(session.product).name},
              {"symbol", session.symbol},
              {"dt", session.date.iso()},
              {"window_end_ts_ns", std::to_string(second.window_end_ts_ns)},
              {"book_valid", explained.snapshot.book_valid},
              {"window_valid", explained.snapshot.window_valid},
              {"spot_ref_price_int", std::to_string(second.spot_ref_price_int)},
              {"previous_spot_ref_price_int", std::to_string(second.previous_spot_ref_price_int)},
              {"option_strikes", explained.option_strikes},
              {"calibration", nullptr},
              {"parameters", {{"beta", explained.parameters.beta}, {"gamma", explained.parameters.gamma}}},
              {"sampling", "ahead"}};
    if (!explained.calibration.empty()) json["calibration"] = explained.calibration;
    add_forecast(json, explained);
    return dump(json);
}

}  // namespace

Reply calibration_reply(const lake::Lake& lake, const SessionQuery& asked) {
    const auto session = resolve(lake, asked);
    if (!session) return error_reply(session.error());
    auto json = calibrations_json(lake, *session, first_and_last(lake, partitions_of(*session).snapshots));
    // Whatever is the matter is with the lake, not with what was asked.
    return json ? json_reply(std::move(json).value()) : error_reply(500, json.error().message);
}

Reply calibration_reply(const lake::Lake& lake, const Session& session) {
    const auto ends = session.window_ends();
    const WindowSpan span = ends->empty() ? WindowSpan() : WindowSpan(ends->front(), ends->back());
    auto json = calibrations_json(lake, session.key(), span);
    return json ? json_reply(std::move(json).value()) : error_reply(500, json.error().message);
}

Reply explanation_reply(Session& session, std::int64_t window_end_ts_ns) {
    const auto window_ends = session.window_ends();
    const auto& ends = *window_ends;
    const auto at = std::ranges::lower_bound(ends, window_end_ts_ns);
    if (at == ends.end() || *at != window_end_ts_ns) {
        return error_reply(404, fmt::format("{} {} has no window {}", session.key().symbol,
                                            session.key().date.iso(), window_end_ts_ns));
    }
    const auto window = static_cast<std::size_t>(at - ends.begin());
    if (const auto first = session.first_explained(); window < first) {
        return error_reply(
            404, fmt::format("of a session that is live the newest windows are explained, from {} on; the "
                             "lake has this one when it is over: ask for dt={} then",
                             ends[first], session.key().date.iso()));
    }
    const auto explained = session.explain(window);
    if (!explained) return error_reply(500, explained.error().message);
    return json_reply(explanation_json(session.key(), *explained));
}

}  // namespace spymaster::serve
