#include "serve/catalog.hpp"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "serve/replay_session.hpp"

namespace spymaster::serve {

namespace {

using Json = nlohmann::ordered_json;

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
        if (ends.empty()) continue;
        if (span.count == 0) span.first = ends.front();
        span.last = ends.back();
        span.count += static_cast<std::int64_t>(ends.size());
    }
}

std::string text_of(const lake::Manifest& manifest, const std::string& property, std::string otherwise) {
    const auto found = manifest.properties.find(property);
    return found == manifest.properties.end() ? std::move(otherwise) : found->second;
}

int int_of(const lake::Manifest& manifest, const std::string& property) {
    const auto text = text_of(manifest, property, "0");
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

Result<std::string> Catalog::entry_json(const SessionKey& key) {
    const auto snapshot = partition(kSnapshotDataset, key);
    SPY_ASSIGN(const auto manifest, lake_.manifest(snapshot));
    SPY_ASSIGN(const auto span, window_span(lake_, snapshot));
    Json json;
    json["product_type"] = "future_mbo";
    json["symbol"] = key.symbol;
    json["dt"] = key.date.iso();
    json["first_window_end_ts_ns"] = std::to_string(span.first);
    json["last_window_end_ts_ns"] = std::to_string(span.last);
    json["window_count"] = span.count;
    json["tick_int"] = text_of(manifest, "tick_int", "0");
    json["half_width_ticks"] = int_of(manifest, "half_width_ticks");
    json["session"] = text_of(manifest, "session", "");
    json["source"] = text_of(manifest, "source", "databento");
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> Catalog::scan() {
    SPY_ASSIGN(auto surfaces, lake_.partitions(kSurfaceDataset));
    std::stable_sort(surfaces.begin(), surfaces.end(),
                     [](const auto& a, const auto& b) { return a.date > b.date; });
    std::map<SessionKey, Entry> entries;
    std::string out = R"({"sessions":[)";
    bool first = true;
    for (const auto& surface : surfaces) {
        const SessionKey key{surface.symbol, surface.date};
        if (!lake_.is_complete(partition(kSnapshotDataset, key))) continue;
        // A partition replaced or removed while it is being read is left out until the next scan.
        const auto signature = session_signature(lake_, key);
        if (!signature) continue;
        Entry& entry = entries[key] = entries_[key];
        if (entry.signature != *signature) {
            auto json = entry_json(key);
            if (!json) {
                entries.erase(key);
                continue;
            }
            entry = {*signature, std::move(json).value()};
        }
        const auto silver_fresh = lake_.freshness(partition(kSnapshotDataset, key));
        const auto gold_fresh = lake_.freshness(surface);
        const bool fresh = silver_fresh && silver_fresh->fresh && gold_fresh && gold_fresh->fresh;
        if (!first) out += ',';
        first = false;
        out.append(entry.json, 0, entry.json.size() - 1)
            .append(fresh ? R"(,"fresh":true})" : R"(,"fresh":false})");
    }
    out += "]}";
    entries_ = std::move(entries);
    return out;
}

Result<std::string> Catalog::json() {
    const std::scoped_lock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (last_.empty() || now - scanned_ >= kMaxAge) {
        SPY_ASSIGN(last_, scan());
        scanned_ = now;
    }
    return last_;
}

}  // namespace spymaster::serve
