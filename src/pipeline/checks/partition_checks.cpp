#include "pipeline/checks/partition_checks.hpp"

namespace spymaster::pipeline::checks {

namespace {

// One result over all partitions: `look` says what is wrong with one, nothing if it is good.
template <class Look>
Result<CheckResult> over_all(const lake::Lake& lake, const Request& request, std::string_view group,
                             std::string_view name, const Look& look) {
    SPY_ASSIGN(const std::vector<lake::PartitionKey> keys, partitions_of(lake, request));
    if (keys.empty())
        return make_error(ErrorCode::missing, "nothing of {} is in the lake {}", request.date.iso(),
                          lake.root().string());
    const lake::PartitionKey all{"all datasets", request.symbol.empty() ? "all" : request.symbol,
                                 request.date};
    Check check(group, name, all, "partitions");
    std::optional<lake::PartitionKey> first;
    for (const lake::PartitionKey& key : keys) {
        const std::string wrong = look(key);
        if (!wrong.empty() && !first) first = key;
        check.expect(wrong.empty(), {}, [&wrong] { return wrong; });
    }
    CheckResult result = check.result();
    if (first) result.key = *first;
    return result;
}

}  // namespace

Result<void> check_hashes(const lake::Lake& lake, const Request& request, CheckResults& results) {
    SPY_ASSIGN(CheckResult result,
               over_all(lake, request, "files", "hashes", [&lake](const lake::PartitionKey& key) {
                   const auto verified = lake.verify(key);
                   return verified ? std::string{} : verified.error().message;
               }));
    results.push_back(std::move(result));
    return {};
}

Result<void> check_lineage(const lake::Lake& lake, const Request& request, CheckResults& results) {
    SPY_ASSIGN(CheckResult result,
               over_all(lake, request, "physics", "lineage", [&lake](const lake::PartitionKey& key) {
                   const auto freshness = lake.freshness(key);
                   if (!freshness) return freshness.error().message;
                   return freshness->fresh ? std::string{} : "stale: " + freshness->reasons.front();
               }));
    results.push_back(std::move(result));
    return {};
}

}  // namespace spymaster::pipeline::checks
