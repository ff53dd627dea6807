// Any geometry, format, border and strides: every CPU target gives the
// definition, and nothing outside the target is written.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <vector>

#include "core/convolver.h"
#include "core/reference.h"
#include "core/simd_target.h"
#include "tests/fuzz/fuzz_input.h"

namespace gk {
namespace {

using fuzz::Input;
using fuzz::require;

constexpr std::byte kCanary{0xA5};

// Rows some bytes apart, top down or bottom up, at any address.
class Plane {
 public:
  Plane(const PixelFormat& format, Rect area, Input& input)
      : area_(area),
        pixel_bytes_(bytes_per_pixel(format)),
        offset_(input.between(0, 70)),
        stride_(row_bytes() + input.between(0, 40)),
        in_place_(input.between(0, 1) != 0),
        bytes_(static_cast<std::size_t>(offset_ + stride_ * area.height + 70),
               kCanary) {
    if (input.between(0, 1) != 0) {
      offset_ += stride_ * (area.height - 1);
      stride_ = -stride_;
    }
  }
  Rect area() const { return area_; }
  bool in_place() const { return in_place_; }
  std::ptrdiff_t row_bytes() const {
    return static_cast<std::ptrdiff_t>(area_.width) * pixel_bytes_;
  }
  int pixel_bytes() const { return pixel_bytes_; }
  // Of column 0, which may lie outside.
  std::byte* row(int y) {
    return bytes_.data() + offset_ + (y - area_.y) * stride_ -
           static_cast<std::ptrdiff_t>(area_.x) * pixel_bytes_;
  }
  std::byte* pixel(int x, int y) {
    return row(y) + static_cast<std::ptrdiff_t>(x) * pixel_bytes_;
  }
  // Wipes the rows; what is left must be canaries.
  bool canaries_live() {
    for (int y = area_.y; y < area_.bottom(); ++y) {
      std::fill_n(pixel(area_.x, y), row_bytes(), kCanary);
    }
    return std::all_of(bytes_.begin(), bytes_.end(),
                       [](std::byte byte) { return byte == kCanary; });
  }

 private:
  Rect area_;
  int pixel_bytes_;
  std::ptrdiff_t offset_;
  std::ptrdiff_t stride_;
  bool in_place_;
  std::vector<std::byte> bytes_;
};

class PlaneSource : public Source {
 public:
  PlaneSource(Plane& plane, bool in_place)
      : plane_(plane), in_place_(in_place) {}
  Size image() const override {
    return {plane_.area().width, plane_.area().height};
  }
  const std::byte* row(int y) const override {
    if (!in_place_) return nullptr;
    require(y >= 0 && y < image().height, "source rows lie in the image");
    return plane_.row(y);
  }
  void read(Rect area, std::byte* pixels, std::ptrdiff_t stride) override {
    require(area.x >= 0 && area.y >= 0 && area.right() <= image().width &&
                area.bottom() <= image().height && !area.empty(),
            "what is read lies in the image");
    for (int y = 0; y < area.height; ++y) {
      std::copy_n(plane_.pixel(area.x, area.y + y),
                  area.width * plane_.pixel_bytes(), pixels + y * stride);
    }
  }

 private:
  Plane& plane_;
  bool in_place_;
};

class PlaneDestination : public Destination {
 public:
  explicit PlaneDestination(Plane& plane) : plane_(plane) {}
  std::byte* row(int y) override {
    if (!plane_.in_place()) return nullptr;
    require(y >= plane_.area().y && y < plane_.area().bottom(),
            "result rows lie in the target");
    return plane_.row(y);
  }
  void write(Rect area, const std::byte* pixels,
             std::ptrdiff_t stride) override {
    const Rect all = plane_.area();
    require(area.x >= all.x && area.y >= all.y && area.right() <= all.right() &&
                area.bottom() <= all.bottom(),
            "what is written lies in the target");
    for (int y = 0; y < area.height; ++y) {
      std::copy_n(pixels + y * stride, area.width * plane_.pixel_bytes(),
                  plane_.pixel(area.x, area.y + y));
    }
  }

