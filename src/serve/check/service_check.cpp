#include "serve/check/service_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "market/time.hpp"
#include "pipeline/datasets.hpp"
#include "serve/check/live_client.hpp"
#include "serve/check/surface_rows.hpp"

namespace spymaster::serve {

namespace {

using pipeline::checks::Check;
using pipeline::checks::CheckResults;
using pipeline::checks::Subject;

constexpr std::size_t kMaxRing = 1800;     // windows of a bootstrap
constexpr std::size_t kRangeWindows = 60;  // of a range that is compared with the lake
constexpr std::size_t kStreamWindows = 5;

struct SurfaceTable {
    std::string_view surface;
    std::string_view table;
    bool of_options;
};
// In the order of the stream.
constexpr std::array kSurfaces{
    SurfaceTable{"book_snapshot", "book_snapshot_1s", false}, SurfaceTable{"wall", "wall_surface_1s", false},
    SurfaceTable{"vacuum", "vacuum_surface_1s", false},       SurfaceTable{"radar", "radar_vacuum_1s", false},
    SurfaceTable{"physics_bands", "physics_bands_1s", false}, SurfaceTable{"gex", "gex_surface_1s", true},
    SurfaceTable{"gex_levels", "gex_levels_1s", true}};

// A window's end out of a JSON text; none: it is no text of digits.
std::optional<std::int64_t> window_of(const nlohmann::json& message) {
    const auto found = message.find("window_end_ts_ns");
    if (found == message.end() || !found->is_string()) return {};
    const auto& digits = found->get_ref<const std::string&>();
    std::int64_t window = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), window);
    if (failed != std::errc{} || end != digits.data() + digits.size()) return {};
    return window;
}

class SessionChecks {
  public:
    SessionChecks(const lake::Lake& lake, ServerAddress address, const Subject& subject,
                  CheckResults& results)
        : lake_(lake), address_(std::move(address)), subject_(subject), results_(results) {}

    Result<void> run() {
        SPY_TRY(look_at_catalogue());
        SPY_TRY(look_at_ring());
        if (ring_.empty()) return {};
        for (const SurfaceTable& surface : kSurfaces) SPY_TRY(look_at_range(surface));
        return look_at_stream();
    }

  private:
    [[nodiscard]] lake::PartitionKey key_of(const SurfaceTable& surface) const {
        if (!surface.of_options) return subject_.silver(surface.table);
        return Subject{pipeline::option_product_of(subject_.product->type), subject_.symbol, subject_.date}
            .silver(surface.table);
    }
    [[nodiscard]] const lake::Contract& contract_of(const SurfaceTable& surface) const {
        return (*lake_.dataset(key_of(surface).dataset))->contract;
    }
    [[nodiscard]] std::string target(std::string_view path) const {
        return fmt::format("{}?product_type={}&symbol={}&dt={}", path, subject_.product->name,
                           subject_.symbol, subject_.date.iso());
    }

    Result<void> look_at_catalogue() {
        Check health("service", "health", snapshots_, "answers");
        SPY_ASSIGN(const LiveReply alive, fetch(address_, "/health"));
        health.expect(alive.status == 200, {},
                      [&] { return fmt::format("/health answers {}", alive.status); });
        results_.push_back(health.result());

        Check check("service", "catalogue", snapshots_, "sessions");
        SPY_ASSIGN(const LiveReply reply, fetch(address_, "/v1/catalog"));
        const auto catalogue = nlohmann::json::parse(reply.body, nullptr, false);
        const auto is_this = [&](const nlohmann::json& session) {
            return session.value("symbol", "") == subject_.symbol &&
                   session.value("dt", "") == subject_.date.iso() &&
                   session.value("product_type", "") == subject_.product->name;
        };
        const bool listed = catalogue.is_object() && catalogue.contains("sessions") &&
                            std::ranges::any_of(catalogue["sessions"], is_this);
        check.expect(listed, {}, [&] {
            return fmt::format("{} of {} is not listed; it needs silver and gold", subject_.symbol,
                               subject_.date.iso());
        });
        results_.push_back(check.result());
        return {};
    }

