// A Gaussian kernel as a sum of a few cosines, which a sliding sum can follow
// at a cost that does not depend on the kernel's size.

#ifndef GK_CORE_COSINE_SUM_H_
#define GK_CORE_COSINE_SUM_H_

#include <optional>
#include <span>
#include <vector>

#include "kernel.h"

namespace gk {

// a cos(w x), and the constants of its sliding sum over -r … r (see
// sliding_plan.h) as the vector loops use them.
struct Cosine {
  double amplitude;  // a
  double
      frequency;  // w, radians a pixel; exactly the one that kappa stands for
  float kappa;    // 4 sin^2(w / 2)
  float edge;     // a cos(w r)
  float drive;    // 2 a sin(w (r + 1/2)) sin(w / 2)
};

class CosineSum {
 public:
  static constexpr int kFewest = 3;
  static constexpr int kMost = 6;

  // The largest error() that fit() accepts. The other part of the fast method's
  // 5e-6 belongs to the rounding of float sums.
  static constexpr double kMostError = 3e-6;

  // The fewest cosines that hold kMostError; nullopt where none do, where the
  // window is even, or has fewer than 5 taps. Where the window is wider than
  // 5.5 sigma the sum is cut there: what lies beyond counts as error.
  static std::optional<CosineSum> fit(const Kernel& kernel);

  // The sum stands for -radius() … radius(); it is 0 beyond.
  int radius() const { return radius_; }
  std::span<const Cosine> cosines() const { return cosines_; }
  // Sum over all x of |weight(x) - the kernel's weight|. Both sum to 1, so on
  // pixels in 0 … 1 the result is wrong by at most half of it for each axis.
  double error() const { return error_; }
  double weight(int x) const;

 private:
  CosineSum(int radius, std::vector<Cosine> cosines, double error);

  int radius_;
  std::vector<Cosine> cosines_;
  double error_;
};

}  // namespace gk

#endif  // GK_CORE_COSINE_SUM_H_
