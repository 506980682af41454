#include "serve/replay_session.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <system_error>

#include <fmt/ranges.h>

namespace spymaster::serve {

namespace {

// "ES" is the root of "ESH4" and "ESZ25": a month letter and one or two digits of the year follow it.
bool is_contract_of(std::string_view symbol, std::string_view root) {
    if (!symbol.starts_with(root)) return false;
    const auto rest = symbol.substr(root.size());
    if (rest.size() < 2 || rest.size() > 3) return false;
    return std::string_view("FGHJKMNQUVXZ").find(rest.front()) != std::string_view::npos &&
           std::all_of(rest.begin() + 1, rest.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> surface_columns() {
    std::vector<std::string> names{"window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "side"};
    names.insert(names.end(), kVelocityFields.begin(), kVelocityFields.end());
    return names;
}

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

}  // namespace

Result<std::vector<std::size_t>> places_of(const lake::Contract& contract,
                                           const std::vector<std::string>& names) {
    std::vector<std::size_t> out;
    for (const auto& name : names) {
        SPY_ASSIGN(const auto place, contract.index_of(name));
        out.push_back(place);
    }
    return out;
}

lake::PartitionKey partition(std::string_view dataset, const SessionKey& session) {
    return {std::string(dataset), session.symbol, session.date};
}

Result<SessionKey> resolve(const lake::Lake& lake, const SessionKey& asked) {
    const auto served = [&lake](const SessionKey& key) {
        return lake.is_complete(partition(kSnapshotDataset, key)) &&
               lake.is_complete(partition(kSurfaceDataset, key));
    };
    if (served(asked)) return asked;
    SPY_ASSIGN(const auto partitions, lake.partitions(kSurfaceDataset));
    std::vector<std::string> contracts;
    for (const auto& key : partitions) {
        const bool candidate = key.date == asked.date && is_contract_of(key.symbol, asked.symbol);
        if (candidate && served({key.symbol, key.date})) contracts.push_back(key.symbol);
    }
    if (contracts.size() == 1) return SessionKey{contracts.front(), asked.date};
    if (contracts.size() > 1) {
        return make_error(ErrorCode::usage, "{} on {} is one of {}: name the contract", asked.symbol,
                          asked.date.iso(), fmt::join(contracts, ", "));
    }
    return make_error(ErrorCode::missing,
                      "{} {} is not in the lake, or not yet whole: /v1/catalog lists what is", asked.symbol,
                      asked.date.iso());
}

Result<std::string> session_signature(const lake::Lake& lake, const SessionKey& key) {
    std::string signature;
    for (const auto dataset : {kSnapshotDataset, kSurfaceDataset}) {
        SPY_ASSIGN(const auto folder, lake.partition_path(partition(dataset, key)));
        std::error_code failed;
        const auto written = std::filesystem::last_write_time(folder / "_MANIFEST.json", failed);
        if (failed) {
            return make_error(ErrorCode::io, "{}: {}; ask again", (folder / "_MANIFEST.json").string(),
                              failed.message());
        }
        signature += fmt::format("{} ", written.time_since_epoch().count());
    }
    return signature;
}

Result<RowIndex> index_rows(const lake::Lake& lake, const lake::PartitionKey& key,
                            const std::vector<std::int64_t>& window_ends) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto at, spec->contract.index_of("window_end_ts_ns"));
    SPY_ASSIGN(auto reader, lake.read(key, {"window_end_ts_ns"}));
    lake::ColumnBatch rows(spec->contract);
    RowIndex index;
    index.at.assign(window_ends.size() + 1, 0);
    std::size_t window = 0;
    std::int64_t row = 0;
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) break;
        for (const auto end : rows.at<std::vector<std::int64_t>>(at)) {
            while (window < window_ends.size() && window_ends[window] < end) index.at[++window] = row;
            if (window == window_ends.size() || window_ends[window] != end) {
                return make_error(ErrorCode::conflict,
                                  "{} {} {}: row {} is of window {}, which is out of order or not among "
                                  "the snapshots; run the layer again",
                                  key.dataset, key.symbol, key.date.iso(), row, end);
            }
            row += 1;
        }
    }
    while (window < window_ends.size()) index.at[++window] = row;
    return index;
}

ReplaySession::ReplaySession(const lake::Contract& gold) : rows_(gold) {
    static std::atomic<std::uint64_t> last_id{0};
    id_ = ++last_id;
}

