#include "serve/catalog.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include <nlohmann/json.hpp>

namespace spymaster::serve {

namespace {

using Json = nlohmann::ordered_json;

// The windows of a partition sorted by window_end_ts_ns.
struct WindowSpan {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t count = 0;
};

Result<WindowSpan> window_span(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto at, spec->contract.index_of("window_end_ts_ns"));
    SPY_ASSIGN(auto reader, lake.read(key, {"window_end_ts_ns"}));
    lake::ColumnBatch rows(spec->contract);
    WindowSpan span;
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) return span;
        const auto& ends = rows.at<std::vector<std::int64_t>>(at);
        for (const auto end : ends) {
            if (span.count > 0 && end == span.last) continue;
            if (span.count == 0) span.first = end;
            span.last = end;
            span.count += 1;
        }
    }
}

std::string text_of(const lake::Manifest& manifest, const std::string& property,
                    const std::string& otherwise) {
    const auto found = manifest.properties.find(property);
    return found == manifest.properties.end() ? otherwise : found->second;
}

int int_of(const lake::Manifest& manifest, const std::string& property, int otherwise) {
    const auto text = text_of(manifest, property, "");
    int value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> session_json(const lake::Lake& lake, const SessionKey& key) {
    const auto snapshots = partitions_of(key).snapshots;
    SPY_ASSIGN(const auto manifest, lake.manifest(snapshots));
    SPY_ASSIGN(const auto span, window_span(lake, snapshots));
    const auto tick = text_of(manifest, "tick_int", "0");
    Json json;
    json["product_type"] = market::product_of(key.product).name;
    json["symbol"] = key.symbol;
    json["dt"] = key.date.iso();
    json["first_window_end_ts_ns"] = std::to_string(span.first);
    json["last_window_end_ts_ns"] = std::to_string(span.last);
    json["window_count"] = span.count;
    json["tick_int"] = tick;
    json["price_increment_int"] = text_of(manifest, "price_increment_int", tick);
    json["half_width_ticks"] = int_of(manifest, "half_width_ticks", 0);
    json["session"] = text_of(manifest, "session", "");
    json["source"] = text_of(manifest, "source", "databento");
    return dump(json);
}

Result<std::string> options_json(const lake::Lake& lake, const market::Product& product,
                                 const lake::PartitionKey& gold) {
    SPY_ASSIGN(const auto manifest, lake.manifest(gold));
    SPY_ASSIGN(const auto span, window_span(lake, gold));
    Json json;
    json["product_type"] = product.name;
    json["tick_int"] = text_of(manifest, "tick_int", "0");
    json["half_width_ticks"] = int_of(manifest, "half_width_ticks", 0);
    json["step_ticks"] = int_of(manifest, "step_ticks", 1);
    json["window_count"] = span.count;
    return dump(json);
}

// A session that is live, as it is now: what its partitions would say of it, and that it is live.
std::string live_json(const LiveSession& session) {
    const auto& contract = session.contract();
    const auto ends = session.window_ends();
    Json json;
    json["product_type"] = contract.product->name;
    json["symbol"] = contract.symbol;
    json["dt"] = "live";
    json["live"] = session.grows();
    json["date"] = contract.date.iso();
    json["first_window_end_ts_ns"] = std::to_string(ends->empty() ? 0 : ends->front());
    json["last_window_end_ts_ns"] = std::to_string(ends->empty() ? 0 : ends->back());
    json["window_count"] = ends->size();
    json["tick_int"] = std::to_string(contract.grid.tick.nanos);
    json["price_increment_int"] = std::to_string(contract.grid.price_increment.nanos);
    json["half_width_ticks"] = contract.grid.half_width_ticks;
    json["session"] = contract.session_name;
    json["session_start_ns"] = std::to_string(contract.session.start_ns);
    json["session_end_ns"] = std::to_string(contract.session.end_ns);
    json["source"] = "live";
    json["options"] = nullptr;
    const auto* options = pipeline::option_product_of(contract.product->type);
    if (contract.option_grid && options != nullptr) {
        json["options"] = {{"product_type", options->name},
                           {"tick_int", std::to_string(contract.option_grid->tick.nanos)},
                           {"half_width_ticks", contract.option_grid->half_width_ticks},
                           {"step_ticks", contract.option_grid->step_ticks},
                           {"window_count", ends->size()},
                           {"fresh", true}};
    }
    json["surfaces"] = Json::parse(json_list(session.surfaces()));
    json["norm_calibration"] = nullptr;
    json["fresh"] = true;
    return dump(json);
}

// The surfaces that the lake has complete for a session, which has snapshots and gold.
SurfaceSet surfaces_of(const lake::Lake& lake, const SessionKey& key) {
    SurfaceSet surfaces{Surface::snap, Surface::velocity, Surface::forecast};
    if (option_gold_of(lake, key)) surfaces.insert(Surface::options);
    for (const auto surface : kSurfaces) {
        if (is_table(surface) && lake.is_complete(table_of(key, surface))) surfaces.insert(surface);
    }
    return surfaces;
}

// By what bounds the bands were scored: the manifest has "bootstrap" or the date of the session they are of.
Json norm_calibration(const lake::Lake& lake, const SessionKey& key) {
    const auto bands = table_of(key, Surface::physics_bands);
    if (!lake.is_complete(bands)) return nullptr;
    const auto manifest = lake.manifest(bands);
    const auto calibration = manifest ? text_of(*manifest, "calibration", "") : std::string();
    if (calibration.empty()) return nullptr;
    if (calibration == "bootstrap") return {{"kind", "bootstrap"}};
    return {{"kind", "session"}, {"dt", calibration}};
}

// An object with one more member.
std::string with_member(std::string_view object, std::string_view name, std::string_view value) {
    return fmt::format(R"({},"{}":{}}})", object.substr(0, object.size() - 1), name, value);
}

}  // namespace