    Result<void> look_at_ring() {
        Check check("service", "ring", snapshots_, "windows");
        SPY_ASSIGN(const LiveReply reply, fetch(address_, target("/v1/hud/bootstrap")));
        const lake::Contract& contract = contract_of(kSurfaces.front());
        auto rows = reply.status == 200 ? rows_of_stream(reply.body, contract)
                                        : make_error(ErrorCode::io, "{} {}", reply.status, reply.body);
        if (!rows) {
            results_.push_back(pipeline::checks::unreadable("service", "ring", snapshots_, rows.error()));
            return {};
        }
        SPY_ASSIGN(const std::size_t column, contract.index_of("window_end_ts_ns"));
        ring_ = rows->rows.at<std::vector<std::int64_t>>(column);
        SPY_ASSIGN(lake::ColumnBatch stored, rows_of_lake(lake_, snapshots_, 0, INT64_MAX));
        const std::vector<std::int64_t>& windows = stored.at<std::vector<std::int64_t>>(column);
        const std::size_t expected = std::min(windows.size(), kMaxRing);
        for (std::size_t i = 0; i < std::max(ring_.size(), expected); ++i) {
            const std::int64_t window = i < ring_.size() ? ring_[i] : 0;
            const std::int64_t stands = i < expected ? windows[windows.size() - expected + i] : 0;
            check.expect(window == stands, window, [&] {
                return fmt::format("place {} of {}: {} should be there", i, ring_.size(), stands);
            });
        }
        results_.push_back(check.result());
        Check headers("service", "ring header", snapshots_, "headers");
        const auto said = reply.headers.find("x-hud-windows");
        const bool told = said != reply.headers.end();
        headers.expect(told && said->second == std::to_string(ring_.size()), {}, [&] {
            return fmt::format("{} windows, X-HUD-Windows says {}", ring_.size(),
                               told ? said->second : "nothing");
        });
        results_.push_back(headers.result());
        return {};
    }

    Result<void> look_at_range(const SurfaceTable& surface) {
        const lake::PartitionKey key = key_of(surface);
        const std::string name = fmt::format("{} range", surface.surface);
        if (!lake_.is_complete(key)) {
            results_.push_back(
                pipeline::checks::absent("service", key, false, "not in the lake: not asked for"));
            return {};
        }
        const std::int64_t first = ring_[ring_.size() - std::min(ring_.size(), kRangeWindows)];
        SPY_ASSIGN(
            const LiveReply reply,
            fetch(address_, fmt::format("{}&surface={}&start_ts_ns={}&end_ts_ns={}",
                                        target("/v1/hud/surfaces"), surface.surface, first, ring_.back())));
        auto rows = reply.status == 200 ? rows_of_stream(reply.body, contract_of(surface))
                                        : make_error(ErrorCode::io, "{} {}", reply.status, reply.body);
        if (!rows) {
            results_.push_back(pipeline::checks::unreadable("service", name, key, rows.error()));
            return {};
        }
        SPY_ASSIGN(const lake::ColumnBatch stored, rows_of_lake(lake_, key, first, ring_.back()));
        Check check("service", name, key, "rows");
        const std::string difference = first_difference(rows->rows, stored, contract_of(surface));
        for (std::size_t i = 0; i < rows->rows.row_count(); ++i)
            check.expect(i > 0 || difference.empty(), {}, [&] { return difference; });
        results_.push_back(check.result());
        return {};
    }

    Result<void> look_at_stream() {
        Check heads("service", "stream heads", snapshots_, "messages");
        Check frames("service", "stream frames", snapshots_, "messages");
        SPY_ASSIGN(LiveStream stream,
                   LiveStream::open(address_, fmt::format("{}&start_ts_ns={}&speed=1000",
                                                          target("/v1/hud/stream"), ring_.front())));
        const std::size_t windows = std::min(ring_.size(), kStreamWindows);
        bool in_step = true;
        for (std::size_t i = 0; i < windows && in_step; ++i) {
            SPY_ASSIGN(in_step, look_at_window(stream, i, heads, frames));
        }
        results_.push_back(heads.result());
        results_.push_back(frames.result());
        return {};
    }

