#include "serve/live/live_session.hpp"

#include <utility>

namespace spymaster::serve {

namespace {

// What a window has in the file.
std::string logged_bytes(const WindowFrames& frames) {
    std::string bytes;
    for (const auto& frame : frames.frames) bytes.append(frame->batch());
    return bytes.append(frames.of(Surface::forecast)->note);
}

SurfaceSet surfaces_of(const pipeline::LiveSecond& second) {
    SurfaceSet surfaces{Surface::forecast};
    for (const auto surface : kSurfaces) {
        const auto table = live_table_of(surface);
        if (table && second.tables[static_cast<std::size_t>(*table)] != nullptr) surfaces.insert(surface);
    }
    return surfaces;
}

Result<ExplainedSecond> explanation_of(const pipeline::LiveSecond& second) {
    if (second.forecast == nullptr) return make_error(ErrorCode::internal, "{}", second.problem);
    return explained_second(second.forecast_second, *second.forecast, second.parameters, second.calibration,
                            second.confidence_scale);
}

}  // namespace

Result<std::shared_ptr<LiveSession>> LiveSession::make(const lake::Lake& lake,
                                                       const pipeline::LiveContract& contract,
                                                       LiveLimits limits, Metrics& metrics) {
    SPY_ASSIGN(auto encoder, LiveEncoder::make(lake, contract));
    SPY_ASSIGN(auto log, FrameLog::make(lake.root()));
    return std::shared_ptr<LiveSession>(
        new LiveSession(contract, limits, std::move(encoder), std::move(log), metrics));
}

LiveSession::LiveSession(const pipeline::LiveContract& contract, LiveLimits limits, LiveEncoder encoder,
                         std::unique_ptr<FrameLog> log, Metrics& metrics)
    : Session(key_of(contract)),
      contract_(contract),
      limits_(limits),
      encoder_(std::move(encoder)),
      log_(std::move(log)),
      metrics_(metrics) {}

Result<void> LiveSession::add(const pipeline::LiveSecond& second) {
    if (const auto ends = window_ends(); !ends->empty() && second.window_end_ts_ns <= ends->back()) {
        return make_error(ErrorCode::conflict, "{}: window {} came after window {}", key().symbol,
                          second.window_end_ts_ns, ends->back());
    }
    auto encoded = encoder_.encode(second, metrics_);
    if (!encoded) return encoded.error().within(key().symbol);
    const WindowFrames frames = std::move(encoded).value();
    publish(second, frames);
    keep(frames);
    return {};
}

void LiveSession::publish(const pipeline::LiveSecond& second, WindowFrames frames) {
    Place place;
    for (const auto surface : kSurfaces) {
        const auto table = live_table_of(surface);
        const auto* rows = table ? second.tables[static_cast<std::size_t>(*table)] : nullptr;
        if (rows != nullptr) place.rows[place_of(surface)] = static_cast<std::uint32_t>(rows->row_count());
    }
    auto explanation = explanation_of(second);
    const std::scoped_lock lock(mutex_);
    auto ends = std::make_shared<std::vector<std::int64_t>>();
    ends->reserve(window_ends_->size() + 1);
    *ends = *window_ends_;
    ends->push_back(second.window_end_ts_ns);
    window_ends_ = std::move(ends);
    places_.push_back(place);
    recent_.push_back({std::move(frames), second.arrived});
    if (recent_.size() > limits_.windows) recent_.pop_front();
    explained_.push_back(std::move(explanation));
    if (explained_.size() > limits_.explained) explained_.pop_front();
    surfaces_ = surfaces_of(second);
    book_valid_ = second.forecast_second.snapshot.book_valid;
}

void LiveSession::keep(const WindowFrames& frames) {
    const auto at = log_->append(logged_bytes(frames));
    const std::scoped_lock lock(mutex_);
    if (!at) {
        log_problem_ = at.error().message;
        return;
    }
    Place& place = places_.back();
    place.at = *at;
    for (const auto surface : kSurfaces)
        place.sizes[place_of(surface)] = static_cast<std::uint32_t>(frames.of(surface)->batch_size);
    place.note_size = static_cast<std::uint32_t>(frames.of(Surface::forecast)->note.size());
}

void LiveSession::end() {
    const std::scoped_lock lock(mutex_);
    grows_ = false;
}

SurfaceSet LiveSession::surfaces() const {
    const std::scoped_lock lock(mutex_);
    return surfaces_;
}

std::optional<bool> LiveSession::book_valid() const {
    const std::scoped_lock lock(mutex_);
    return book_valid_;
}

std::optional<std::chrono::steady_clock::time_point> LiveSession::arrived(std::size_t window) const {
    const std::scoped_lock lock(mutex_);
    if (window < first_recent() || window >= places_.size()) return std::nullopt;
    return recent_[window - first_recent()].arrived;
}

WindowEnds LiveSession::window_ends() const {
    const std::scoped_lock lock(mutex_);
    return window_ends_;
}

bool LiveSession::grows() const {
    const std::scoped_lock lock(mutex_);
    return grows_;
}

Result<void> LiveSession::check_there(Surface surface) const {
    const auto there = surfaces();
    if (there.contains(surface)) return {};
    if (there.empty()) {
        return make_error(ErrorCode::missing, "{} is live, but no window of it has closed yet; ask again",
                          key().symbol);
    }
    return make_error(ErrorCode::missing, "surface {} is not made of {} while it is live; there are {}",
                      name_of(surface), key().symbol, json_list(there));
}

Result<std::optional<std::int64_t>> LiveSession::row_count(Surface surface, std::size_t first,
                                                           std::size_t last) {
    using Rows = std::optional<std::int64_t>;
    if (surface == Surface::snap) return Rows(static_cast<std::int64_t>(last - first));
    if (!is_table(surface)) return Rows();
    const std::scoped_lock lock(mutex_);
    std::int64_t rows = 0;
    for (std::size_t window = first; window < last; ++window) rows += places_[window].rows[place_of(surface)];
    return Rows(rows);
}

std::optional<WindowFrames> LiveSession::in_memory(std::size_t index, SurfaceSet surfaces) const {
    const std::scoped_lock lock(mutex_);
    if (index < first_recent()) return std::nullopt;
    WindowFrames window = recent_[index - first_recent()].frames;
    for (const auto surface : kSurfaces) {
        if (!surfaces.contains(surface)) window.frames[place_of(surface)] = nullptr;
    }
    return window;
}

std::vector<SurfaceRun> LiveSession::load(std::size_t first, std::size_t count, SurfaceSet surfaces,
                                          Metrics&) {
    std::vector<SurfaceRun> runs;
    for (const auto surface : kSurfaces) {
        if (surfaces.contains(surface)) runs.push_back({surface, load_surface(surface, first, count)});
    }
    return runs;
}

Result<std::vector<FramePtr>> LiveSession::load_surface(Surface surface, std::size_t first,
                                                        std::size_t count) const {
    std::vector<FramePtr> frames;
    for (std::size_t window = first; window < first + count; ++window) {
        if (const auto here = in_memory(window, {surface})) {
            frames.push_back(here->of(surface));
            continue;
        }
        std::unique_lock lock(mutex_);
        const Place place = places_[window];
        if (place.at == kNowhere) {
            return make_error(
                ErrorCode::io,
                "window {} of {} could not be kept ({}); the lake has it when the session is over",
                (*window_ends_)[window], key().symbol, log_problem_);
        }
        lock.unlock();
        SPY_ASSIGN(auto frame, read(surface, place));
        frames.push_back(std::move(frame));
    }
    return frames;
}

Result<FramePtr> LiveSession::read(Surface surface, const Place& place) const {
    std::int64_t at = place.at;
    std::int64_t end = place.at;
    for (std::size_t i = 0; i < kSurfaces.size(); ++i) {
        if (i < place_of(surface)) at += place.sizes[i];
        end += place.sizes[i];
    }
    SPY_ASSIGN(const auto batch, log_->read(at, place.sizes[place_of(surface)]));
    std::string note;
    if (surface == Surface::forecast) {
        SPY_ASSIGN(note, log_->read(end, place.note_size));
    }
    return make_frame(schema_message(surface), batch, std::move(note));
}

std::size_t LiveSession::first_explained() const {
    const std::scoped_lock lock(mutex_);
    return places_.size() - explained_.size();
}

Result<ExplainedSecond> LiveSession::explain(std::size_t window) {
    const std::scoped_lock lock(mutex_);
    const std::size_t first = places_.size() - explained_.size();
    if (window < first) {
        return make_error(ErrorCode::missing, "window {} of {} is not explained any more",
                          (*window_ends_)[window], key().symbol);
    }
    return explained_[window - first];
}

}  // namespace spymaster::serve
