#include "dbn/metadata.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string_view>

#include "dbn/records.hpp"

namespace spymaster::dbn {

namespace {

constexpr std::string_view kMagic = "DBN";
constexpr std::size_t kDatasetLength = 16;
constexpr std::uint16_t kNoSchema = 0xFFFF;
constexpr std::uint8_t kNoSymbolType = 0xFF;
// From the dataset up to and with the length of the schema definition: the same in every version.
constexpr std::size_t kFixedSize = 104;
constexpr std::size_t kReservedV1 = 47;
constexpr std::size_t kReserved = 53;
constexpr std::size_t kPadding = 8;
// Shorter symbols than these are no DBN, and would let a small block ask for much memory.
constexpr std::size_t kMinSymbolLength = 16;
constexpr std::size_t kMaxSymbolLength = 1024;

constexpr std::array kSchemaNames = {"mbo",        "mbp-1",    "mbp-10",    "tbbo",      "trades",
                                     "ohlcv-1s",   "ohlcv-1m", "ohlcv-1h",  "ohlcv-1d",  "definition",
                                     "statistics", "status",   "imbalance", "ohlcv-eod", "cmbp-1",
                                     "cbbo-1s",    "cbbo-1m",  "tcbbo",     "bbo-1s",    "bbo-1m"};
constexpr std::array kSymbolTypeNames = {"instrument_id", "raw_symbol",    "smart",           "continuous",
                                         "parent",        "nasdaq_symbol", "cms_symbol",      "isin",
                                         "us_code",       "bbg_comp_id",   "bbg_comp_ticker", "figi",
                                         "figi_ticker",   "listing_id",    "issuer_id",       "security_id"};

// Reads a block from its start; every read is checked against what is left.
class BlockReader {
  public:
    BlockReader(std::span<const std::byte> block, std::size_t symbol_length)
        : rest_(block), symbol_length_(symbol_length) {}

    // REQUIRES: sizeof(T) bytes are left.
    template <class T>
    T take() {
        const T value = load<T>(rest_.data());
        rest_ = rest_.subspan(sizeof(T));
        return value;
    }
    void skip(std::size_t size) { rest_ = rest_.subspan(size); }
    void set_symbol_length(std::size_t length) { symbol_length_ = length; }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

    // REQUIRES: `length` bytes are left. Up to the first zero byte.
    std::string text(std::size_t length) {
        const std::span<const std::byte> field = rest_.first(length);
        skip(length);
        const auto end = std::find(field.begin(), field.end(), std::byte{0});
        return {reinterpret_cast<const char*>(field.data()), static_cast<std::size_t>(end - field.begin())};
    }
    std::string symbol() { return text(symbol_length_); }

    // A count of things of at least `each` bytes, checked to fit what is left.
    Result<std::size_t> count(std::size_t each, std::string_view what) {
        if (left() < sizeof(std::uint32_t)) {
            return make_error(ErrorCode::malformed, "metadata end where the number of {} should be", what);
        }
        const auto number = take<std::uint32_t>();
        if (number > left() / each) {
            return make_error(ErrorCode::malformed,
                              "metadata claim {} {}, more than their remaining {} bytes can hold", number,
                              what, left());
        }
        return std::size_t{number};
    }

    Result<std::vector<std::string>> symbols(std::string_view what) {
        SPY_ASSIGN(const std::size_t number, count(symbol_length_, what));
        std::vector<std::string> list;
        list.reserve(number);
        for (std::size_t i = 0; i < number; ++i) list.push_back(symbol());
        return list;
    }

    Result<market::Date> date() {
        const auto number = take<std::uint32_t>();
        const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(number / 10000)},
                                              std::chrono::month{number / 100 % 100},
                                              std::chrono::day{number % 100}};
        if (number < 1970'01'01 || number > 2261'12'31 || !day.ok()) {
            return make_error(ErrorCode::malformed, "{} in the symbol mappings is not a date", number);
        }
        return market::Date{static_cast<int>(number / 10000), static_cast<int>(number / 100 % 100),
                            static_cast<int>(number % 100)};
    }

