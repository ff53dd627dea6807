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

// What a kernel reads for positions along one axis: a true convolution reads
// towards lower positions where its higher taps are.
Span read_for(const Kernel& kernel, Span positions) {
  return {positions.first - (kernel.size() - 1 - kernel.anchor()),
          positions.end + kernel.anchor()};
}

// The positions for which a kernel reads any of `positions`.
Span reading(const Kernel& kernel, Span positions) {
  return {positions.first - kernel.anchor(),
          positions.end + kernel.size() - 1 - kernel.anchor()};
}

Span columns_of(Rect rect) {
  return {rect.x, std::int64_t{rect.x} + rect.width};
}
Span rows_of(Rect rect) { return {rect.y, std::int64_t{rect.y} + rect.height}; }

// Spans within the reach of int.
Rect rect_of(Span x, Span y) {
  if (x.empty() || y.empty()) return {};
  return {static_cast<int>(x.first), static_cast<int>(y.first),
          static_cast<int>(x.end - x.first), static_cast<int>(y.end - y.first)};
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
  const auto needed = [&](const Kernel& kernel, Span targets, int length) {
    return source_span(plan_->exact.border, read_for(kernel, targets), length);
  };
  return rect_of(needed(plan_->horizontal, columns_of(target), image.width),
                 needed(plan_->vertical, rows_of(target), image.height));
}

Rect Convolver::affected_window(Rect changed, Size image) const {
  if (changed.empty() || image.width < 1 || image.height < 1) return {};
  const auto affected = [&](const Kernel& kernel, Span pixels, int length) {
    const Span targets{-kernel.anchor(),
                       std::int64_t{length} + kernel.anchor()};
    const Span showing = showing_span(plan_->exact.border, pixels,
                                      read_for(kernel, targets), length);
    if (showing.empty()) return Span();
    const Span readers = reading(kernel, showing);
    return Span{std::max(readers.first, targets.first),
                std::min(readers.end, targets.end)};
  };
  return rect_of(affected(plan_->horizontal, columns_of(changed), image.width),
                 affected(plan_->vertical, rows_of(changed), image.height));
}

namespace {

// Wider targets are cut, so that rows in memory stay short.
constexpr int kWidestStrip = 8192;

// Rows of result that wait to be handed on, where they can't be written in
// place, and for which the rows of the kernel around them stay in memory. These
// are summed along x again for each band, so bands are as tall as the kernel
// where there is room.
int band_rows(const ExactPlan& plan, Rect window, int height) {
  constexpr std::int64_t kLeast = 128;
  constexpr std::int64_t kRoom = 32 << 20;
  const std::int64_t row_bytes =
      std::int64_t{std::max(window.width, 1)} * bytes_per_pixel(plan.format);
  const std::int64_t size = plan.vertical.size();
  const std::int64_t rows =
      std::max(kLeast, std::min(size, kRoom / row_bytes - size));
  return static_cast<int>(std::min<std::int64_t>(rows, height));
}

// Farther away than any picture reaches; sums of positions stay below 2^31.
constexpr int kFarthest = 1 << 30;

bool is_in_reach(Rect target) {
  return target.x >= -kFarthest && target.y >= -kFarthest &&
         std::int64_t{target.x} + target.width <= kFarthest &&
         std::int64_t{target.y} + target.height <= kFarthest;
}

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
  const Size image = source.image();
  if (image.width < 1 || image.height < 1 || !is_in_reach(target)) return false;
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
  const Rect window = source_window(strip, source.image());
  const int rows = band_rows(exact, window, strip.height);
  RowReader reader(source, exact.border, exact.format, window,
                   strip.y - exact.vertical.before(),
                   strip.bottom() + exact.vertical.after(),
                   rows + exact.vertical.size() - 1, scratch);
  RowWriter writer(destination, exact.format, strip, rows, scratch);
  const ExactRun run{reader, writer, scratch, source.image(), strip, rows};
  if (plan.copies) {
    copy_pixels(exact, run);
  } else if (blocks_are_quicker(exact)) {
    run_blocks(exact, run);
  } else {
    run_panels(exact, run);
  }
}

}  // namespace gk
