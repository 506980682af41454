#include "feed/gateway/record_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <utility>

#include "dbn/decoder.hpp"
#include "dbn/inspection.hpp"
#include "dbn/record_walk.hpp"
#include "dbn/upgrade.hpp"

namespace spymaster::feed {

namespace {

struct SchemaRecord {
    dbn::Schema schema;
    std::uint8_t rtype;
    std::size_t size;
};

constexpr SchemaRecord kSchemaRecords[] = {
    {dbn::Schema::mbo, dbn::rtype::mbo, sizeof(dbn::MboMsg)},
    {dbn::Schema::mbp_1, dbn::rtype::mbp_1, sizeof(dbn::Mbp1Msg)},
    {dbn::Schema::mbp_10, dbn::rtype::mbp_10, sizeof(dbn::Mbp10Msg)},
    {dbn::Schema::tbbo, dbn::rtype::mbp_1, sizeof(dbn::Mbp1Msg)},
    {dbn::Schema::trades, dbn::rtype::mbp_0, sizeof(dbn::TradeMsg)},
    {dbn::Schema::ohlcv_1s, dbn::rtype::ohlcv_1s, sizeof(dbn::OhlcvMsg)},
    {dbn::Schema::ohlcv_1m, dbn::rtype::ohlcv_1m, sizeof(dbn::OhlcvMsg)},
    {dbn::Schema::ohlcv_1h, dbn::rtype::ohlcv_1h, sizeof(dbn::OhlcvMsg)},
    {dbn::Schema::ohlcv_1d, dbn::rtype::ohlcv_1d, sizeof(dbn::OhlcvMsg)},
    {dbn::Schema::ohlcv_eod, dbn::rtype::ohlcv_eod, sizeof(dbn::OhlcvMsg)},
    {dbn::Schema::definition, dbn::rtype::instrument_def, sizeof(dbn::InstrumentDefMsg)},
    {dbn::Schema::statistics, dbn::rtype::statistics, sizeof(dbn::StatMsg)},
    {dbn::Schema::status, dbn::rtype::status, sizeof(dbn::StatusMsg)},
    {dbn::Schema::imbalance, dbn::rtype::imbalance, sizeof(dbn::ImbalanceMsg)},
    {dbn::Schema::cmbp_1, dbn::rtype::cmbp_1, sizeof(dbn::Cmbp1Msg)},
    {dbn::Schema::tcbbo, dbn::rtype::tcbbo, sizeof(dbn::Cmbp1Msg)},
    {dbn::Schema::cbbo_1s, dbn::rtype::cbbo_1s, sizeof(dbn::CbboMsg)},
    {dbn::Schema::cbbo_1m, dbn::rtype::cbbo_1m, sizeof(dbn::CbboMsg)},
    {dbn::Schema::bbo_1s, dbn::rtype::bbo_1s, sizeof(dbn::BboMsg)},
    {dbn::Schema::bbo_1m, dbn::rtype::bbo_1m, sizeof(dbn::BboMsg)},
};

const SchemaRecord* find_schema(dbn::Schema schema) {
    const auto* const found = std::find_if(std::begin(kSchemaRecords), std::end(kSchemaRecords),
                                           [schema](const auto& one) { return one.schema == schema; });
    return found == std::end(kSchemaRecords) ? nullptr : found;
}

dbn::TradeMsg trade_of(const dbn::MboMsg& mbo) {
    dbn::TradeMsg trade{};
    trade.hd = mbo.hd;
    trade.hd.rtype = dbn::rtype::mbp_0;
    trade.hd.length = sizeof(dbn::TradeMsg) / 4;
    trade.price = mbo.price;
    trade.size = mbo.size;
    trade.action = mbo.action;
    trade.side = mbo.side;
    trade.flags = mbo.flags;
    trade.ts_recv = mbo.ts_recv;
    trade.ts_in_delta = mbo.ts_in_delta;
    trade.sequence = mbo.sequence;
    return trade;
}

}  // namespace

std::uint64_t index_time(const std::byte* record) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    const int place = dbn::ts_recv_offset(header.rtype);
    if (place < 0) return header.ts_event;
    const auto ts_recv = dbn::load<std::uint64_t>(record + place);
    return ts_recv == dbn::kUndefTimestamp ? header.ts_event : ts_recv;
}

std::optional<std::uint8_t> rtype_of(dbn::Schema schema) {
    const auto* const found = find_schema(schema);
    if (found == nullptr) return std::nullopt;
    return found->rtype;
}

std::size_t record_size_of(dbn::Schema schema) {
    const auto* const found = find_schema(schema);
    return found == nullptr ? 0 : found->size;
}

// A file being read, at one of the records that the query wants.
class RecordReader::Cursor {
  public:
    Cursor(const LibraryFile& file, const RecordQuery& query, bool trades_of_mbo, dbn::Decoder decoder)
        : file_(file),
          query_(query),
          trades_of_mbo_(trades_of_mbo),
          rtype_(trades_of_mbo ? dbn::rtype::mbo : rtype_of(query.schema).value_or(dbn::rtype::error)),
          decoder_(std::move(decoder)) {}

