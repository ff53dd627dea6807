// The weights of one axis as the vector loops use them: single precision,
// symmetric halves folded.

#ifndef GK_CORE_TAPS_H_
#define GK_CORE_TAPS_H_

#include <vector>

#include "kernel.h"

namespace gk {

// The sum for the output at position c is
//
//   sum_{k = 0 … radius} weight[k] * (x(c - k) + x(c + k))   (x(c) once)
//   + extra * x(c + radius + 1)                              (even sizes)
//
// A true convolution reads upwards where the kernel has its lower side, so the
// tap that an even kernel has more is above c.
struct Taps {
  explicit Taps(const Kernel& kernel);

  int before() const { return radius; }  // positions read below c
  int after() const { return radius + (has_extra ? 1 : 0); }
  int size() const { return before() + 1 + after(); }

  int radius;
  bool has_extra;
  float extra = 0;
  // Weights below 1e-30 are 0; outermost ones are left out.
  // weight[0] is corrected so that all weights together are 1 as closely as
  // float allows: flat areas stay flat.
  std::vector<float> weight;
};

}  // namespace gk

#endif  // GK_CORE_TAPS_H_
