// What spymaster run says of its steps: those of one product, symbol and date together, as soon as the last has ended.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/schedule/step.hpp"

namespace spymaster::cli {

class RunReport {
  public:
    explicit RunReport(std::span<const pipeline::Step> steps);

    // Adds what became of a step. If it was the last of its day, prints the day, or keeps it for json().
    void add(const pipeline::Step& step, const pipeline::StepOutcome& outcome, bool json);

    [[nodiscard]] const nlohmann::json& json() const { return json_; }
    [[nodiscard]] std::size_t days() const { return days_.size(); }
    [[nodiscard]] std::size_t days_not_done() const;

  private:
    struct Ended {
        std::string stage;
        pipeline::StepEnd end = pipeline::StepEnd::done;
        std::string why;
    };
    struct Day {
        const market::Product* product = nullptr;
        std::string symbol;
        market::Date date;
        std::size_t steps_left = 0;
        pipeline::JobReport report;
        std::vector<Ended> stages;
        std::string error;  // of the first that failed; else why the first that was skipped was
        double seconds = 0.0;

        [[nodiscard]] bool has(pipeline::StepEnd end) const;
        [[nodiscard]] bool ok() const { return error.empty(); }
        void print(bool with_product) const;
        [[nodiscard]] nlohmann::json json() const;
    };

    Day& day_of(const pipeline::Step& step);

    std::vector<Day> days_;
    bool several_products_ = false;
    nlohmann::json json_ = nlohmann::json::array();
};

}  // namespace spymaster::cli
