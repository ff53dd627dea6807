#include "plugin/dialog/profile.h"

#include <algorithm>
#include <cmath>

#include "plugin/translation.h"

namespace gk {
namespace {

// Positions from the anchor that the plot spans, first and last included.
struct Reach {
  int first, last;
  int count() const { return last - first + 1; }
};

Reach reach_of(const Kernel& kernel) {
  return {-kernel.anchor(), kernel.size() - 1 - kernel.anchor()};
}

// A step for each weight while there is room to see it, else a line.
void add_curve(cairo_t* cairo, const Kernel& kernel, Reach reach, Box area) {
  const double top = kernel.weights()[kernel.anchor()];
  const double cell = area.width / reach.count();
  const Reach own = reach_of(kernel);
  const double left = area.x + (own.first - reach.first) * cell;
  const double width = kernel.size() * cell;
  const auto y = [&](double weight) {
    return area.bottom() - weight / top * area.height;
  };
  const bool steps = cell >= 3;
  const int points = steps ? kernel.size()
                           : std::clamp(static_cast<int>(std::lround(width)), 1,
                                        kernel.size());
  const std::vector<double> weights = spread(kernel.weights(), points);
  const double step = width / points;
  cairo_move_to(cairo, left, area.bottom());
  for (int i = 0; i < points; ++i) {
    if (steps) {
      cairo_line_to(cairo, left + i * step, y(weights[i]));
      cairo_line_to(cairo, left + (i + 1) * step, y(weights[i]));
    } else {
      cairo_line_to(cairo, left + (i + 0.5) * step, y(weights[i]));
    }
  }
  cairo_line_to(cairo, left + width, area.bottom());
}

void draw_labels(Reach reach, Box area, const Lettering& lettering,
                 const Colour& text) {
  const double cell = area.width / reach.count();
  const auto x = [&](int position) {
    return area.x + (position - reach.first + 0.5) * cell;
  };
  const auto label = [](int position) {
    return format_text(position < 0 ? "−%d" : "%d", std::abs(position));
  };
  const double y = area.bottom() + 0.15 * lettering.size();
  const double middle = lettering.width_of("0");
  lettering.draw("0", x(0), y, 0.5, 0, text);
  for (const int end : {reach.first, reach.last}) {
    if (end == 0) continue;
    const double width = lettering.width_of(label(end));
    // The label keeps inside the area where that is possible.
    const double centre =
        std::clamp(x(end), area.x + 0.5 * std::min(width, area.width),
                   area.right() - 0.5 * std::min(width, area.width));
    if (std::abs(centre - x(0)) < 0.5 * (width + middle) + 2) continue;
    lettering.draw(label(end), centre, y, 0.5, 0, text);
  }
}

// An arrow along an axis beside a piece of that axis's line.
void draw_key(cairo_t* cairo, double x, double y, const Lettering& lettering,
              const Colour& text, bool across) {
  const double size = lettering.size();
  lettering.draw(across ? "↔" : "↕", x, y, 0, 0.5, text);
  const double dash[] = {0.3 * size, 0.2 * size};
  cairo_set_dash(cairo, dash, across ? 0 : 2, 0);
  cairo_move_to(cairo, x + 1.2 * size, y);
  cairo_line_to(cairo, x + 2.6 * size, y);
  cairo_stroke(cairo);
  cairo_set_dash(cairo, nullptr, 0, 0);
}

}  // namespace

void draw_profile(cairo_t* cairo, const Kernel& horizontal,
                  const Kernel& vertical, Box area, const Lettering& lettering,
                  const Colour& text) {
  if (area.width < 8 || area.height < 8) return;
  const Reach across = reach_of(horizontal);
  const Reach down = reach_of(vertical);
  const Reach reach{std::min(across.first, down.first),
                    std::max(across.last, down.last)};
  const bool differ =
      !std::ranges::equal(horizontal.weights(), vertical.weights());

  cairo_save(cairo);
  const double line = std::max(1.0, 0.1 * lettering.size());
  cairo_set_line_width(cairo, line);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);

  add_curve(cairo, horizontal, reach, area);
  cairo_set_source_rgba(cairo, text.red, text.green, text.blue, 0.22);
  cairo_fill_preserve(cairo);
  cairo_set_source_rgb(cairo, text.red, text.green, text.blue);
  cairo_stroke(cairo);
  if (differ) {
    const double dash[] = {3 * line, 2 * line};
    cairo_set_dash(cairo, dash, 2, 0);
    add_curve(cairo, vertical, reach, area);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, nullptr, 0, 0);
  }

  cairo_set_source_rgba(cairo, text.red, text.green, text.blue, 0.5);
  cairo_move_to(cairo, area.x, area.bottom());
  cairo_line_to(cairo, area.right(), area.bottom());
  cairo_stroke(cairo);
  draw_labels(reach, area, lettering, text);
  if (differ && area.width > 8 * lettering.size()) {
    cairo_set_source_rgb(cairo, text.red, text.green, text.blue);
    draw_key(cairo, area.x, area.y + 0.6 * lettering.size(), lettering, text,
             true);
    draw_key(cairo, area.x, area.y + 2.0 * lettering.size(), lettering, text,
             false);
  }
  cairo_restore(cairo);
}

}  // namespace gk