Result<std::shared_ptr<ReplaySession>> ReplaySession::open(const lake::Lake& lake, const SessionKey& key) {
    SPY_ASSIGN(const auto* gold, lake.dataset(kSurfaceDataset));
    const auto gold_key = partition(kSurfaceDataset, key);
    std::shared_ptr<ReplaySession> session(new ReplaySession(gold->contract));
    SPY_ASSIGN(session->snaps_, read_snaps(lake, partition(kSnapshotDataset, key)));
    auto ends = std::make_shared<std::vector<std::int64_t>>();
    for (const auto& snap : session->snaps_) ends->push_back(snap.window_end_ts_ns);
    session->window_ends_ = std::move(ends);
    SPY_TRY(session->open_gold(lake, gold_key));
    SPY_ASSIGN(session->gold_index_, index_rows(lake, gold_key, *session->window_ends_));
    if (session->gold_index_.at.back() != session->group_at_.back()) {
        return make_error(ErrorCode::conflict, "{} {} was replaced while it was being opened; ask again",
                          key.symbol, key.date.iso());
    }
    return session;
}

Result<void> ReplaySession::open_gold(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    SPY_ASSIGN(columns_, places_of(spec->contract, surface_columns()));
    SPY_ASSIGN(gold_, lake.read(key, surface_columns()));
    group_at_.assign(1, 0);
    for (const auto rows : gold_->row_group_rows()) group_at_.push_back(group_at_.back() + rows);
    return {};
}

// REQUIRES: row < group_at_.back()
Result<void> ReplaySession::decode_group_of(std::int64_t row) {
    const auto after = std::upper_bound(group_at_.begin(), group_at_.end(), row);
    const auto group = static_cast<std::size_t>(after - group_at_.begin()) - 1;
    if (decoded_ && group_ == group) return {};
    decoded_ = false;
    if (next_group_ != group) SPY_TRY(gold_->seek_row_group(group));
    next_group_ = group;
    SPY_ASSIGN(const bool more, gold_->next(rows_));
    const auto rows = static_cast<std::int64_t>(rows_.at<std::vector<std::int64_t>>(columns_[0]).size());
    if (!more || rows != group_at_[group + 1] - group_at_[group]) {
        return make_error(ErrorCode::malformed, "row group {} has not the rows its file states", group);
    }
    next_group_ = group + 1;
    group_ = group;
    decoded_ = true;
    return {};
}

// Appends rows [begin, end) of gold to `out`.
Result<void> ReplaySession::collect(std::int64_t begin, std::int64_t end, VelocityRows& out) {
    while (begin < end) {
        SPY_TRY(decode_group_of(begin));
        const auto& ends = rows_.at<std::vector<std::int64_t>>(columns_[0]);
        const auto& spots = rows_.at<std::vector<std::int64_t>>(columns_[1]);
        const auto& rel_ticks = rows_.at<std::vector<std::int32_t>>(columns_[2]);
        const auto& sides = rows_.at<lake::TextColumn>(columns_[3]);
        const std::int64_t stop = std::min(end, group_at_[group_ + 1]);
        const auto first = static_cast<std::size_t>(begin - group_at_[group_]);
        const auto last = static_cast<std::size_t>(stop - group_at_[group_]);
        for (std::size_t i = first; i < last; ++i) {
            if (rel_ticks[i] < -kMaxRelTicks || rel_ticks[i] > kMaxRelTicks) continue;
            const auto& side = sides.dictionary.at(static_cast<std::size_t>(sides.codes[i]));
            if (side.size() != 1) return make_error(ErrorCode::malformed, "side '{}' is not a letter", side);
            out.window_end_ts_ns.push_back(ends[i]);
            out.spot_ref_price_int.push_back(spots[i]);
            out.rel_ticks.push_back(rel_ticks[i]);
            out.side.push_back(side.front());
            for (std::size_t field = 0; field < kVelocityFields.size(); ++field) {
                out.fields[field].push_back(rows_.at<std::vector<double>>(columns_[4 + field])[i]);
            }
        }
        begin = stop;
    }
    return {};
}

Result<std::vector<WindowPtr>> ReplaySession::load(std::size_t first, std::size_t count,
                                                   const std::function<void(double)>& on_encoded) {
    SPY_ASSERT(first + count <= snaps_.size());
    const std::scoped_lock lock(mutex_);
    std::vector<WindowPtr> windows;
    windows.reserve(count);
    VelocityRows velocity;
    for (std::size_t k = first; k < first + count; ++k) {
        velocity.clear();
        SPY_TRY(collect(gold_index_.at[k], gold_index_.at[k + 1], velocity));
        const auto began = std::chrono::steady_clock::now();
        SPY_ASSIGN(auto window, encoder_.encode(snaps_[k], velocity));
        on_encoded(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        windows.push_back(std::move(window));
    }
    return windows;
}

}  // namespace spymaster::serve
