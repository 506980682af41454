// A contract: the Avro schema of one dataset (contracts/**.avsc), the only place where its columns are stated.
//
// Column builders, Parquet schemas, stream surfaces and the catalogues are made from it or checked against it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace spymaster::lake {

enum class ColumnType : std::uint8_t { long_, int_, double_, boolean, string };

struct ContractField {
    std::string name;
    ColumnType type = ColumnType::long_;
    bool nullable = false;
    std::string doc;
    std::string unit;  // the property "unit": "ns", "1e-9", "lots", "ticks", ...
};

struct Contract {
    std::string name;            // record name, "BookSnapshot1s"
    std::string name_space;      // "com.marketdata.silver"
    std::filesystem::path path;  // relative to the project or installation
    std::string sha256;          // of the file's text, newlines normalised
    std::vector<ContractField> fields;

    // The place of a column. Error (missing) names the contract and its columns.
    [[nodiscard]] Result<std::size_t> index_of(std::string_view field) const;
};

Result<Contract> load_contract(const std::filesystem::path& avsc, const std::filesystem::path& relative_path);

}  // namespace spymaster::lake
