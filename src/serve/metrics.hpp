// What the server counts about itself, as Prometheus reads it. Any thread may write.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "pipeline/live/live_second.hpp"
#include "serve/surfaces.hpp"

namespace spymaster::serve {

class Metrics {
  public:
    explicit Metrics(const std::string& version);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void client_came();
    void client_went();
    void window_sent(double lag_seconds);  // behind its due time when the last byte was handed to the kernel
    void windows_dropped(std::size_t windows);
    void http_request(unsigned status);
    // `options`: what came of the session's option gold, "read", "none" or "unreadable".
    void session_opened(std::string_view product_type, std::string_view options);
    // What one window's surfaces took that were encoded together.
    void window_encoded(double seconds);
    // So many windows of a surface were read and encoded, to so many bytes.
    void surface_encoded(Surface surface, std::size_t windows, std::size_t bytes);
    // A window whose forecast was made; `given`: its second is valid, so there is one.
    void forecast_made(bool given, bool calibrated);
    void forecast_took(double seconds);
    // A window whose forecast could not be made.
    void forecast_failed();
    void cache_bytes(std::size_t bytes);

    // A second of a live contract, of that dataset.
    void live_second(std::string_view dataset, const pipeline::LiveSecond& second);
    // A live window was handed to a client's socket, so long after its last byte arrived.
    void live_window_sent(double seconds);
    // How a feed is. One thread at a time for a dataset.
    void feed_told(const pipeline::FeedState& state);

    // Text format 0.0.4.
    [[nodiscard]] std::string text() const;

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace spymaster::serve
