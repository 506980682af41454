#include "serve/stream_rows.hpp"

#include <utility>

namespace spymaster::serve {

namespace {

using Longs = std::vector<std::int64_t>;
using Ints = std::vector<std::int32_t>;
using Doubles = std::vector<double>;

bool is_streamed(std::int32_t rel_ticks) {
    return rel_ticks >= -kMaxRelTicks && rel_ticks <= kMaxRelTicks;
}

}  // namespace

std::vector<std::string> snap_columns() {
    return {"window_end_ts_ns", "mid_price", "spot_ref_price_int", "book_valid"};
}

std::vector<std::string> velocity_columns() {
    std::vector<std::string> names{"window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "side"};
    names.insert(names.end(), kVelocityFields.begin(), kVelocityFields.end());
    return names;
}

std::vector<std::string> option_columns() {
    return {"window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "liquidity_velocity"};
}

void append_snaps(const lake::ColumnBatch& rows, const std::vector<std::size_t>& at,
                  std::vector<SnapRow>& out) {
    const auto& ends = rows.at<Longs>(at[0]);
    const auto& mids = rows.at<Doubles>(at[1]);
    const auto& spots = rows.at<Longs>(at[2]);
    const auto& valid = rows.at<std::vector<std::uint8_t>>(at[3]);
    for (std::size_t i = 0; i < ends.size(); ++i) out.push_back({ends[i], mids[i], spots[i], valid[i] != 0});
}

Result<void> append_velocity(const lake::ColumnBatch& rows, const std::vector<std::size_t>& at,
                             std::size_t first, std::size_t last, VelocityRows& out) {
    const auto& ends = rows.at<Longs>(at[0]);
    const auto& spots = rows.at<Longs>(at[1]);
    const auto& rel_ticks = rows.at<Ints>(at[2]);
    const auto& sides = rows.at<lake::TextColumn>(at[3]);
    for (std::size_t i = first; i < last; ++i) {
        if (!is_streamed(rel_ticks[i])) continue;
        const auto& side = sides.dictionary.at(static_cast<std::size_t>(sides.codes[i]));
        if (side.size() != 1) return make_error(ErrorCode::malformed, "side '{}' is not a letter", side);
        out.window_end_ts_ns.push_back(ends[i]);
        out.spot_ref_price_int.push_back(spots[i]);
        out.rel_ticks.push_back(rel_ticks[i]);
        out.side.push_back(side.front());
        for (std::size_t field = 0; field < kVelocityFields.size(); ++field)
            out.fields[field].push_back(rows.at<Doubles>(at[4 + field])[i]);
    }
    return {};
}

OptionSums::OptionSums(lake::PartitionKey key, std::int32_t step_ticks)
    : key_(std::move(key)), step_ticks_(step_ticks) {}

void OptionSums::begin(OptionRows& out) {
    out.clear();
    sums_.fill(0.0);
    present_.fill(false);
}

Result<void> OptionSums::add(const lake::ColumnBatch& rows, const std::vector<std::size_t>& at,
                             std::size_t first, std::size_t last, OptionRows& out) {
    const auto& spots = rows.at<Longs>(at[1]);
    const auto& rel_ticks = rows.at<Ints>(at[2]);
    const auto& velocities = rows.at<Doubles>(at[3]);
    out.window_end_ts_ns = rows.at<Longs>(at[0])[first];
    for (std::size_t i = first; i < last; ++i) {
        if (!is_streamed(rel_ticks[i])) continue;
        if (out.spot_ref_price_int == 0) out.spot_ref_price_int = spots[i];
        if (rel_ticks[i] % step_ticks_ != 0 || spots[i] != out.spot_ref_price_int) {
            return make_error(ErrorCode::malformed,
                              "{} {} {}: rel_ticks {} around {} in window {} is not of one grid of strikes "
                              "every {} ticks; run the layer again",
                              key_.dataset, key_.symbol, key_.date.iso(), rel_ticks[i], spots[i],
                              out.window_end_ts_ns, step_ticks_);
        }
        const std::int32_t from_left = rel_ticks[i] + kMaxRelTicks;
        const auto place = static_cast<std::size_t>(from_left);
        sums_[place] += velocities[i];
        present_[place] = true;
    }
    return {};
}

void OptionSums::finish(OptionRows& out) const {
    for (std::size_t place = 0; place < kPlaces; ++place) {
        if (!present_[place]) continue;
        out.rel_ticks.push_back(static_cast<std::int32_t>(place) - kMaxRelTicks);
        out.liquidity_velocity.push_back(sums_[place]);
    }
}

}  // namespace spymaster::serve
