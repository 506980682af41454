#include "feed/gateway/gateway.hpp"

#include "feed/gateway/historical_api.hpp"
#include "feed/gateway/http_server.hpp"
#include "feed/gateway/live_server.hpp"

namespace spymaster::feed {

// Destroyed from the end: a service before what it answers from.
struct Gateway::Impl {
    std::shared_ptr<const RawLibrary> library;
    std::unique_ptr<HistoricalApi> api;
    std::unique_ptr<HttpServer> http;
    std::unique_ptr<LiveServer> live;
};

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gateway::~Gateway() = default;

Result<std::unique_ptr<Gateway>> Gateway::start(const GatewayOptions& options) {
    auto impl = std::make_unique<Impl>();
    SPY_ASSIGN(auto library, RawLibrary::open(options.raw));
    impl->library = std::make_shared<const RawLibrary>(std::move(library));
    SPY_ASSIGN(impl->api, HistoricalApi::create(impl->library, options.historical));
    HttpServerOptions http;
    http.host = options.historical.host;
    http.port = options.historical.port;
    SPY_ASSIGN(impl->http, HttpServer::start(http, [impl = impl.get()](const HttpRequest& request) {
                   return impl->api->answer(request);
               }));
    SPY_ASSIGN(impl->live, LiveServer::start(*impl->library, options.live));
    return std::unique_ptr<Gateway>(new Gateway(std::move(impl)));
}

const RawLibrary& Gateway::library() const {
    return *impl_->library;
}

std::string Gateway::url() const {
    return impl_->http->url();
}

std::string Gateway::live_address() const {
    return impl_->live->address();
}

}  // namespace spymaster::feed