    // Window `at` of the stream; false: a head is not what it has to be, and what follows cannot be told apart.
    Result<bool> look_at_window(LiveStream& stream, std::size_t at, Check& heads, Check& frames) {
        std::optional<std::int64_t> window;
        for (const SurfaceTable& surface : kSurfaces) {
            SPY_ASSIGN(const LiveMessage head, stream.next());
            if (!look_at_head(surface, head, at, window, heads)) return false;
            SPY_ASSIGN(const LiveMessage frame, stream.next());
            SPY_TRY(look_at_frame(surface, frame, *window, frames));
        }
        return true;
    }

    // The surfaces of a window in their order, all of one window; a window that follows the one before it in the ring. A slow
    // machine may have windows left out, so that it may be a later one.
    bool look_at_head(const SurfaceTable& surface, const LiveMessage& head, std::size_t at,
                      std::optional<std::int64_t>& window, Check& heads) {
        const auto message = nlohmann::json::parse(head.payload, nullptr, false);
        const bool is_head = !head.closed && !head.binary && message.is_object() &&
                             message.value("type", "") == "hud_batch" &&
                             message.value("surface", "") == surface.surface;
        const std::optional<std::int64_t> here = is_head ? window_of(message) : std::nullopt;
        const bool first = !window.has_value();
        bool good = here.has_value() && (first || *here == *window);
        if (good && first) {
            good =
                at == 0 ? *here == ring_.front() : *here > last_ && std::ranges::binary_search(ring_, *here);
        }
        heads.expect(good, here, [&] {
            return fmt::format("the head of {} in window {} of the stream is {}", surface.surface, at + 1,
                               head.closed   ? "a close"
                               : head.binary ? "a binary message"
                                             : head.payload);
        });
        if (!good) return false;
        window = here;
        last_ = *here;
        return true;
    }

    Result<void> look_at_frame(const SurfaceTable& surface, const LiveMessage& frame, std::int64_t window,
                               Check& frames) {
        const lake::Contract& contract = contract_of(surface);
        const lake::PartitionKey key = key_of(surface);
        std::string wrong = frame.closed || !frame.binary ? "no binary message" : "";
        if (wrong.empty()) {
            const auto rows = rows_of_stream(frame.payload, contract);
            if (!rows) {
                wrong = rows.error().message;
            } else if (rows->batches > 1) {
                wrong = fmt::format("{} record batches", rows->batches);
            } else if (lake_.is_complete(key)) {
                SPY_ASSIGN(const lake::ColumnBatch stored, rows_of_lake(lake_, key, window, window));
                wrong = first_difference(rows->rows, stored, contract);
            } else if (rows->rows.row_count() != 0) {
                wrong = "rows of a table that is not in the lake";
            }
        }
        frames.expect(wrong.empty(), window, [&] { return fmt::format("{}: {}", surface.surface, wrong); });
        return {};
    }

    const lake::Lake& lake_;
    ServerAddress address_;
    const Subject& subject_;
    CheckResults& results_;
    lake::PartitionKey snapshots_ = subject_.silver(kSurfaces.front().table);
    std::vector<std::int64_t> ring_;  // the windows of the bootstrap
    std::int64_t last_ = 0;           // window of the stream
};

}  // namespace

Result<CheckResults> check_service(const lake::Lake& lake, const std::string& url,
                                   const pipeline::checks::Request& request) {
    SPY_ASSIGN(const ServerAddress address, parse_server_url(url));
    SPY_ASSIGN(const std::vector<Subject> subjects, pipeline::checks::subjects_of(lake, request));
    CheckResults results;
    for (const Subject& subject : subjects) {
        if (subject.product->is_option() || !lake.is_complete(subject.silver(kSurfaces.front().table)))
            continue;
        SPY_TRY(SessionChecks(lake, address, subject, results).run());
    }
    if (results.empty()) {
        return make_error(ErrorCode::missing, "no snapshots of {} are in the lake to hold the server against",
                          request.date.iso());
    }
    return results;
}

}  // namespace spymaster::serve
