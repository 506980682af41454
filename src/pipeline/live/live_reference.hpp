// What is known of a live market besides its orders: definitions, open interest, and which options expire today. It grows
// while the market runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/reference/definitions.hpp"
#include "pipeline/reference/option_universe.hpp"

namespace spymaster::pipeline {

// Not thread-safe.
class LiveReference {
  public:
    struct OpenInterest {
        std::int64_t ts_recv_ns = 0;
        std::int64_t instrument_id = 0;
        double contracts = 0.0;
    };

    // `options`: the job of the options that are measured, which outlives this; or nullptr.
    explicit LiveReference(const Job* options) : options_(options) {}

    // Looks at a record: a definition, a statistic, a message of the gateway; others are passed over.
    void take(const std::byte* record);

    // The gateway said that the definitions of before have all come.
    [[nodiscard]] bool definitions_told() const { return definitions_told_; }
    // In the order in which they came.
    [[nodiscard]] const std::vector<OpenInterest>& open_interest() const { return open_interest_; }

    // There may be options that universe() does not know.
    [[nodiscard]] bool universe_grows() const { return universe_grows_; }
    // Looks for options that expire on the job's date among the definitions so far. True: universe() is another. Terms that
    // were in one stay where they are.
    Result<bool> grow_universe();
    // nullptr: no option is known.
    [[nodiscard]] const OptionUniverse* universe() const {
        return universes_.empty() ? nullptr : &universes_.back();
    }
    // Whether there are options on it that expire today.
    [[nodiscard]] bool has_options_on(const std::string& contract) const;

    // The newest of each instrument.
    [[nodiscard]] const std::vector<Definition>& definitions() const { return definitions_; }

  private:
    void take_definition(const std::byte* bytes);
    void take_statistics(const std::byte* bytes);
    void take_message(const std::byte* bytes);

    const Job* options_;
    bool definitions_told_ = false;
    std::vector<Definition> definitions_;
    std::unordered_map<std::uint64_t, std::size_t> places_;
    std::vector<OpenInterest> open_interest_;
    std::deque<OptionUniverse> universes_;  // the newest is in force
    bool universe_grows_ = true;
};

}  // namespace spymaster::pipeline
