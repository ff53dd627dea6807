// Writes PNGs of the kernel view and plot, to look at: not a test.
// Usage: kernel-sheet FOLDER

#include <cairo.h>

#include <chrono>
#include <clocale>
#include <cstdio>
#include <string>

#include "plugin/dialog/kernel_view.h"

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start)
      .count();
}

void write(const std::string& folder, int size, double sigma, int size_y,
           double sigma_y, int plot_width) {
  const gk::Kernel across = gk::Kernel::gaussian(size, sigma);
  const gk::Kernel down = gk::Kernel::gaussian(size_y, sigma_y);
  const int height =
      plot_width ? gk::kernel_plot_height(across, down, plot_width) : 222;
  cairo_surface_t* surface = cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, plot_width ? plot_width : 450, height);
  cairo_t* cairo = cairo_create(surface);
  double best = 0;
  for (int run = 0; run < (plot_width > 1000 ? 1 : 5); ++run) {
    const Clock::time_point start = Clock::now();
    if (plot_width) {
      gk::draw_kernel_plot(cairo, across, down, plot_width, height);
    } else {
      gk::draw_kernel_view(cairo, across, down, 450, 222,
                           {{0.8, 0.8, 0.8}, {0.25, 0.25, 0.25}, 11.3});
    }
    const double time = milliseconds_since(start);
    if (run == 0 || time < best) best = time;
  }
  const std::string name = folder + "/" + (plot_width ? "plot-" : "view-") +
                           std::to_string(plot_width) + "-" +
                           std::to_string(size) + "x" + std::to_string(size_y) +
                           ".png";
  std::printf("%s: %.2f ms\n", name.c_str(), best);
  cairo_surface_write_to_png(surface, name.c_str());
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  const std::string folder = argc > 1 ? argv[1] : ".";
  const struct {
    int size;
    double sigma;
    int size_y;
    double sigma_y;
  } kernels[] = {{1, 0, 1, 0},
                 {5, 1, 5, 1},
                 {9, 1, 9, 1},
                 {20, 5, 20, 5},
                 {21, 5, 21, 5},
                 {101, 20, 31, 5},
                 {8191, 1000, 8191, 1000},
                 {8191, 1000, 1, 0},
                 {1, 0, 301, 50}};
  for (const auto& kernel : kernels) {
    for (const int width : {0, 64, 200, 800, 4096}) {
      write(folder, kernel.size, kernel.sigma, kernel.size_y, kernel.sigma_y,
            width);
    }
  }
  write(folder, 8191, 1000, 8191, 1000, 8192);
}
