#include "dbn/inspection.hpp"

#include <string_view>

#include "dbn/record_walk.hpp"
#include "dbn/reference_records.hpp"
#include "dbn/symbol_map.hpp"
#include "dbn/upgrade.hpp"

namespace spymaster::dbn {

namespace {

constexpr std::string_view kSides = "ABN";

// Where a type keeps what is counted; -1: it has none.
struct Places {
    int action = -1;
    int side = -1;
    int flags = -1;
    int price = -1;
    int size = -1;
    int ts_recv = -1;
};

constexpr Places kMboPlaces = {offsetof(MboMsg, action), offsetof(MboMsg, side), offsetof(MboMsg, flags),
                               offsetof(MboMsg, price),  offsetof(MboMsg, size), offsetof(MboMsg, ts_recv)};
constexpr Places kEventPlaces = {offsetof(TradeMsg, action), offsetof(TradeMsg, side),
                                 offsetof(TradeMsg, flags),  offsetof(TradeMsg, price),
                                 offsetof(TradeMsg, size),   offsetof(TradeMsg, ts_recv)};
static_assert(offsetof(Cmbp1Msg, action) == offsetof(TradeMsg, action) &&
              offsetof(Cmbp1Msg, flags) == offsetof(TradeMsg, flags) &&
              offsetof(Cmbp1Msg, ts_recv) == offsetof(TradeMsg, ts_recv) &&
              offsetof(CbboMsg, side) == offsetof(BboMsg, side) &&
              offsetof(CbboMsg, flags) == offsetof(BboMsg, flags) &&
              offsetof(CbboMsg, ts_recv) == offsetof(BboMsg, ts_recv));
constexpr Places kBboPlaces = {-1, offsetof(BboMsg, side),   offsetof(BboMsg, flags), -1,
                               -1, offsetof(BboMsg, ts_recv)};
static_assert(offsetof(StatusMsg, ts_recv) == 16 && offsetof(InstrumentDefMsg, ts_recv) == 16 &&
              offsetof(ImbalanceMsg, ts_recv) == 16 && offsetof(StatMsg, ts_recv) == 16);
constexpr Places kReferencePlaces = {-1, -1, -1, -1, -1, offsetof(StatMsg, ts_recv)};

const Places& places_of(std::uint8_t type) {
    static constexpr Places kNone;
    switch (type) {
        case rtype::mbo:
            return kMboPlaces;
        case rtype::mbp_0:
        case rtype::mbp_1:
        case rtype::mbp_10:
        case rtype::cmbp_1:
        case rtype::tcbbo:
            return kEventPlaces;
        case rtype::bbo_1s:
        case rtype::bbo_1m:
        case rtype::cbbo_1s:
        case rtype::cbbo_1m:
            return kBboPlaces;
        case rtype::status:
        case rtype::instrument_def:
        case rtype::imbalance:
        case rtype::statistics:
            return kReferencePlaces;
        default:
            return kNone;
    }
}

// Counts one record after another.
class Inspector {
  public:
    Inspector(Inspection& into, const Metadata* metadata) : into_(into) {
        if (metadata != nullptr) symbols_ = SymbolMap(*metadata);
    }

    void add(const std::byte* record) {
        const auto header = load<RecordHeader>(record);
        number_ = ++into_.records;
        ++into_.kinds[{header.rtype, header.size()}];
        ++into_.publishers[header.publisher_id];
        ++into_.instruments[header.instrument_id];
        if (header.ts_event != kUndefTimestamp) into_.ts_event.add(header.ts_event);
        if (!is_known_type(header.rtype)) {
            into_.unknown_type.add(number_);
            return;
        }
        if (newest_version_with(header) == 0) into_.unknown_layout.add(number_);
        const Places& places = places_of(header.rtype);
        add_times(record, header, places);
        add_letters(record, places);
    }

  private:
    void add_times(const std::byte* record, const RecordHeader& header, const Places& places) {
        std::uint64_t instant = header.ts_event;
        if (places.ts_recv >= 0) {
            const auto ts_recv = load<std::uint64_t>(record + places.ts_recv);
            if (ts_recv == kUndefTimestamp) {
                into_.ts_recv_undefined.add(number_);
            } else {
                if (ts_recv < previous_ts_recv_) into_.ts_recv_backwards.add(number_);
                previous_ts_recv_ = ts_recv;
                into_.ts_recv.add(ts_recv);
                instant = ts_recv;
            }
        }
        const bool market_data = header.rtype != rtype::error && header.rtype != rtype::system &&
                                 header.rtype != rtype::symbol_mapping;
        if (!symbols_.empty() && market_data && instant <= std::numeric_limits<std::int64_t>::max() &&
            symbols_.find(header.instrument_id, static_cast<std::int64_t>(instant)).empty()) {
            into_.unmapped_instrument.add(number_);
        }
    }

