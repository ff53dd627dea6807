#include "plugin/host/plot.h"

#include "plugin/dialog/kernel_view.h"
#include "plugin/settings.h"

namespace gk::host {

Outcome plot(const DialogState& state,
             const std::function<void(cairo_surface_t* surface, int width,
                                      int height)>& open_image) {
  const Kernel horizontal = horizontal_kernel(state.settings);
  const Kernel vertical = vertical_kernel(state.settings);
  const int width = state.plot_width;
  const int height = kernel_plot_height(horizontal, vertical, width);
  cairo_surface_t* surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t* cairo = cairo_create(surface);
  draw_kernel_plot(cairo, horizontal, vertical, width, height);
  const cairo_status_t status = cairo_status(cairo);
  cairo_destroy(cairo);
  cairo_surface_flush(surface);
  Outcome outcome;
  if (status == CAIRO_STATUS_SUCCESS) {
    open_image(surface, width, height);
  } else {
    outcome = {Outcome::Status::kExecutionError,
               cairo_status_to_string(status)};
  }
  cairo_surface_destroy(surface);
  return outcome;
}

}  // namespace gk::host
