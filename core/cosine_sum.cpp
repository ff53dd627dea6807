#include "cosine_sum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace gk {
namespace {

// Frequencies of K cosines whose least-squares sum meets a Gaussian cut at U
// sigma: w_k = theta_k(U) / (r + 1/2), U = (r + 1/2) / sigma, theta_k a
// polynomial of degree 4, highest power first. Our own fit: all K frequencies
// left free, which gains 1.5 to 2 cosines over the harmonic ones of
// Charalampidis ("Recursive implementation of the Gaussian filter using
// truncated cosine functions", IEEE Trans. Signal Processing 64, 2016, eq. 9)
// and of Sugimoto and Kamata ("Fast Gaussian filter with second-order shift
// property of DCT-5", ICIP 2013). The amplitudes are solved for each kernel, so
// these need not be accurate.
using Polynomial = std::array<double, 5>;
constexpr Polynomial kTheta3[] = {
    {0.00172925017, -0.0166248173, 0.00305155874, 0.615353428, 0.000229339083},
    {0.00540135557, -0.052742449, 0.0133357304, 1.88146201, 0.00187481631},
    {0.00961522239, -0.099714765, 0.0399763583, 3.29523139, 0.00852924799},
};
constexpr Polynomial kTheta4[] = {
    {0.080821918, -0.92564644, 3.89885957, -6.77132288, 5.09348161},
    {0.256171438, -2.93389805, 12.3612672, -21.5380652, 16.1450204},
    {0.486489375, -5.57168044, 23.4906875, -41.2252012, 30.6652677},
    {0.912272532, -10.4484562, 44.1152431, -78.4996772, 57.5346358},
};
constexpr Polynomial kTheta5[] = {
    {0.0236344693, -0.350387694, 1.89128386, -4.08362936, 4.08041672},
    {0.071974489, -1.06755898, 5.7655541, -12.4695617, 12.4564888},
    {0.124203174, -1.84413757, 9.97164386, -21.6475096, 21.606497},
    {0.186146416, -2.7687398, 15.0032502, -32.8008147, 32.6643567},
    {0.276645425, -4.12807535, 22.4597241, -49.7883809, 49.2830396},
};
constexpr Polynomial kTheta6[] = {
    {0.0592626397, -1.21800066, 9.3439395, -31.4843767, 40.8263002},
    {0.182782859, -3.756515, 28.818338, -97.126434, 125.89841},
    {0.323403329, -6.64595057, 50.9849835, -171.919339, 222.672163},
    {0.502097408, -10.316547, 79.1438521, -267.079863, 345.47475},
    {0.770568079, -15.8284116, 121.423285, -410.233854, 529.547446},
    {1.35451807, -27.8058189, 213.257831, -721.761812, 928.190373},
};

// Where a set of frequencies was fitted, in U.
struct FrequencySet {
  std::span<const Polynomial> theta;
  double lowest;
  double highest;
};
constexpr double kWidest = 5.5;
const FrequencySet kSets[] = {
    {kTheta3, 0.0, 2.05},
    {kTheta4, 2.0, 3.2},
    {kTheta5, 3.1, 4.4},
    {kTheta6, 4.3, kWidest},
};

double evaluate(const Polynomial& polynomial, double u) {
  double value = 0;
  for (const double coefficient : polynomial) value = value * u + coefficient;
  return value;
}

using Matrix =
    std::array<std::array<long double, CosineSum::kMost + 1>, CosineSum::kMost>;

// Solves the first `order` rows, the right side in column `order`, in place;
// false if they are not independent.
bool solve(Matrix& rows, int order) {
  for (int pivot = 0; pivot < order; ++pivot) {
    int best = pivot;
    for (int i = pivot + 1; i < order; ++i) {
      if (std::fabs(rows[i][pivot]) > std::fabs(rows[best][pivot])) best = i;
    }
    if (!(std::fabs(rows[best][pivot]) > 0)) return false;
    std::swap(rows[pivot], rows[best]);
    for (int i = 0; i < order; ++i) {
      if (i == pivot) continue;
      const long double factor = rows[i][pivot] / rows[pivot][pivot];
      for (int j = pivot; j <= order; ++j) {
        rows[i][j] -= factor * rows[pivot][j];
      }
    }
  }
  for (int i = 0; i < order; ++i) rows[i][order] /= rows[i][i];
  return true;
}

// Least squares of `kernel` over -radius … radius in cosines of the
// frequencies that are set, scaled to a sum of 1. False if there is none.
bool solve_amplitudes(const Kernel& kernel, int radius,
                      std::span<Cosine> cosines) {
  const int order = static_cast<int>(cosines.size());
  Matrix rows = {};
  std::array<long double, CosineSum::kMost> sums = {};
  for (int x = radius; x >= 0; --x) {
    const long double weight = x == 0 ? 1 : 2;
    std::array<long double, CosineSum::kMost> value;
    for (int k = 0; k < order; ++k) {
      value[k] = std::cos(static_cast<long double>(cosines[k].frequency) * x);
      sums[k] += weight * value[k];
    }
    for (int i = 0; i < order; ++i) {
      for (int j = 0; j < order; ++j) {
        rows[i][j] += weight * value[i] * value[j];
      }
      rows[i][order] +=
          weight * value[i] * kernel.weights()[kernel.anchor() + x];
    }
  }
  if (!solve(rows, order)) return false;
  long double sum = 0;
  for (int k = 0; k < order; ++k) sum += rows[k][order] * sums[k];
  if (!(sum > 0)) return false;
  for (int k = 0; k < order; ++k) {
    cosines[k].amplitude = static_cast<double>(rows[k][order] / sum);
  }
  return true;
}

double kernel_error(const Kernel& kernel, const CosineSum& sum) {
  double error = 0;
  for (int x = kernel.anchor(); x >= 0; --x) {
    const double difference =
        std::fabs(sum.weight(x) - kernel.weights()[kernel.anchor() + x]);
    error += x == 0 ? difference : 2 * difference;
  }
  return error;
}

}  // namespace