Result<Catalog::Entry> Catalog::read_entry(const SessionKey& key, std::string signature) const {
    Entry entry{std::move(signature), {}, {}, {}, {}};
    SPY_ASSIGN(entry.json, session_json(lake_, key));
    if (const auto gold = option_gold_of(lake_, key)) {
        auto options = options_json(lake_, *pipeline::option_product_of(key.product), *gold);
        if (options) entry.options = std::move(options).value();
    }
    entry.surfaces = json_list(surfaces_of(lake_, key));
    entry.norm_calibration = dump(norm_calibration(lake_, key));
    return entry;
}

bool Catalog::is_fresh(const lake::PartitionKey& key) const {
    const auto freshness = lake_.freshness(key);
    return freshness && freshness->fresh;
}

std::string Catalog::whole_json(const SessionKey& key, const Entry& entry) const {
    const auto word = [](bool fresh) { return fresh ? "true" : "false"; };
    std::string options = "null";
    if (const auto gold = option_gold_of(lake_, key); gold && !entry.options.empty())
        options = with_member(entry.options, "fresh", word(is_fresh(*gold)));
    const auto keys = partitions_of(key);
    std::string json = with_member(entry.json, "options", options);
    json = with_member(json, "surfaces", entry.surfaces);
    json = with_member(json, "norm_calibration", entry.norm_calibration);
    return with_member(json, "fresh", word(is_fresh(keys.snapshots) && is_fresh(keys.gold)));
}

Result<std::vector<SessionKey>> Catalog::served_sessions() const {
    std::vector<SessionKey> sessions;
    for (const auto& product : market::products()) {
        if (product.is_option()) continue;
        SPY_ASSIGN(const auto surfaces, lake_.partitions(partitions_of({product.type, {}, {}}).gold.dataset));
        for (const auto& surface : surfaces) {
            SessionKey key{product.type, surface.symbol, surface.date};
            if (is_served(lake_, key)) sessions.push_back(std::move(key));
        }
    }
    std::ranges::stable_sort(sessions, std::greater(), &SessionKey::date);
    return sessions;
}

Result<std::string> Catalog::scan() {
    SPY_ASSIGN(const auto sessions, served_sessions());
    std::map<SessionKey, Entry> entries;
    std::string out;
    for (const auto& key : sessions) {
        // A partition replaced or removed while it is being read is left out until the next scan.
        auto signature = partitions_signature(lake_, key);
        if (!signature) continue;
        Entry& entry = entries[key] = entries_[key];
        if (entry.signature != *signature) {
            auto read = read_entry(key, std::move(signature).value());
            if (!read) {
                entries.erase(key);
                continue;
            }
            entry = std::move(read).value();
        }
        if (!out.empty()) out += ',';
        out += whole_json(key, entry);
    }
    entries_ = std::move(entries);
    return out;
}

Result<std::string> Catalog::json() {
    const std::scoped_lock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (!has_scanned_ || now - scanned_ >= kMaxAge) {
        SPY_ASSIGN(last_, scan());
        has_scanned_ = true;
        scanned_ = now;
    }
    std::string out = R"({"sessions":[)";
    for (const auto& session : live_.all()) {
        if (out.back() != '[') out += ',';
        out += live_json(*session);
    }
    if (out.back() != '[' && !last_.empty()) out += ',';
    return out + last_ + "]}";
}

}  // namespace spymaster::serve
