#include "pipeline/reference/definitions.hpp"

#include <algorithm>
#include <unordered_map>

#include "dbn/upgrade.hpp"
#include "feed/raw_files.hpp"
#include "market/expiration.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::int32_t kUndefMultiplier = std::numeric_limits<std::int32_t>::max();

// Prices, and quantities of that kind.
std::int64_t or_zero(std::int64_t value) {
    return value == dbn::kUndefPrice ? 0 : value;
}

// A time that does not fit 64 signed bits is none.
std::int64_t time_or(std::uint64_t ts_ns, std::int64_t none) {
    return ts_ns > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? none
               : static_cast<std::int64_t>(ts_ns);
}

char letter_of(char code) {
    return code > ' ' && code < '\x7f' ? code : 'N';
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

std::string_view partition_of(const dbn::InstrumentDefMsg& record) {
    const std::string_view underlying = dbn::text(record.underlying);
    if (!underlying.empty()) return underlying;
    const std::string_view asset = dbn::text(record.asset);
    return asset.empty() ? dbn::text(record.raw_symbol) : asset;
}

// Keeps the last record of each instrument.
class LastDefinitions {
  public:
    explicit LastDefinitions(const DefinitionQuery& query) : query_(query) {}

    Result<void> take(const std::byte* bytes) {
        const auto record = dbn::read_definition(bytes);
        if (!record) {
            return make_error(ErrorCode::malformed, "a definition of {} bytes; no DBN version has that",
                              dbn::load<dbn::RecordHeader>(bytes).size());
        }
        if (!query_.symbol.empty() && !is_wanted_partition(partition_of(*record), query_.symbol)) {
            other_symbols_ += 1;
            move_away(*record);
            return {};
        }
        Definition definition = to_definition(*record);
        for (const std::string* text : {&definition.raw_symbol, &definition.underlying, &definition.asset,
                                        &definition.currency, &definition.security_type}) {
            if (is_ascii(*text)) continue;
            return make_error(ErrorCode::malformed,
                              "the definition of instrument {} has text that is not "
                              "ASCII",
                              definition.instrument_id);
        }
        keep(std::move(definition));
        return {};
    }

    Definitions finish(ReferenceCounts read) {
        std::erase_if(rows_, [this](const Definition& row) {
            return !query_.symbol.empty() && !is_wanted_partition(partition_symbol(row), query_.symbol);
        });
        std::ranges::sort(rows_, {},
                          [](const Definition& row) { return key_of(row.publisher_id, row.instrument_id); });
        Definitions result{std::move(rows_), {std::move(read), other_symbols_, replaced_}};
        return result;
    }

  private:
    static std::uint64_t key_of(std::uint16_t publisher_id, std::uint32_t instrument_id) {
        return std::uint64_t{publisher_id} << 32U | instrument_id;
    }

    // A later record of an instrument that is kept may put it on an underlying that is not wanted.
    void move_away(const dbn::InstrumentDefMsg& record) {
        const auto known = places_.find(key_of(record.hd.publisher_id, record.hd.instrument_id));
        if (known == places_.end()) return;
        Definition definition = to_definition(record);
        if (definition.ts_event >= rows_[known->second].ts_event)
            rows_[known->second] = std::move(definition);
    }

    void keep(Definition definition) {
        const auto [place, is_new] =
            places_.try_emplace(key_of(definition.publisher_id, definition.instrument_id), rows_.size());
        if (is_new) {
            rows_.push_back(std::move(definition));
            return;
        }
        replaced_ += 1;
        Definition& known = rows_[place->second];
        if (definition.ts_event >= known.ts_event) known = std::move(definition);
    }

    const DefinitionQuery& query_;
    std::vector<Definition> rows_;
    std::unordered_map<std::uint64_t, std::size_t> places_;
    std::uint64_t other_symbols_ = 0;
    std::uint64_t replaced_ = 0;
};

}  // namespace

double multiplier_of(const dbn::InstrumentDefMsg& record) {
    const bool has_size = record.unit_of_measure_qty != dbn::kUndefPrice && record.unit_of_measure_qty > 0;
    const bool has_count = record.contract_multiplier != kUndefMultiplier && record.contract_multiplier > 0;
    if (!has_size && !has_count) return 0.0;
    // Nanos over a power of ten of them: exact for the whole numbers that sizes are.
    const double size = has_size ? static_cast<double>(record.unit_of_measure_qty) / 1e9 : 1.0;
    return has_count ? size * record.contract_multiplier : size;
}

Definition to_definition(const dbn::InstrumentDefMsg& record) {
    Definition row;
    row.ts_event = time_or(record.hd.ts_event, 0);
    row.instrument_id = record.hd.instrument_id;
    row.underlying_id = record.underlying_id;
    row.publisher_id = record.hd.publisher_id;
    row.instrument_class = letter_of(record.instrument_class);
    row.security_update_action = letter_of(record.security_update_action);
    row.user_defined = record.user_defined_instrument == 'Y';
    row.expiration = time_or(record.expiration, market::kNoExpiration);
    row.strike_price = or_zero(record.strike_price);
    row.min_price_increment = or_zero(record.min_price_increment);
    row.multiplier = multiplier_of(record);
    row.security_type = dbn::text(record.security_type);
    row.underlying = dbn::text(record.underlying);
    row.currency = dbn::text(record.currency);
    row.raw_symbol = dbn::text(record.raw_symbol);
    row.asset = dbn::text(record.asset);
    return row;
}

const std::string& partition_symbol(const Definition& definition) {
    if (!definition.underlying.empty()) return definition.underlying;
    return definition.asset.empty() ? definition.raw_symbol : definition.asset;
}

bool same_symbol(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_wanted_partition(std::string_view partition, std::string_view symbol) {
    return same_symbol(partition, symbol) || feed::symbol_root(partition) == symbol ||
           feed::symbol_root(symbol) == partition;
}

Result<Definitions> read_definitions(std::vector<std::filesystem::path> files, const DefinitionQuery& query,
                                     Progress& progress) {
    LastDefinitions last(query);
    SPY_ASSIGN(ReferenceCounts counts,
               read_reference(std::move(files), {dbn::rtype::instrument_def, query.date, query.datasets},
                              progress, [&](const std::byte* record) { return last.take(record); }));
    return last.finish(std::move(counts));
}

}  // namespace spymaster::pipeline
