// A small chart as inline SVG: categories along x, numbers along y, marks with intervals, lines. Colours are classes
// (s0 to s5) of the page's style sheet, so that light, dark and print need no second picture; series differ by
// shape too. Every string is escaped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spymaster::cli {

// &, <, >, quotes; bytes that are not UTF-8 or not allowed in XML become U+FFFD.
std::string escaped(std::string_view text);

// The shape and colour of a series, for a legend.
std::string legend_mark(std::size_t series);

struct Marked {
    std::size_t category = 0;
    std::size_t series = 0;
    double low = 0.0;
    double value = 0.0;
    double high = 0.0;
    bool faint = false;  // too few to go by: drawn hollow
    std::string told;    // what a pointer over it is told
};

struct PlotText {
    std::string label;  // what the picture is, for those who cannot see it
    std::string x_title;
    std::string y_title;
    std::vector<std::string> categories;
    std::vector<std::string> below;  // a second line below the axis, or empty
};

class SvgPlot {
  public:
    enum class Unit : std::uint8_t { ticks, percent, signed_percent };

    // y runs from `low` to `high`, a little more on both sides, to round numbers; percents are given as shares.
    SvgPlot(PlotText text, Unit unit, double low, double high);

    void level(double y);  // a dashed line across that others are compared with
    void line(const std::vector<double>& values, std::size_t series);  // a value a category
    // At `place` of the `places` beside each other in a category; what lies beyond the axis stands at its end.
    void mark(const Marked& marked, std::size_t place = 0, std::size_t places = 1);

    [[nodiscard]] std::string finish() &&;

  private:
    [[nodiscard]] double x_of(std::size_t category, double part) const;
    [[nodiscard]] double y_of(double value) const;
    [[nodiscard]] bool is_within(double value) const { return value >= low_ && value <= high_; }
    void draw_axes();
    void draw_categories();

    PlotText text_;
    Unit unit_;
    double low_;
    double high_;
    double step_;
    std::string body_;
};

}  // namespace spymaster::cli
