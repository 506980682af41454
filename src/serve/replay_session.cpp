#include "serve/replay_session.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

namespace spymaster::serve {

namespace {

Result<std::vector<SnapRow>> read_snaps(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto at, places_of(spec->contract, snap_columns()));
    SPY_ASSIGN(auto reader, lake.read(key, snap_columns()));
    lake::ColumnBatch rows(spec->contract);
    std::vector<SnapRow> snaps;
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) break;
        append_snaps(rows, at, snaps);
    }
    const auto out_of_order =
        std::ranges::adjacent_find(snaps, std::ranges::greater_equal(), &SnapRow::window_end_ts_ns);
    if (out_of_order != snaps.end()) {
        return make_error(ErrorCode::malformed, "{} {} {}: window_end_ts_ns does not ascend", key.dataset,
                          key.symbol, key.date.iso());
    }
    return snaps;
}

// Opens something of a session; not being able to is a problem, not the end. What could not be read because it was
// being replaced is read again.
template <class Part, class Open>  // open() -> Result<optional<Part>>; none: there is nothing to open
void open_part(const lake::Lake& lake, const SessionKey& key, std::optional<Part>& part,
               std::optional<Error>& problem, Open open) {
    constexpr int kAttempts = 5;
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
        const auto before = session_signature(lake, key);
        auto opened = open();
        if (opened) {
            problem.reset();
            part = std::move(opened).value();
            return;
        }
        problem = opened.error();
        const auto after = session_signature(lake, key);
        if (before && after && *before == *after) return;
    }
}

double seconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

// "silver.future_mbo.wall_surface_1s" is made by the run of product future_mbo, and is its table wall_surface_1s.
Error not_there(const lake::PartitionKey& key) {
    const auto before_product = key.dataset.find('.') + 1;
    const auto before_table = key.dataset.rfind('.') + 1;
    return make_error(ErrorCode::missing,
                      "{} of {} {} is not in the lake; `spymaster run --product-type {} --symbol {} --dt {} "
                      "--dataset {}` makes it",
                      key.dataset, key.symbol, key.date.iso(),
                      key.dataset.substr(before_product, before_table - before_product - 1), key.symbol,
                      key.date.iso(), key.dataset.substr(before_table));
}

}  // namespace

ReplaySession::ReplaySession(SessionKey key, std::vector<SnapRow> snaps)
    : Session(std::move(key)), snaps_(std::move(snaps)) {
    auto ends = std::make_shared<std::vector<std::int64_t>>();
    for (const auto& snap : snaps_) ends->push_back(snap.window_end_ts_ns);
    window_ends_ = std::move(ends);
}

Result<std::shared_ptr<ReplaySession>> ReplaySession::open(const lake::Lake& lake, const SessionKey& key) {
    const auto keys = partitions_of(key);
    SPY_ASSIGN(auto snaps, read_snaps(lake, keys.snapshots));
    std::shared_ptr<ReplaySession> session(new ReplaySession(key, std::move(snaps)));
    SPY_ASSIGN(session->velocity_, VelocityReader::open(lake, keys.gold, *session->window_ends_));
    SPY_TRY(session->make_tables(lake));
    session->open_options(lake);
    session->open_forecast(lake);
    return session;
}

void ReplaySession::open_options(const lake::Lake& lake) {
    open_part(lake, key(), options_, options_problem_, [&]() -> Result<std::optional<OptionsReader>> {
        const auto gold = option_gold_of(lake, key());
        if (!gold) return std::optional<OptionsReader>();
        SPY_ASSIGN(auto options, OptionsReader::open(lake, *gold, *window_ends_));
        return std::optional<OptionsReader>(std::move(options));
    });
}

void ReplaySession::open_forecast(const lake::Lake& lake) {
    open_part(lake, key(), forecast_, forecast_problem_, [&]() -> Result<std::optional<SessionForecast>> {
        SPY_ASSIGN(auto forecast, SessionForecast::open(lake, key(), *window_ends_));
        return std::optional<SessionForecast>(std::move(forecast));
    });
}

Result<void> ReplaySession::make_tables(const lake::Lake& lake) {
    for (const auto surface : kSurfaces) {
        if (!is_table(surface)) continue;
        SPY_ASSIGN(tables_[place_of(surface)],
                   TableSurface::make(lake, table_of(key(), surface), window_ends_));
    }
    return {};
}

TableSurface& ReplaySession::table(Surface surface) const {
    SPY_ASSERT(is_table(surface));
    return *tables_[place_of(surface)];
}

