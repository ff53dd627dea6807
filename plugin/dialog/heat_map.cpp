#include "plugin/dialog/heat_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "plugin/dialog/lettering.h"
#include "plugin/dialog/viridis.h"
#include "plugin/translation.h"

namespace gk {
namespace {

constexpr int kColours = 256;

// What cairo can hold in one surface, and far more than any screen.
constexpr int kMaxPixels = 16384;

std::array<std::uint32_t, kColours> packed_colours() {
  std::array<std::uint32_t, kColours> packed;
  const auto byte = [](double value) {
    return static_cast<std::uint32_t>(std::lround(value * 255));
  };
  for (int i = 0; i < kColours; ++i) {
    const Colour colour = viridis(static_cast<double>(i) / (kColours - 1));
    packed[i] = 0xff000000u | byte(colour.red) << 16 | byte(colour.green) << 8 |
                byte(colour.blue);
  }
  return packed;
}

struct Scale {
  double x, y;
};

// Device pixels per user space unit.
Scale device_scale(cairo_t* cairo) {
  double along_x = 1, none = 0;
  cairo_user_to_device_distance(cairo, &along_x, &none);
  double along_y = 1;
  double zero = 0;
  cairo_user_to_device_distance(cairo, &zero, &along_y);
  Scale surface{1, 1};
  cairo_surface_get_device_scale(cairo_get_target(cairo), &surface.x,
                                 &surface.y);
  return {std::abs(along_x) * surface.x, std::abs(along_y) * surface.y};
}

int pixels_for(double length, double scale) {
  return static_cast<int>(
      std::clamp<double>(std::lround(length * scale), 1, kMaxPixels));
}

// How a weight is written in a cell.
struct NumberStyle {
  int decimals;
  double size;
  bool leading_zero;
};

std::string number(double weight, const NumberStyle& style) {
  std::string text = format_text("%.*f", style.decimals, weight);
  if (!style.leading_zero && text.front() == '0') text.erase(0, 1);
  return text;
}

// The best style that fits a cell; size 0 if none does.
NumberStyle fitting_style(Lettering& lettering, double peak, double cell_width,
                          double cell_height, double font_size) {
  const int fewest =
      std::max(3, 1 + static_cast<int>(std::ceil(-std::log10(peak))));
  const NumberStyle styles[] = {
      {fewest + 1, font_size, true},    {fewest, font_size, true},
      {fewest, 0.85 * font_size, true}, {fewest, 0.75 * font_size, true},
      {fewest, 0.8 * font_size, false}, {fewest, 0.7 * font_size, false}};
  for (const NumberStyle& style : styles) {
    lettering.set_size(style.size);
    const double margin = 0.5 * style.size;
    if (lettering.width_of(number(peak, style)) + margin <= cell_width &&
        lettering.height() + margin <= cell_height) {
      return style;
    }
  }
  return {0, 0, false};
}

}  // namespace

double peak_weight(const Kernel& horizontal, const Kernel& vertical) {
  return horizontal.weights()[horizontal.anchor()] *
         vertical.weights()[vertical.anchor()];
}

std::vector<double> spread(std::span<const double> weights, int pixels) {
  const auto taps = static_cast<std::int64_t>(weights.size());
  std::vector<double> result(pixels);
  for (int i = 0; i < pixels; ++i) {
    const std::int64_t first = i * taps / pixels;
    const std::int64_t last = ((i + 1) * taps - 1) / pixels;
    result[i] =
        *std::max_element(weights.begin() + first, weights.begin() + last + 1);
  }
  return result;
}

Box snapped(cairo_t* cairo, Box area) {
  Scale surface{1, 1};
  cairo_surface_get_device_scale(cairo_get_target(cairo), &surface.x,
                                 &surface.y);
  const auto snap = [&](double& x, double& y) {
    cairo_user_to_device(cairo, &x, &y);
    x = std::round(x * surface.x) / surface.x;
    y = std::round(y * surface.y) / surface.y;
    cairo_device_to_user(cairo, &x, &y);
  };
  double left = area.x, top = area.y;
  double right = area.right(), bottom = area.bottom();
  snap(left, top);
  snap(right, bottom);
  double pixel_x = 1 / surface.x, pixel_y = 1 / surface.y;
  cairo_device_to_user_distance(cairo, &pixel_x, &pixel_y);
  return {left, top, std::max(right - left, std::abs(pixel_x)),
          std::max(bottom - top, std::abs(pixel_y))};
}

Box matrix_box(const Kernel& horizontal, const Kernel& vertical, double width,
               double height) {
  constexpr double kLongest = 6;
  const double ratio =
      std::clamp(static_cast<double>(vertical.size()) / horizontal.size(),
                 1 / kLongest, kLongest);
  const double fitting = std::min(width, height / ratio);
  return {0, 0, fitting, fitting * ratio};
}

void draw_heat_map(cairo_t* cairo, const Kernel& horizontal,
                   const Kernel& vertical, Box area) {
  const Scale scale = device_scale(cairo);
  const int columns = pixels_for(area.width, scale.x);
  const int rows = pixels_for(area.height, scale.y);
  cairo_surface_t* surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
  if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy(surface);
    return;
  }
  static const std::array<std::uint32_t, kColours> colours = packed_colours();
  const std::vector<double> across = spread(horizontal.weights(), columns);
  const std::vector<double> down = spread(vertical.weights(), rows);
  const double steps = (kColours - 1) / peak_weight(horizontal, vertical);
  unsigned char* data = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < rows; ++y) {
    auto* row = reinterpret_cast<std::uint32_t*>(
        data + static_cast<std::ptrdiff_t>(y) * stride);
    const double row_steps = down[y] * steps;
    for (int x = 0; x < columns; ++x) {
      const int step = static_cast<int>(across[x] * row_steps + 0.5);
      row[x] = colours[std::min(step, kColours - 1)];
    }
  }
  cairo_surface_mark_dirty(surface);

  cairo_save(cairo);
  cairo_translate(cairo, area.x, area.y);
  cairo_scale(cairo, area.width / columns, area.height / rows);
  cairo_set_source_surface(cairo, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cairo, 0, 0, columns, rows);
  cairo_fill(cairo);
  cairo_restore(cairo);
  cairo_surface_destroy(surface);
}

void draw_numbers(cairo_t* cairo, const Kernel& horizontal,
                  const Kernel& vertical, Box area, double font_size) {
  const double cell_width = area.width / horizontal.size();
  const double cell_height = area.height / vertical.size();
  if (cell_width < font_size || cell_height < 0.72 * font_size) return;
  const double peak = peak_weight(horizontal, vertical);
  Lettering lettering(cairo, font_size);
  const NumberStyle style =
      fitting_style(lettering, peak, cell_width, cell_height, font_size);
  if (style.size == 0) return;
  for (int y = 0; y < vertical.size(); ++y) {
    for (int x = 0; x < horizontal.size(); ++x) {
      const double weight = horizontal.weights()[x] * vertical.weights()[y];
      const bool on_dark = luminance(viridis(weight / peak)) < 0.45;
      const Colour colour = on_dark ? Colour{1, 1, 1} : Colour{0, 0, 0};
      lettering.draw(number(weight, style), area.x + (x + 0.5) * cell_width,
                     area.y + (y + 0.5) * cell_height, 0.5, 0.5, colour);
    }
  }
}

}  // namespace gk
