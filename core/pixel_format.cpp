#include "pixel_format.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace gk {
namespace {

double half_to_double(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 1023;
  double value;
  if (exponent == 31) {
    value = mantissa ? std::numeric_limits<double>::quiet_NaN()
                     : std::numeric_limits<double>::infinity();
  } else if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else {
    value = std::ldexp(1024 + mantissa, exponent - 25);
  }
  return bits & 0x8000 ? -value : value;
}

// Rounds to nearest, ties to even; overflows to infinity, as IEEE 754 says.
std::uint16_t double_to_half(double value) {
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double magnitude = std::fabs(value);
  if (std::isnan(value)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  const int shift = std::max(exponent - 11, -24);
  const double scaled = std::nearbyint(std::ldexp(magnitude, -shift));
  const auto mantissa = static_cast<std::uint16_t>(scaled);
  // A mantissa of 2048 carries into the exponent by itself.
  return sign |
         static_cast<std::uint16_t>(
             mantissa < 1024 ? mantissa : ((shift + 24) << 10) + mantissa);
}

template <typename T>
T load(const std::byte* stored) {
  T value;
  std::memcpy(&value, stored, sizeof value);
  return value;
}

template <typename T>
void store(T value, std::byte* stored) {
  std::memcpy(stored, &value, sizeof value);
}

template <typename T>
T to_code(double value) {
  constexpr double kMaximum = std::numeric_limits<T>::max();
  if (!(value > 0)) return 0;  // NaN too
  return static_cast<T>(std::nearbyint(std::min(value, 1.0) * kMaximum));
}

}  // namespace

int bytes_per_component(Component component) {
  switch (component) {
    case Component::kU8:
      return 1;
    case Component::kU16:
    case Component::kHalf:
      return 2;
    case Component::kFloat:
      break;
  }
  return 4;
}

int bytes_per_pixel(const PixelFormat& format) {
  return bytes_per_component(format.component) * format.channels;
}

ToneStep tone_step(const PixelFormat& format, Light light) {
  if (format.curve == ToneCurve::kSrgb && light == Light::kLinear) {
    return ToneStep::kSrgbToLinear;
  }
  if (format.curve == ToneCurve::kLinear && light == Light::kPerceptual) {
    return ToneStep::kLinearToSrgb;
  }
  return ToneStep::kKeep;
}

double srgb_to_linear(double value) {
  return value <= 0.04045 ? value / 12.92
                          : std::pow((value + 0.055) / 1.055, 2.4);
}

double linear_to_srgb(double value) {
  return value <= 0.0031308 ? value * 12.92
                            : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
}

double load_component(Component component, const std::byte* stored) {
  switch (component) {
    case Component::kU8:
      return load<std::uint8_t>(stored) / 255.0;
    case Component::kU16:
      return load<std::uint16_t>(stored) / 65535.0;
    case Component::kHalf:
      return half_to_double(load<std::uint16_t>(stored));
    case Component::kFloat:
      break;
  }
  return load<float>(stored);
}

void store_component(Component component, double value, std::byte* stored) {
  switch (component) {
    case Component::kU8:
      return store(to_code<std::uint8_t>(value), stored);
    case Component::kU16:
      return store(to_code<std::uint16_t>(value), stored);
    case Component::kHalf:
      return store(double_to_half(value), stored);
    case Component::kFloat:
      break;
  }
  store(static_cast<float>(value), stored);
}

}  // namespace gk