std::string_view ReplaySession::schema_message(Surface surface) const {
    return is_table(surface) ? table(surface).schema_message() : encoder_.schema_message(surface);
}

Result<void> ReplaySession::check_readable(Surface surface) const {
    if (surface == Surface::options && options_problem_) return *options_problem_;
    if (surface == Surface::forecast && forecast_problem_)
        return make_error(ErrorCode::internal, "{}", forecast_problem_->message);
    return {};
}

Result<void> ReplaySession::check_there(Surface surface) const {
    SPY_TRY(check_readable(surface));
    if (surface == Surface::options && !options_) {
        const auto* product = pipeline::option_product_of(key().product);
        SPY_ASSERT(product != nullptr);
        return not_there(pipeline::keys_of(*product, key().symbol, key().date).gold);
    }
    if (is_table(surface) && !table(surface).is_there()) return not_there(table(surface).key());
    return {};
}

// Of tables by their index, of snap because it has a row a window.
Result<std::optional<std::int64_t>> ReplaySession::row_count(Surface surface, std::size_t first,
                                                             std::size_t last) {
    using Rows = std::optional<std::int64_t>;
    if (surface == Surface::snap) return Rows(static_cast<std::int64_t>(last - first));
    if (!is_table(surface)) return Rows();
    SPY_ASSIGN(const auto rows, table(surface).row_count(first, last));
    return Rows(rows);
}

std::vector<SurfaceRun> ReplaySession::load(std::size_t first, std::size_t count, SurfaceSet surfaces,
                                            Metrics& metrics) {
    SPY_ASSERT(first + count <= snaps_.size());
    std::vector<double> encode_seconds(count, 0.0);
    std::vector<SurfaceRun> runs;
    for (const auto surface : kSurfaces) {
        if (surfaces.contains(surface))
            runs.push_back({surface, load_surface(surface, first, encode_seconds, metrics)});
    }
    for (const double seconds : encode_seconds) metrics.window_encoded(seconds);
    return runs;
}

Result<std::vector<FramePtr>> ReplaySession::load_surface(Surface surface, std::size_t first,
                                                          std::vector<double>& encode_seconds,
                                                          Metrics& metrics) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (!is_table(surface)) lock.lock();
    std::vector<FramePtr> frames;
    std::size_t bytes = 0;
    for (double& seconds : encode_seconds) {
        const std::size_t window = first + frames.size();
        SPY_ASSIGN(auto made, is_table(surface) ? table(surface).frame(window, seconds)
                                                : frame(surface, window, seconds, metrics));
        bytes += made->message.size();
        frames.push_back(std::move(made));
    }
    metrics.surface_encoded(surface, frames.size(), bytes);
    return frames;
}

Result<FramePtr> ReplaySession::frame(Surface surface, std::size_t window, double& encode_seconds,
                                      Metrics& metrics) {
    std::string problem;  // outlives the note
    ForecastNote note;
    if (surface == Surface::velocity) SPY_TRY(velocity_->read(window, velocity_rows_));
    if (surface == Surface::options && options_) SPY_TRY(options_->read(window, option_rows_));
    if (surface == Surface::forecast) note = forecast_note(window, problem, metrics);
    const auto began = std::chrono::steady_clock::now();
    auto made = surface == Surface::snap       ? encoder_.snap(snaps_[window])
                : surface == Surface::velocity ? encoder_.velocity(velocity_rows_)
                : surface == Surface::options  ? encoder_.options(option_rows_)
                                               : encoder_.forecast(note);
    encode_seconds += seconds_since(began);
    return made;
}

ForecastNote ReplaySession::forecast_note(std::size_t window, std::string& problem, Metrics& metrics) {
    ForecastNote note;
    if (forecast_problem_) problem = forecast_problem_->message;
    if (forecast_) {
        const auto made = forecast_->make(window);
        if (made) {
            note.forecast = made->forecast;
            note.calibration = made->calibration;
            metrics.forecast_made(made->forecast->given, !made->calibration.empty());
            if (made->forecast->given) metrics.forecast_took(made->seconds);
        } else {
            problem = made.error().message;
        }
    }
    note.problem = problem;
    if (!problem.empty()) metrics.forecast_failed();
    return note;
}

Result<ExplainedSecond> ReplaySession::explain(std::size_t window) {
    SPY_ASSERT(window < snaps_.size());
    const std::scoped_lock lock(mutex_);
    if (forecast_problem_) return *forecast_problem_;
    SPY_ASSIGN(const auto made, forecast_->make(window));
    return explained_second(*made.second, *made.forecast, made.parameters, made.calibration,
                            made.confidence_scale);
}

}  // namespace spymaster::serve