CosineSum::CosineSum(int radius, std::vector<Cosine> cosines, double error)
    : radius_(radius), cosines_(std::move(cosines)), error_(error) {}

double CosineSum::weight(int x) const {
  if (std::abs(x) > radius_) return 0;
  double sum = 0;
  for (const Cosine& cosine : cosines_) {
    sum += cosine.amplitude * std::cos(cosine.frequency * x);
  }
  return sum;
}

std::optional<CosineSum> CosineSum::fit(const Kernel& kernel) {
  if (kernel.size() % 2 == 0 || kernel.size() < 5 || kernel.is_identity()) {
    return std::nullopt;
  }
  const double sigma = kernel.sigma();
  const int radius = std::min(
      kernel.anchor(), static_cast<int>(std::floor(kWidest * sigma - 0.5)));
  const double half = radius + 0.5;
  for (const FrequencySet& set : kSets) {
    const int order = static_cast<int>(set.theta.size());
    if (half / sigma > set.highest || order > radius + 1) continue;
    const double u = std::max(half / sigma, set.lowest);
    std::vector<Cosine> cosines(order);
    for (int k = 0; k < order; ++k) {
      const double wanted = evaluate(set.theta[k], u) / half;
      const double sine = std::sin(wanted / 2);
      // Rounded first: the frequency that the loops really turn by is then
      // known exactly, and all else is fitted to it.
      cosines[k].kappa = static_cast<float>(4 * sine * sine);
      cosines[k].frequency =
          2 * std::asin(std::sqrt(static_cast<double>(cosines[k].kappa)) / 2);
    }
    if (!solve_amplitudes(kernel, radius, cosines)) continue;
    for (Cosine& cosine : cosines) {
      const double a = cosine.amplitude;
      const double w = cosine.frequency;
      cosine.edge = static_cast<float>(a * std::cos(w * radius));
      cosine.drive =
          static_cast<float>(2 * a * std::sin(w * half) * std::sin(w / 2));
    }
    CosineSum sum(radius, std::move(cosines), 0);
    sum.error_ = kernel_error(kernel, sum);
    if (sum.error_ <= kMostError) return sum;
  }
  return std::nullopt;
}

}  // namespace gk
