// What is counted of samples, block by block. All numbers are whole: predictions are rounded to ticks before they are compared,
// so sums are exact and do not depend on their order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

namespace spymaster::forecast {

// What the forecast has to be better than; one file each in baselines/. zero: the spot stays at S(t).
enum class Baseline : std::uint8_t { zero, last_velocity, micro_price, order_flow, spot_now };
inline constexpr std::array<std::string_view, 5> kBaselineNames{"zero", "last_velocity", "micro_price",
                                                                "order_flow", "spot_now"};

// Ticks from S(t).
struct Sample {
    std::int64_t truth = 0;
    std::int64_t forecast = 0;
    std::array<std::int64_t, kBaselineNames.size()> baselines{};
};

// How often a sign was said, and how often it was right.
struct Signs {
    std::int64_t predicted = 0;
    std::int64_t decided = 0;
    std::int64_t hits = 0;

    void add(std::int64_t said, std::int64_t truth) {
        if (said == 0) return;
        ++predicted;
        if (truth == 0) return;
        ++decided;
        if ((said > 0) == (truth > 0)) ++hits;
    }
    Signs& operator+=(const Signs& other) {
        predicted += other.predicted, decided += other.decided, hits += other.hits;
        return *this;
    }
};

struct Tally {
    std::int64_t samples = 0;
    Signs signs;
    std::int64_t error = 0;  // sum of |forecast - truth|, ticks
    std::array<Signs, kBaselineNames.size()> baseline_signs{};
    std::array<std::int64_t, kBaselineNames.size()> baseline_errors{};

    void add(const Sample& sample) {
        ++samples;
        signs.add(sample.forecast, sample.truth);
        error += std::abs(sample.forecast - sample.truth);
        for (std::size_t b = 0; b < kBaselineNames.size(); ++b) {
            baseline_signs[b].add(sample.baselines[b], sample.truth);
            baseline_errors[b] += std::abs(sample.baselines[b] - sample.truth);
        }
    }
    Tally& operator+=(const Tally& other) {
        samples += other.samples;
        signs += other.signs;
        error += other.error;
        for (std::size_t b = 0; b < kBaselineNames.size(); ++b) {
            baseline_signs[b] += other.baseline_signs[b];
            baseline_errors[b] += other.baseline_errors[b];
        }
        return *this;
    }
};

// A tally a block, of the blocks that have samples.
class BlockTallies {
  public:
    // REQUIRES: `block` not before the one of the call before.
    void add(std::size_t block, const Sample& sample) {
        if (tallies_.empty() || block != last_block_) tallies_.emplace_back();
        last_block_ = block;
        tallies_.back().add(sample);
        total_.add(sample);
    }
    [[nodiscard]] std::span<const Tally> blocks() const { return tallies_; }
    [[nodiscard]] const Tally& total() const { return total_; }

  private:
    std::vector<Tally> tallies_;
    std::size_t last_block_ = 0;
    Tally total_;
};

}  // namespace spymaster::forecast
