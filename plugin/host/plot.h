// The kernel's matrix as a picture of its own, the same in every GIMP.

#ifndef GK_PLUGIN_HOST_PLOT_H_
#define GK_PLUGIN_HOST_PLOT_H_

#include <cairo.h>

#include <functional>

#include "plugin/host/host.h"

namespace gk::host {

// Draws the matrix that `state` asks for, state.plot_width pixels wide, and
// hands it to `open_image`, opaque, as CAIRO_FORMAT_RGB24.
Outcome plot(const DialogState& state,
             const std::function<void(cairo_surface_t* surface, int width,
                                      int height)>& open_image);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_PLOT_H_