    void add_letters(const std::byte* record, const Places& places) {
        if (places.side < 0) return;
        const auto side = load<std::uint8_t>(record + places.side);
        const auto flags = load<std::uint8_t>(record + places.flags);
        ++into_.sides[side];
        if (kSides.find(static_cast<char>(side)) == std::string_view::npos) into_.unknown_side.add(number_);
        for (std::size_t bit = 0; bit < into_.flag_bits.size(); ++bit)
            into_.flag_bits[bit] += (flags >> bit) & 1U;
        FlagsSeen& seen = into_.flags[flags];
        seen.records.add(number_);
        if ((flags & flag::maybe_bad_book) != 0) into_.maybe_bad_book.add(number_);
        if (places.action < 0) return;
        const auto action = load<char>(record + places.action);
        ++into_.actions[static_cast<std::uint8_t>(action)];
        const std::size_t known = kActions.find(action);
        if (known == std::string_view::npos) {
            into_.unknown_action.add(number_);
        } else {
            ++seen.actions[known];
        }
        const bool adds = action == 'A';
        const bool top_of_book = (flags & flag::tob) != 0;
        if ((adds || action == 'M') && !top_of_book &&
            load<std::int64_t>(record + places.price) == kUndefPrice) {
            into_.price_undefined.add(number_);
        }
        if (adds && !top_of_book && load<std::uint32_t>(record + places.size) == 0)
            into_.size_zero.add(number_);
    }

    Inspection& into_;
    SymbolMap symbols_;
    std::uint64_t number_ = 0;
    std::uint64_t previous_ts_recv_ = 0;
};

}  // namespace

Inspection inspect(Decoder& decoder) {
    Inspection inspection;
    Inspector inspector(inspection, decoder.metadata());
    for (;;) {
        const auto block = decoder.next_block();
        if (!block) inspection.error = block.error();
        if (!block || block->empty()) break;
        for_each_record(*block, [&](const std::byte* record) { inspector.add(record); });
    }
    inspection.bytes = decoder.bytes_consumed();
    return inspection;
}

int ts_recv_offset(std::uint8_t type) {
    return places_of(type).ts_recv;
}

std::uint64_t first_record_with_flag(const Inspection& inspection, unsigned int bit) {
    std::uint64_t first = 0;
    for (std::size_t value = 0; value < inspection.flags.size(); ++value) {
        const Oddity& seen = inspection.flags[value].records;
        if (((value >> bit) & 1U) == 0 || seen.count == 0) continue;
        if (first == 0 || seen.first_record < first) first = seen.first_record;
    }
    return first;
}

std::string type_name(std::uint8_t type) {
    switch (type) {
        case rtype::mbp_0:
            return "trade";
        case rtype::mbp_1:
            return "mbp-1";
        case rtype::mbp_10:
            return "mbp-10";
        case rtype::ohlcv_deprecated:
            return "ohlcv";
        case rtype::status:
            return "status";
        case rtype::instrument_def:
            return "definition";
        case rtype::imbalance:
            return "imbalance";
        case rtype::error:
            return "error";
        case rtype::symbol_mapping:
            return "symbol-mapping";
        case rtype::system:
            return "system";
        case rtype::statistics:
            return "statistics";
        case rtype::ohlcv_1s:
            return "ohlcv-1s";
        case rtype::ohlcv_1m:
            return "ohlcv-1m";
        case rtype::ohlcv_1h:
            return "ohlcv-1h";
        case rtype::ohlcv_1d:
            return "ohlcv-1d";
        case rtype::ohlcv_eod:
            return "ohlcv-eod";
        case rtype::mbo:
            return "mbo";
        case rtype::cmbp_1:
            return "cmbp-1";
        case rtype::cbbo_1s:
            return "cbbo-1s";
        case rtype::cbbo_1m:
            return "cbbo-1m";
        case rtype::tcbbo:
            return "tcbbo";
        case rtype::bbo_1s:
            return "bbo-1s";
        case rtype::bbo_1m:
            return "bbo-1m";
        default:
            return fmt::format("{:#04x}", type);
    }
}

}  // namespace spymaster::dbn
