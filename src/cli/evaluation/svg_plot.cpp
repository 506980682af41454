#include "cli/evaluation/svg_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace spymaster::cli {

namespace {

constexpr double kWidth = 540.0;
constexpr double kHeight = 310.0;
constexpr double kLeft = 70.0;
constexpr double kRight = kWidth - 10.0;
constexpr double kTop = 12.0;
constexpr double kBottom = kHeight - 62.0;
constexpr std::size_t kMostLabels = 10;  // more would touch

// 1, 2 or 5 times a power of ten, so that about five steps make the range.
double round_step(double range) {
    const double raw = range / 5.0;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double times : {1.0, 2.0, 5.0})
        if (raw <= times * power) return times * power;
    return 10.0 * power;
}

// The length of the UTF-8 character at the beginning, or 0: not one that XML allows.
std::size_t character_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' ? 1 : 0;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xC0) != 0x80) return 0;
    const unsigned char second = at(1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second > 0x9F;
    const bool noncharacter = first == 0xEF && second == 0xBF && at(2) >= 0xBE;
    return overlong || surrogate || noncharacter || (first == 0xF4 && second > 0x8F) ? 0 : length;
}

std::string shape(std::size_t series, double x, double y, bool faint) {
    const std::string style = fmt::format(R"(class="mark s{}{}")", series, faint ? " faint" : "");
    switch (series) {
        case 0:
            return fmt::format(R"(<circle {} cx="{:.1f}" cy="{:.1f}" r="4.5"/>)", style, x, y);
        case 1:
            return fmt::format(R"(<rect {} x="{:.1f}" y="{:.1f}" width="7" height="7"/>)", style, x - 3.5,
                               y - 3.5);
        case 2:
            return fmt::format(R"(<path {} d="M{:.1f} {:.1f}l4.5 8h-9z"/>)", style, x, y - 5.0);
        case 3:
            return fmt::format(R"(<path {} d="M{:.1f} {:.1f}l5 5l-5 5l-5 -5z"/>)", style, x, y - 5.0);
        case 4:
            return fmt::format(R"(<path {} d="M{:.1f} {:.1f}l-4.5 -8h9z"/>)", style, x, y + 5.0);
        default:
            return fmt::format(R"(<rect {} x="{:.1f}" y="{:.1f}" width="5" height="10"/>)", style, x - 2.5,
                               y - 5.0);
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        if (length != 1) {
            safe += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
        } else if (text[0] == '&') {
            safe += "&amp;";
        } else if (text[0] == '<') {
            safe += "&lt;";
        } else if (text[0] == '>') {
            safe += "&gt;";
        } else if (text[0] == '"') {
            safe += "&quot;";
        } else if (text[0] == '\'') {
            safe += "&#39;";
        } else {
            safe += text[0];
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return safe;
}

std::string legend_mark(std::size_t series) {
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" aria-hidden="true">{}</svg>)",
        shape(series, 8.0, 8.0, false));
}

SvgPlot::SvgPlot(PlotText text, Unit unit, double low, double high)
    : text_(std::move(text)), unit_(unit), low_(low), high_(high), step_(1.0) {
    if (!(high_ - low_ > 1e-9)) high_ = low_ + 1e-3;
    step_ = round_step(high_ - low_);
    low_ = std::floor(low_ / step_) * step_;
    high_ = std::ceil(high_ / step_) * step_;
    draw_axes();
    draw_categories();
}

double SvgPlot::x_of(std::size_t category, double part) const {
    const double width =
        (kRight - kLeft) / static_cast<double>(std::max<std::size_t>(text_.categories.size(), 1));
    return kLeft + (static_cast<double>(category) + part) * width;
}

double SvgPlot::y_of(double value) const {
    return kBottom - (value - low_) / (high_ - low_) * (kBottom - kTop);
}

void SvgPlot::draw_axes() {
    const bool shares = unit_ != Unit::ticks;
    const double scale = shares ? 100.0 : 1.0;
    const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step_ * scale))), 0, 6);
    auto out = std::back_inserter(body_);
    const auto steps = std::lround((high_ - low_) / step_);
    for (long i = 0; i <= steps; ++i) {
        double value = low_ + static_cast<double>(i) * step_;
        if (std::abs(value) < step_ * 1e-6) value = 0.0;
        const double y = y_of(value);
        const std::string number = unit_ == Unit::signed_percent && value != 0.0
                                       ? fmt::format("{:+.{}f}", value * scale, decimals)
                                       : fmt::format("{:.{}f}", value * scale, decimals);
        fmt::format_to(out,
                       R"(<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>)"
                       R"(<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}{}</text>)",
                       kLeft, kRight, y, y, kLeft - 6.0, y + 4.0, number, shares ? " %" : "");
        body_ += "\n";
    }
    const double middle = (kTop + kBottom) / 2.0;
    fmt::format_to(
        out,
        R"svg(<text class="title" transform="translate(11 {:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg",
        middle, escaped(text_.y_title));
    fmt::format_to(out, R"(<text class="title" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                   (kLeft + kRight) / 2.0, kHeight - 8.0, escaped(text_.x_title));
    body_ += "\n";
}

void SvgPlot::draw_categories() {
    const std::size_t count = text_.categories.size();
    const std::size_t every = (count + kMostLabels - 1) / kMostLabels;
    for (std::size_t i = 0; i < count; i += std::max<std::size_t>(every, 1)) {
        fmt::format_to(std::back_inserter(body_),
                       R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                       x_of(i, 0.5), kBottom + 17.0, escaped(text_.categories[i]));
        if (i < text_.below.size()) {
            fmt::format_to(std::back_inserter(body_),
                           R"(<text class="count" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                           x_of(i, 0.5), kBottom + 32.0, escaped(text_.below[i]));
        }
        body_ += "\n";
    }
}

void SvgPlot::level(double y) {
    fmt::format_to(std::back_inserter(body_),
                   R"(<line class="level" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>)"
                   "\n",
                   kLeft, kRight, y_of(y), y_of(y));
}

void SvgPlot::line(const std::vector<double>& values, std::size_t series) {
    // A picture in the picture, which cuts off what leaves the axes.
    std::string lines =
        fmt::format(R"(<svg x="{0}" y="{1}" width="{2}" height="{3}" viewBox="{0} {1} {2} {3}">)", kLeft,
                    kTop, kRight - kLeft, kBottom - kTop);
    std::string shapes;
    fmt::format_to(std::back_inserter(lines), R"(<polyline class="line s{}" points=")", series);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double x = x_of(i, 0.5);
        fmt::format_to(std::back_inserter(lines), "{}{:.1f},{:.1f}", i == 0 ? "" : " ", x, y_of(values[i]));
        if (is_within(values[i])) shapes += shape(series, x, y_of(values[i]), false);
    }
    body_ += lines + "\"/></svg>" + shapes + "\n";
}

void SvgPlot::mark(const Marked& marked, std::size_t place, std::size_t places) {
    // In the middle 0.7 of the category.
    const double x =
        x_of(marked.category, 0.15 + 0.7 * (static_cast<double>(place) + 0.5) / static_cast<double>(places));
    const auto y_within = [this](double value) { return y_of(std::clamp(value, low_, high_)); };
    fmt::format_to(
        std::back_inserter(body_),
        R"(<g><title>{}</title><line class="whisker s{}" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>{}</g>)"
        "\n",
        escaped(marked.told), marked.series, x, x, y_within(marked.low), y_within(marked.high),
        shape(marked.series, x, y_within(marked.value), marked.faint));
}

std::string SvgPlot::finish() && {
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">)"
        "\n{}</svg>\n",
        kWidth, kHeight, escaped(text_.label), body_);
}

}  // namespace spymaster::cli
