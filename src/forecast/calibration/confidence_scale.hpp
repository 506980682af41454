// What a confidence is among others: its tenth of the forecasts of the training days. On real markets confidence is a
// few thousandths of its range (path/confidence.hpp: the drive is small), so that the number itself tells hardly anything
// apart; its rank does.
//
//   c(1) <= c(2) <= ... <= c(n)      confidences of the training forecasts with a move, all kStudyHorizons together
//   edge_i = c(ceil(i n / 10))       i = 1 .. 9: at least i tenths of them were not surer than that
//   tenth(c) = 1 + number of edges below c
//
//   unit    none
//   range   edges 0 to 1, ascending; tenth 1 to 10
//   edge    where many are alike, as those of a closed way are, which have 0, edges are equal and the tenths between them
//           stay empty; c on an edge belongs to the lower tenth; fewer than ten forecasts with a move: no scale
//   spec    none: beside the buckets of decision D-12, which stay
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

inline constexpr std::size_t kTenths = 10;

struct ConfidenceScale {
    std::array<double, kTenths - 1> edges{};
    std::int64_t forecasts = 0;  // that were ranked

    bool operator==(const ConfidenceScale&) const = default;
};

// 1, the least sure, to 10. Above tenth t are at most 10 - t tenths of the training forecasts.
inline int tenth_of(const ConfidenceScale& scale, double confidence) {
    int tenth = 1;
    for (const double edge : scale.edges) tenth += edge < confidence ? 1 : 0;
    return tenth;
}

// Takes days whose forecasts were made with the fitted parameters, in any order; keeps eight bytes a forecast. One thread
// at a time.
class ConfidenceRanking {
  public:
    void add(const StudyDay& day);
    [[nodiscard]] std::optional<ConfidenceScale> scale() const;

  private:
    std::vector<double> confidences_;
};

}  // namespace spymaster::forecast
