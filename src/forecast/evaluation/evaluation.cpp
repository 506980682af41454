#include "forecast/evaluation/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/assert.hpp"
#include "forecast/baselines/last_velocity.hpp"
#include "forecast/baselines/spot_now.hpp"
#include "forecast/evaluation/half_hours.hpp"
#include "forecast/path/motion.hpp"
#include "forecast/path/predicted_tick.hpp"

namespace spymaster::forecast {

namespace {

constexpr std::size_t kBuckets = 10;
constexpr std::int64_t kFewestPredictedOfBucket = 100;

struct Study {
    std::array<BlockTallies, kStudyHorizons.size()> horizons;
    std::array<BlockTallies, kBuckets> buckets;
    std::array<BlockTallies, kTenths> ranks;
    std::map<int, BlockTallies> times;  // by minute of day
};

// A baseline is held and rounded as the forecast is.
std::int64_t whole_ticks(double ticks) {
    return predicted_tick_delta(std::clamp(ticks, -kMaxDeltaTicks, kMaxDeltaTicks));
}

// Edges are written as they are shown, tenths, and not what adding up or multiplying makes of them.
std::size_t bucket_of(double confidence) {
    std::size_t bucket = 0;
    while (bucket + 1 < kBuckets && confidence >= static_cast<double>(bucket + 1) / 10.0) ++bucket;
    return bucket;
}

class Sampler {
  public:
    explicit Sampler(const Calibration& calibration) : calibration_(calibration) {}

    // All samples of a day, in time order; its blocks are numbered from `first_block`. Returns how many there are.
    std::size_t add(const StudyDay& day, std::size_t first_block, std::size_t block_seconds, Study& study) {
        const std::size_t seconds = day.seconds.size();
        if (seconds == 0) return 0;
        // Of equal length as far as that goes, and none of it left over.
        const std::size_t blocks = std::max<std::size_t>(1, (seconds + block_seconds / 2) / block_seconds);
        for (std::size_t i = 0; i < seconds; ++i)
            if (day.seconds[i].valid) add_second(day, i, first_block + i * blocks / seconds, study);
        return blocks;
    }

  private:
    void add_second(const StudyDay& day, std::size_t i, std::size_t block, Study& study) {
        const Observation& now = day.seconds[i];
        const Observation* before = valid_second_from(day, i, -1);
        const double moved = before == nullptr ? 0.0 : static_cast<double>(now.spot_tick - before->spot_tick);
        const std::int64_t spot_now = spot_now_forecast(now, valid_second_from(day, i, 1));
        const std::int64_t micro_price = whole_ticks(micro_price_forecast(calibration_.micro_price, now));
        for (std::size_t h = 0; h < kStudyHorizons.size(); ++h) {
            const Observation* then = valid_second_from(day, i, kStudyHorizons[h]);
            if (then == nullptr) continue;
            const Sample sample{
                .truth = then->spot_tick - now.spot_tick,
                .forecast = now.predicted_tick_delta[h],
                .baselines = {0, whole_ticks(last_velocity_forecast(moved, kStudyHorizons[h])), micro_price,
                              whole_ticks(order_flow_forecast(calibration_.order_flow, now, h)), spot_now}};
            study.horizons[h].add(block, sample);
            if (sample.forecast != 0) add_confidence(now.confidence[h], block, sample, study);
            if (kStudyHorizons[h] != kTimeOfDayHorizon) continue;
            const std::optional<int> minute = half_hours_.minute_of_day(now.window_end_ts_ns - day.window_ns);
            if (minute) study.times[*minute].add(block, sample);
        }
    }

    void add_confidence(double confidence, std::size_t block, const Sample& sample, Study& study) const {
        study.buckets[bucket_of(confidence)].add(block, sample);
        if (!calibration_.confidence_scale) return;
        const int tenth = tenth_of(*calibration_.confidence_scale, confidence);
        study.ranks[static_cast<std::size_t>(tenth - 1)].add(block, sample);
    }

    const Calibration& calibration_;
    HalfHours half_hours_;
};

double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

double skill(std::int64_t error, std::int64_t baseline_error) {
    return 1.0 - static_cast<double>(error) / static_cast<double>(baseline_error);
}

// What is said about the samples of one horizon, bucket or half hour.
class Summary {
  public:
    Summary(const BlockTallies& tallies, int longest_horizon_s, const EvaluationOptions& options)
        : tallies_(tallies),
          total_(tallies.total()),
          drawn_(resampled_totals(tallies.blocks(), tallies.blocks().empty() ? 0 : options.resamples,
                                  options.seed)),
          longest_horizon_s_(longest_horizon_s),
          block_seconds_(options.block_seconds) {}

    [[nodiscard]] std::int64_t samples() const { return total_.samples; }
    [[nodiscard]] double mae() const { return share(total_.error, total_.samples); }

    [[nodiscard]] HitRate hits() const {
        const Signs& signs = total_.signs;
        HitRate hits{signs.predicted, signs.decided, signs.hits, share(signs.hits, signs.decided), {}};
        const auto decides = [](const Tally& block) { return block.signs.decided > 0; };
        std::vector<double> drawn;
        for (const Tally& total : drawn_)
            if (decides(total)) drawn.push_back(share(total.signs.hits, total.signs.decided));
        hits.interval = interval_about(hits.rate, std::move(drawn), kTail95, support_of(decides));
        if (hits.interval) {
            const Interval independent = wilson_interval(signs.hits, signs.decided, kTail95);
            hits.interval->low = std::clamp(hits.interval->low, 0.0, independent.low);
            hits.interval->high = std::clamp(hits.interval->high, independent.high, 1.0);
        }
        return hits;
    }

