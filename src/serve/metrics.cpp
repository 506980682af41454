#include "serve/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <string>

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
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                            .Name("spymaster_http_requests_total")
                                                            .Help("HTTP requests answered, by status code.")
                                                            .Register(registry);
    prometheus::Family<prometheus::Counter>& sessions =
        prometheus::BuildCounter()
            .Name("spymaster_sessions_opened_total")
            .Help("Sessions opened, by product and by what came of their options: read, none, unreadable.")
            .Register(registry);
    prometheus::Histogram& encode =
        prometheus::BuildHistogram()
            .Name("spymaster_window_encode_seconds")
            .Help("Time to encode the surfaces of one window, once for all clients.")
            .Register(registry)
            .Add({}, prometheus::Histogram::BucketBoundaries{2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 5e-3, 2e-2});
    std::array<prometheus::Counter*, kSurfaces.size()> surface_windows =
        by_surface(registry, "spymaster_surface_windows_total",
                   "Windows of each surface read and encoded, once for all clients.");
    std::array<prometheus::Counter*, kSurfaces.size()> surface_bytes =
        by_surface(registry, "spymaster_surface_bytes_total", "Bytes of the surfaces encoded.");
    prometheus::Family<prometheus::Counter>& forecast_windows =
        prometheus::BuildCounter()
            .Name("spymaster_forecast_windows_total")
            .Help(
                "Windows encoded, by their forecast: calibrated, uncalibrated, invalid (a second that is not "
                "forecast), failed (it could not be made).")
            .Register(registry);
    prometheus::Counter& calibrated = forecast_windows.Add({{"forecast", "calibrated"}});
    prometheus::Counter& uncalibrated = forecast_windows.Add({{"forecast", "uncalibrated"}});
    prometheus::Counter& invalid = forecast_windows.Add({{"forecast", "invalid"}});
    prometheus::Counter& failed = forecast_windows.Add({{"forecast", "failed"}});
    prometheus::Histogram& forecast =
        prometheus::BuildHistogram()
            .Name("spymaster_forecast_seconds")
            .Help("Time to make the forecast of one valid second from its fields, once for all clients.")
            .Register(registry)
            .Add({}, prometheus::Histogram::BucketBoundaries{2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 5e-3, 2e-2});
    prometheus::Gauge& cache =
        gauge(registry, "spymaster_window_cache_bytes", "Encoded windows kept in memory.");
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
void Metrics::forecast_made(bool given, bool calibrated, double seconds) {
    if (!given) return families_->invalid.Increment();
    (calibrated ? families_->calibrated : families_->uncalibrated).Increment();
    families_->forecast.Observe(seconds);
}
void Metrics::forecast_failed() {
    families_->failed.Increment();
}
void Metrics::cache_bytes(std::size_t bytes) {
    families_->cache.Set(static_cast<double>(bytes));
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace spymaster::serve
