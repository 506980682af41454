#include "serve/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace spymaster::serve {

namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

// A counter a surface, in the order of kSurfaces.
std::array<prometheus::Counter*, kSurfaces.size()> by_surface(prometheus::Registry& registry,
                                                              const char* name, const char* help) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry);
    std::array<prometheus::Counter*, kSurfaces.size()> counters{};
    for (const auto surface : kSurfaces)
        counters[place_of(surface)] = &family.Add({{"surface", std::string(name_of(surface))}});
    return counters;
}

prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry, const char* name,
                                                  const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Gauge>& gauges(prometheus::Registry& registry, const char* name,
                                              const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

using Boundaries = prometheus::Histogram::BucketBoundaries;

prometheus::Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                                 Boundaries boundaries) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({},
                                                                                     std::move(boundaries));
}

// What counts itself elsewhere: the counter follows.
void raise_to(prometheus::Counter& counter, double total) {
    counter.Increment(std::max(0.0, total - counter.Value()));
}

constexpr double kSecondsPerNano = 1e-9;
const Boundaries kWorkSeconds{2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 5e-3, 2e-2};
const Boundaries kLatencySeconds{2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1.0, 2.0};

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Gauge& clients = gauge(registry, "spymaster_ws_clients", "WebSocket clients connected now.");
    prometheus::Counter& sent =
        counter(registry, "spymaster_ws_windows_sent_total", "Windows sent to WebSocket clients.");
    prometheus::Counter& dropped = counter(registry, "spymaster_ws_dropped_windows_total",
                                           "Windows that slow WebSocket clients did not get.");
    prometheus::Gauge& lag = gauge(registry, "spymaster_ws_last_send_lag_seconds",
                                   "How late the window sent last was handed over, behind its schedule.");
    prometheus::Family<prometheus::Counter>& requests =
        counters(registry, "spymaster_http_requests_total", "HTTP requests answered, by status code.");
    prometheus::Family<prometheus::Counter>& sessions =
        counters(registry, "spymaster_sessions_opened_total",
                 "Sessions opened, by product and by what came of their options: read, none, unreadable.");
    prometheus::Histogram& encode =
        histogram(registry, "spymaster_window_encode_seconds",
                  "Time to encode the surfaces of one window, once for all clients.", kWorkSeconds);
    std::array<prometheus::Counter*, kSurfaces.size()> surface_windows =
        by_surface(registry, "spymaster_surface_windows_total",
                   "Windows of each surface read and encoded, once for all clients.");
    std::array<prometheus::Counter*, kSurfaces.size()> surface_bytes =
        by_surface(registry, "spymaster_surface_bytes_total", "Bytes of the surfaces encoded.");
    prometheus::Family<prometheus::Counter>& forecast_windows = counters(
        registry, "spymaster_forecast_windows_total",
        "Windows encoded, by their forecast: calibrated, uncalibrated, invalid (a second that is not "
        "forecast), failed (it could not be made).");
    prometheus::Counter& calibrated = forecast_windows.Add({{"forecast", "calibrated"}});
    prometheus::Counter& uncalibrated = forecast_windows.Add({{"forecast", "uncalibrated"}});
    prometheus::Counter& invalid = forecast_windows.Add({{"forecast", "invalid"}});
    prometheus::Counter& failed = forecast_windows.Add({{"forecast", "failed"}});
    prometheus::Histogram& forecast = histogram(
        registry, "spymaster_forecast_seconds",
        "Time to make the forecast of one valid second from its fields, once for all clients.", kWorkSeconds);
    prometheus::Gauge& cache =
        gauge(registry, "spymaster_window_cache_bytes", "Encoded windows kept in memory.");

    prometheus::Counter& live_windows =
        counter(registry, "spymaster_live_windows_total", "Windows that live contracts have closed.");
    prometheus::Histogram& latency =
        histogram(registry, "spymaster_live_window_latency_seconds",
                  "From the arrival of the last byte that a live window needs to its frames on a client's "
                  "socket, of clients that follow.",
                  kLatencySeconds);
    prometheus::Histogram& compute =
        histogram(registry, "spymaster_window_compute_seconds",
                  "Time to close one live window: its rows and its forecast.", kLatencySeconds);
    prometheus::Family<prometheus::Counter>& crossed =
        counters(registry, "spymaster_book_crossed_total",
                 "Live windows in which the book was crossed at some published state.");
    prometheus::Family<prometheus::Gauge>& feed_lag =
        gauges(registry, "spymaster_feed_lag_seconds",
               "From the time stamp of the newest record (ts_recv) to its arrival, by this machine's clock; "
               "of a day of the past, by the feed's.");
    prometheus::Family<prometheus::Gauge>& last_record =
        gauges(registry, "spymaster_last_record_timestamp_seconds",
               "The time stamp of the newest record (ts_recv).");
    prometheus::Family<prometheus::Counter>& records =
        counters(registry, "spymaster_records_total", "Records that came over the live feed.");
    prometheus::Family<prometheus::Counter>& gaps = counters(
        registry, "spymaster_gaps_total", "Holes in the live feed: records that were missed for good.");
    prometheus::Family<prometheus::Counter>& reconnects =
        counters(registry, "spymaster_feed_reconnects_total", "Times that the live feed was connected anew.");
    std::mutex gap_mutex;
    std::map<std::string, std::int64_t, std::less<>> newest_gap;  // counted, by dataset
};

