// A sampled, normalised Gaussian along one axis: the only place where weights
// are computed.

#ifndef GK_CORE_KERNEL_H_
#define GK_CORE_KERNEL_H_

#include <span>
#include <vector>

namespace gk {

// The matrix of the project is the outer product of two of these:
//
//   K(x, y) = 1 / (2 pi sigma^2) exp(-(x^2 + y^2) / (2 sigma^2)),
//   x, y    = i - size / 2 (integer division), i = 0 … size - 1,
//   matrix  = K / sum(K) = w_x w_y^T,
//   w_i     = exp(-x_i^2 / (2 sigma^2)) / sum_j exp(-x_j^2 / (2 sigma^2)).
//
// Weights are evaluated in long double and rounded once to double; they are
// symmetric bit for bit about the anchor wherever both sides have a tap.
class Kernel {
 public:
  static constexpr int kMinSize = 1;
  static constexpr int kMaxSize = 8191;
  static constexpr double kMinSigma = 0.0;
  static constexpr double kMaxSigma = 1000.0;

  // `size` in taps, kMinSize … kMaxSize; `sigma` in pixels, kMinSigma …
  // kMaxSigma, 0 = the identity. Throws std::invalid_argument, naming the
  // argument, what was given and what is allowed.
  static Kernel gaussian(int size, double sigma);

  // 2 ceil(4 sigma) + 1: cuts less than 1e-4 of the mass. Same range of sigma,
  // same error; at most kMaxSize.
  static int automatic_size(double sigma);

  int size() const { return static_cast<int>(weights_.size()); }
  // Index of the peak. Taps before it: anchor(); after it: size - 1 - anchor().
  int anchor() const { return size() / 2; }
  double sigma() const { return sigma_; }
  std::span<const double> weights() const { return weights_; }

  // True if convolving with this kernel copies its input.
  bool is_identity() const;

  // Share, 0 … 1, of the unbounded sampled Gaussian's mass that lies inside
  // the window.
  double coverage() const;

  // sqrt(sum_k w_k k^2), k counted from the anchor, in pixels: the sigma that
  // the cut kernel acts like.
  double effective_sigma() const;

 private:
  Kernel(std::vector<double> weights, double sigma);

  std::vector<double> weights_;
  double sigma_;
};

}  // namespace gk

#endif  // GK_CORE_KERNEL_H_
