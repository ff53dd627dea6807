#include "plugin/settings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gk {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ValidateTest, AcceptsBothEndsOfEveryRange) {
  EXPECT_EQ(validate({}), "");
  EXPECT_EQ(validate({.size = 0, .sigma = 0, .size_y = -1, .sigma_y = -1}), "");
  EXPECT_EQ(
      validate({.size = 8191, .sigma = 1000, .size_y = 8191, .sigma_y = 1000}),
      "");
}

TEST(ValidateTest, NamesArgumentValueAndRange) {
  EXPECT_EQ(validate({.size = 8192}), "size is 8192; allowed are 0 … 8191.");
  EXPECT_EQ(validate({.size = -1}), "size is -1; allowed are 0 … 8191.");
  EXPECT_EQ(validate({.sigma = 1000.5}),
            "sigma is 1000.5; allowed are 0 … 1000.");
  EXPECT_EQ(validate({.sigma = -0.25}),
            "sigma is -0.25; allowed are 0 … 1000.");
  EXPECT_EQ(validate({.size_y = -2}), "size-y is -2; allowed are -1 … 8191.");
  EXPECT_EQ(validate({.sigma_y = -1.5}),
            "sigma-y is -1.5; allowed are -1 … 1000.");
}

TEST(ValidateTest, RefusesWhatIsNoNumber) {
  EXPECT_NE(validate({.sigma = kNan}), "");
  EXPECT_NE(validate({.sigma = kInfinity}), "");
  EXPECT_NE(validate({.sigma_y = kNan}), "");
}

TEST(NearestValidTest, MovesIntoTheRangeAndNanToZero) {
  const Settings moved = nearest_valid({.size = -7,
                                        .sigma = kInfinity,
                                        .size_y = 1 << 30,
                                        .sigma_y = -kInfinity});
  EXPECT_EQ(
      moved,
      (Settings{.size = 0, .sigma = 1000, .size_y = 8191, .sigma_y = -1}));
  EXPECT_EQ(nearest_valid({.sigma = kNan}).sigma, 0);
  const Settings valid{.size = 5, .sigma = 1.5, .size_y = 0, .sigma_y = -0.5};
  EXPECT_EQ(nearest_valid(valid), valid);
}

TEST(NearestValidTest, GivesWhatValidateAccepts) {
  for (const double sigma : {-kInfinity, -3.0, 0.0, 2.5, 1e9, kNan}) {
    for (const int size : {-100, -1, 0, 1, 9000}) {
      const Settings settings{
          .size = size, .sigma = sigma, .size_y = size, .sigma_y = sigma};
      EXPECT_EQ(validate(nearest_valid(settings)), "") << size << " " << sigma;
    }
  }
}

TEST(KernelsTest, TheVerticalOneIsAsTheHorizontalUnlessGiven) {
  const Settings same{.size = 5, .sigma = 2};
  EXPECT_EQ(horizontal_kernel(same).size(), 5);
  EXPECT_EQ(vertical_kernel(same).size(), 5);
  EXPECT_EQ(vertical_kernel(same).sigma(), 2);

  const Settings own{.size = 5, .sigma = 2, .size_y = 7, .sigma_y = 3};
  EXPECT_EQ(horizontal_kernel(own).size(), 5);
  EXPECT_EQ(vertical_kernel(own).size(), 7);
  EXPECT_EQ(vertical_kernel(own).sigma(), 3);
}

TEST(KernelsTest, AutomaticSizeFollowsEachAxisOwnSigma) {
  const Settings settings{.size = 0, .sigma = 1, .size_y = -1, .sigma_y = 3};
  EXPECT_EQ(horizontal_kernel(settings).size(), 9);
  EXPECT_EQ(vertical_kernel(settings).size(), 25);
  EXPECT_EQ(horizontal_kernel({.size = 0, .sigma = 0}).size(), 1);
}

TEST(WordsTest, EveryWordComesBack) {
  for (const auto& word : parameters::kBorders) {
    EXPECT_EQ(border_from_word(word.nick), word.value);
    EXPECT_STREQ(word_for(word.value), word.nick);
  }
  for (const auto& word : parameters::kLights) {
    EXPECT_EQ(light_from_word(word.nick), word.value);
    EXPECT_STREQ(word_for(word.value), word.nick);
  }
  for (const auto& word : parameters::kMethods) {
    EXPECT_EQ(method_from_word(word.nick), word.value);
    EXPECT_STREQ(word_for(word.value), word.nick);
  }
}

TEST(WordsTest, UnknownWordsAreRefusedWithAListOfTheValidOnes) {
  EXPECT_FALSE(border_from_word("CLAMP"));
  EXPECT_FALSE(light_from_word(""));
  EXPECT_FALSE(method_from_word("clamp"));
  EXPECT_EQ(unknown_word("abyss-policy", "edge"),
            "abyss-policy is \"edge\"; allowed are: none, clamp, loop, mirror, "
            "black, white.");
  EXPECT_EQ(unknown_word("light", "gamma"),
            "light is \"gamma\"; allowed are: linear, perceptual.");
  EXPECT_EQ(unknown_word("method", ""),
            "method is \"\"; allowed are: auto, exact, fast.");
}

}  // namespace
}  // namespace gk
