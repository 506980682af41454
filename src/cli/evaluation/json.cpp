#include "cli/evaluation/json.hpp"

#include "cli/evaluation/words.hpp"

namespace spymaster::cli {

namespace {

using Json = nlohmann::ordered_json;

Json of(const std::optional<forecast::Interval>& interval) {
    return interval ? Json::array({interval->low, interval->high}) : Json();
}

Json of(const std::optional<double>& number) {
    return number ? Json(*number) : Json();
}

void add_hits(Json& json, const forecast::HitRate& hits) {
    json["predicted"] = hits.predicted;
    json["decided"] = hits.decided;
    json["hit_rate"] = hits.decided > 0 ? Json(hits.rate) : Json();
    json["hit_rate_interval"] = of(hits.interval);
}

enum class Cautious : bool { no, yes };

template <class Row>
void add_errors(Json& json, const Row& row, Cautious cautious) {
    json["mae"] = row.samples > 0 ? Json(row.mae) : Json();
    for (std::size_t b = 0; b < row.against.size(); ++b) {
        const forecast::AgainstBaseline& against = row.against[b];
        Json& entry = json["baselines"][std::string(forecast::kBaselineNames[b])];
        entry = {{"mae", row.samples > 0 ? Json(against.mae) : Json()},
                 {"skill", of(against.skill)},
                 {"skill_interval", of(against.interval)},
                 {"hit_rate", of(against.hit_rate)}};
        if (cautious == Cautious::yes) entry["cautious_interval"] = of(against.cautious);
    }
}

Json of(const forecast::HorizonResult& horizon) {
    Json json{{"horizon_s", horizon.horizon_s}, {"samples", horizon.samples}, {"coverage", horizon.coverage}};
    add_hits(json, horizon.hits);
    add_errors(json, horizon, Cautious::yes);
    json["skilled"] = horizon.skilled;
    return json;
}

const char* word_of(forecast::Monotonicity monotonicity) {
    constexpr std::array kWords{"undecided", "rising", "falling"};
    return kWords[static_cast<std::size_t>(monotonicity)];
}

void add_range(Json& json, const forecast::ConfidenceBucket& bucket) {
    json["low"] = bucket.low;
    json["high"] = bucket.high;
    add_hits(json, bucket.hits);
}

Json confidence_of(const forecast::Evaluation& evaluation) {
    Json json{{"monotonicity", word_of(evaluation.monotonicity)},
              {"buckets", Json::array()},
              {"rank_monotonicity", word_of(evaluation.rank_monotonicity)},
              {"ranks", Json::array()}};
    for (const forecast::ConfidenceBucket& bucket : evaluation.buckets)
        add_range(json["buckets"].emplace_back(), bucket);
    for (std::size_t t = 0; t < evaluation.ranks.size(); ++t) {
        Json& entry = json["ranks"].emplace_back(Json{{"tenth", t + 1}});
        add_range(entry, evaluation.ranks[t]);
    }
    return json;
}

Json times_of(const forecast::Evaluation& evaluation) {
    Json json = Json::array();
    for (const forecast::TimeOfDay& time : evaluation.times) {
        Json& entry = json.emplace_back(Json{{"from", clock(time.minute_of_day)},
                                             {"horizon_s", forecast::kTimeOfDayHorizon},
                                             {"samples", time.samples}});
        add_hits(entry, time.hits);
        add_errors(entry, time, Cautious::no);
    }
    return json;
}

Json partitions_of(const std::vector<pipeline::TrainingDay>& days) {
    Json json = Json::object();
    for (const pipeline::TrainingDay& day : days)
        json[day.date.iso()] = {{"symbol", day.symbol},
                                {"first_window_end_ts_ns", std::to_string(day.first_window_end_ts_ns)},
                                {"last_window_end_ts_ns", std::to_string(day.last_window_end_ts_ns)},
                                {"manifests", day.manifests}};
    return json;
}

}  // namespace

Json document_of(const EvaluationReport& report) {
    const forecast::Evaluation& result = report.result;
    Json json{{"format", 1}, {"product_type", report.product_type}, {"symbol", report.symbol}};
    json["calibration"] = report.calibrated ? Json(report.name()) : Json();
    json["baselines_fitted_in"] = report.fitted ? Json(report.fitted->name()) : Json();
    json["dates"] = Json::array();
    for (const market::Date& date : result.dates) json["dates"].push_back(date.iso());
    json["session"] = report.session;
    json["source"] = report.simulated ? "simulated" : "databento";
    json["seconds"] = result.seconds;
    json["valid_seconds"] = result.valid_seconds;
    json["blocks"] = result.blocks;
    json["verdict"] = result.skilled ? "skill" : "no skill";
    json["verdict_text"] = verdict_of(result);
    json["horizons"] = Json::array();
    for (const forecast::HorizonResult& horizon : result.horizons) json["horizons"].push_back(of(horizon));
    json["confidence"] = confidence_of(result);
    json["time_of_day"] = times_of(result);
    json["parameters"] = {{"beta", report.parameters.beta}, {"gamma", report.parameters.gamma}};
    json["created_by"] = "spymaster " SPYMASTER_VERSION;
    json["engine_sha256"] = report.engine_sha256;
    json["partitions"] = partitions_of(report.days);
    return json;
}

std::string json_text(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace spymaster::cli
