// How far a ratio of sums would have come out elsewhere, had other stretches of the same days been drawn: blocks of
// consecutive seconds, drawn with replacement, as many as there are (Carlstein 1986; Kuensch 1989 on why blocks). Seconds
// of a block stay together, since neighbouring errors are alike: moves over 30 seconds share 29 of them.
//
// The interval runs between two quantiles of what was drawn, and is then widened about the estimate,
//
//   by t / z * sqrt(n / (n - 1))     n blocks say less than infinitely many: Student's t with n - 1 degrees of freedom
//   by 1 / sqrt(1 - h / (3 L))       moves over h seconds reach across the edges of blocks of L seconds, which blocks drawn one
//                                    by one cannot show; this is what is lost if errors are as alike as moves that overlap
//
// Nothing is random: the same tallies, count and seed give the same bits everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "forecast/evaluation/tally.hpp"

namespace spymaster::forecast {

struct Interval {
    double low = 0.0;
    double high = 0.0;
};

// A block bootstrap says nothing with fewer blocks than this: then there is no interval, and no skill. Ten coins all fall on the
// same side once in 512 times, which is rarer than what a cautious interval lets pass; five do so once in 16.
inline constexpr std::int64_t kFewestBlocks = 10;

// How much an interval leaves out at each end, and the place on the normal curve where that begins.
struct Tail {
    double share = 0.0;
    double z = 0.0;
};
inline constexpr Tail kTail95{0.025, 1.959963984540054};
inline constexpr Tail kTailCautious{0.025 / 6.0, 2.6382572734767515};  // six horizons together (Bonferroni)

// Totals of `resamples` draws of as many blocks as there are.
std::vector<Tally> resampled_totals(std::span<const Tally> blocks, std::size_t resamples, std::uint64_t seed);

// What an interval is widened for.
struct Support {
    std::int64_t blocks = 0;  // in which there was something to be seen
    int horizon_s = 0;        // the longest among the samples
    std::size_t block_seconds = 0;
};

// None with fewer than kFewestBlocks, or if some drawn set has no finite ratio: too few blocks have something below the line.
// `drawn`: in any order. REQUIRES: none is NaN; horizon_s < 3 * block_seconds.
std::optional<Interval> interval_about(double estimate, std::vector<double> drawn, const Tail& tail,
                                       const Support& support);

// Of a share k / n of independent trials (Wilson 1927). Samples that are alike say less than independent ones, never
// more, so no interval of a hit rate is narrower; and three hits of three do not make a certainty. REQUIRES: n > 0.
Interval wilson_interval(std::int64_t k, std::int64_t n, const Tail& tail);

}  // namespace spymaster::forecast
