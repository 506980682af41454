#include "cli/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>

namespace spymaster::cli {

namespace {

constexpr auto kTurn = std::chrono::milliseconds(100);
constexpr int kBarWidth = 30;

}  // namespace

ProgressLine::ProgressLine(const pipeline::Progress& progress, std::string_view counted)
    : progress_(progress), counted_(counted) {
    if (isatty(STDERR_FILENO) == 0) return;
    thread_ = std::jthread([this](const std::stop_token& stop) {
        const auto start = std::chrono::steady_clock::now();
        std::mutex sleeping;
        std::condition_variable_any wake;
        std::unique_lock lock(sleeping);
        while (!stop.stop_requested()) {
            draw(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            wake.wait_for(lock, stop, kTurn, [] { return false; });
        }
        clear();
    });
}

void ProgressLine::clear() {
    if (isatty(STDERR_FILENO) == 0) return;
    const std::lock_guard lock(terminal_);
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
}

void ProgressLine::draw(double seconds) {
    const auto total = static_cast<double>(progress_.units_total.load());
    const auto done = static_cast<double>(progress_.units_done.load());
    const auto records = static_cast<double>(progress_.records.load());
    const double share = total > 0 ? std::min(done / total, 1.0) : 0.0;
    const int filled = static_cast<int>(share * kBarWidth);
    const std::string left =
        share > 0.01 ? fmt::format("{:.0f} s left", seconds * (1.0 - share) / share) : "";
    const std::lock_guard lock(terminal_);
    fmt::print(stderr, "\r\033[K[{:#<{}}{:.<{}}] {:3.0f} %  {:.2f} M {}  {:.2f} M/s  {}", "", filled, "",
               kBarWidth - filled, share * 100.0, records / 1e6, counted_,
               seconds > 0 ? records / 1e6 / seconds : 0.0, left);
    std::fflush(stderr);
}

}  // namespace spymaster::cli