    // Moves to the next wanted record. False: there is none.
    Result<bool> advance() {
        while (read_ < file_.records) {
            if (at_ == block_.size()) {
                SPY_ASSIGN(block_, decoder_.next_block());
                at_ = 0;
                if (block_.empty()) {
                    return make_error(
                        ErrorCode::truncated,
                        "{} has become shorter since the gateway read it; start the gateway again",
                        file_.path.string());
                }
            }
            const std::byte* const record = block_.data() + at_;
            const auto header = dbn::load<dbn::RecordHeader>(record);
            at_ += header.size();
            ++read_;
            const std::uint64_t ts = index_time(record);
            if (file_.in_order && query_.filter == TimeField::index && ts >= query_.end_ns) return false;
            if (header.rtype == rtype_ && wanted(record, header, ts) && convert(record, header)) {
                ts_ns_ = ts;
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] std::uint64_t ts_ns() const { return ts_ns_; }
    [[nodiscard]] std::span<const std::byte> record() const { return {record_.data(), size_}; }

  private:
    bool wanted(const std::byte* record, const dbn::RecordHeader& header, std::uint64_t ts) const {
        const std::uint64_t asked = query_.filter == TimeField::index ? ts : header.ts_event;
        if (asked < query_.start_ns || asked >= query_.end_ns) return false;
        if (trades_of_mbo_ && dbn::load<dbn::MboMsg>(record).action != 'T') return false;
        return query_.instruments.holds(header.instrument_id, ts);
    }

    template <class Record>
    bool keep(const Record& record) {
        static_assert(sizeof(Record) <= std::tuple_size_v<decltype(record_)>);
        std::memcpy(record_.data(), &record, sizeof record);
        size_ = sizeof record;
        record_[0] = static_cast<std::byte>(sizeof record / 4);
        return true;
    }

    bool convert(const std::byte* record, const dbn::RecordHeader& header) {
        if (trades_of_mbo_) return keep(trade_of(dbn::load<dbn::MboMsg>(record)));
        if (header.rtype == dbn::rtype::instrument_def) {
            const auto definition = dbn::read_definition(record);
            return definition && keep(*definition);
        }
        if (header.rtype == dbn::rtype::statistics) {
            const auto statistics = dbn::read_statistics(record);
            return statistics && keep(*statistics);
        }
        size_ = dbn::min_record_size(header.rtype);  // the same in every version; what follows is ts_out
        std::memcpy(record_.data(), record, size_);
        record_[0] = static_cast<std::byte>(size_ / 4);
        return true;
    }

    const LibraryFile& file_;
    const RecordQuery& query_;
    bool trades_of_mbo_;
    std::uint8_t rtype_;
    dbn::Decoder decoder_;
    std::span<const std::byte> block_;
    std::size_t at_ = 0;
    std::uint64_t read_ = 0;
    std::uint64_t ts_ns_ = 0;
    std::array<std::byte, sizeof(dbn::InstrumentDefMsg)> record_{};
    std::size_t size_ = 0;
};

RecordReader::RecordReader(std::vector<LibraryFile> files, RecordQuery query, bool trades_of_mbo)
    : files_(std::move(files)),
      query_(std::make_unique<const RecordQuery>(std::move(query))),
      trades_of_mbo_(trades_of_mbo),
      cursors_(files_.size()) {
    for (std::size_t i = 0; i < files_.size(); ++i) heap_.push_back({files_[i].first_ns, i});
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
}

RecordReader::RecordReader(RecordReader&&) noexcept = default;
RecordReader& RecordReader::operator=(RecordReader&&) noexcept = default;
RecordReader::~RecordReader() = default;

// A file waits in the heap with its earliest time until that is due, and is opened then; from then on it waits with the time
// of its record.
Result<std::span<const std::byte>> RecordReader::next() {
    const auto fail = [this](const Error& error) {
        failed_ = error;
        return error;
    };
    if (failed_) return *failed_;
    const auto move_on = [this](std::size_t file) -> Result<void> {
        SPY_ASSIGN(const bool more, cursors_[file]->advance());
        if (!more) {
            cursors_[file].reset();
            return {};
        }
        heap_.push_back({cursors_[file]->ts_ns(), file});
        std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
        return {};
    };
    if (std::exchange(giving_, false)) {
        if (auto moved = move_on(given_); !moved) return fail(moved.error());
    }
    while (!heap_.empty() && (query_->limit == 0 || count_ < query_->limit)) {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
        const std::size_t file = heap_.back().file;
        heap_.pop_back();
        if (cursors_[file]) {
            given_ = file;
            giving_ = true;
            ++count_;
            return cursors_[file]->record();
        }
        auto decoder = dbn::Decoder::open(files_[file].path, {.own_thread = false});
        if (!decoder) return fail(decoder.error());
        cursors_[file] =
            std::make_unique<Cursor>(files_[file], *query_, trades_of_mbo_, std::move(decoder).value());
        if (auto moved = move_on(file); !moved) return fail(moved.error());
    }
    return std::span<const std::byte>();
}

}  // namespace spymaster::feed
