#include "lake/encodings.hpp"

#include <array>
#include <string_view>

namespace spymaster::lake {
namespace {

struct NamedEncoding {
    std::string_view column;
    ColumnEncoding encoding;
};

constexpr std::array kByName = {
    NamedEncoding{"ts_recv", {Encoding::delta, 1, true}},
};

}  // namespace

ColumnEncoding encoding_of(const ContractField& field) {
    for (const NamedEncoding& each : kByName) {
        if (each.column == field.name) return each.encoding;
    }
    switch (field.type) {
        case ColumnType::long_:
        case ColumnType::int_:
            return {Encoding::delta, 1, true};
        case ColumnType::double_:
            return {Encoding::plain, 1, true};
        case ColumnType::boolean:
            return {Encoding::plain, 1, true};
        case ColumnType::string:
            return {Encoding::dictionary, 1, true};
    }
    return {};
}

std::vector<ColumnEncoding> encodings_of(const Contract& contract) {
    std::vector<ColumnEncoding> result;
    result.reserve(contract.fields.size());
    for (const ContractField& field : contract.fields) result.push_back(encoding_of(field));
    return result;
}

}  // namespace spymaster::lake
