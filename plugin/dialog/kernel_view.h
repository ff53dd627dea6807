// Draws a kernel matrix with cairo: heat map, colour bar, numbers, profile. No
// GTK in here.

#ifndef GK_PLUGIN_DIALOG_KERNEL_VIEW_H_
#define GK_PLUGIN_DIALOG_KERNEL_VIEW_H_

#include <cairo.h>

#include <string>

#include "core/kernel.h"
#include "plugin/dialog/viridis.h"

namespace gk {

struct KernelViewStyle {
  Colour text;
  Colour background;
  double font_size = 10;  // in user space units
};

// Fills width x height user space units from the origin with the matrix
// `vertical` x `horizontal` as a viridis heat map, its colour bar, the weights
// as numbers while a cell has room for them, and the profile through the peak.
// What has no room is left out, the heat map last.
void draw_kernel_view(cairo_t* cairo, const Kernel& horizontal,
                      const Kernel& vertical, double width, double height,
                      const KernelViewStyle& style);

// The same as a figure for papers: with a title and labelled axes, dark on
// white.
void draw_kernel_plot(cairo_t* cairo, const Kernel& horizontal,
                      const Kernel& vertical, int width, int height);
// The height that suits a plot of `width` pixels.
int kernel_plot_height(const Kernel& horizontal, const Kernel& vertical,
                       int width);

// "21 × 21 · keeps 96.5 % of the Gaussian · acts like sigma 4.50", numbers as
// the locale writes them; both axes' figures where they differ.
std::string kernel_summary(const Kernel& horizontal, const Kernel& vertical);
// What a user should know beyond that, in one line: that the kernel is cut,
// that an even size is lopsided. Empty if there is nothing.
std::string kernel_notes(const Kernel& horizontal, const Kernel& vertical);
// True if less than 99 % is kept along an axis.
bool kernel_is_cut(const Kernel& horizontal, const Kernel& vertical);
// Summary, notes and the matrix's middle in words, for screen readers.
std::string kernel_description(const Kernel& horizontal,
                               const Kernel& vertical);

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_KERNEL_VIEW_H_
