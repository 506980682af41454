#include "pipeline/checks/finite_check.hpp"

#include <cmath>
#include <string>

#include "pipeline/checks/table_rows.hpp"

namespace spymaster::pipeline::checks {

namespace {

constexpr std::string_view kName = "finite";

Result<CheckResult> look(const lake::Lake& lake, std::string_view group, const lake::PartitionKey& key) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    std::vector<std::string> names;
    for (const lake::ContractField& field : dataset->contract.fields)
        if (field.type == lake::ColumnType::double_) names.push_back(field.name);
    const std::size_t numbers = names.size();
    const bool has_windows = dataset->contract.index_of("window_end_ts_ns").ok();
    if (has_windows) names.emplace_back("window_end_ts_ns");

    Check check(group, kName, key, "numbers");
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key, names));
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        for (std::size_t i = 0; i < numbers; ++i) {
            const std::optional<std::int64_t> window =
                has_windows ? std::optional(rows.integer(numbers)) : std::nullopt;
            check.expect(rows.is_null(i) || std::isfinite(rows.real(i)), window,
                         [&] { return fmt::format("{} is {}", names[i], rows.real(i)); });
        }
    }
    return check.result();
}

}  // namespace

CheckResult check_finite(const lake::Lake& lake, std::string_view group, const lake::PartitionKey& key) {
    auto result = look(lake, group, key);
    return result.ok() ? std::move(result).value() : unreadable(group, kName, key, result.error());
}

}  // namespace spymaster::pipeline::checks
