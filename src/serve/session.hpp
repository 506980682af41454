// One day of one contract or share, as clients see it: its windows, and their surfaces on demand. A day of the lake
// (ReplaySession), or one that is being measured (live/live_session.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "forecast/calibration/confidence_scale.hpp"
#include "forecast/forecaster.hpp"
#include "pipeline/layers/forecast_inputs.hpp"
#include "serve/metrics.hpp"
#include "serve/sessions.hpp"
#include "serve/surface_frame.hpp"

namespace spymaster::serve {

// Ascending, distinct. Never changed: a session that grows gives another one.
using WindowEnds = std::shared_ptr<const std::vector<std::int64_t>>;

// A second of a session in full: what its forecast was made of, and with.
struct ExplainedSecond {
    forecast::Second second;
    windows::BookSnapshot1s snapshot;
    std::size_t option_strikes = 0;  // whose obstacles count in this second
    forecast::Parameters parameters;
    std::string calibration;                                    // empty: none was in force
    std::optional<forecast::ConfidenceScale> confidence_scale;  // of the calibration, if it has one
    forecast::Forecast1s forecast;
};
// `scale`: nullptr for none.
ExplainedSecond explained_second(const pipeline::ForecastSecond& second, const forecast::Forecast1s& forecast,
                                 const forecast::Parameters& parameters, std::string_view calibration,
                                 const forecast::ConfidenceScale* scale);

// A surface of some windows: the frames, or what is wrong with it.
struct SurfaceRun {
    Surface surface;
    Result<std::vector<FramePtr>> frames;
};

class Session {
  public:
    explicit Session(SessionKey key);
    virtual ~Session() = default;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // No two sessions of a process have the same.
    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] const SessionKey& key() const { return key_; }

    // Any thread.
    [[nodiscard]] virtual WindowEnds window_ends() const = 0;
    // There may be more windows than window_ends() has. Any thread.
    [[nodiscard]] virtual bool grows() const { return false; }
    // Any thread.
    [[nodiscard]] virtual std::string_view schema_message(Surface surface) const = 0;

    // Error: what the surface is made of is there, but cannot be read.
    [[nodiscard]] virtual Result<void> check_readable(Surface surface) const = 0;
    // Error (missing): what the surface is made of is not there, and what makes it; or as check_readable().
    [[nodiscard]] virtual Result<void> check_there(Surface surface) const = 0;
    // The rows of windows [first, last), where they are known without reading them. Error: as load().
    // REQUIRES: first <= last <= window_ends()->size()
    virtual Result<std::optional<std::int64_t>> row_count(Surface surface, std::size_t first,
                                                          std::size_t last) = 0;

    // Those surfaces of a window that is in memory. Any thread. REQUIRES: index < window_ends()->size()
    [[nodiscard]] virtual std::optional<WindowFrames> in_memory(std::size_t, SurfaceSet) const {
        return std::nullopt;
    }
    // Surfaces of windows [first, first + count), each with its frames or with what is wrong with it; what they cost is told
    // to `metrics`. Any thread; one at a time works on a surface. A second whose forecast cannot be made has none and says
    // why. Error: malformed, io; of tables also conflict. REQUIRES: first + count <= window_ends()->size()
    virtual std::vector<SurfaceRun> load(std::size_t first, std::size_t count, SurfaceSet surfaces,
                                         Metrics& metrics) = 0;

    // The windows before this one are not explained any more.
    [[nodiscard]] virtual std::size_t first_explained() const { return 0; }
    // Any thread; one at a time works. Error: why no forecast is made, or what is wrong with this second.
    // REQUIRES: window < window_ends()->size()
    virtual Result<ExplainedSecond> explain(std::size_t window) = 0;

  private:
    std::uint64_t id_;
    SessionKey key_;
};
using SessionPtr = std::shared_ptr<Session>;

}  // namespace spymaster::serve
