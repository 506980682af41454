// One day of one contract or share, as the stream replays it: its windows, and their frames on demand.
//
// In memory: the list of windows, some numbers and a snapshot a window, and row groups of gold and of its options' gold,
// each twice: once as they are streamed, once as the forecast reads them; of tables that were asked for, a row group each
// (docs/protocol.md has the megabytes).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/arrow_streams.hpp"
#include "serve/metrics.hpp"
#include "serve/session_forecast.hpp"
#include "serve/sessions.hpp"
#include "serve/surface_readers.hpp"
#include "serve/table_surface.hpp"

namespace spymaster::serve {

// A second of the session in full: what its forecast was made of, and with.
struct ExplainedSecond {
    forecast::Second second;
    windows::BookSnapshot1s snapshot;
    std::size_t option_strikes = 0;  // whose obstacles count in this second
    forecast::Parameters parameters;
    std::string calibration;                                    // empty: none was in force
    std::optional<forecast::ConfidenceScale> confidence_scale;  // of the calibration, if it has one
    forecast::Forecast1s forecast;
};

class ReplaySession {
  public:
    // Reads the snapshots and one column of gold. Options that are not there or cannot be read do not stop it, nor
    // does a forecast that cannot be made: those surfaces are empty then. Error: missing (not in the lake), malformed,
    // conflict, io. `lake` outlives it.
    static Result<std::shared_ptr<ReplaySession>> open(const lake::Lake& lake, const SessionKey& key);

    // No two sessions of a process have the same.
    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] const SessionKey& key() const { return key_; }
    // Ascending, distinct.
    [[nodiscard]] const std::shared_ptr<const std::vector<std::int64_t>>& window_ends() const {
        return window_ends_;
    }
    [[nodiscard]] std::string_view schema_message(Surface surface) const;
    // The table that a surface shows. REQUIRES: is_table(surface)
    [[nodiscard]] TableSurface& table(Surface surface) const;

    // Why it has no options although the lake does.
    [[nodiscard]] const std::optional<Error>& options_problem() const { return options_problem_; }
    // What came of them: "read", "none", "unreadable".
    [[nodiscard]] std::string_view options_state() const {
        if (options_problem_) return "unreadable";
        return options_ ? "read" : "none";
    }

    // Why no forecast of it is made: a calibration that cannot be read, option gold whose obstacles should count, ...
    [[nodiscard]] const std::optional<Error>& forecast_problem() const { return forecast_problem_; }

    // Surfaces of windows [first, first + count), each with its frames or with what is wrong with it; what they cost is told
    // to `metrics`. Any thread; one at a time works on a surface. A second whose forecast cannot be made has none and says
    // why. Error: malformed, io; of tables also conflict. REQUIRES: first + count <= window_ends()->size()
    struct SurfaceRun {
        Surface surface;
        Result<std::vector<FramePtr>> frames;
    };
    std::vector<SurfaceRun> load(std::size_t first, std::size_t count, SurfaceSet surfaces, Metrics& metrics);

    // Any thread; one at a time works. Error: forecast_problem(), or what is wrong with this second.
    // REQUIRES: window < window_ends()->size()
    Result<ExplainedSecond> explain(std::size_t window);

  private:
    ReplaySession(SessionKey key, std::vector<SnapRow> snaps);
    void open_options(const lake::Lake& lake);
    void open_forecast(const lake::Lake& lake);
    Result<void> make_tables(const lake::Lake& lake);
    // The frames of one surface, as many as `encode_seconds` has places; what each took is added there.
    Result<std::vector<FramePtr>> load_surface(Surface surface, std::size_t first,
                                               std::vector<double>& encode_seconds, Metrics& metrics);
    // One of those that are no tables. REQUIRES: mutex_ is held
    Result<FramePtr> frame(Surface surface, std::size_t window, double& encode_seconds, Metrics& metrics);
    ForecastNote forecast_note(std::size_t window, std::string& problem, Metrics& metrics);

    std::uint64_t id_;
    SessionKey key_;
    std::shared_ptr<const std::vector<std::int64_t>> window_ends_;
    std::vector<SnapRow> snaps_;
    SurfaceEncoder encoder_;
    std::array<std::unique_ptr<TableSurface>, kSurfaces.size()>
        tables_;  // those of tables; each guards itself
    std::optional<Error> options_problem_;
    std::optional<Error> forecast_problem_;

    std::mutex mutex_;  // guards reading from what follows
    std::optional<VelocityReader> velocity_;
    std::optional<OptionsReader> options_;
    std::optional<SessionForecast> forecast_;
    VelocityRows velocity_rows_;
    OptionRows option_rows_;
};

}  // namespace spymaster::serve
