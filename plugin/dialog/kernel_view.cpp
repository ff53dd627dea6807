#include "plugin/dialog/kernel_view.h"

#include <algorithm>

#include "plugin/dialog/heat_map.h"
#include "plugin/dialog/lettering.h"
#include "plugin/dialog/profile.h"
#include "plugin/dialog/weight_scale.h"

namespace gk {

void draw_kernel_view(cairo_t* cairo, const Kernel& horizontal,
                      const Kernel& vertical, double width, double height,
                      const KernelViewStyle& style) {
  if (width < 1 || height < 1) return;
  cairo_save(cairo);
  cairo_rectangle(cairo, 0, 0, width, height);
  cairo_clip(cairo);
  cairo_set_source_rgb(cairo, style.background.red, style.background.green,
                       style.background.blue);
  cairo_paint(cairo);

  const double em = style.font_size;
  const Lettering lettering(cairo, em);
  const int most_ticks =
      std::clamp(static_cast<int>(height / (2.5 * em)), 2, 6);
  const WeightScale scale =
      weight_scale(peak_weight(horizontal, vertical), most_ticks);

  const double gap = 1.2 * em;
  const double bar_width = 1.1 * em;
  const double bar_needs =
      gap + bar_width + 0.7 * em + label_width(scale, lettering);
  const double least_profile = 8 * em;
  const bool with_bar = width > bar_needs + 6 * em && height > 6 * em;
  const bool with_profile =
      with_bar && width > bar_needs + gap + least_profile + 10 * em;

  double room = width;
  if (with_bar) room -= bar_needs;
  if (with_profile) room -= gap + least_profile;
  Box matrix = matrix_box(horizontal, vertical, room, height);
  matrix.y = (height - matrix.height) / 2;
  matrix = snapped(cairo, matrix);
  draw_heat_map(cairo, horizontal, vertical, matrix);
  draw_numbers(cairo, horizontal, vertical, matrix, em);

  if (with_bar) {
    const double top = scale.unit.empty() ? 0.6 * em : 1.8 * em;
    const double left =
        with_profile ? width - bar_needs + gap : matrix.right() + gap;
    const Box bar =
        snapped(cairo, {left, top, bar_width, height - top - 1.6 * em});
    draw_colour_bar(cairo, scale, bar, lettering, style.text);
    if (with_profile) {
      const double start = matrix.right() + gap;
      draw_profile(cairo, horizontal, vertical,
                   {start, bar.y, bar.x - 0.5 * em - start, bar.height},
                   lettering, style.text);
    }
  }
  cairo_restore(cairo);
}

}  // namespace gk
