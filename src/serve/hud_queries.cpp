#include "serve/hud_queries.hpp"

#include <algorithm>

#include "pipeline/datasets.hpp"

namespace spymaster::serve {

namespace {

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

// Error (missing): the lake has not what the surface is made of.
Result<void> check_there(const ReplaySession& session, Surface surface) {
    if (surface == Surface::options && session.options_problem()) return *session.options_problem();
    if (surface == Surface::forecast && session.forecast_problem())
        return make_error(ErrorCode::internal, "{}", session.forecast_problem()->message);
    if (surface == Surface::options && session.options_state() == "none") {
        const auto* product = pipeline::option_product_of(session.key().product);
        SPY_ASSERT(product != nullptr);
        return not_there(pipeline::keys_of(*product, session.key().symbol, session.key().date).gold);
    }
    if (is_table(surface) && !session.table(surface).is_there())
        return not_there(session.table(surface).key());
    return {};
}

// Known without reading rows: of tables by their index, of snap because it has a row a window.
Result<std::optional<std::int64_t>> known_rows(ReplaySession& session, Surface surface, std::size_t first,
                                               std::size_t last) {
    using Rows = std::optional<std::int64_t>;
    if (surface == Surface::snap) return Rows(static_cast<std::int64_t>(last - first));
    if (!is_table(surface)) return Rows();
    SPY_ASSIGN(const auto rows, session.table(surface).row_count(first, last));
    return Rows(rows);
}

}  // namespace

Result<HudRange> find_hud_range(ReplaySession& session, const HudRequest& request) {
    SPY_TRY(check_there(session, request.surface));
    const auto& ends = *session.window_ends();
    const auto begin = std::ranges::lower_bound(ends, request.start_ts_ns);
    const auto end = std::ranges::upper_bound(begin, ends.end(), request.end_ts_ns);
    HudRange range{static_cast<std::size_t>(begin - ends.begin()),
                   static_cast<std::size_t>(end - ends.begin()), std::nullopt};
    if (request.newest && range.last - range.first > *request.newest)
        range.first = range.last - *request.newest;
    const auto& key = session.key();
    if (range.first == range.last) {
        return make_error(
            ErrorCode::missing, "{} {} has no window in this range{}", key.symbol, key.date.iso(),
            ends.empty() ? "" : fmt::format("; its windows end from {} to {}", ends.front(), ends.back()));
    }
    SPY_ASSIGN(range.rows, known_rows(session, request.surface, range.first, range.last));
    if (range.rows == 0) {
        return make_error(ErrorCode::missing, "surface {} of {} {} has no rows in this range",
                          name_of(request.surface), key.symbol, key.date.iso());
    }
    return range;
}

Reply hud_head(const ReplaySession& session, const HudRequest& request, const HudRange& range) {
    const auto& ends = *session.window_ends();
    Reply reply;
    reply.content_type = kArrowContentType;
    reply.headers = {{"X-HUD-Symbol", session.key().symbol},
                     {"X-HUD-Dt", session.key().date.iso()},
                     {"X-HUD-Surface", std::string(name_of(request.surface))},
                     {"X-HUD-Start-Ts-Ns", std::to_string(ends[range.first])},
                     {"X-HUD-End-Ts-Ns", std::to_string(ends[range.last - 1])},
                     {"X-HUD-Windows", std::to_string(range.last - range.first)}};
    if (range.rows) reply.headers.emplace_back("X-HUD-Rows", std::to_string(*range.rows));
    reply.headers.emplace_back("Access-Control-Expose-Headers",
                               "X-HUD-Symbol, X-HUD-Dt, X-HUD-Surface, X-HUD-Start-Ts-Ns, X-HUD-End-Ts-Ns, "
                               "X-HUD-Windows, X-HUD-Rows");
    return reply;
}

}  // namespace spymaster::serve