Metrics::Metrics(const std::string& version) : families_(std::make_unique<Families>()) {
    prometheus::BuildGauge()
        .Name("spymaster_build_info")
        .Help("Always 1; the version is a label.")
        .Register(families_->registry)
        .Add({{"version", version}})
        .Set(1.0);
}
Metrics::~Metrics() = default;

void Metrics::client_came() {
    families_->clients.Increment();
}
void Metrics::client_went() {
    families_->clients.Decrement();
}

void Metrics::window_sent(double lag_seconds) {
    families_->sent.Increment();
    families_->lag.Set(lag_seconds);
}

void Metrics::windows_dropped(std::size_t windows) {
    families_->dropped.Increment(static_cast<double>(windows));
}
void Metrics::http_request(unsigned status) {
    families_->requests.Add({{"code", std::to_string(status)}}).Increment();
}
void Metrics::session_opened(std::string_view product_type, std::string_view options) {
    families_->sessions.Add({{"product_type", std::string(product_type)}, {"options", std::string(options)}})
        .Increment();
}
void Metrics::window_encoded(double seconds) {
    families_->encode.Observe(seconds);
}
void Metrics::surface_encoded(Surface surface, std::size_t windows, std::size_t bytes) {
    families_->surface_windows[place_of(surface)]->Increment(static_cast<double>(windows));
    families_->surface_bytes[place_of(surface)]->Increment(static_cast<double>(bytes));
}
void Metrics::forecast_made(bool given, bool calibrated) {
    if (!given) return families_->invalid.Increment();
    (calibrated ? families_->calibrated : families_->uncalibrated).Increment();
}
void Metrics::forecast_took(double seconds) {
    families_->forecast.Observe(seconds);
}
void Metrics::forecast_failed() {
    families_->failed.Increment();
}
void Metrics::cache_bytes(std::size_t bytes) {
    families_->cache.Set(static_cast<double>(bytes));
}

void Metrics::live_second(std::string_view dataset, const pipeline::LiveSecond& second) {
    families_->live_windows.Increment();
    if (second.forecast_second.snapshot.crossed)
        families_->crossed.Add({{"dataset", std::string(dataset)}}).Increment();
    if (second.computed.count() > 0)
        families_->compute.Observe(std::chrono::duration<double>(second.computed).count());
    if (second.forecast == nullptr) return forecast_failed();
    forecast_made(second.forecast->given, !second.calibration.empty());
}

void Metrics::live_window_sent(double seconds) {
    families_->latency.Observe(seconds);
}

void Metrics::feed_told(const pipeline::FeedState& state) {
    const prometheus::Labels of_dataset{{"dataset", state.dataset}};
    families_->feed_lag.Add(of_dataset).Set(static_cast<double>(state.lag_ns) * kSecondsPerNano);
    families_->last_record.Add(of_dataset)
        .Set(static_cast<double>(state.last_record_ts_ns) * kSecondsPerNano);
    raise_to(families_->reconnects.Add(of_dataset), static_cast<double>(state.reconnects));
    for (const auto& [schema, count] : state.records) {
        raise_to(families_->records.Add({{"dataset", state.dataset}, {"schema", schema}}),
                 static_cast<double>(count));
    }
    auto& gaps = families_->gaps.Add(of_dataset);  // there from the beginning, at 0
    const std::scoped_lock lock(families_->gap_mutex);
    auto& newest = families_->newest_gap[state.dataset];
    for (const auto& gap : state.gaps) {
        if (gap.start_ts_ns <= newest) continue;
        newest = gap.start_ts_ns;
        gaps.Increment();
    }
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace spymaster::serve
