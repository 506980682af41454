// A contract or share that is being measured, as clients see it: windows are added as they close, and all since the
// first can be read.
//
// In memory: the newest windows encoded, the newest explained, and some numbers a window (100 bytes); the other windows lie
// in a file (frame_log.hpp).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/live/live_second.hpp"
#include "serve/live/frame_log.hpp"
#include "serve/live/live_encoder.hpp"
#include "serve/session.hpp"

namespace spymaster::serve {

struct LiveLimits {
    // Kept in memory, encoded. At least WindowStore::kRun: a run that is not whole is never read from disk.
    std::size_t windows = 120;
    std::size_t explained = 1800;  // kept in full
};

class LiveSession : public Session {
  public:
    // Its file lies in the lake's folder. Error: io, and as LiveEncoder::make. `metrics` outlives it.
    static Result<std::shared_ptr<LiveSession>> make(const lake::Lake& lake,
                                                     const pipeline::LiveContract& contract,
                                                     LiveLimits limits, Metrics& metrics);

    // A second more, and that there will be no more. One thread. When add() returns, the window can be seen; what cannot be
    // kept on disk is told to those who ask for it. Error: as LiveEncoder::encode; conflict: not after the second before.
    Result<void> add(const pipeline::LiveSecond& second);
    void end();

    [[nodiscard]] const pipeline::LiveContract& contract() const { return contract_; }
    // The surfaces that are made for it, as far as its newest second tells.
    [[nodiscard]] SurfaceSet surfaces() const;
    // Of the newest second; none before the first.
    [[nodiscard]] std::optional<bool> book_valid() const;
    // When the last byte arrived without which the window could not have been closed; none if that is long ago.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> arrived(std::size_t window) const;

    [[nodiscard]] WindowEnds window_ends() const override;
    [[nodiscard]] bool grows() const override;
    [[nodiscard]] std::string_view schema_message(Surface surface) const override {
        return encoder_.schema_message(surface);
    }
    [[nodiscard]] Result<void> check_readable(Surface) const override { return {}; }
    [[nodiscard]] Result<void> check_there(Surface surface) const override;
    Result<std::optional<std::int64_t>> row_count(Surface surface, std::size_t first,
                                                  std::size_t last) override;
    [[nodiscard]] std::optional<WindowFrames> in_memory(std::size_t index,
                                                        SurfaceSet surfaces) const override;
    // Error: also io, a window that could not be kept on disk.
    std::vector<SurfaceRun> load(std::size_t first, std::size_t count, SurfaceSet surfaces,
                                 Metrics& metrics) override;
    [[nodiscard]] std::size_t first_explained() const override;
    Result<ExplainedSecond> explain(std::size_t window) override;

  private:
    // Where the batches of a window lie: one behind the other, in the order of the surfaces, then the forecast's note.
    struct Place {
        std::int64_t at = kNowhere;
        std::array<std::uint32_t, kSurfaces.size()> sizes{};
        std::uint32_t note_size = 0;
        std::array<std::uint32_t, kSurfaces.size()> rows{};  // of the tables
    };
    static constexpr std::int64_t kNowhere = -1;

    struct Recent {
        WindowFrames frames;
        std::chrono::steady_clock::time_point arrived;
    };

    LiveSession(const pipeline::LiveContract& contract, LiveLimits limits, LiveEncoder encoder,
                std::unique_ptr<FrameLog> log, Metrics& metrics);
    void publish(const pipeline::LiveSecond& second, WindowFrames frames);
    // Puts the newest window on disk.
    void keep(const WindowFrames& frames);
    Result<FramePtr> read(Surface surface, const Place& place) const;
    Result<std::vector<FramePtr>> load_surface(Surface surface, std::size_t first, std::size_t count) const;
    [[nodiscard]] std::size_t first_recent() const { return places_.size() - recent_.size(); }

    const pipeline::LiveContract contract_;
    const LiveLimits limits_;
    LiveEncoder encoder_;
    const std::unique_ptr<FrameLog> log_;
    Metrics& metrics_;

    mutable std::mutex mutex_;  // guards what follows
    WindowEnds window_ends_ = std::make_shared<std::vector<std::int64_t>>();
    std::vector<Place> places_;                      // a window each
    std::deque<Recent> recent_;                      // the newest
    std::deque<Result<ExplainedSecond>> explained_;  // likewise
    SurfaceSet surfaces_;
    std::optional<bool> book_valid_;
    std::string log_problem_;  // the last one
    bool grows_ = true;
};

}  // namespace spymaster::serve
