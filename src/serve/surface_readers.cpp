#include "serve/surface_readers.hpp"

#include <charconv>
#include <string>

namespace spymaster::serve {

namespace {

using Longs = std::vector<std::int64_t>;
using Ints = std::vector<std::int32_t>;
using Doubles = std::vector<double>;

std::vector<std::string> velocity_columns() {
    std::vector<std::string> names{"window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "side"};
    names.insert(names.end(), kVelocityFields.begin(), kVelocityFields.end());
    return names;
}

bool is_streamed(std::int32_t rel_ticks) {
    return rel_ticks >= -kMaxRelTicks && rel_ticks <= kMaxRelTicks;
}

Result<void> append_rows(const lake::ColumnBatch& rows, const std::vector<std::size_t>& at, std::size_t first,
                         std::size_t last, VelocityRows& out) {
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

// The ticks between strikes, as the partition was made; 1 if it does not say.
std::int32_t step_ticks_of(const lake::Manifest& manifest) {
    const auto found = manifest.properties.find("step_ticks");
    std::int32_t step = 1;
    if (found != manifest.properties.end()) {
        const auto& text = found->second;
        std::from_chars(text.data(), text.data() + text.size(), step);
    }
    return step < 1 ? 1 : step;
}

}  // namespace

Result<VelocityReader> VelocityReader::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                            const std::vector<std::int64_t>& window_ends) {
    SPY_ASSIGN(auto rows, WindowRows::open(lake, key, velocity_columns(), window_ends));
    return VelocityReader(std::move(rows));
}

Result<void> VelocityReader::read(std::size_t window, VelocityRows& out) {
    out.clear();
    return rows_->visit(window, [&](const lake::ColumnBatch& rows, std::size_t first, std::size_t last) {
        return append_rows(rows, rows_->columns(), first, last, out);
    });
}

Result<OptionsReader> OptionsReader::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                          const std::vector<std::int64_t>& window_ends) {
    SPY_ASSIGN(const auto manifest, lake.manifest(key));
    SPY_ASSIGN(auto rows,
               WindowRows::open(lake, key,
                                {"window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "liquidity_velocity"},
                                window_ends));
    return OptionsReader(std::move(rows), key, step_ticks_of(manifest));
}

Result<void> OptionsReader::add(const lake::ColumnBatch& rows, std::size_t first, std::size_t last,
                                OptionRows& out) {
    const auto& at = rows_->columns();
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

Result<void> OptionsReader::read(std::size_t window, OptionRows& out) {
    out.clear();
    sums_.fill(0.0);
    present_.fill(false);
    SPY_TRY(rows_->visit(window, [&](const lake::ColumnBatch& rows, std::size_t first, std::size_t last) {
        return add(rows, first, last, out);
    }));
    for (std::size_t place = 0; place < kPlaces; ++place) {
        if (!present_[place]) continue;
        out.rel_ticks.push_back(static_cast<std::int32_t>(place) - kMaxRelTicks);
        out.liquidity_velocity.push_back(sums_[place]);
    }
    return {};
}

}  // namespace spymaster::serve
