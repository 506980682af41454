#include "serve/replay_session.hpp"

#include <atomic>
#include <chrono>

namespace spymaster::serve {

namespace {

Result<std::vector<SnapRow>> read_snaps(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    const std::vector<std::string> names{"window_end_ts_ns", "mid_price", "spot_ref_price_int", "book_valid"};
    SPY_ASSIGN(const auto at, places_of(spec->contract, names));
    SPY_ASSIGN(auto reader, lake.read(key, names));
    lake::ColumnBatch rows(spec->contract);
    std::vector<SnapRow> snaps;
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) break;
        const auto& ends = rows.at<std::vector<std::int64_t>>(at[0]);
        const auto& mids = rows.at<std::vector<double>>(at[1]);
        const auto& spots = rows.at<std::vector<std::int64_t>>(at[2]);
        const auto& valid = rows.at<std::vector<std::uint8_t>>(at[3]);
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (!snaps.empty() && ends[i] <= snaps.back().window_end_ts_ns) {
                return make_error(ErrorCode::malformed, "{} {} {}: window_end_ts_ns does not ascend",
                                  key.dataset, key.symbol, key.date.iso());
            }
            snaps.push_back({ends[i], mids[i], spots[i], valid[i] != 0});
        }
    }
    return snaps;
}

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last_id{0};
    return ++last_id;
}

}  // namespace

ReplaySession::ReplaySession(SessionKey key, std::vector<SnapRow> snaps)
    : id_(next_id()), key_(std::move(key)), snaps_(std::move(snaps)) {
    auto ends = std::make_shared<std::vector<std::int64_t>>();
    for (const auto& snap : snaps_) ends->push_back(snap.window_end_ts_ns);
    window_ends_ = std::move(ends);
}

Result<std::shared_ptr<ReplaySession>> ReplaySession::open(const lake::Lake& lake, const SessionKey& key) {
    const auto keys = partitions_of(key);
    SPY_ASSIGN(auto snaps, read_snaps(lake, keys.snapshots));
    std::shared_ptr<ReplaySession> session(new ReplaySession(key, std::move(snaps)));
    SPY_ASSIGN(session->velocity_, VelocityReader::open(lake, keys.gold, *session->window_ends_));
    session->open_options(lake);
    return session;
}

void ReplaySession::open_options(const lake::Lake& lake) {
    constexpr int kAttempts = 5;
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
        options_problem_.reset();
        const auto before = session_signature(lake, key_);
        const auto gold = option_gold_of(lake, key_);
        if (!gold) return;
        auto options = OptionsReader::open(lake, *gold, *window_ends_);
        if (options) {
            options_ = std::move(options).value();
            return;
        }
        options_problem_ = options.error();
        // Replaced meanwhile: what could not be read is gone.
        const auto after = session_signature(lake, key_);
        if (before && after && *before == *after) return;
    }
}

Result<std::vector<WindowPtr>> ReplaySession::load(std::size_t first, std::size_t count,
                                                   const std::function<void(double)>& on_encoded) {
    SPY_ASSERT(first + count <= snaps_.size());
    const std::scoped_lock lock(mutex_);
    std::vector<WindowPtr> windows;
    windows.reserve(count);
    VelocityRows velocity;
    OptionRows options;
    for (std::size_t k = first; k < first + count; ++k) {
        SPY_TRY(velocity_->read(k, velocity));
        if (options_) SPY_TRY(options_->read(k, options));
        const auto began = std::chrono::steady_clock::now();
        SPY_ASSIGN(auto window, encoder_.encode(snaps_[k], velocity, options, {}));
        on_encoded(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        windows.push_back(std::move(window));
    }
    return windows;
}

}  // namespace spymaster::serve
