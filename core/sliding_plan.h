// What the loops of the fast method need to know of both axes, worked out once.

#ifndef GK_CORE_SLIDING_PLAN_H_
#define GK_CORE_SLIDING_PLAN_H_

#include <optional>
#include <vector>

#include "border.h"
#include "cosine_sum.h"
#include "kernel.h"
#include "pixel_format.h"

namespace gk {

// One cosine's share of the result at n,
//
//   c(n) = sum over j = -r … r of a cos(w j) x(n + j),
//
// obeys (multiply the sum by 2 cos w and take the neighbours' sums from it, as
// Sugimoto and Kamata 2013, eq. 12, and Charalampidis 2016, eq. 15, do for
// their frequencies)
//
//   c(n + 1) - 2 c(n) + c(n - 1) = -kappa c(n) + p D(n) + s B(n)
//
//   kappa = 4 sin^2(w / 2),  p = a cos(w r),
//   s     = 2 a sin(w (r + 1/2)) sin(w / 2),
//   B(n)  = x(n + r) + x(n - r),
//   D(n)  = x(n + r + 1) - x(n + r) - x(n - r) + x(n - r - 1).
//
// D is the step of E(n) = x(n + r + 1) - x(n - r). With p E taken out of the
// difference c(n + 1) - c(n), what is left is e:
//
//   e(n + 1) = e(n) + s B(n) - kappa c(n)                                  (1)
//   c(n + 1) = c(n) + e(n + 1) + p E(n)                                    (2)
//
// which touches only samples of the windows of n and n + 1, and in which
// nothing large cancels, however low the frequency. It starts from
//
//   c(n) = sum over m = 0 … r     of a cos(w m) (x(n + m) + x(n - m))      (3)
//   e(n) = sum over m = 0 … r - 1 of
//          a (cos(w m) - cos(w (m + 1))) (x(n + m) - x(n - 1 - m))         (4)
//
// with the term of m = 0 in (3) halved. Float rounding drifts, so the sums
// start anew every `restart` samples. The lower a frequency, the smaller the
// steps beside the sums: the lowest ones need more bits than a float has.
struct SlidingAxis {
  int cosines = 0;  // 0: this axis is left as it is
  int radius = 0;   // r
  int restart = 0;
  // Whether the lowest frequencies need sums of two floats.
  bool split = false;
  float kappa[CosineSum::kMost] = {};
  float edge[CosineSum::kMost] = {};   // p
  float drive[CosineSum::kMost] = {};  // s
  // For each m = 0 … r the factors of (3), one a cosine, then those of (4).
  std::vector<float> start;
  // The kernel's own weights 0 … r, for what can't be slid over.
  std::vector<float> weights;
};

struct SlidingPlan {
  SlidingAxis horizontal;
  SlidingAxis vertical;
  PixelFormat format;
  ToneStep step = ToneStep::kKeep;
  Border border = Border::kClamp;
  // A pixel is summed as `columns` neighbours of `lanes` floats each: as one
  // but where there are three channels and no weight, since vectors don't hold
  // whole pixels of three floats.
  int columns = 1;
  int lanes = 1;
};

// nullopt where an axis is neither the identity nor a kernel that
// CosineSum::fit() accepts.
std::optional<SlidingPlan> plan_sliding(const Kernel& horizontal,
                                        const Kernel& vertical,
                                        const PixelFormat& format,
                                        ToneStep step, Border border);

}  // namespace gk

#endif  // GK_CORE_SLIDING_PLAN_H_