    [[nodiscard]] AgainstBaseline against(std::size_t b) const {
        const Signs& signs = total_.baseline_signs[b];
        AgainstBaseline against;
        against.mae = share(total_.baseline_errors[b], total_.samples);
        if (signs.decided > 0) against.hit_rate = share(signs.hits, signs.decided);
        if (total_.baseline_errors[b] == 0) return against;
        against.skill = skill(total_.error, total_.baseline_errors[b]);
        std::vector<double> drawn;
        for (const Tally& total : drawn_)
            if (total.error != 0 || total.baseline_errors[b] != 0)
                drawn.push_back(skill(total.error, total.baseline_errors[b]));
        const auto differs = [b](const Tally& block) { return block.error != block.baseline_errors[b]; };
        const Support support = support_of(differs);
        against.interval = interval_about(*against.skill, drawn, kTail95, support);
        against.cautious = interval_about(*against.skill, std::move(drawn), kTailCautious, support);
        return against;
    }

  private:
    template <class Says>
    [[nodiscard]] Support support_of(Says says) const {
        return {std::ranges::count_if(tallies_.blocks(), says), longest_horizon_s_, block_seconds_};
    }

    const BlockTallies& tallies_;
    const Tally& total_;
    std::vector<Tally> drawn_;
    int longest_horizon_s_;
    std::size_t block_seconds_;
};

HorizonResult horizon_result(const BlockTallies& tallies, int horizon_s, const EvaluationOptions& options) {
    const Summary summary(tallies, horizon_s, options);
    HorizonResult result{
        .horizon_s = horizon_s, .samples = summary.samples(), .hits = summary.hits(), .mae = summary.mae()};
    result.coverage = share(result.hits.decided, result.samples);
    for (std::size_t b = 0; b < result.against.size(); ++b) result.against[b] = summary.against(b);
    result.skilled = std::ranges::all_of(
        result.against, [](const AgainstBaseline& a) { return a.cautious && a.cautious->low > 0.0; });
    return result;
}

TimeOfDay time_of_day(int minute, const BlockTallies& tallies, const EvaluationOptions& options) {
    const Summary summary(tallies, kTimeOfDayHorizon, options);
    TimeOfDay time{
        .minute_of_day = minute, .samples = summary.samples(), .hits = summary.hits(), .mae = summary.mae()};
    for (std::size_t b = 0; b < time.against.size(); ++b) {
        time.against[b] = summary.against(b);
        time.against[b].cautious.reset();
    }
    return time;
}

Monotonicity monotonicity_of(std::span<const ConfidenceBucket> buckets) {
    const ConfidenceBucket* last = nullptr;
    Monotonicity verdict = Monotonicity::undecided;
    for (const ConfidenceBucket& bucket : buckets) {
        if (bucket.hits.predicted < kFewestPredictedOfBucket || bucket.hits.decided == 0) continue;
        if (last != nullptr) {
            if (bucket.hits.rate < last->hits.rate) return Monotonicity::falling;
            verdict = Monotonicity::rising;
        }
        last = &bucket;
    }
    return verdict;
}

}  // namespace

Evaluation evaluate(std::span<const StudyDay> days, const Calibration& calibration,
                    const EvaluationOptions& options) {
    SPY_ASSERT(options.resamples >= 100);
    SPY_ASSERT(options.block_seconds >= static_cast<std::size_t>(kStudyHorizons.back()));
    Evaluation result;
    Study study;
    Sampler sampler(calibration);
    std::size_t blocks = 0;
    for (const StudyDay& day : days) {
        result.dates.push_back(day.date);
        result.seconds += std::ssize(day.seconds);
        result.valid_seconds += std::ranges::count_if(day.seconds, &Observation::valid);
        blocks += sampler.add(day, blocks, options.block_seconds, study);
    }
    result.blocks = static_cast<std::int64_t>(blocks);
    for (std::size_t h = 0; h < kStudyHorizons.size(); ++h) {
        result.horizons[h] = horizon_result(study.horizons[h], kStudyHorizons[h], options);
        result.skilled = result.skilled || result.horizons[h].skilled;
    }
    const auto bucket = [&options](const BlockTallies& tallies, double low, double high) {
        return ConfidenceBucket{low, high, Summary(tallies, kStudyHorizons.back(), options).hits()};
    };
    for (std::size_t b = 0; b < kBuckets; ++b)
        result.buckets.push_back(
            bucket(study.buckets[b], static_cast<double>(b) / 10.0, static_cast<double>(b + 1) / 10.0));
    result.monotonicity = monotonicity_of(result.buckets);
    for (std::size_t t = 0; calibration.confidence_scale && t < kTenths; ++t) {
        const auto& edges = calibration.confidence_scale->edges;
        result.ranks.push_back(
            bucket(study.ranks[t], t == 0 ? 0.0 : edges[t - 1], t == edges.size() ? 1.0 : edges[t]));
    }
    result.rank_monotonicity = monotonicity_of(result.ranks);
    for (const auto& [minute, tallies] : study.times)
        result.times.push_back(time_of_day(minute, tallies, options));
    return result;
}

}  // namespace spymaster::forecast
