// Which contract of a root a date is worked on, among those that the lake has measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::pipeline {

// Snapshots and gold are in the lake.
bool is_measured(const lake::Lake& lake, const market::Product& product, const std::string& symbol,
                 const market::Date& date);

// The symbol itself where it is measured on the date; else it is a root ("ES"), which stands for the contract that
// the selection map has for the date, else for the only contract of it that is measured. None where nothing of it
// is measured. Error: missing (the contract selected is not there, or no single one: says which there are), and as
// load_selection().
Result<std::optional<std::string>> measured_contract(const lake::Lake& lake, const market::Product& product,
                                                     const std::string& symbol, const market::Date& date);

}  // namespace spymaster::pipeline
