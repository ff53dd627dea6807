#include "taps.h"

namespace gk {

Taps::Taps(const Kernel& kernel)
    : radius((kernel.size() - 1) / 2), has_extra(kernel.size() % 2 == 0) {
  const auto weights = kernel.weights();
  weight.resize(radius + 1);
  double others = 0;
  for (int k = radius; k > 0; --k) {
    weight[k] = static_cast<float>(weights[kernel.anchor() + k]);
    others += 2 * static_cast<double>(weight[k]);
  }
  if (has_extra) {
    extra = static_cast<float>(weights[0]);
    others += extra;
  }
  weight[0] = static_cast<float>(1 - others);
}

}  // namespace gk