    Result<std::vector<SymbolMapping>> mappings() {
        const std::size_t interval_size = 2 * sizeof(std::uint32_t) + symbol_length_;
        SPY_ASSIGN(const std::size_t number,
                   count(symbol_length_ + sizeof(std::uint32_t), "symbol mappings"));
        std::vector<SymbolMapping> list;
        list.reserve(number);
        for (std::size_t i = 0; i < number; ++i) {
            if (left() < symbol_length_)
                return make_error(ErrorCode::malformed, "metadata end inside symbol mapping {}", i + 1);
            SymbolMapping& mapping = list.emplace_back();
            mapping.raw_symbol = symbol();
            SPY_ASSIGN(const std::size_t intervals, count(interval_size, "mapping intervals"));
            mapping.intervals.reserve(intervals);
            for (std::size_t k = 0; k < intervals; ++k) {
                SPY_ASSIGN(const market::Date start, date());
                SPY_ASSIGN(const market::Date end, date());
                mapping.intervals.push_back({start, end, symbol()});
            }
        }
        return list;
    }

  private:
    std::span<const std::byte> rest_;
    std::size_t symbol_length_;
};

// Appends to a block.
class BlockWriter {
  public:
    template <class T>
    void put(T value) {
        block_.resize(block_.size() + sizeof value);
        std::memcpy(block_.data() + block_.size() - sizeof value, &value, sizeof value);
    }
    void zeros(std::size_t count) { block_.resize(block_.size() + count); }
    // Zero-padded; the last byte stays zero.
    Result<void> text(std::string_view value, std::size_t length) {
        if (value.size() >= length) {
            return make_error(ErrorCode::usage,
                              "'{}' is too long for DBN metadata of this version: at most {} bytes", value,
                              length - 1);
        }
        const auto bytes = std::as_bytes(std::span(value));
        block_.insert(block_.end(), bytes.begin(), bytes.end());
        zeros(length - value.size());
        return {};
    }
    Result<void> symbols(const std::vector<std::string>& list, std::size_t length) {
        put(static_cast<std::uint32_t>(list.size()));
        for (const std::string& symbol : list) SPY_TRY(text(symbol, length));
        return {};
    }
    void date(const market::Date& day) {
        put(static_cast<std::uint32_t>(day.year * 10000 + day.month * 100 + day.day));
    }
    [[nodiscard]] std::size_t size() const { return block_.size(); }
    std::vector<std::byte> take() { return std::move(block_); }

  private:
    std::vector<std::byte> block_;
};

void put_fixed_fields(BlockWriter& out, const Metadata& metadata) {
    out.put(metadata.schema ? static_cast<std::uint16_t>(*metadata.schema) : kNoSchema);
    out.put(metadata.start);
    out.put(metadata.end);
    out.put(metadata.limit);
    if (metadata.version == 1) out.put(metadata.record_count);
    out.put(metadata.stype_in ? static_cast<std::uint8_t>(*metadata.stype_in) : kNoSymbolType);
    out.put(static_cast<std::uint8_t>(metadata.stype_out));
    out.put(static_cast<std::uint8_t>(metadata.ts_out));
    if (metadata.version > 1) out.put(static_cast<std::uint16_t>(metadata.symbol_cstr_len));
    out.zeros(metadata.version == 1 ? kReservedV1 : kReserved);
    out.put(std::uint32_t{0});  // length of the schema definition: none
}

Result<void> put_mappings(BlockWriter& out, const Metadata& metadata) {
    out.put(static_cast<std::uint32_t>(metadata.mappings.size()));
    for (const SymbolMapping& mapping : metadata.mappings) {
        SPY_TRY(out.text(mapping.raw_symbol, metadata.symbol_cstr_len));
        out.put(static_cast<std::uint32_t>(mapping.intervals.size()));
        for (const MappingInterval& interval : mapping.intervals) {
            out.date(interval.start);
            out.date(interval.end);
            SPY_TRY(out.text(interval.symbol, metadata.symbol_cstr_len));
        }
    }
    return {};
}

}  // namespace

std::string to_string(Schema schema) {
    const auto number = static_cast<std::size_t>(schema);
    return number < kSchemaNames.size() ? kSchemaNames[number] : fmt::format("schema {}", number);
}

std::string to_string(SymbolType type) {
    const auto number = static_cast<std::size_t>(type);
    return number < kSymbolTypeNames.size() ? kSymbolTypeNames[number]
                                            : fmt::format("symbol type {}", number);
}

Result<MetadataPrelude> decode_prelude(std::span<const std::byte> bytes) {
    SPY_ASSERT(bytes.size() >= kMetadataPreludeSize);
    if (std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
        return make_error(ErrorCode::malformed, "not DBN: the data do not begin with 'DBN'");
    }
    const int version = std::to_integer<int>(bytes[3]);
    const auto length = load<std::uint32_t>(bytes.data() + 4);
    if (version < 1 || version > kNewestVersion) {
        return make_error(ErrorCode::malformed,
                          "DBN version {} is not known; this program reads versions 1 to {}", version,
                          kNewestVersion);
    }
    if (length < kFixedSize || length > kMaxMetadataSize) {
        return make_error(ErrorCode::malformed, "metadata of {} bytes cannot be: at least {}, at most {}",
                          length, kFixedSize, kMaxMetadataSize);
    }
    return MetadataPrelude{version, length};
}

