#include "pipeline/schedule/schedule.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace spymaster::pipeline {

namespace {

class Schedule {
  public:
    using Run = std::function<StepOutcome(const Step&)>;
    using OnDone = std::function<void(const Step&, const StepOutcome&)>;

    Schedule(std::span<const Step> steps, const Run& run, const OnDone& on_done)
        : steps_(steps), run_(run), on_done_(on_done), begun_(steps.size(), false), outcomes_(steps.size()) {}

    void work() {
        std::unique_lock lock(mutex_);
        while (left() > 0) {
            const std::optional<std::size_t> next = first_ready();
            if (!next) {
                SPY_ASSERT(running_ > 0);  // else they wait for each other
                ended_.wait(lock);
                continue;
            }
            begun_[*next] = true;
            ++running_;
            StepOutcome outcome;
            if (const Step* const cause = failed_need(steps_[*next])) {
                outcome.end = StepEnd::skipped;
                outcome.why = fmt::format("{} of {} on {} was not made", name_of(cause->stage->kind),
                                          cause->job.symbol, cause->job.date.iso());
            } else {
                lock.unlock();
                outcome = run_(steps_[*next]);
                lock.lock();
            }
            --running_;
            outcomes_[*next] = std::move(outcome);
            on_done_(steps_[*next], *outcomes_[*next]);
            ended_.notify_all();
        }
    }

    std::vector<StepOutcome> take() {
        std::vector<StepOutcome> all;
        all.reserve(outcomes_.size());
        for (auto& outcome : outcomes_) all.push_back(std::move(*outcome));
        return all;
    }

  private:
    [[nodiscard]] std::ptrdiff_t left() const { return std::ranges::count(begun_, false); }

    [[nodiscard]] std::optional<std::size_t> first_ready() const {
        const auto ended = [this](std::size_t i) { return outcomes_[i].has_value(); };
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (!begun_[i] && std::ranges::all_of(steps_[i].needs, ended) &&
                std::ranges::all_of(steps_[i].after, ended))
                return i;
        }
        return std::nullopt;
    }

    [[nodiscard]] const Step* failed_need(const Step& step) const {
        for (const std::size_t need : step.needs) {
            const StepEnd end = outcomes_[need]->end;
            if (end == StepEnd::failed || end == StepEnd::skipped) return &steps_[need];
        }
        return nullptr;
    }

    std::span<const Step> steps_;
    const Run& run_;
    const OnDone& on_done_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::vector<bool> begun_;
    std::vector<std::optional<StepOutcome>> outcomes_;
    int running_ = 0;
};

}  // namespace

std::vector<StepOutcome> run_steps(std::span<const Step> steps, int workers,
                                   const std::function<StepOutcome(const Step&)>& run,
                                   const std::function<void(const Step&, const StepOutcome&)>& on_done) {
    Schedule schedule(steps, run, on_done);
    {
        std::vector<std::jthread> threads;
        const auto count = std::min(steps.size(), static_cast<std::size_t>(std::max(workers, 1)));
        for (std::size_t i = 1; i < count; ++i) threads.emplace_back([&schedule] { schedule.work(); });
        schedule.work();
    }
    return schedule.take();
}

}  // namespace spymaster::pipeline
