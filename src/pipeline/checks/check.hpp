// A check of what is in the lake: how much it looked at, whether all of it was good, and the first row that was not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::pipeline::checks {

// missing: something that has to be there is not. noted: something is not there that need not be.
enum class Verdict : std::uint8_t { passed, failed, missing, noted };

std::string_view name_of(Verdict verdict);

struct CheckResult {
    std::string group;  // "data", "physics", "files", "service"
    std::string name;   // "wall identity"
    lake::PartitionKey key;
    std::int64_t looked_at = 0;
    std::string unit;  // "rows", "windows", ...
    Verdict verdict = Verdict::passed;
    std::int64_t failures = 0;
    std::optional<std::int64_t> window_end_ts_ns;  // of the first offending row, where it has one
    std::string what;  // the first offending row; else what is not there, and what makes it
};

using CheckResults = std::vector<CheckResult>;

// Counts what one check looks at, and keeps the first thing that is wrong.
class Check {
  public:
    Check(std::string_view group, std::string_view name, const lake::PartitionKey& key,
          std::string_view unit);

    // Looks at one more. `say`: called of the first that is not good, for a text that names it.
    template <class Say>
    void expect(bool good, std::optional<std::int64_t> window_end_ts_ns, Say&& say) {
        ++result_.looked_at;
        if (good) return;
        if (result_.failures++ == 0) {
            result_.window_end_ts_ns = window_end_ts_ns;
            result_.what = say();
        }
    }

    [[nodiscard]] std::int64_t looked_at() const { return result_.looked_at; }
    // Nothing looked at is a failure: what is not there cannot be good.
    [[nodiscard]] CheckResult result() const;

  private:
    CheckResult result_;
};

// What could not be looked at: a table that cannot be read is a failure like any other.
CheckResult unreadable(std::string_view group, std::string_view name, const lake::PartitionKey& key,
                       const Error& error);

// What is not in the lake; `needed`: it should be. `what` says so, and what makes it.
CheckResult absent(std::string_view group, const lake::PartitionKey& key, bool needed, std::string what);

}  // namespace spymaster::pipeline::checks
