#include "reference.h"

#include <cstring>

namespace gk::reference {
namespace {

// Colours in the light that is averaged, not yet weighted, and alpha.
struct Pixel {
  double colour[4] = {};
  double alpha = 1;
  bool exists = true;
};

int colour_count(const PixelFormat& format) {
  return format.channels - (format.alpha == Alpha::kNone ? 0 : 1);
}

double to_light(double value, ToneStep step) {
  switch (step) {
    case ToneStep::kSrgbToLinear:
      return srgb_to_linear(value);
    case ToneStep::kLinearToSrgb:
      return linear_to_srgb(value);
    case ToneStep::kKeep:
      break;
  }
  return value;
}

double from_light(double value, ToneStep step) {
  switch (step) {
    case ToneStep::kSrgbToLinear:
      return linear_to_srgb(value);
    case ToneStep::kLinearToSrgb:
      return srgb_to_linear(value);
    case ToneStep::kKeep:
      break;
  }
  return value;
}

// Colours come out times alpha, whichever way they are stored.
Pixel load_pixel(const std::byte* stored, const PixelFormat& format,
                 ToneStep step) {
  Pixel pixel;
  const int bytes = bytes_per_component(format.component);
  const int colours = colour_count(format);
  if (format.alpha != Alpha::kNone) {
    pixel.alpha = load_component(format.component, stored + colours * bytes);
  }
  for (int c = 0; c < colours; ++c) {
    const double value = load_component(format.component, stored + c * bytes);
    pixel.colour[c] = format.alpha == Alpha::kPremultiplied
                          ? value
                          : to_light(value, step) * pixel.alpha;
  }
  return pixel;
}

Pixel pixel_at(const Source& source, Border border, const PixelFormat& format,
               ToneStep step, int x, int y) {
  const Size image = source.image();
  const int image_x = border_index(border, x, image.width);
  const int image_y = border_index(border, y, image.height);
  if (image_x != kOutside && image_y != kOutside) {
    return load_pixel(
        source.row(image_y) +
            static_cast<std::ptrdiff_t>(image_x) * bytes_per_pixel(format),
        format, step);
  }
  Pixel pixel;
  if (outside_is_nothing(border)) {
    pixel.exists = false;
    pixel.alpha = 0;
    return pixel;
  }
  for (double& colour : pixel.colour) {
    colour = to_light(outside_colour(border), step);
  }
  return pixel;
}

}  // namespace

std::vector<double> convolve_exactly(const Kernel& horizontal,
                                     const Kernel& vertical, Border border,
                                     const PixelFormat& format, Light light,
                                     const Source& source, Rect target) {
  const ToneStep step = tone_step(format, light);
  const int colours = colour_count(format);
  std::vector<double> result;
  for (int y = target.y; y < target.bottom(); ++y) {
    for (int x = target.x; x < target.right(); ++x) {
      double colour[4] = {};
      double alpha = 0;
      double weight = 0;  // of the pixels that exist
      for (int j = 0; j < vertical.size(); ++j) {
        for (int i = 0; i < horizontal.size(); ++i) {
          const double w = vertical.weights()[j] * horizontal.weights()[i];
          const Pixel pixel = pixel_at(source, border, format, step,
                                       x - (i - horizontal.anchor()),
                                       y - (j - vertical.anchor()));
          for (int c = 0; c < colours; ++c) colour[c] += w * pixel.colour[c];
          alpha += w * pixel.alpha;
          if (pixel.exists) weight += w;
        }
      }
      // Where there is no alpha to fade, colours are the mean of what exists.
      const double divisor = format.alpha == Alpha::kNone       ? weight
                             : format.alpha == Alpha::kStraight ? alpha
                                                                : 1;
      const bool empty =
          format.alpha == Alpha::kNone ? weight == 0 : alpha == 0;
      for (int c = 0; c < colours; ++c) {
        result.push_back(empty ? 0
                         : format.alpha == Alpha::kPremultiplied
                             ? colour[c]
                             : from_light(colour[c] / divisor, step));
      }
      if (format.alpha != Alpha::kNone) result.push_back(alpha);
    }
  }
  return result;
}

void convolve(const Kernel& horizontal, const Kernel& vertical, Border border,
              const PixelFormat& format, Light light, const Source& source,
              Rect target, Destination& destination) {
  const std::vector<double> exact = convolve_exactly(
      horizontal, vertical, border, format, light, source, target);
  const int bytes = bytes_per_component(format.component);
  std::vector<std::byte> stored(exact.size() * bytes);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    store_component(format.component, exact[i], &stored[i * bytes]);
  }
  destination.write(
      target, stored.data(),
      static_cast<std::ptrdiff_t>(target.width) * bytes_per_pixel(format));
}

}  // namespace gk::reference
