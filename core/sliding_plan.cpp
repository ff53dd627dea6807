#include "sliding_plan.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "row_codec.h"

namespace gk {
namespace {

// Windows whose sums start anew so often that little adds up.
constexpr int kShortWindow = 64;

// In flat areas the sums of a low frequency w move by less than half of their
// last bit, so that they stay where they are: up to such a half divided by w is
// lost, each time that an edge goes by. Below this frequency stripes as long as
// the window make more than 2.5e-6 of that.
double low_frequency(int size) { return size <= kShortWindow ? 0.03 : 0.06; }

// Samples after which float sums have drifted by about 2e-6; those of 8-bit
// codes as they are stored, never split, by 3e-5.
int restart_interval(int size, bool split, bool codes) {
  if (size <= kShortWindow) return codes ? 512 : 256;
  if (size <= 128) return 1024;
  return split ? 4096 : 2048;
}

std::optional<SlidingAxis> plan_axis(const Kernel& kernel, bool codes) {
  SlidingAxis axis;
  if (kernel.is_identity()) {
    axis.restart = 1 << 20;
    axis.weights.assign(1, 1.0f);
    return axis;
  }
  const std::optional<CosineSum> sum = CosineSum::fit(kernel);
  if (!sum) return std::nullopt;
  const int r = sum->radius();
  axis.radius = r;
  axis.cosines = static_cast<int>(sum->cosines().size());
  const int size = 2 * r + 1;
  for (const Cosine& cosine : sum->cosines()) {
    axis.split = axis.split || cosine.frequency < low_frequency(size);
  }
  axis.restart = restart_interval(size, axis.split, codes);
  for (int k = 0; k < axis.cosines; ++k) {
    const Cosine& cosine = sum->cosines()[k];
    axis.kappa[k] = cosine.kappa;
    axis.edge[k] = cosine.edge;
    axis.drive[k] = cosine.drive;
  }
  axis.start.resize(std::size_t{2} * axis.cosines * (r + 1));
  float* factor = axis.start.data();
  for (int m = 0; m <= r; ++m) {
    for (const Cosine& cosine : sum->cosines()) {
      const double value = cosine.amplitude * std::cos(cosine.frequency * m);
      *factor++ = static_cast<float>(m == 0 ? value / 2 : value);
    }
    for (const Cosine& cosine : sum->cosines()) {
      // cos(w m) - cos(w (m + 1)), without their cancelling.
      const double value = 2 * cosine.amplitude *
                           std::sin(cosine.frequency / 2) *
                           std::sin(cosine.frequency * (m + 0.5));
      *factor++ = m == r ? 0.0f : static_cast<float>(value);
    }
  }
  for (int m = 0; m <= r; ++m) {
    axis.weights.push_back(
        static_cast<float>(kernel.weights()[kernel.anchor() + m]));
  }
  return axis;
}

}  // namespace

std::optional<SlidingPlan> plan_sliding(const Kernel& horizontal,
                                        const Kernel& vertical,
                                        const PixelFormat& format,
                                        ToneStep step, Border border) {
  const int lanes = lanes_per_pixel(format, border);
  if (lanes == 0) return std::nullopt;
  const bool codes = format.component == Component::kU8;
  std::optional<SlidingAxis> x = plan_axis(horizontal, codes);
  if (!x) return std::nullopt;
  std::optional<SlidingAxis> y = plan_axis(vertical, codes);
  if (!y) return std::nullopt;
  SlidingPlan plan{std::move(*x), std::move(*y), format, step, border};
  const bool splits = format.channels == 3 && !outside_is_nothing(border);
  plan.columns = splits ? 3 : 1;
  plan.lanes = splits ? 1 : lanes;
  return plan;
}

}  // namespace gk
