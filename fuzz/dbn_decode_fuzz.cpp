// The DBN decoder against any bytes. Stops the program if a record lies outside its block, if the records depend on how the
// input is cut into blocks, or if metadata that can be written again read back differently, or if a definition or
// statistics that can be written in an old layout do.
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

#include "base/assert.hpp"
#include "dbn/decoder.hpp"
#include "dbn/downgrade.hpp"
#include "dbn/inspection.hpp"
#include "dbn/symbol_map.hpp"
#include "dbn/upgrade.hpp"

namespace {

using namespace spymaster;
using namespace spymaster::dbn;

constexpr std::uint64_t kHashStart = 14695981039346656037U;
constexpr std::uint64_t kHashStep = 1099511628211U;

struct Digest {
    std::uint64_t hash = kHashStart;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    bool failed = false;
    bool operator==(const Digest&) const = default;
};

// What the old layout says of a record, the record read back from it says too.
template <class Record, class Old>
void check_old_layout(const Record& record, Result<Old> (*downgrade)(const Record&),
                      std::optional<Record> (*read)(const std::byte*)) {
    const auto old = downgrade(record);
    if (!old) return;  // a text or number that does not fit
    const auto back = read(reinterpret_cast<const std::byte*>(&*old));
    SPY_ASSERT(back && back->hd.instrument_id == record.hd.instrument_id && back->ts_recv == record.ts_recv);
    const auto again = downgrade(*back);
    SPY_ASSERT(again.ok() && std::memcmp(&*again, &*old, sizeof(Old)) == 0);
}

std::uint64_t use_definition(const std::byte* record) {
    const auto definition = read_definition(record);
    if (!definition) return 0;
    check_old_layout(*definition, definition_v1, read_definition);
    check_old_layout(*definition, definition_v2, read_definition);
    return static_cast<std::uint64_t>(definition->strike_price) + text(definition->raw_symbol).size();
}

std::uint64_t use_statistics(const std::byte* record) {
    const auto statistics = read_statistics(record);
    if (!statistics) return 0;
    check_old_layout(*statistics, statistics_v1, read_statistics);
    return static_cast<std::uint64_t>(statistics->quantity);
}

// Reads the record as a user of its type would.
std::uint64_t use(const std::byte* record, const RecordHeader& header) {
    switch (header.rtype) {
        case rtype::mbo:
            return load<MboMsg>(record).order_id;
        case rtype::mbp_0:
            return load<TradeMsg>(record).ts_recv;
        case rtype::mbp_1:
            return load<Mbp1Msg>(record).levels[0].ask_ct;
        case rtype::mbp_10:
            return load<Mbp10Msg>(record).levels[9].ask_ct;
        case rtype::cmbp_1:
            return load<Cmbp1Msg>(record).levels[0].ask_pb;
        case rtype::instrument_def:
            return use_definition(record);
        case rtype::statistics:
            return use_statistics(record);
        case rtype::symbol_mapping:
            return read_symbol_mapping(record) ? 1 : 0;
        case rtype::error:
            return read_error(record) ? 1 : 0;
        case rtype::system:
            return read_system(record) ? 1 : 0;
        default:
            return 0;
    }
}

Digest digest(Decoder& decoder) {
    Digest digest;
    const auto mix = [&](std::uint64_t value) { digest.hash = (digest.hash ^ value) * kHashStep; };
    for (;;) {
        const auto block = decoder.next_block();
        digest.failed = !block;
        if (!block || block->empty()) break;
        std::size_t at = 0;
        while (at < block->size()) {
            const auto header = load<RecordHeader>(block->data() + at);
            SPY_ASSERT(header.size() >= sizeof(RecordHeader) && header.size() <= block->size() - at);
            mix(header.ts_event);
            mix(use(block->data() + at, header));
            for (std::size_t i = 0; i < header.size(); ++i)
                mix(std::to_integer<std::uint64_t>((*block)[at + i]));
            at += header.size();
            ++digest.records;
        }
    }
    digest.bytes = decoder.bytes_consumed();
    SPY_ASSERT(digest.records == decoder.records_consumed());
    return digest;
}

void check_metadata(const Metadata& metadata) {
    const SymbolMap symbols(metadata);
    const bool found = !symbols.find(1, 0).empty();
    SPY_ASSERT(!found || !symbols.empty());
    const auto again = encode_metadata(metadata);
    if (!again) return;  // text that fills its field to the last byte cannot be written
    const auto decoder = Decoder::from_memory(*again, "again", {.own_thread = false});
    SPY_ASSERT(decoder.ok() && decoder->metadata() != nullptr && *decoder->metadata() == metadata);
}

}  // namespace

// The first byte chooses the options, the rest is the input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::uint8_t choice = data[0];
    const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
    const bool fragment = (choice & 1U) != 0;
    const DecodeOptions large{.own_thread = false, .fragment = fragment, .block_bytes = 16384};
    const DecodeOptions small{.own_thread = (choice & 2U) != 0,
                              .fragment = fragment,
                              .block_bytes = std::size_t{1} + (choice >> 2U)};
    auto first = Decoder::from_memory(bytes, "input", large);
    auto second = Decoder::from_memory(bytes, "input", small);
    SPY_ASSERT(first.ok() == second.ok());
    if (!first) {
        SPY_ASSERT(first.error().message == second.error().message);
        return 0;
    }
    if (first->metadata() != nullptr) check_metadata(*first->metadata());
    SPY_ASSERT(digest(*first) == digest(*second));
    auto third = Decoder::from_memory(bytes, "input", large);
    SPY_ASSERT(inspect(*third).records == first->records_consumed());
    return 0;
}
