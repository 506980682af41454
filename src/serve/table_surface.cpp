#include "serve/table_surface.hpp"

#include <chrono>
#include <utility>

#include "lake/row_moves.hpp"
#include "serve/sessions.hpp"

namespace spymaster::serve {

Result<std::unique_ptr<TableSurface>> TableSurface::make(const lake::Lake& lake,
                                                         const lake::PartitionKey& key,
                                                         WindowEnds window_ends) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    SPY_ASSIGN(auto encoder, TableEncoder::make(spec->contract));
    return std::unique_ptr<TableSurface>(
        new TableSurface(lake, key, spec->contract, std::move(encoder), std::move(window_ends)));
}

TableSurface::TableSurface(const lake::Lake& lake, lake::PartitionKey key, const lake::Contract& contract,
                           TableEncoder encoder, WindowEnds window_ends)
    : lake_(lake),
      key_(std::move(key)),
      contract_(contract),
      manifest_sha256_(manifest_sha256(lake, key_)),
      encoder_(std::move(encoder)),
      window_ends_(std::move(window_ends)),
      of_window_(contract) {}

Result<void> TableSurface::open() {
    if (rows_ || !is_there()) return {};
    const std::string end_name = "window_end_ts_ns";
    std::vector<std::string> names{end_name};
    for (const auto& field : contract_.fields) {
        if (field.name != end_name) names.push_back(field.name);
    }
    auto rows = WindowRows::open(lake_, key_, names, *window_ends_);
    // What was opened may be of another run of the pipeline than the rest of the session.
    if (manifest_sha256(lake_, key_) != manifest_sha256_) {
        return make_error(ErrorCode::conflict,
                          "{} {} {} was replaced since this session was opened; connect again", key_.dataset,
                          key_.symbol, key_.date.iso());
    }
    if (!rows) return rows.error();
    rows_ = std::move(rows).value();
    return {};
}

Result<std::int64_t> TableSurface::row_count(std::size_t first, std::size_t last) {
    const std::scoped_lock lock(mutex_);
    SPY_TRY(open());
    return rows_ ? rows_->row_count(first, last) : 0;
}

Result<FramePtr> TableSurface::frame(std::size_t window, double& encode_seconds) {
    const std::scoped_lock lock(mutex_);
    SPY_TRY(open());
    of_window_.clear();
    if (rows_) {
        SPY_TRY(
            rows_->visit(window, [this](const lake::ColumnBatch& rows, std::size_t first, std::size_t last) {
                lake::append_rows(of_window_, rows, first, last - first);
                return Result<void>();
            }));
    }
    const auto began = std::chrono::steady_clock::now();
    SPY_ASSIGN(auto frame, encoder_.frame(of_window_));
    encode_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return frame;
}

}  // namespace spymaster::serve
