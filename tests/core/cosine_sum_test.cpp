#include "core/cosine_sum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace gk {
namespace {

// The definition of the error, written once more.
double kernel_error(const Kernel& kernel, const CosineSum& sum) {
  double error = 0;
  for (int i = 0; i < kernel.size(); ++i) {
    double weight = 0;
    if (std::abs(i - kernel.anchor()) <= sum.radius()) {
      for (const Cosine& cosine : sum.cosines()) {
        weight += cosine.amplitude *
                  std::cos(cosine.frequency * (i - kernel.anchor()));
      }
    }
    error += std::fabs(weight - kernel.weights()[i]);
  }
  return error;
}

// Sizes 9 … 1201 and some beyond, against half a sigma … twelve and more in
// their window.
TEST(CosineSumTest, HoldsItsBoundOverTheGrid) {
  std::vector<int> radii = {500, 600, 1000, 2000, 4095};
  for (int r = 4; r <= 60; ++r) radii.push_back(r);
  for (int r = 65; r < 450; r += 23) radii.push_back(r);
  for (const int r : radii) {
    for (double u = 0.5; u < 13; u *= 1.043) {
      const double sigma = (r + 0.5) / u;
      if (sigma > Kernel::kMaxSigma || sigma < 1.25) continue;
      SCOPED_TRACE(testing::Message()
                   << "size " << 2 * r + 1 << " sigma " << sigma);
      const Kernel kernel = Kernel::gaussian(2 * r + 1, sigma);
      const auto sum = CosineSum::fit(kernel);
      ASSERT_TRUE(sum.has_value());
      EXPECT_LE(sum->radius(), r);
      ASSERT_LE(kernel_error(kernel, *sum), CosineSum::kMostError);
      ASSERT_NEAR(kernel_error(kernel, *sum), sum->error(), 1e-12);
    }
  }
}

TEST(CosineSumTest, NeedsFewCosines) {
  const auto count = [](int size, double sigma) {
    return CosineSum::fit(Kernel::gaussian(size, sigma))->cosines().size();
  };
  EXPECT_EQ(count(67, 33), 3u);
  EXPECT_EQ(count(31, 5), 4u);
  EXPECT_EQ(count(601, 100), 4u);
  for (const double sigma : {5.0, 10.0, 33.0, 100.0}) {
    EXPECT_EQ(count(Kernel::automatic_size(sigma), sigma), 5u);
  }
  EXPECT_EQ(count(1001, 100), 6u);
}

// Amplitudes that cancel each other would multiply what float rounds off.
TEST(CosineSumTest, AmplitudesDoNotCancel) {
  for (const int r : {4, 7, 15, 40, 300, 4095}) {
    for (double u = 0.02; u < 13; u *= 1.21) {
      const double sigma = (r + 0.5) / u;
      if (sigma > Kernel::kMaxSigma || sigma < 1.25) continue;
      const Kernel kernel = Kernel::gaussian(2 * r + 1, sigma);
      const auto sum = CosineSum::fit(kernel);
      ASSERT_TRUE(sum.has_value());
      double amplitudes = 0;
      for (const Cosine& cosine : sum->cosines()) {
        amplitudes += std::fabs(cosine.amplitude);
      }
      EXPECT_LT(amplitudes, 4 * kernel.weights()[kernel.anchor()])
          << 2 * r + 1 << " " << sigma;
    }
  }
}

TEST(CosineSumTest, SumsToOne) {
  for (const int size : {9, 31, 201, 1201}) {
    const auto sum = CosineSum::fit(Kernel::gaussian(size, size / 7.0));
    double total = 0;
    for (int x = -sum->radius(); x <= sum->radius(); ++x) {
      total += sum->weight(x);
    }
    EXPECT_NEAR(total, 1, 1e-12);
  }
}

// The recurrence of sliding_plan.h, in double, from the constants that the
// vector loops use: it must reproduce the weights' own sum.
TEST(CosineSumTest, ConstantsDriveTheRecurrence) {
  const int n = 400;
  const auto sum = CosineSum::fit(Kernel::gaussian(41, 5));
  const int r = sum->radius();
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<double> x(n + 2 * r + 1);
  for (double& value : x) value = uniform(random);
  const auto at = [&](int i) { return x[i + r]; };
  std::vector<double> result(n, 0.0);
  for (const Cosine& cosine : sum->cosines()) {
    double c = 0;
    double e = 0;
    for (int j = -r; j <= r; ++j) {
      c += cosine.amplitude * std::cos(cosine.frequency * j) * at(j);
    }
    for (int m = 0; m < r; ++m) {
      e += cosine.amplitude *
           (std::cos(cosine.frequency * m) -
            std::cos(cosine.frequency * (m + 1))) *
           (at(m) - at(-1 - m));
    }
    for (int i = 0; i < n; ++i) {
      result[i] += c;
      e += cosine.drive * (at(i + r) + at(i - r)) - cosine.kappa * c;
      c += e + cosine.edge * (at(i + r + 1) - at(i - r));
    }
  }
  for (int i = 0; i < n; ++i) {
    double expected = 0;
    for (int j = -r; j <= r; ++j) expected += sum->weight(j) * at(i + j);
    ASSERT_NEAR(result[i], expected, 1e-6) << i;
  }
}

TEST(CosineSumTest, RefusesWhatItCannotFollow) {
  EXPECT_FALSE(CosineSum::fit(Kernel::gaussian(30, 5)));  // even
  EXPECT_FALSE(CosineSum::fit(Kernel::gaussian(1, 1)));
  EXPECT_FALSE(CosineSum::fit(Kernel::gaussian(3, 1)));
  EXPECT_FALSE(CosineSum::fit(Kernel::gaussian(9, 0)));    // the identity
  EXPECT_FALSE(CosineSum::fit(Kernel::gaussian(9, 0.9)));  // few taps
}

}  // namespace
}  // namespace gk
