#include "kernel.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace gk {
namespace {

void require_size(int size) {
  if (size >= Kernel::kMinSize && size <= Kernel::kMaxSize) return;
  std::ostringstream message;
  message << "size is " << size << ", allowed are " << Kernel::kMinSize << " … "
          << Kernel::kMaxSize << " pixels";
  throw std::invalid_argument(message.str());
}

void require_sigma(double sigma) {
  // Written so that NaN fails.
  if (sigma >= Kernel::kMinSigma && sigma <= Kernel::kMaxSigma) return;
  std::ostringstream message;
  message << "sigma is " << sigma << ", allowed are " << Kernel::kMinSigma
          << " … " << Kernel::kMaxSigma << " pixels";
  throw std::invalid_argument(message.str());
}

// exp(-x^2 / (2 sigma^2)) for sigma > 0.
long double density(int x, double sigma) {
  const long double t = static_cast<long double>(x) / sigma;
  return std::exp(-t * t / 2);
}

}  // namespace

Kernel::Kernel(std::vector<double> weights, double sigma)
    : weights_(std::move(weights)), sigma_(sigma) {}

Kernel Kernel::gaussian(int size, double sigma) {
  require_size(size);
  require_sigma(sigma);
  const int anchor = size / 2;
  std::vector<double> weights(size, 0.0);
  if (sigma == 0) {
    weights[anchor] = 1;
    return Kernel(std::move(weights), sigma);
  }
  std::vector<long double> side(anchor + 1);
  for (int x = 0; x <= anchor; ++x) side[x] = density(x, sigma);
  // The smallest terms first: the sum keeps every bit that it can.
  long double sum = 0;
  for (int x = anchor; x > 0; --x) {
    sum += x < size - anchor ? 2 * side[x] : side[x];
  }
  sum += side[0];
  for (int i = 0; i < size; ++i) {
    weights[i] = static_cast<double>(side[std::abs(i - anchor)] / sum);
  }
  return Kernel(std::move(weights), sigma);
}

int Kernel::automatic_size(double sigma) {
  require_sigma(sigma);
  return std::min(2 * static_cast<int>(std::ceil(4 * sigma)) + 1, kMaxSize);
}

bool Kernel::is_identity() const {
  const auto zero = [](double weight) { return weight == 0; };
  return std::all_of(weights_.begin(), weights_.begin() + anchor(), zero) &&
         std::all_of(weights_.begin() + anchor() + 1, weights_.end(), zero);
}

double Kernel::coverage() const {
  if (sigma_ == 0) return 1;
  const int before = anchor();
  const int after = size() - 1 - before;
  // Beyond 12 sigma lies less than 4e-33 of the mass.
  const int reach = static_cast<int>(std::ceil(12 * sigma_));
  long double inside = 0;
  long double total = 0;
  for (int x = std::max(reach, before); x > 0; --x) {
    const long double value = density(x, sigma_);
    total += 2 * value;
    inside += ((x <= before) + (x <= after)) * value;
  }
  return static_cast<double>((1 + inside) / (1 + total));
}

double Kernel::effective_sigma() const {
  long double variance = 0;
  for (int i = 0; i < size(); ++i) {
    const long double k = i - anchor();
    variance += weights_[i] * k * k;
  }
  return static_cast<double>(std::sqrt(variance));
}

}  // namespace gk
