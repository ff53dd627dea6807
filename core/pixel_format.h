// How pixels are stored, and what their stored values mean as light.

#ifndef GK_CORE_PIXEL_FORMAT_H_
#define GK_CORE_PIXEL_FORMAT_H_

#include <cstddef>

namespace gk {

enum class Component { kU8, kU16, kHalf, kFloat };

// Integers store 0 … 1 as 0 … 255 or 0 … 65535; half and float store values as
// they are, below 0 and above 1 included.
enum class ToneCurve {
  kLinear,  // proportional to light
  kSrgb,    // IEC 61966-2-1
};

enum class Alpha {
  kNone,
  kStraight,       // colours do not depend on alpha
  kPremultiplied,  // colours are stored times alpha
};

// The light that a convolution averages.
enum class Light { kLinear, kPerceptual };

// Interleaved channels, alpha the last of them. Alpha is never on a tone curve.
struct PixelFormat {
  Component component = Component::kFloat;
  int channels = 1;  // 1 … 4, alpha included
  Alpha alpha = Alpha::kNone;
  ToneCurve curve = ToneCurve::kLinear;

  friend bool operator==(const PixelFormat&, const PixelFormat&) = default;
};

int bytes_per_component(Component component);
int bytes_per_pixel(const PixelFormat& format);

// What happens to a stored colour before it is averaged; the inverse happens
// after.
enum class ToneStep {
  kKeep,
  kSrgbToLinear,
  kLinearToSrgb,
};
ToneStep tone_step(const PixelFormat& format, Light light);

// IEC 61966-2-1, equations for C_linear and for C_sRGB; the straight piece
// continues below 0, the power above 1.
double srgb_to_linear(double value);
double linear_to_srgb(double value);

// One stored component as a number: integers divided by their maximum.
double load_component(Component component, const std::byte* stored);
// The nearest stored value; integers are clamped to their range, NaN becomes 0
// there.
void store_component(Component component, double value, std::byte* stored);

}  // namespace gk

#endif  // GK_CORE_PIXEL_FORMAT_H_
