// A line on the terminal that says how far a run is: share, records (or what else is counted), those a second, time
// left. Silent elsewhere.
#pragma once

#include <mutex>
#include <string_view>
#include <thread>

#include "pipeline/progress.hpp"

namespace spymaster::cli {

class ProgressLine {
  public:
    explicit ProgressLine(const pipeline::Progress& progress, std::string_view counted = "records");

    // Takes the line away so that something else can be printed; it comes back at the next turn.
    void clear();

  private:
    void draw(double seconds);

    const pipeline::Progress& progress_;
    std::string_view counted_;
    std::mutex terminal_;
    std::jthread thread_;  // last: ends before the rest goes
};

}  // namespace spymaster::cli
