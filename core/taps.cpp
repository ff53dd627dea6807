#include "taps.h"

namespace gk {
namespace {

// Products of smaller ones with pixels down to 1e-8 would not be normal floats,
// which CPUs take a hundred times as long for; no sum of floats resolves them.
constexpr double kLeastWeight = 1e-30;

float tap(double weight) {
  return weight < kLeastWeight ? 0 : static_cast<float>(weight);
}

}  // namespace

Taps::Taps(const Kernel& kernel)
    : radius((kernel.size() - 1) / 2), has_extra(kernel.size() % 2 == 0) {
  const auto weights = kernel.weights();
  weight.resize(radius + 1);
  double others = 0;
  for (int k = radius; k > 0; --k) {
    weight[k] = tap(weights[kernel.anchor() + k]);
    others += 2 * static_cast<double>(weight[k]);
  }
  if (has_extra) {
    extra = tap(weights[0]);
    others += extra;
  }
  weight[0] = static_cast<float>(1 - others);

  // What is 0 at the outer end need not be read.
  if (extra != 0) return;
  has_extra = false;
  while (radius > 0 && weight[radius] == 0) --radius;
  weight.resize(radius + 1);
}

}  // namespace gk
