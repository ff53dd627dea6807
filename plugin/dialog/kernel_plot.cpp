#include <algorithm>
#include <cmath>
#include <string>

#include "plugin/dialog/heat_map.h"
#include "plugin/dialog/kernel_view.h"
#include "plugin/dialog/lettering.h"
#include "plugin/dialog/profile.h"
#include "plugin/dialog/weight_scale.h"
#include "plugin/translation.h"

namespace gk {
namespace {

constexpr Colour kInk{0.1, 0.1, 0.1};

// Below these widths in pixels there is no room for letters, for a profile.
constexpr int kLeastForText = 160;
constexpr int kLeastForProfile = 320;

// Where everything goes, in pixels.
struct PlotLayout {
  double em;  // the letters' size; 0 for none
  Box matrix;
  Box profile;  // empty if there is none
  Box bar;
  int height;
};

PlotLayout lay_out(const Kernel& horizontal, const Kernel& vertical,
                   int width) {
  PlotLayout layout{};
  const bool text = width >= kLeastForText;
  layout.em = text ? std::max(7.0, width / 58.0) : 0;
  const double unit = text ? layout.em : width / 32.0;
  const double left = text ? 4.6 * unit : unit;
  const double top = text ? 3.4 * unit : unit;
  const double bottom = text ? 3.6 * unit : unit;
  const double right = text ? 5.4 * unit : unit;
  const double gap = 1.6 * unit;
  const double bar_width = 1.2 * unit;
  const double profile_width =
      width >= kLeastForProfile ? 0.27 * width + gap : 0;

  const double room = width - left - gap - bar_width - right - profile_width;
  layout.matrix = matrix_box(horizontal, vertical, room, 1.2 * room);
  // Axes of a flat matrix need some height beside it.
  const double height = std::max(layout.matrix.height, 0.35 * room);
  layout.matrix.x = left + (room - layout.matrix.width) / 2;
  layout.matrix.y = top + (height - layout.matrix.height) / 2;
  layout.bar = {width - right - bar_width, top, bar_width, height};
  if (profile_width > 0) {
    layout.profile = {left + room + gap, top, profile_width - 1.5 * unit,
                      height};
  }
  layout.height = static_cast<int>(std::ceil(top + height + bottom));
  return layout;
}

// Round steps: at most about `most` ticks over `count` positions.
int tick_step(int count, int most) {
  int step = 1;
  for (int power = 1;; power *= 10) {
    for (const int factor : {1, 2, 5}) {
      step = factor * power;
      if (count / step <= most) return step;
    }
  }
}

std::string position_label(int position) {
  return format_text(position < 0 ? "−%d" : "%d", std::abs(position));
}

void draw_axes(cairo_t* cairo, const Kernel& horizontal, const Kernel& vertical,
               Box matrix, const Lettering& lettering) {
  const double em = lettering.size();
  const double length = 0.4 * em;
  cairo_set_source_rgb(cairo, kInk.red, kInk.green, kInk.blue);
  cairo_set_line_width(cairo, std::max(1.0, 0.08 * em));

  const auto ticks = [&](const Kernel& kernel, double extent, double spacing,
                         auto draw_tick) {
    const int most = std::clamp(static_cast<int>(extent / spacing), 2, 8);
    const int step = tick_step(kernel.size(), most);
    const int last = kernel.size() - 1 - kernel.anchor();
    const double cell = extent / kernel.size();
    for (int k = -(kernel.anchor() / step) * step; k <= last; k += step) {
      draw_tick(k, (k + kernel.anchor() + 0.5) * cell);
    }
  };
  ticks(horizontal, matrix.width, 4 * em, [&](int k, double offset) {
    cairo_move_to(cairo, matrix.x + offset, matrix.bottom());
    cairo_rel_line_to(cairo, 0, length);
    cairo_stroke(cairo);
    lettering.draw(position_label(k), matrix.x + offset,
                   matrix.bottom() + length, 0.5, 0, kInk);
  });
  ticks(vertical, matrix.height, 2.5 * em, [&](int k, double offset) {
    cairo_move_to(cairo, matrix.x, matrix.y + offset);
    cairo_rel_line_to(cairo, -length, 0);
    cairo_stroke(cairo);
    lettering.draw(position_label(k), matrix.x - 1.5 * length,
                   matrix.y + offset, 1, 0.5, kInk);
  });
  lettering.draw("x", matrix.x + matrix.width / 2, matrix.bottom() + 1.8 * em,
                 0.5, 0, kInk);
  lettering.draw_upwards("y", matrix.x - 3.4 * em, matrix.y + matrix.height / 2,
                         0.5, 1, kInk);
}

std::string pair(const std::string& across, const std::string& down) {
  return across == down ? across : across + " × " + down;
}

std::string title(const Kernel& horizontal, const Kernel& vertical) {
  const std::string size =
      format_text("%d × %d", horizontal.size(), vertical.size());
  const std::string sigma = pair(format_text("%.5g", horizontal.sigma()),
                                 format_text("%.5g", vertical.sigma()));
  // A plot's title: size and sigma.
  return format_text(_("Gaussian kernel, %s, σ = %s"), size.c_str(),
                     sigma.c_str());
}

}  // namespace

int kernel_plot_height(const Kernel& horizontal, const Kernel& vertical,
                       int width) {
  return lay_out(horizontal, vertical, width).height;
}

void draw_kernel_plot(cairo_t* cairo, const Kernel& horizontal,
                      const Kernel& vertical, int width, int height) {
  PlotLayout layout = lay_out(horizontal, vertical, width);
  cairo_save(cairo);
  cairo_rectangle(cairo, 0, 0, width, height);
  cairo_clip(cairo);
  cairo_set_source_rgb(cairo, 1, 1, 1);
  cairo_paint(cairo);

  layout.matrix = snapped(cairo, layout.matrix);
  layout.bar = snapped(cairo, layout.bar);
  draw_heat_map(cairo, horizontal, vertical, layout.matrix);
  const double peak = peak_weight(horizontal, vertical);
  const Lettering lettering(cairo, layout.em > 0 ? layout.em : 1);
  if (layout.em > 0) {
    draw_numbers(cairo, horizontal, vertical, layout.matrix, layout.em);
    draw_axes(cairo, horizontal, vertical, layout.matrix, lettering);
    const std::string words = title(horizontal, vertical);
    Lettering headline(cairo, 1.25 * layout.em);
    const double wide = headline.width_of(words);
    if (wide > 0.96 * width) {
      headline.set_size(1.25 * layout.em * 0.96 * width / wide);
    }
    headline.draw(words, width / 2.0, 0.8 * layout.em, 0.5, 0, kInk);
    const int most = std::clamp(
        static_cast<int>(layout.bar.height / (2.5 * layout.em)), 2, 8);
    draw_colour_bar(cairo, weight_scale(peak, most), layout.bar, lettering,
                    kInk);
  } else {
    draw_colour_bar(cairo, {peak, {}, {}}, layout.bar, lettering, kInk);
  }
  draw_profile(cairo, horizontal, vertical, layout.profile, lettering, kInk);
  cairo_restore(cairo);
}

}  // namespace gk
