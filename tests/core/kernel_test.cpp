#include "core/kernel.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <climits>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace gk {
namespace {

const double kSigmas[] = {1e-3, 0.01, 0.29, 0.5, 1,   1.5,
                          5,    10,   33,   100, 333, 1000};

// The definition's density without its constant factor.
long double density(int x, int y, double sigma) {
  const long double s = sigma;
  return std::exp(
      -(static_cast<long double>(x) * x + static_cast<long double>(y) * y) /
      (2 * s * s));
}

// A weight this small is not a normal double any more: nothing relative holds.
constexpr long double kSmallest = DBL_MIN;

void expect_near(double weight, long double expected, const char* what,
                 int size, double sigma, int i) {
  EXPECT_LE(std::fabs(weight - expected),
            1e-15L * std::fabs(expected) + kSmallest)
      << what << " size " << size << " sigma " << sigma << " at " << i;
}

// Each element of the matrix against K / sum(K), both evaluated directly.
void expect_matrix(int size, double sigma) {
  const Kernel kernel = Kernel::gaussian(size, sigma);
  const auto weights = kernel.weights();
  ASSERT_EQ(kernel.size(), size);
  long double sum = 0;
  for (int y = size - 1; y >= 0; --y) {
    for (int x = size - 1; x >= 0; --x) {
      sum += density(x - size / 2, y - size / 2, sigma);
    }
  }
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      expect_near(weights[x] * weights[y],
                  density(x - size / 2, y - size / 2, sigma) / sum, "matrix",
                  size, sigma, y * size + x);
    }
  }
}

TEST(KernelTest, MatrixIsTheDefinition) {
  for (int size = 1; size <= 64; ++size) {
    for (const double sigma : kSigmas) expect_matrix(size, sigma);
  }
  for (const double sigma : kSigmas) expect_matrix(101, sigma);
}

// A row of a large matrix: the sum over both axes is the square of one axis'.
void expect_row(int size, double sigma) {
  const auto weights = Kernel::gaussian(size, sigma);
  long double sum = 0;
  for (int x = size - 1; x > size / 2; --x) {
    sum += 2 * density(x - size / 2, 0, sigma);
  }
  sum += 1;
  if (size % 2 == 0) sum += density(size / 2, 0, sigma);
  for (int x = 0; x < size; ++x) {
    expect_near(weights.weights()[x], density(x - size / 2, 0, sigma) / sum,
                "row", size, sigma, x);
  }
}

TEST(KernelTest, RowsOfLargeMatricesAreTheDefinition) {
  for (const int size : {101, 1000, 1001, 8190, 8191}) {
    for (const double sigma : kSigmas) expect_row(size, sigma);
  }
}

TEST(KernelTest, IsSymmetricBitForBit) {
  for (const int size : {1, 2, 3, 4, 21, 64, 8191}) {
    for (const double sigma : kSigmas) {
      const Kernel kernel = Kernel::gaussian(size, sigma);
      const int anchor = kernel.anchor();
      EXPECT_EQ(anchor, size / 2);
      for (int k = 1; k < size - anchor; ++k) {
        ASSERT_EQ(kernel.weights()[anchor - k], kernel.weights()[anchor + k]);
      }
    }
  }
}

TEST(KernelTest, EvenSizesHaveOneTapMoreOnTheLowerSide) {
  const Kernel kernel = Kernel::gaussian(4, 1);
  EXPECT_EQ(kernel.anchor(), 2);
  EXPECT_LT(kernel.weights()[0], kernel.weights()[1]);
  EXPECT_EQ(kernel.weights()[1], kernel.weights()[3]);
  EXPECT_GT(kernel.weights()[2], kernel.weights()[1]);
}

TEST(KernelTest, IdentityIsIdentity) {
  EXPECT_TRUE(Kernel::gaussian(1, 5).is_identity());
  EXPECT_TRUE(Kernel::gaussian(21, 0).is_identity());
  EXPECT_TRUE(Kernel::gaussian(4, 0).is_identity());
  EXPECT_TRUE(Kernel::gaussian(21, 1e-3).is_identity());
  EXPECT_FALSE(Kernel::gaussian(3, 0.2).is_identity());
}

TEST(KernelTest, AutomaticSizeCutsLessThanOneTenThousandth) {
  EXPECT_EQ(Kernel::automatic_size(0), 1);
  EXPECT_EQ(Kernel::automatic_size(1), 9);
  EXPECT_EQ(Kernel::automatic_size(5), 41);
  EXPECT_EQ(Kernel::automatic_size(1000), 8001);
  for (const double sigma : kSigmas) {
    const int size = Kernel::automatic_size(sigma);
    EXPECT_GT(Kernel::gaussian(size, sigma).coverage(), 1 - 1e-4) << sigma;
  }
}

TEST(KernelTest, KnowsWhatTheWindowCuts) {
  // Sums over the unbounded sampled Gaussian by hand.
  EXPECT_NEAR(Kernel::gaussian(5, 1).coverage(), 0.990866, 1e-6);
  EXPECT_NEAR(Kernel::gaussian(21, 5).coverage(), 0.9646, 1e-4);
  EXPECT_NEAR(Kernel::gaussian(21, 5).effective_sigma(), 4.50, 0.005);
  EXPECT_NEAR(Kernel::gaussian(5, 1).effective_sigma(), 0.961, 0.001);
  EXPECT_NEAR(Kernel::gaussian(401, 10).effective_sigma(), 10, 1e-9);
  EXPECT_EQ(Kernel::gaussian(9, 0).coverage(), 1);
  EXPECT_EQ(Kernel::gaussian(9, 0).effective_sigma(), 0);
}

template <typename Function>
std::string message_of(const Function& function) {
  try {
    function();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(KernelTest, RefusesWhatItCannotBuild) {
  for (const int size : {-1, 0, 8192, INT_MAX, INT_MIN}) {
    const std::string message =
        message_of([size] { Kernel::gaussian(size, 1); });
    EXPECT_EQ(message, "size is " + std::to_string(size) +
                           ", allowed are 1 … 8191 pixels");
  }
  const double kBad[] = {-1,
                         1000.5,
                         1e9,
                         std::numeric_limits<double>::quiet_NaN(),
                         std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity()};
  for (const double sigma : kBad) {
    for (const std::string& message :
         {message_of([sigma] { Kernel::gaussian(9, sigma); }),
          message_of([sigma] { Kernel::automatic_size(sigma); })}) {
      EXPECT_EQ(message.substr(0, 9), "sigma is ") << message;
      EXPECT_NE(message.find("allowed are 0 … 1000"), std::string::npos)
          << message;
    }
  }
}

}  // namespace
}  // namespace gk
