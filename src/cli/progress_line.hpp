// A line on the terminal that says how far a run is: share, records, records a second, time left. Silent
// elsewhere.
#pragma once

#include <mutex>
#include <thread>

#include "pipeline/progress.hpp"

namespace spymaster::cli {

class ProgressLine {
  public:
    explicit ProgressLine(const pipeline::Progress& progress);

    // Takes the line away so that something else can be printed; it comes back at the next turn.
    void clear();

  private:
    void draw(double seconds);

    const pipeline::Progress& progress_;
    std::mutex terminal_;
    std::jthread thread_;  // last: ends before the rest goes
};

}  // namespace spymaster::cli
