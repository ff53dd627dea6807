#include "convolver.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "block_sums.h"
#include "exact_plan.h"
#include "method_choice.h"
#include "panel_sums.h"
#include "row_codec.h"
#include "row_window.h"
#include "scratch.h"
#include "sliding_cosine.h"

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
  ExactPlan exact;
  std::optional<SlidingPlan> sliding;  // the fast method, if it is taken
  bool copies;                         // the result is the source
  mutable ScratchPool scratches;
};

Convolver::Convolver(Kernel horizontal, Kernel vertical, Border border,
                     PixelFormat format, Light light, Method method) {
  if (format.channels < 1 || format.channels > 4) {
    throw std::invalid_argument("channels is " +
                                std::to_string(format.channels) +
                                ", allowed are 1 … 4");
  }
  const bool even = format.channels % 2 == 0;
  if (even != (format.alpha != Alpha::kNone)) {
    throw std::invalid_argument("channels is " +
                                std::to_string(format.channels) +
                                (even ? ", allowed without alpha are 1 and 3"
                                      : ", allowed with alpha are 2 and 4"));
  }
  if (format.alpha == Alpha::kPremultiplied &&
      tone_step(format, light) != ToneStep::kKeep) {
    throw std::invalid_argument(
        "premultiplied pixels are averaged in the light that they are stored "
        "in; convert them to straight alpha first");
  }
  const ToneStep step = tone_step(format, light);
  ExactPlan exact{
      Taps(horizontal), Taps(vertical), border,
      format,           step,           row_codec(format, step, border)};
  const bool copies = horizontal.is_identity() && vertical.is_identity();
  std::optional<SlidingPlan> sliding;
  if (method != Method::kExact && !copies) {
    sliding = plan_sliding(horizontal, vertical, format, step, border);
    if (choose_method(method, sliding.has_value(), horizontal, vertical, format,
                      step) == Method::kExact) {
      sliding.reset();
    }
  }
  plan_ = std::shared_ptr<const Plan>(new Plan{std::move(horizontal),
                                               std::move(vertical),
                                               std::move(exact),
                                               std::move(sliding),
                                               copies,
                                               {}});
}

Convolver::Convolver(const Convolver&) = default;
Convolver& Convolver::operator=(const Convolver&) = default;
Convolver::Convolver(Convolver&&) noexcept = default;
Convolver& Convolver::operator=(Convolver&&) noexcept = default;
Convolver::~Convolver() = default;

const Kernel& Convolver::horizontal() const { return plan_->horizontal; }
const Kernel& Convolver::vertical() const { return plan_->vertical; }
Method Convolver::method() const {
  return plan_->sliding ? Method::kFast : Method::kExact;
}

Rect Convolver::source_window(Rect target, Size image) const {
  if (target.empty() || image.width < 1 || image.height < 1) return {};
  const auto axis = [&](const Kernel& kernel, int first, int length,
                        int image_length) {
    // A true convolution reads towards lower positions where the kernel's
    // higher taps are.
    const std::int64_t low =
        std::int64_t{first} - (kernel.size() - 1 - kernel.anchor());
    const std::int64_t end = std::int64_t{first} + length + kernel.anchor();
    return needed_span(plan_->exact.border, low, end, image_length);
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
  // The image grown by half a kernel on either side.
  const Span everything{-before, length + before};
  // Targets lie up to half a kernel outside and read half a kernel further.
  const bool at_edge =
      first - kernel.size() <= 0 || end + kernel.size() >= length;
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
  const Span x = affected_span(plan_->exact.border, plan_->horizontal,
                               changed.x, changed.right(), image.width);
  const Span y = affected_span(plan_->exact.border, plan_->vertical, changed.y,
                               changed.bottom(), image.height);
  if (x.end <= x.first || y.end <= y.first) return {};
  return {x.first, y.first, x.end - x.first, y.end - y.first};
}

namespace {

// Wider targets are cut, so that rows in memory stay short.
constexpr int kWidestStrip = 8192;

// The stored pixels themselves: nothing to weight, nothing to round.
void copy_pixels(const ExactPlan& plan, const ExactRun& run) {
  const std::size_t bytes =
      static_cast<std::size_t>(run.target.width) * bytes_per_pixel(plan.format);
  for_each_band(plan, run, [&](const Rect& band) {
    for (int y = band.y; y < band.bottom(); ++y) {
      std::byte* out = run.writer.row(y);
      const std::byte* row = run.reader.segment(y, band.x, band.width, out);
      if (row != out) std::memcpy(out, row, bytes);
    }
  });
}

}  // namespace

bool Convolver::run(Source& source, Rect target,
                    Destination& destination) const noexcept {
  if (target.empty()) return true;
  const Plan& plan = *plan_;
  try {
    const ScratchPool::Lease scratch = plan.scratches.lease();
    for (int x = target.x; x < target.right(); x += kWidestStrip) {
      const Rect strip{x, target.y, std::min(kWidestStrip, target.right() - x),
                       target.height};
      if (plan.sliding) {
        run_strip_fast(plan, source, strip, destination, *scratch);
      } else {
        run_strip_exactly(plan, source, strip, destination, *scratch);
      }
      scratch->reset();
    }
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void Convolver::run_strip_fast(const Plan& plan, Source& source, Rect strip,
                               Destination& destination,
                               Scratch& scratch) const {
  const SlidingPlan& sliding = *plan.sliding;
  const int radius = sliding.vertical.radius;
  RowReader reader(source, sliding.border, sliding.format,
                   source_window(strip, source.image()), strip.y - radius,
                   strip.bottom() + radius, sliding_rows(sliding), scratch);
  RowWriter writer(destination, sliding.format, strip,
                   sliding_result_rows(sliding), scratch);
  run_sliding(sliding, source.image(), reader, writer, scratch, strip);
}

void Convolver::run_strip_exactly(const Plan& plan, Source& source, Rect strip,
                                  Destination& destination,
                                  Scratch& scratch) const {
  const ExactPlan& exact = plan.exact;
  const int most_rows =
      std::min(kBandRows, strip.height) + exact.vertical.size() - 1;
  RowReader reader(source, exact.border, exact.format,
                   source_window(strip, source.image()),
                   strip.y - exact.vertical.before(),
                   strip.bottom() + exact.vertical.after(), most_rows, scratch);
  RowWriter writer(destination, exact.format, strip, kBandRows, scratch);
  const ExactRun run{reader, writer, scratch, source.image(), strip};
  if (plan.copies) {
    copy_pixels(exact, run);
  } else if (std::max(exact.horizontal.size(), exact.vertical.size()) <=
             kLargestBlockKernel) {
    run_blocks(exact, run);
  } else {
    run_panels(exact, run);
  }
}

}  // namespace gk
