// One day of one contract or share of the lake.
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
#include "serve/session.hpp"
#include "serve/session_forecast.hpp"
#include "serve/sessions.hpp"
#include "serve/surface_readers.hpp"
#include "serve/table_surface.hpp"

namespace spymaster::serve {

class ReplaySession : public Session {
  public:
    // Reads the snapshots and one column of gold. Options that are not there or cannot be read do not stop it, nor
    // does a forecast that cannot be made: those surfaces are empty then. Error: missing (not in the lake), malformed,
    // conflict, io. `lake` outlives it.
    static Result<std::shared_ptr<ReplaySession>> open(const lake::Lake& lake, const SessionKey& key);

    [[nodiscard]] WindowEnds window_ends() const override { return window_ends_; }
    [[nodiscard]] std::string_view schema_message(Surface surface) const override;
    // What came of its options: "read", "none", "unreadable".
    [[nodiscard]] std::string_view options_state() const {
        if (options_problem_) return "unreadable";
        return options_ ? "read" : "none";
    }

    [[nodiscard]] Result<void> check_readable(Surface surface) const override;
    [[nodiscard]] Result<void> check_there(Surface surface) const override;
    Result<std::optional<std::int64_t>> row_count(Surface surface, std::size_t first,
                                                  std::size_t last) override;
    std::vector<SurfaceRun> load(std::size_t first, std::size_t count, SurfaceSet surfaces,
                                 Metrics& metrics) override;
    Result<ExplainedSecond> explain(std::size_t window) override;

  private:
    ReplaySession(SessionKey key, std::vector<SnapRow> snaps);
    void open_options(const lake::Lake& lake);
    void open_forecast(const lake::Lake& lake);
    Result<void> make_tables(const lake::Lake& lake);
    // The table that a surface shows. REQUIRES: is_table(surface)
    [[nodiscard]] TableSurface& table(Surface surface) const;
    // The frames of one surface, as many as `encode_seconds` has places; what each took is added there.
    Result<std::vector<FramePtr>> load_surface(Surface surface, std::size_t first,
                                               std::vector<double>& encode_seconds, Metrics& metrics);
    // One of those that are no tables. REQUIRES: mutex_ is held
    Result<FramePtr> frame(Surface surface, std::size_t window, double& encode_seconds, Metrics& metrics);
    ForecastNote forecast_note(std::size_t window, std::string& problem, Metrics& metrics);

    WindowEnds window_ends_;
    std::vector<SnapRow> snaps_;
    SurfaceEncoder encoder_;
    std::array<std::unique_ptr<TableSurface>, kSurfaces.size()>
        tables_;                             // those of tables; each guards itself
    std::optional<Error> options_problem_;   // why it has no options although the lake does
    std::optional<Error> forecast_problem_;  // why none is made: a calibration that cannot be read, ...

    std::mutex mutex_;  // guards reading from what follows
    std::optional<VelocityReader> velocity_;
    std::optional<OptionsReader> options_;
    std::optional<SessionForecast> forecast_;
    VelocityRows velocity_rows_;
    OptionRows option_rows_;
};

}  // namespace spymaster::serve
