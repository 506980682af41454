// A request's target and its parameters one by one. Pure functions: any bytes in, a value or a reason out.
//
// Every error is usage and names the parameter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/client_text.hpp"
#include "base/result.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::serve {

// A request target, percent-decoded: "/v1/flow?symbol=ES&dt=…". Error (usage): a bad escape, a NUL, no
// leading '/'.
struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;  // in order; names may repeat

    // The value of a parameter; none if it is not there. Error (usage): it is there twice.
    [[nodiscard]] Result<std::optional<std::string>> value(std::string_view name) const;
};
Result<Target> parse_target(std::string_view target);

// Error: it is not there.
Result<std::string> required(const Target& target, std::string_view name);

Result<std::int64_t> parse_integer(std::string_view name, std::string_view text);
Result<std::optional<std::int64_t>> optional_integer(const Target& target, std::string_view name);
// Finite, above 0.
Result<double> parse_speed(std::string_view text);
// [A-Za-z0-9][A-Za-z0-9._-]*, at most 64.
Result<std::string> parse_symbol(std::string_view text);
Result<market::Date> parse_dt(std::string_view text);
// product_type: one with a book of its own.
Result<std::optional<market::ProductType>> optional_product_type(const Target& target);

}  // namespace spymaster::serve
