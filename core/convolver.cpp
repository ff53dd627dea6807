#include "convolver.h"

#include <algorithm>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "row_window.h"

namespace gk {
namespace {

// The image positions, first … end - 1, that stand for positions first … end
// - 1 along one axis.
struct Span {
  int first;
  int end;
};

Span needed_span(Border border, std::int64_t first, std::int64_t end,
                 int length) {
  const Span all{0, length};
  const bool inside = first >= 0 && end <= length;
  switch (border) {
    case Border::kClamp:
      return {static_cast<int>(std::clamp<std::int64_t>(first, 0, length - 1)),
              static_cast<int>(std::clamp<std::int64_t>(end, 1, length))};
    case Border::kLoop:
      if (inside) break;
      return all;
    case Border::kMirror: {
      if (inside) break;
      // Farther out than one image, all of it shows.
      if (first < -length || end > 2 * static_cast<std::int64_t>(length)) {
        return all;
      }
      std::int64_t low = std::max<std::int64_t>(first, 0);
      std::int64_t high = std::min<std::int64_t>(end, length);
      if (first < 0) {
        low = end > 0 ? 0 : -end;
        high = std::max(high, -first);
      }
      if (end > length) {
        high = length;
        const std::int64_t reflected = 2 * static_cast<std::int64_t>(length);
        low = std::min(first < 0 ? low : std::min<std::int64_t>(first, length),
                       reflected - end);
        if (first >= length) {
          low = reflected - end;
          high = reflected - first;
        }
      }
      return {static_cast<int>(low), static_cast<int>(high)};
    }
    case Border::kNone:
    case Border::kBlack:
    case Border::kWhite:
      break;
  }
  return {static_cast<int>(std::clamp<std::int64_t>(first, 0, length)),
          static_cast<int>(std::clamp<std::int64_t>(end, 0, length))};
}

}  // namespace

struct Convolver::Plan {
  Kernel horizontal;
  Kernel vertical;
  Border border;
  PixelFormat format;
  Light light;
  Method method;
};

Convolver::Convolver(Kernel horizontal, Kernel vertical, Border border,
                     PixelFormat format, Light light, Method) {
  if (format.channels < 1 || format.channels > 4) {
    throw std::invalid_argument("channels is " +
                                std::to_string(format.channels) +
                                ", allowed are 1 … 4");
  }
  if (format.alpha != Alpha::kNone && format.channels % 2 != 0) {
    throw std::invalid_argument("channels is " +
                                std::to_string(format.channels) +
                                ", allowed with alpha are 2 and 4");
  }
  if (format.alpha == Alpha::kPremultiplied &&
      tone_step(format, light) != ToneStep::kKeep) {
    throw std::invalid_argument(
        "premultiplied pixels are averaged in the light that they are stored "
        "in; convert them to straight alpha first");
  }
  plan_ = std::make_shared<const Plan>(Plan{std::move(horizontal),
                                            std::move(vertical), border, format,
                                            light, Method::kExact});
}

Convolver::Convolver(const Convolver&) = default;
Convolver& Convolver::operator=(const Convolver&) = default;
Convolver::Convolver(Convolver&&) noexcept = default;
Convolver& Convolver::operator=(Convolver&&) noexcept = default;
Convolver::~Convolver() = default;

const Kernel& Convolver::horizontal() const { return plan_->horizontal; }
const Kernel& Convolver::vertical() const { return plan_->vertical; }
Method Convolver::method() const { return plan_->method; }

Rect Convolver::source_window(Rect target, Size image) const {
  if (target.empty() || image.width < 1 || image.height < 1) return {};
  const auto axis = [&](const Kernel& kernel, int first, int length,
                        int image_length) {
    // A true convolution reads towards lower positions where the kernel's
    // higher taps are.
    const std::int64_t low =
        std::int64_t{first} - (kernel.size() - 1 - kernel.anchor());
    const std::int64_t end = std::int64_t{first} + length + kernel.anchor();
    return needed_span(plan_->border, low, end, image_length);
  };
  const Span x = axis(plan_->horizontal, target.x, target.width, image.width);
  const Span y = axis(plan_->vertical, target.y, target.height, image.height);
  if (x.end <= x.first || y.end <= y.first) return {};
  return {x.first, y.first, x.end - x.first, y.end - y.first};
}

namespace {

// The target positions that depend on positions first … end - 1 of the image.
Span affected_span(Border border, const Kernel& kernel, int first, int end,
                   int length) {
  const int before = kernel.anchor();
  const int after = kernel.size() - 1 - kernel.anchor();
  const Span everything{-before, length + after};
  const bool at_edge = first - before <= 0 || end + after >= length;
  if (at_edge && (border == Border::kLoop || border == Border::kMirror)) {
    return everything;
  }
  Span span{first - before, end + after};
  if (border == Border::kClamp) {
    if (first <= 0) span.first = everything.first;
    if (end >= length) span.end = everything.end;
  }
  return {std::max(span.first, everything.first),
          std::min(span.end, everything.end)};
}

}  // namespace

Rect Convolver::affected_window(Rect changed, Size image) const {
  if (changed.empty() || image.width < 1 || image.height < 1) return {};
  const Span x = affected_span(plan_->border, plan_->horizontal, changed.x,
                               changed.right(), image.width);
  const Span y = affected_span(plan_->border, plan_->vertical, changed.y,
                               changed.bottom(), image.height);
  if (x.end <= x.first || y.end <= y.first) return {};
  return {x.first, y.first, x.end - x.first, y.end - y.first};
}

namespace {

double to_light(double value, ToneStep step) {
  return step == ToneStep::kSrgbToLinear   ? srgb_to_linear(value)
         : step == ToneStep::kLinearToSrgb ? linear_to_srgb(value)
                                           : value;
}
double from_light(double value, ToneStep step) {
  return step == ToneStep::kSrgbToLinear   ? linear_to_srgb(value)
         : step == ToneStep::kLinearToSrgb ? srgb_to_linear(value)
                                           : value;
}

}  // namespace

bool Convolver::run(Source& source, Rect target,
                    Destination& destination) const noexcept {
  if (target.empty()) return true;
  try {
    const Plan& plan = *plan_;
    const PixelFormat& format = plan.format;
    const ToneStep step = tone_step(format, plan.light);
    const Kernel& h = plan.horizontal;
    const Kernel& v = plan.vertical;
    const int after_x = h.size() - 1 - h.anchor();
    const int after_y = v.size() - 1 - v.anchor();
    const int columns = target.width + h.size() - 1;
    const int bytes = bytes_per_component(format.component);
    const int pixel_bytes = bytes_per_pixel(format);
    const int colours =
        format.channels - (format.alpha == Alpha::kNone ? 0 : 1);
    const int lanes = colours + 1;
    RowReader reader(source, plan.border, format,
                     source_window(target, source.image()), target.y - after_y,
                     target.bottom() + v.anchor(), v.size());
    RowWriter writer(destination, format, target, 1);
    std::vector<std::byte> scratch(columns * pixel_bytes);
    std::vector<double> sums(columns * lanes);
    for (int y = target.y; y < target.bottom(); ++y) {
      reader.hold(y - after_y, y + v.anchor() + 1);
      std::fill(sums.begin(), sums.end(), 0.0);
      for (int j = 0; j < v.size(); ++j) {
        const int sy = y - (j - v.anchor());
        const bool row_in = plan.border != Border::kNone ||
                            (sy >= 0 && sy < source.image().height);
        const std::byte* stored =
            reader.segment(sy, target.x - after_x, columns, scratch.data());
        for (int x = 0; x < columns; ++x) {
          const int sx = target.x - after_x + x;
          const bool in = row_in && (plan.border != Border::kNone ||
                                     (sx >= 0 && sx < source.image().width));
          if (!in) continue;
          const std::byte* pixel = stored + x * pixel_bytes;
          double alpha = 1;
          if (format.alpha != Alpha::kNone) {
            alpha = load_component(format.component, pixel + colours * bytes);
          }
          for (int c = 0; c < colours; ++c) {
            double value = load_component(format.component, pixel + c * bytes);
            if (format.alpha != Alpha::kPremultiplied) {
              value = to_light(value, step) * alpha;
            }
            sums[x * lanes + c] += v.weights()[j] * value;
          }
          sums[x * lanes + colours] += v.weights()[j] * alpha;
        }
      }
      std::byte* out = writer.row(y);
      for (int x = 0; x < target.width; ++x) {
        double lane[4] = {};
        for (int i = 0; i < h.size(); ++i) {
          const double w = h.weights()[h.size() - 1 - i];
          for (int c = 0; c < lanes; ++c) {
            lane[c] += w * sums[(x + i) * lanes + c];
          }
        }
        double weight = lane[colours];
        if (weight >= 1 - 0x1p-20) weight = 1;
        for (int c = 0; c < colours; ++c) {
          double value = weight == 0 ? 0 : lane[c];
          if (format.alpha != Alpha::kPremultiplied && weight != 0) {
            value = from_light(value / weight, step);
          }
          store_component(format.component, value,
                          out + x * pixel_bytes + c * bytes);
        }
        if (format.alpha != Alpha::kNone) {
          store_component(format.component, weight,
                          out + x * pixel_bytes + colours * bytes);
        }
      }
      writer.finish(y + 1);
    }
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace gk
