#include <gtest/gtest.h>

#include <clocale>
#include <string>

#include "plugin/dialog/kernel_view.h"

namespace gk {
namespace {

Kernel kernel(int size, double sigma) { return Kernel::gaussian(size, sigma); }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(KernelSummaryTest, SaysSizeShareAndSigma) {
  EXPECT_EQ(kernel_summary(kernel(21, 5), kernel(21, 5)),
            "21 × 21 · keeps 96.5 % of the Gaussian · acts like sigma 4.50");
}

TEST(KernelSummaryTest, SaysBothAxesWhereTheyDiffer) {
  EXPECT_EQ(kernel_summary(kernel(21, 5), kernel(5, 1)),
            "21 × 5 · keeps 96.5 % × 99.1 % of the Gaussian · acts like sigma "
            "4.50 × 0.96");
}

TEST(KernelSummaryTest, ClaimsNoMoreThanIsTrue) {
  EXPECT_TRUE(contains(kernel_summary(kernel(9, 1), kernel(9, 1)), "99.99 %"));
  EXPECT_TRUE(contains(kernel_summary(kernel(8191, 1), kernel(8191, 1)),
                       "keeps 100 % of"));
  // 98.98 %: not "99.0 %" beside a warning that less than 99 % is kept.
  const Kernel close = kernel(51, 9.93);
  ASSERT_LT(close.coverage(), 0.99);
  ASSERT_GT(close.coverage(), 0.9895);
  EXPECT_TRUE(contains(kernel_summary(close, close), "98.9 %"));
}

TEST(KernelSummaryTest, SaysThatSigmaZeroChangesNothing) {
  EXPECT_EQ(kernel_summary(kernel(1, 0), kernel(1, 0)),
            "1 × 1 · leaves the image as it is");
}

TEST(KernelSummaryTest, WritesNumbersAsTheLocaleDoes) {
  if (!std::setlocale(LC_NUMERIC, "de_DE.UTF-8")) {
    GTEST_SKIP() << "this machine has no de_DE.UTF-8 locale";
  }
  const std::string text = kernel_summary(kernel(21, 5), kernel(21, 5));
  std::setlocale(LC_NUMERIC, "C");
  EXPECT_TRUE(contains(text, "96,5 %")) << text;
  EXPECT_TRUE(contains(text, "4,50")) << text;
}

TEST(KernelIsCutTest, WarnsBelow99PerCentOnAnyAxis) {
  EXPECT_FALSE(kernel_is_cut(kernel(5, 1), kernel(5, 1)));
  EXPECT_TRUE(kernel_is_cut(kernel(21, 5), kernel(21, 5)));
  EXPECT_TRUE(kernel_is_cut(kernel(5, 1), kernel(21, 5)));
  EXPECT_TRUE(kernel_is_cut(kernel(21, 5), kernel(5, 1)));
  EXPECT_FALSE(kernel_is_cut(kernel(1, 0), kernel(1, 0)));
}

TEST(KernelNotesTest, SaysInWordsWhatIsSpecial) {
  EXPECT_EQ(kernel_notes(kernel(9, 1), kernel(9, 1)), "");
  EXPECT_EQ(kernel_notes(kernel(21, 5), kernel(21, 5)),
            "Cut short: less than 99 % is kept");
  EXPECT_EQ(kernel_notes(kernel(10, 1), kernel(10, 1)),
            "Even size: one tap more on the lower side (left, top)");
  EXPECT_EQ(kernel_notes(kernel(10, 1), kernel(9, 1)),
            "Even width: one tap more on the lower side (left)");
  EXPECT_EQ(kernel_notes(kernel(21, 5), kernel(10, 1)),
            "Cut short: less than 99 % is kept · Even height: one tap more on "
            "the lower side (top)");
}

TEST(KernelDescriptionTest, HoldsTheSameFactsAsTheView) {
  const std::string text = kernel_description(kernel(20, 5), kernel(3, 1));
  EXPECT_TRUE(contains(text, kernel_summary(kernel(20, 5), kernel(3, 1))));
  EXPECT_TRUE(contains(text, kernel_notes(kernel(20, 5), kernel(3, 1))));
  EXPECT_TRUE(contains(text, "in column 11 of row 2")) << text;
}

TEST(KernelDescriptionTest, ReadsOutTheMiddle) {
  const std::string text = kernel_description(kernel(3, 1), kernel(3, 1));
  EXPECT_TRUE(contains(text, "The peak is 0.2042, in column 2 of row 2."))
      << text;
  EXPECT_TRUE(contains(text, "Its row: 0.1238  0.2042  0.1238.")) << text;
}

}  // namespace
}  // namespace gk
