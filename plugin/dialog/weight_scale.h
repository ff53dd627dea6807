// The axis of weights, 0 … peak: its ticks, and the colour bar that shows it.

#ifndef GK_PLUGIN_DIALOG_WEIGHT_SCALE_H_
#define GK_PLUGIN_DIALOG_WEIGHT_SCALE_H_

#include <cairo.h>

#include <string>
#include <vector>

#include "plugin/dialog/heat_map.h"
#include "plugin/dialog/lettering.h"
#include "plugin/dialog/viridis.h"

namespace gk {

struct Tick {
  double value;       // 0 … peak
  std::string label;  // as the locale writes it, in units of `unit`
};

struct WeightScale {
  double peak = 1;
  std::vector<Tick> ticks;
  std::string unit;  // "×10⁻⁷", or empty for 1
};

// At most `most` >= 2 ticks at round values from 0 up; `peak` > 0.
WeightScale weight_scale(double peak, int most);

// The width that the labels need.
double label_width(const WeightScale& scale, const Lettering& lettering);

// Fills `bar` with the colours from 0 at its bottom to the peak at its top, and
// writes ticks and labels to its right, the unit above.
void draw_colour_bar(cairo_t* cairo, const WeightScale& scale, Box bar,
                     const Lettering& lettering, const Colour& text);

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_WEIGHT_SCALE_H_
