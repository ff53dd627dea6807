// A kernel matrix in viridis colours, a cell per weight, and the weights as
// numbers.

#ifndef GK_PLUGIN_DIALOG_HEAT_MAP_H_
#define GK_PLUGIN_DIALOG_HEAT_MAP_H_

#include <cairo.h>

#include <span>
#include <vector>

#include "core/kernel.h"

namespace gk {

// A rectangle in user space units.
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

// The largest element of the matrix `vertical` x `horizontal`.
double peak_weight(const Kernel& horizontal, const Kernel& vertical);

// `weights` spread over `pixels` >= 1 pixels: the weight that each lies in, the
// largest where it covers several. Symmetric if `weights` is.
std::vector<double> spread(std::span<const double> weights, int pixels);

// `area` with its edges moved to the nearest device pixels' edges, and at least
// one pixel large.
Box snapped(cairo_t* cairo, Box area);

// The largest box at most `width` x `height` at the origin whose cells are
// square; of very long kernels, oblong.
Box matrix_box(const Kernel& horizontal, const Kernel& vertical, double width,
               double height);

// Fills `area`. The work depends on the device pixels in it, not on the
// kernels' sizes.
void draw_heat_map(cairo_t* cairo, const Kernel& horizontal,
                   const Kernel& vertical, Box area);

// Writes each weight into its cell of `area`, in letters of `font_size` or
// somewhat smaller; nothing if a cell is too small for that.
void draw_numbers(cairo_t* cairo, const Kernel& horizontal,
                  const Kernel& vertical, Box area, double font_size);

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_HEAT_MAP_H_
