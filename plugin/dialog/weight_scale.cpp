#include "plugin/dialog/weight_scale.h"

#include <algorithm>
#include <cmath>

#include "plugin/translation.h"

namespace gk {
namespace {

std::string superscript(int number) {
  static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴",
                                            "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text;
  for (const char c : std::to_string(number)) {
    text += c == '-' ? "⁻" : kDigits[c - '0'];
  }
  return text;
}

}  // namespace

WeightScale weight_scale(double peak, int most) {
  WeightScale scale{peak, {}, {}};
  const int exponent = static_cast<int>(std::floor(std::log10(peak)));
  // Weights below 0.001 would need too many zeros.
  const double unit = exponent < -3 ? std::pow(10.0, exponent) : 1;
  if (unit != 1) scale.unit = "×10" + superscript(exponent);
  const double top = peak / unit;

  double step = std::pow(10.0, std::floor(std::log10(top / most)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    if (top / (step * factor) < most) {
      step *= factor;
      break;
    }
  }
  int decimals = 0;
  for (double rest = step; std::abs(rest - std::round(rest)) > 1e-6;
       rest *= 10) {
    ++decimals;
  }
  for (int i = 0; i * step <= top * (1 + 1e-9); ++i) {
    const double value = std::min(i * step, top);
    scale.ticks.push_back(
        {value * unit, format_text("%.*f", i == 0 ? 0 : decimals, value)});
  }
  return scale;
}

double label_width(const WeightScale& scale, const Lettering& lettering) {
  double width = lettering.width_of(scale.unit);
  for (const Tick& tick : scale.ticks) {
    width = std::max(width, lettering.width_of(tick.label));
  }
  return width;
}

void draw_colour_bar(cairo_t* cairo, const WeightScale& scale, Box bar,
                     const Lettering& lettering, const Colour& text) {
  constexpr int kColours = 256;
  cairo_pattern_t* colours =
      cairo_pattern_create_linear(0, bar.bottom(), 0, bar.y);
  for (int i = 0; i < kColours; ++i) {
    const double part = static_cast<double>(i) / (kColours - 1);
    const Colour colour = viridis(part);
    cairo_pattern_add_color_stop_rgb(colours, part, colour.red, colour.green,
                                     colour.blue);
  }
  cairo_rectangle(cairo, bar.x, bar.y, bar.width, bar.height);
  cairo_set_source(cairo, colours);
  cairo_fill(cairo);
  cairo_pattern_destroy(colours);

  const double length = 0.4 * lettering.size();
  const double half = 0.5 * lettering.height();
  cairo_set_line_width(cairo, std::max(1.0, 0.08 * lettering.size()));
  for (const Tick& tick : scale.ticks) {
    const double y = bar.bottom() - tick.value / scale.peak * bar.height;
    cairo_set_source_rgb(cairo, text.red, text.green, text.blue);
    cairo_move_to(cairo, bar.right(), y);
    cairo_line_to(cairo, bar.right() + length, y);
    cairo_stroke(cairo);
    lettering.draw(tick.label, bar.right() + 1.6 * length,
                   std::max(y, bar.y - half), 0, 0.5, text);
  }
  if (!scale.unit.empty()) {
    lettering.draw(scale.unit, bar.x, bar.y - 0.2 * lettering.size(), 0, 1,
                   text);
  }
}

}  // namespace gk
