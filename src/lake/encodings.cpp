#include "lake/encodings.hpp"

#include <array>
#include <string_view>

namespace spymaster::lake {
namespace {

constexpr ColumnEncoding kDelta{Encoding::delta, 1};
constexpr ColumnEncoding kDictionary{Encoding::dictionary, 1};
constexpr ColumnEncoding kSplit{Encoding::byte_stream_split, 1};
constexpr ColumnEncoding kPlain{Encoding::plain, 1};

struct NamedEncoding {
    std::string_view column;
    ColumnEncoding encoding;
};

// Columns that do better otherwise than by their type's default below. By name, for all datasets: a name has one meaning.
constexpr std::array kByName = {
    // bronze: codes, constants, and prices of which a row group has few
    NamedEncoding{"channel_id", kDictionary},
    NamedEncoding{"rtype", kDictionary},
    NamedEncoding{"publisher_id", kDictionary},
    NamedEncoding{"instrument_id", kDictionary},
    NamedEncoding{"flags", kDictionary},
    NamedEncoding{"price", kDictionary},
    NamedEncoding{"ts_in_delta", {Encoding::delta, 0}},  // noise: zstd takes half as long again for 5 %
    // silver: quantities are small whole numbers
    NamedEncoding{"depth_qty_start", kDictionary},
    NamedEncoding{"depth_qty_end", kDictionary},
    NamedEncoding{"depth_qty_rest", kDictionary},
    NamedEncoding{"add_qty", kDictionary},
    NamedEncoding{"pull_qty_total", kDictionary},
    NamedEncoding{"pull_qty_rest", kDictionary},
    NamedEncoding{"fill_qty", kDictionary},
    NamedEncoding{"d1_depth_qty", kDictionary},
    NamedEncoding{"d2_depth_qty", kDictionary},
    NamedEncoding{"d3_depth_qty", kDictionary},
    // vacuum: functions of few small whole numbers, most of them those of nothing happening
    NamedEncoding{"pull_intensity_rest", kDictionary},
    NamedEncoding{"pull_add_log", kDictionary},
    NamedEncoding{"d1_pull_add_log", kDictionary},
    NamedEncoding{"d2_pull_add_log", kDictionary},
    NamedEncoding{"d3_pull_add_log", kDictionary},
    NamedEncoding{"wall_erosion", kDictionary},
    NamedEncoding{"vacuum_score", kDictionary},
    // gold: functions of one small whole number
    NamedEncoding{"rho", kDictionary},
    NamedEncoding{"phi_rest", kDictionary},
    // gold: smooth over price, so exponents and high mantissa bytes repeat: a tenth to a fifth smaller
    NamedEncoding{"u_ema_128", kSplit},
    NamedEncoding{"u_far", kSplit},
    NamedEncoding{"u_prom", kSplit},
    NamedEncoding{"Omega_near", kSplit},
    NamedEncoding{"Omega_far", kSplit},
    NamedEncoding{"Omega_prom", kSplit},
    NamedEncoding{"nu", kSplit},
    NamedEncoding{"kappa", kSplit},
    NamedEncoding{"pressure_grad", kSplit},
    // gamma exposure: volatilities are smooth over strikes (a tenth smaller), open interest is whole numbers that repeat
    NamedEncoding{"call_implied_volatility", kSplit},
    NamedEncoding{"put_implied_volatility", kSplit},
    NamedEncoding{"call_open_interest", kSplit},
    NamedEncoding{"put_open_interest", kSplit},
};

}  // namespace

ColumnEncoding encoding_of(const ContractField& field) {
    for (const NamedEncoding& each : kByName) {
        if (each.column == field.name) return each.encoding;
    }
    switch (field.type) {
        case ColumnType::long_:
        case ColumnType::int_:
            return kDelta;
        case ColumnType::double_:
        case ColumnType::boolean:
            return kPlain;
        case ColumnType::string:
            return kDictionary;
    }
    return kPlain;
}

std::vector<ColumnEncoding> encodings_of(const Contract& contract) {
    std::vector<ColumnEncoding> result;
    result.reserve(contract.fields.size());
    for (const ContractField& field : contract.fields) result.push_back(encoding_of(field));
    return result;
}

}  // namespace spymaster::lake
