// The head of a DBN file: what was asked for, and which text symbol each instrument id stands for on which
// dates.
//
// Layout (spec appendix A): "DBN", version, u32 length of the rest, fixed fields, three symbol lists,
// mappings; version 3 pads the whole to a multiple of 8 bytes. Symbols are zero-padded strings of 22 bytes in
// version 1, else symbol_cstr_len.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "market/time.hpp"

namespace spymaster::dbn {

inline constexpr int kNewestVersion = 3;
inline constexpr std::size_t kSymbolLengthV1 = 22;
inline constexpr std::size_t kSymbolLength = 71;  // versions 2 and 3
// "DBN", version, u32 length: what tells how long the metadata is.
inline constexpr std::size_t kMetadataPreludeSize = 8;
// A longer block is refused as corrupt: every OPRA contract of a day takes about 230 MB.
inline constexpr std::size_t kMaxMetadataSize = std::size_t{512} << 20U;

// The kind of records in the file. A value not listed here is kept as it is.
enum class Schema : std::uint16_t {
    mbo = 0,
    mbp_1 = 1,
    mbp_10 = 2,
    tbbo = 3,
    trades = 4,
    ohlcv_1s = 5,
    ohlcv_1m = 6,
    ohlcv_1h = 7,
    ohlcv_1d = 8,
    definition = 9,
    statistics = 10,
    status = 11,
    imbalance = 12,
    ohlcv_eod = 13,
    cmbp_1 = 14,
    cbbo_1s = 15,
    cbbo_1m = 16,
    tcbbo = 17,
    bbo_1s = 18,
    bbo_1m = 19,
};

// The kind of a symbol. A value not listed here is kept as it is.
enum class SymbolType : std::uint8_t {
    instrument_id = 0,
    raw_symbol = 1,
    smart = 2,
    continuous = 3,
    parent = 4,
    nasdaq_symbol = 5,
    cms_symbol = 6,
    isin = 7,
    us_code = 8,
    bbg_comp_id = 9,
    bbg_comp_ticker = 10,
    figi = 11,
    figi_ticker = 12,
    listing_id = 13,
    issuer_id = 14,
    security_id = 15,
};

// Names as Databento writes them ("mbp-1", "raw_symbol"); "schema 77" for a value not listed.
[[nodiscard]] std::string to_string(Schema schema);
[[nodiscard]] std::string to_string(SymbolType type);

struct MappingInterval {
    market::Date start;  // first UTC date
    market::Date end;    // exclusive
    std::string symbol;  // of type stype_out: with stype_out = instrument_id, the id in decimal

    bool operator==(const MappingInterval&) const = default;
};

struct SymbolMapping {
    std::string raw_symbol;  // of type stype_in once resolved: the text name
    std::vector<MappingInterval> intervals;

    bool operator==(const SymbolMapping&) const = default;
};

struct Metadata {
    int version = kNewestVersion;                                   // 1 to 3
    std::string dataset;                                            // "GLBX.MDP3"; at most 15 bytes
    std::optional<Schema> schema;                                   // absent: a mix, as in live data
    std::uint64_t start = 0;                                        // ns since 1970, of the request
    std::uint64_t end = std::numeric_limits<std::uint64_t>::max();  // exclusive; UINT64_MAX: open
    std::uint64_t limit = 0;                                        // most records to return; 0: no limit
    std::uint64_t record_count =
        std::numeric_limits<std::uint64_t>::max();  // version 1 only; UINT64_MAX: not given
    std::optional<SymbolType> stype_in;             // absent: a mix, as in live data
    SymbolType stype_out = SymbolType::instrument_id;
    bool ts_out =
        false;  // every record is followed by 8 bytes, the time the gateway sent it; its length counts them
    std::size_t symbol_cstr_len = kSymbolLength;  // version 1: kSymbolLengthV1
    std::vector<std::string> symbols;             // as requested
    std::vector<std::string> partial;             // did not resolve on some date
    std::vector<std::string> not_found;           // did not resolve on any date
    std::vector<SymbolMapping> mappings;

    bool operator==(const Metadata&) const = default;
};

// Version and length of what follows the prelude.
struct MetadataPrelude {
    int version = 0;
    std::size_t length = 0;  // at most kMaxMetadataSize
};

// Reads the 8 bytes a DBN file begins with. Error (malformed): not DBN, a version above 3, a length that
// cannot be. REQUIRES: kMetadataPreludeSize bytes.
Result<MetadataPrelude> decode_prelude(std::span<const std::byte> bytes);

// Reads the block after the prelude. Error (malformed): counts that do not fit the block, impossible dates.
// Memory is bounded by a small multiple of the block whatever the counts say.
Result<Metadata> decode_metadata(int version, std::span<const std::byte> block);

// The whole head of a file, prelude included; decode and encode of an official file give its bytes again.
// Error (usage): a version not 1 to 3, a symbol or dataset too long for its field.
Result<std::vector<std::byte>> encode_metadata(const Metadata& metadata);

}  // namespace spymaster::dbn