 private:
  Plane& plane_;
};

struct Work {
  PixelFormat format;
  Light light;
  Border border;
  Method method;
  Kernel horizontal;
  Kernel vertical;
};

PixelFormat format_from(Input& input) {
  PixelFormat format;
  format.component = static_cast<Component>(input.between(0, 3));
  format.channels = input.between(1, 4);
  format.alpha = format.channels % 2 != 0 ? Alpha::kNone
                 : input.between(0, 1)    ? Alpha::kPremultiplied
                                          : Alpha::kStraight;
  format.curve = static_cast<ToneCurve>(input.between(0, 1));
  return format;
}

Light light_from(const PixelFormat& format, Input& input) {
  const Light light = static_cast<Light>(input.between(0, 1));
  if (format.alpha != Alpha::kPremultiplied) return light;
  return format.curve == ToneCurve::kLinear ? Light::kLinear
                                            : Light::kPerceptual;
}

Kernel kernel_from(Input& input) {
  const int size =
      input.between(0, 3) == 0 ? input.between(1, 150) : input.between(1, 20);
  return Kernel::gaussian(size, size / (0.5 + input.between(0, 60) / 5.0));
}

// Any bytes, or components of 0 ... 1, opaque and clear ones among them.
// Promises about accuracy hold for the second kind.
void fill(Plane& plane, const PixelFormat& format, bool wild, unsigned seed) {
  std::minstd_rand random(seed);
  const int component_bytes = bytes_per_component(format.component);
  const Rect area = plane.area();
  for (int y = 0; y < area.height; ++y) {
    for (int x = 0; x < area.width; ++x) {
      std::byte* pixel = plane.pixel(x, y);
      for (int c = 0; c < format.channels; ++c) {
        std::byte* component = pixel + c * component_bytes;
        if (wild) {
          for (int i = 0; i < component_bytes; ++i) {
            component[i] = static_cast<std::byte>(random() >> 8);
          }
          continue;
        }
        const unsigned value = random();
        const double number = value % 5 == 0   ? 0
                              : value % 5 == 1 ? 1
                                               : (value >> 8) % 4001 / 4000.0;
        store_component(format.component, number, component);
      }
    }
  }
}

// In stored values; codes for integers.
double allowed(const Work& work, Method method) {
  const bool keeps = tone_step(work.format, work.light) == ToneStep::kKeep;
  const bool exact = method == Method::kExact;
  switch (work.format.component) {
    case Component::kU8:
      return exact ? 0.501 : 0.52;
    case Component::kU16:
      return exact ? (keeps ? 0.55 : 0.65) : (keeps ? 1 : 5);
    case Component::kHalf:
      return 0x1p-11;
    case Component::kFloat:
      break;
  }
  // Where the curve is steepest, light counts 12.92 times.
  return exact ? 1e-6 : keeps ? 5e-6 : 12.92 * 5e-6;
}

void compare(const Work& work, Method method, Plane& result,
             const std::vector<double>& exact, Size image) {
  const PixelFormat& format = work.format;
  const double unit = format.component == Component::kU8    ? 255
                      : format.component == Component::kU16 ? 65535
                                                            : 1;
  double bound = allowed(work, method);
  const Rect target = result.area();
  std::size_t at = 0;
  for (int y = target.y; y < target.bottom(); ++y) {
    for (int x = target.x; x < target.right(); ++x, at += format.channels) {
      if (work.border == Border::kNone && method == Method::kFast) {
        // Few weights meet the image beyond its edge, and are divided by.
        if (x < 0 || y < 0 || x >= image.width || y >= image.height) continue;
        bound = 8 * allowed(work, method);
      }
      const std::byte* pixel = result.pixel(x, y);
      const double weight = format.alpha == Alpha::kStraight
                                ? exact[at + format.channels - 1]
                                : 1;
      for (int c = 0; c < format.channels; ++c) {
        const double value =
            load_component(format.component,
                           pixel + c * bytes_per_component(format.component));
        const bool is_alpha =
            format.alpha != Alpha::kNone && c == format.channels - 1;
        const bool clear = method == Method::kFast &&
                           format.alpha != Alpha::kNone &&
                           exact[at + format.channels - 1] < 1.5e-5;
        if (clear) continue;
        const double error =
            std::fabs(value - exact[at + c]) * unit * (is_alpha ? 1 : weight);
        if (error <= bound) continue;
        std::fprintf(stderr,
                     "%s, %d,%d channel %d: %.9g for %.9g (border %d, "
                     "component %d, channels %d, alpha %d, fast %d)\n",
                     std::string(simd_target_in_force()).c_str(), x, y, c,
                     value, exact[at + c], static_cast<int>(work.border),
                     static_cast<int>(format.component), format.channels,
                     static_cast<int>(format.alpha), method == Method::kFast);
        require(false, "the result is the definition");
      }
    }
  }
}

void run(Input& input) {
  const PixelFormat format = format_from(input);
  const Light light = light_from(format, input);
  const Work work{format,
                  light,
                  kEveryBorder[input.between(0, std::size(kEveryBorder) - 1)],
                  static_cast<Method>(input.between(0, 2)),
                  kernel_from(input),
                  kernel_from(input)};
  const bool large = input.between(0, 7) == 0;
  const Size image{input.between(1, large ? 300 : 40),
                   input.between(1, large ? 100 : 24)};
  Rect target{input.between(-40, 40), input.between(-40, 40),
              input.between(1, 50), input.between(1, 30)};
  if (large) {
    target.x += image.width / 2;
    target.width += image.width / 2;
  }
  Plane pixels(format, {0, 0, image.width, image.height}, input);
  const bool wild = input.between(0, 3) == 0;
  fill(pixels, format, wild, 1 + input.take<std::uint16_t>());

  std::vector<double> exact;
  const double sums = static_cast<double>(target.width) * target.height *
                      work.horizontal.size() * work.vertical.size();
  const bool copies =
      work.horizontal.is_identity() && work.vertical.is_identity();
  const bool bounded = !wild || format.component == Component::kU8 ||
                       format.component == Component::kU16;
  if (sums < 1e6 && !copies && bounded) {
    const PlaneSource in_place(pixels, true);
    exact =
        reference::convolve_exactly(work.horizontal, work.vertical, work.border,
                                    format, light, in_place, target);
  }
  for (const auto name : simd_targets()) {
    require(force_simd_target(name), "every CPU target can be forced");
    const Convolver convolver(work.horizontal, work.vertical, work.border,
                              format, light, work.method);
    PlaneSource source(pixels, pixels.in_place());
    Input layout = input;
    Plane result(format, target, layout);
    PlaneDestination destination(result);
    require(convolver.run(source, target, destination), "there is memory");
    if (!exact.empty()) {
      compare(work, convolver.method(), result, exact, image);
    }
    require(result.canaries_live(), "nothing outside the target is written");
  }
  force_simd_target({});
}

}  // namespace
}  // namespace gk

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t count) {
  gk::fuzz::Input input(bytes, count);
  gk::run(input);
  return 0;
}
