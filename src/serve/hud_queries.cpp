#include "serve/hud_queries.hpp"

#include <algorithm>

namespace spymaster::serve {

Result<HudRange> find_hud_range(Session& session, const HudRequest& request) {
    SPY_TRY(session.check_there(request.surface));
    const auto window_ends = session.window_ends();
    const auto& ends = *window_ends;
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
    SPY_ASSIGN(range.rows, session.row_count(request.surface, range.first, range.last));
    if (range.rows == 0) {
        return make_error(ErrorCode::missing, "surface {} of {} {} has no rows in this range",
                          name_of(request.surface), key.symbol, key.date.iso());
    }
    return range;
}

Reply hud_head(const Session& session, const HudRequest& request, const HudRange& range) {
    const auto window_ends = session.window_ends();
    const auto& ends = *window_ends;
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
