#include "pipeline/bronze.hpp"

#include <array>

namespace spymaster::pipeline {

namespace {

using dbn::MboMsg;
using I64 = std::int64_t;

// A binding of an integer member: stored as a long, whatever its width on the wire.
#define BIND_MEMBER(column, member)                                         \
    bind<MboMsg, I64>(                                                      \
        column, [](const MboMsg& m) { return static_cast<I64>(m.member); }, \
        [](MboMsg& m, I64 v) { m.member = static_cast<decltype(m.member)>(v); })

constexpr std::array kColumns{
    BIND_MEMBER("ts_recv", ts_recv),
    BIND_MEMBER("size", size),
    BIND_MEMBER("ts_event", hd.ts_event),
    BIND_MEMBER("channel_id", channel_id),
    BIND_MEMBER("rtype", hd.rtype),
    BIND_MEMBER("order_id", order_id),
    BIND_MEMBER("publisher_id", hd.publisher_id),
    BIND_MEMBER("flags", flags),
    BIND_MEMBER("instrument_id", hd.instrument_id),
    BIND_MEMBER("ts_in_delta", ts_in_delta),
    bind_letter<MboMsg>(
        "action", [](const MboMsg& m) { return m.action; }, [](MboMsg& m, char v) { m.action = v; }),
    BIND_MEMBER("sequence", sequence),
    bind_letter<MboMsg>(
        "side", [](const MboMsg& m) { return m.side; }, [](MboMsg& m, char v) { m.side = v; }),
    BIND_MEMBER("price", price),
};
#undef BIND_MEMBER

constexpr std::array<std::string_view, 1> kFilledHere{"symbol"};

}  // namespace

Result<void> make_canonical(MboMsg& record) {
    if (record.price != dbn::kUndefPrice) return {};
    if (record.action == 'A' || record.action == 'M') {
        return make_error(ErrorCode::malformed, "record of {} at ts_recv {}: {} of order {} has no price",
                          record.hd.instrument_id, record.ts_recv, record.action == 'A' ? "Add" : "Modify",
                          record.order_id);
    }
    record.price = 0;
    return {};
}

Result<BronzeSink> BronzeSink::create(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(auto columns, BoundColumns<MboMsg>::resolve(dataset->contract, kColumns, kFilledHere));
    SPY_ASSIGN(const std::size_t symbol_place, dataset->contract.index_of("symbol"));
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key));
    table.batch().at<lake::TextColumn>(symbol_place).dictionary = {key.symbol};
    return BronzeSink(std::move(table), std::move(columns), symbol_place);
}

Result<void> BronzeSink::append(std::span<const MboMsg> records) {
    lake::ColumnBatch& batch = table_.batch();
    columns_.append(batch, records);
    auto& symbol = batch.at<lake::TextColumn>(symbol_place_);
    symbol.codes.resize(symbol.codes.size() + records.size(), 0);
    return table_.added();
}

Result<void> read_bronze(const lake::Lake& lake, const lake::PartitionKey& key,
                         const std::function<Result<bool>(std::span<const MboMsg>)>& take) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(auto columns, BoundColumns<MboMsg>::resolve(dataset->contract, kColumns, kFilledHere));
    std::vector<std::string> names;
    names.reserve(kColumns.size());
    for (const auto& binding : kColumns) names.emplace_back(binding.column);
    SPY_ASSIGN(auto reader, lake.read(key, names));
    lake::ColumnBatch batch(dataset->contract);
    std::vector<MboMsg> records;
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return {};
        records.assign(batch.row_count(), MboMsg{});
        for (MboMsg& record : records) record.hd.length = sizeof(MboMsg) / 4;
        columns.read(batch, records);
        SPY_ASSIGN(const bool wanted, take(records));
        if (!wanted) return {};
    }
}

}  // namespace spymaster::pipeline