Result<Metadata> decode_metadata(int version, std::span<const std::byte> block) {
    if (block.size() < kFixedSize) {
        return make_error(ErrorCode::malformed, "metadata of {} bytes are shorter than their fixed fields",
                          block.size());
    }
    BlockReader in(block, kSymbolLengthV1);
    Metadata metadata;
    metadata.version = version;
    metadata.dataset = in.text(kDatasetLength);
    if (const auto schema = in.take<std::uint16_t>(); schema != kNoSchema)
        metadata.schema = static_cast<Schema>(schema);
    metadata.start = in.take<std::uint64_t>();
    metadata.end = in.take<std::uint64_t>();
    metadata.limit = in.take<std::uint64_t>();
    if (version == 1) metadata.record_count = in.take<std::uint64_t>();
    if (const auto type = in.take<std::uint8_t>(); type != kNoSymbolType)
        metadata.stype_in = static_cast<SymbolType>(type);
    metadata.stype_out = static_cast<SymbolType>(in.take<std::uint8_t>());
    metadata.ts_out = in.take<std::uint8_t>() != 0;
    metadata.symbol_cstr_len = version == 1 ? kSymbolLengthV1 : in.take<std::uint16_t>();
    in.skip(version == 1 ? kReservedV1 : kReserved);
    if (const auto length = in.take<std::uint32_t>(); length != 0) {
        return make_error(ErrorCode::malformed,
                          "metadata carry a schema definition of {} bytes, which is not supported", length);
    }
    if (metadata.symbol_cstr_len < kMinSymbolLength || metadata.symbol_cstr_len > kMaxSymbolLength) {
        return make_error(ErrorCode::malformed, "symbols of {} bytes cannot be", metadata.symbol_cstr_len);
    }
    in.set_symbol_length(metadata.symbol_cstr_len);
    SPY_ASSIGN(metadata.symbols, in.symbols("symbols"));
    SPY_ASSIGN(metadata.partial, in.symbols("partly resolved symbols"));
    SPY_ASSIGN(metadata.not_found, in.symbols("symbols not found"));
    SPY_ASSIGN(metadata.mappings, in.mappings());
    return metadata;
}

Result<std::vector<std::byte>> encode_metadata(const Metadata& metadata) {
    if (metadata.version < 1 || metadata.version > kNewestVersion) {
        return make_error(ErrorCode::usage, "cannot write DBN version {}; it is 1 to {}", metadata.version,
                          kNewestVersion);
    }
    if (metadata.symbol_cstr_len < kMinSymbolLength || metadata.symbol_cstr_len > kMaxSymbolLength ||
        (metadata.version == 1 && metadata.symbol_cstr_len != kSymbolLengthV1)) {
        return make_error(ErrorCode::usage, "cannot write DBN version {} with symbols of {} bytes",
                          metadata.version, metadata.symbol_cstr_len);
    }
    BlockWriter out;
    for (const char letter : kMagic) out.put(letter);
    out.put(static_cast<std::uint8_t>(metadata.version));
    out.put(std::uint32_t{0});  // the length, known below
    SPY_TRY(out.text(metadata.dataset, kDatasetLength));
    put_fixed_fields(out, metadata);
    SPY_TRY(out.symbols(metadata.symbols, metadata.symbol_cstr_len));
    SPY_TRY(out.symbols(metadata.partial, metadata.symbol_cstr_len));
    SPY_TRY(out.symbols(metadata.not_found, metadata.symbol_cstr_len));
    SPY_TRY(put_mappings(out, metadata));
    if (metadata.version >= 3) out.zeros((kPadding - out.size() % kPadding) % kPadding);
    if (out.size() - kMetadataPreludeSize > kMaxMetadataSize) {
        return make_error(ErrorCode::usage, "metadata of {} bytes are too long to write", out.size());
    }
    std::vector<std::byte> block = out.take();
    const auto length = static_cast<std::uint32_t>(block.size() - kMetadataPreludeSize);
    std::memcpy(block.data() + 4, &length, sizeof length);
    return block;
}

}  // namespace spymaster::dbn
