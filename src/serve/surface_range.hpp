// One surface of a range of windows as one Arrow IPC stream, one record batch a window with rows: /v1/velocity.arrow and
// its like, /v1/hud/bootstrap, /v1/hud/surfaces.
//
// The batches are those of the streams' frames, encoded once and shared; nothing is copied, and no more is in memory than
// the chunk being sent and what the store keeps.
#pragma once

#include <cstddef>
#include <memory>

#include "serve/reply.hpp"
#include "serve/window_store.hpp"

namespace spymaster::serve {

class SurfaceRange : public BodySource, public std::enable_shared_from_this<SurfaceRange> {
  public:
    static constexpr std::size_t kMaxWindows = 1800;  // of the paths that have a limit

    // Windows [first, last) of the session. REQUIRES: first <= last <= window_ends()->size()
    SurfaceRange(WindowStore& store, SessionPtr session, Surface surface, std::size_t first, std::size_t last)
        : store_(store), session_(std::move(session)), surface_(surface), next_(first), last_(last) {}

    void next(OnParts on_parts) override;

  private:
    enum class Stage : std::uint8_t { schema, batches, end, done };

    void next_batches(OnParts on_parts);

    WindowStore& store_;
    SessionPtr session_;
    Surface surface_;
    std::size_t next_;
    std::size_t last_;
    Stage stage_ = Stage::schema;
};

}  // namespace spymaster::serve
