#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::passed:
            return "passed";
        case Verdict::failed:
            return "FAILED";
        case Verdict::missing:
            return "missing";
        case Verdict::noted:
            return "noted";
    }
    return "";
}

Check::Check(std::string_view group, std::string_view name, const lake::PartitionKey& key,
             std::string_view unit) {
    result_.group = group;
    result_.name = name;
    result_.key = key;
    result_.unit = unit;
}

CheckResult Check::result() const {
    CheckResult result = result_;
    if (result.looked_at == 0) {
        result.failures = 1;
        result.what = fmt::format("there are no {} to look at", result.unit);
    }
    if (result.failures != 0) result.verdict = Verdict::failed;
    return result;
}

CheckResult unreadable(std::string_view group, std::string_view name, const lake::PartitionKey& key,
                       const Error& error) {
    CheckResult result;
    result.group = group;
    result.name = name;
    result.key = key;
    result.unit = "rows";
    result.verdict = Verdict::failed;
    result.failures = 1;
    result.what = error.message;
    return result;
}

CheckResult absent(std::string_view group, const lake::PartitionKey& key, bool needed, std::string what) {
    CheckResult result;
    result.group = group;
    result.name = "there";
    result.key = key;
    result.unit = "partitions";
    result.verdict = needed ? Verdict::missing : Verdict::noted;
    result.what = std::move(what);
    return result;
}

}  // namespace spymaster::pipeline::checks
