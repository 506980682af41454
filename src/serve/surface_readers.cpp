#include "serve/surface_readers.hpp"

#include <charconv>
#include <string>

namespace spymaster::serve {

namespace {

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
        return append_velocity(rows, rows_->columns(), first, last, out);
    });
}

Result<OptionsReader> OptionsReader::open(const lake::Lake& lake, const lake::PartitionKey& key,
                                          const std::vector<std::int64_t>& window_ends) {
    SPY_ASSIGN(const auto manifest, lake.manifest(key));
    SPY_ASSIGN(auto rows, WindowRows::open(lake, key, option_columns(), window_ends));
    return OptionsReader(std::move(rows), OptionSums(key, step_ticks_of(manifest)));
}

Result<void> OptionsReader::read(std::size_t window, OptionRows& out) {
    sums_.begin(out);
    SPY_TRY(rows_->visit(window, [&](const lake::ColumnBatch& rows, std::size_t first, std::size_t last) {
        return sums_.add(rows, rows_->columns(), first, last, out);
    }));
    sums_.finish(out);
    return {};
}

}  // namespace spymaster::serve
