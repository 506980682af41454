#include "serve/surface_range.hpp"

namespace spymaster::serve {

namespace {

// In one chunk: enough for few writes, little enough to hold for a client that reads slowly.
constexpr std::size_t kWindowsInChunk = 8;

}  // namespace

void SurfaceRange::next(OnParts on_parts) {
    if (stage_ == Stage::schema) {
        stage_ = next_ < last_ ? Stage::batches : Stage::end;
        return on_parts(std::vector<BodyPart>{{session_, session_->schema_message(surface_)}});
    }
    if (stage_ == Stage::batches) return next_batches(std::move(on_parts));
    if (stage_ == Stage::end) {
        stage_ = Stage::done;
        return on_parts(std::vector<BodyPart>{{nullptr, kArrowEnd}});
    }
    on_parts(std::vector<BodyPart>());
}

void SurfaceRange::next_batches(OnParts on_parts) {
    std::vector<BodyPart> parts;
    while (next_ < last_ && parts.size() < kWindowsInChunk) {
        const auto window = store_.find(session_, next_, {surface_});
        if (!window) break;
        next_ += 1;
        const auto& frame = window->of(surface_);
        if (const auto batch = frame->batch(); !batch.empty()) parts.push_back({frame, batch});
    }
    if (next_ == last_) stage_ = Stage::end;
    if (!parts.empty()) return on_parts(std::move(parts));
    if (stage_ == Stage::end) return next(std::move(on_parts));
    store_.load(session_, next_, {surface_},
                [self = shared_from_this(), on_parts = std::move(on_parts)](const Result<void>& loaded) {
                    if (!loaded) return on_parts(loaded.error());
                    self->next_batches(on_parts);
                });
}

}  // namespace spymaster::serve
