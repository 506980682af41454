#include "serve/queries.hpp"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "serve/partition_stream.hpp"
#include "serve/sessions.hpp"
#include "serve/window_rows.hpp"

namespace spymaster::serve {

namespace {

using Longs = std::vector<std::int64_t>;
using Doubles = std::vector<double>;

struct SideFlow {
    double added = 0.0;
    double pulled = 0.0;
    double filled = 0.0;
};

struct FlowSums {
    SideFlow ask;
    SideFlow bid;
    std::int64_t windows = 0;
    std::int64_t trades = 0;
};

// The first row group that holds a window after `start`, by halving: rows ascend by window_end_ts_ns, so the
// one before the first row group that begins after `start` is early enough.
Result<std::size_t> first_group_after(lake::PartitionReader& reader, const lake::Contract& contract,
                                      std::size_t end_place, std::int64_t start) {
    std::size_t low = 0;
    std::size_t high = reader.row_group_rows().size();
    lake::ColumnBatch rows(contract);
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        SPY_TRY(reader.seek_row_group(middle));
        SPY_ASSIGN(const bool more, reader.next(rows));
        const auto& ends = rows.at<Longs>(end_place);
        if (!more || ends.empty()) return make_error(ErrorCode::malformed, "row group {} is empty", middle);
        if (ends.front() > start) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low == 0 ? 0 : low - 1;
}

Result<void> sum_flow(const lake::Lake& lake, const lake::PartitionKey& key, const RangeRequest& request,
                      FlowSums& sums) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    const std::vector<std::string> names{"window_end_ts_ns", "price_int",      "side",
                                         "add_qty",          "pull_qty_total", "fill_qty"};
    SPY_ASSIGN(const auto at, places_of(spec->contract, names));
    SPY_ASSIGN(auto ends_only, lake.read(key, {names.front()}));
    if (ends_only->row_group_rows().empty()) return {};
    SPY_ASSIGN(const auto group, first_group_after(*ends_only, spec->contract, at[0], request.start_ts_ns));
    SPY_ASSIGN(auto reader, lake.read(key, names));
    SPY_TRY(reader->seek_row_group(group));

    const auto low = request.price_low.value_or(std::numeric_limits<std::int64_t>::min());
    const auto high = request.price_high.value_or(std::numeric_limits<std::int64_t>::max());
    lake::ColumnBatch rows(spec->contract);
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) return {};
        const auto& ends = rows.at<Longs>(at[0]);
        const auto& prices = rows.at<Longs>(at[1]);
        const auto& sides = rows.at<lake::TextColumn>(at[2]);
        const auto& added = rows.at<Doubles>(at[3]);
        const auto& pulled = rows.at<Doubles>(at[4]);
        const auto& filled = rows.at<Doubles>(at[5]);
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends[i] > request.end_ts_ns) return {};
            if (ends[i] <= request.start_ts_ns || prices[i] < low || prices[i] > high) continue;
            SideFlow& side =
                sides.dictionary.at(static_cast<std::size_t>(sides.codes[i])) == "A" ? sums.ask : sums.bid;
            side.added += added[i];
            side.pulled += pulled[i];
            side.filled += filled[i];
        }
    }
}

Result<void> sum_trades(const lake::Lake& lake, const lake::PartitionKey& key, const RangeRequest& request,
                        FlowSums& sums) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    const std::vector<std::string> names{"window_end_ts_ns", "trade_count"};
    SPY_ASSIGN(const auto at, places_of(spec->contract, names));
    SPY_ASSIGN(auto reader, lake.read(key, names));
    lake::ColumnBatch rows(spec->contract);
    while (true) {
        SPY_ASSIGN(const bool more, reader->next(rows));
        if (!more) return {};
        const auto& ends = rows.at<Longs>(at[0]);
        const auto& trades = rows.at<Longs>(at[1]);
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends[i] <= request.start_ts_ns || ends[i] > request.end_ts_ns) continue;
            sums.windows += 1;
            sums.trades += trades[i];
        }
    }
}

Result<FlowSums> sum_range(const lake::Lake& lake, const SessionKey& session, const RangeRequest& request) {
    const auto keys = partitions_of(session);
    if (!lake.is_complete(keys.flows)) {
        return make_error(ErrorCode::missing, "{} {} has no {} in the lake", session.symbol,
                          session.date.iso(), keys.flows.dataset);
    }
    FlowSums sums;
    SPY_TRY(sum_flow(lake, keys.flows, request, sums));
    SPY_TRY(sum_trades(lake, keys.snapshots, request, sums));
    return sums;
}

nlohmann::ordered_json side_json(const SideFlow& side) {
    return {{"added", side.added}, {"pulled", side.pulled}, {"filled", side.filled}};
}

}  // namespace

Reply snapshots_reply(const lake::Lake& lake, const SessionQuery& asked) {
    const auto stream = [&]() -> Result<std::string> {
        SPY_ASSIGN(const auto session, resolve(lake, asked));
        const auto key = partitions_of(session).snapshots;
        SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
        SPY_ASSIGN(auto reader, lake.read(key));
        return partition_stream(spec->contract, *reader);
    }();
    if (!stream) return error_reply(stream.error());
    Reply reply;
    reply.content_type = kArrowContentType;
    reply.body = *stream;
    return reply;
}

Reply flow_reply(const lake::Lake& lake, const RangeRequest& request) {
    const auto session = resolve(lake, request.session);
    if (!session) return error_reply(session.error());
    const auto sums = sum_range(lake, *session, request);
    if (!sums) return error_reply(sums.error());
    nlohmann::ordered_json json;
    json["product_type"] = market::product_of(session->product).name;
    json["symbol"] = session->symbol;
    json["dt"] = session->date.iso();
    json["start"] = std::to_string(request.start_ts_ns);
    json["end"] = std::to_string(request.end_ts_ns);
    json["window_count"] = sums->windows;
    json["sides"] = {{"A", side_json(sums->ask)}, {"B", side_json(sums->bid)}};
    json["trade_count"] = sums->trades;
    Reply reply;
    reply.body = json.dump();
    return reply;
}

}  // namespace spymaster::serve
