#include "plugin/dialog/dialog_state.h"

#include <gtest/gtest.h>

#include <vector>

namespace gk {
namespace {

DialogState free_state(int size, double sigma) {
  return {.settings = {.size = size, .sigma = sigma}, .link = Link::kFree};
}

TEST(LinkTest, SizeFollowsSigmaAtFirst) {
  DialogState state;
  EXPECT_EQ(consistent(state), state);
  EXPECT_EQ(shown_size(state, Axis::kHorizontal), 9);
  state = with_sigma(state, Axis::kHorizontal, 5);
  EXPECT_EQ(state.settings.size, 0);
  EXPECT_EQ(state.settings.sigma, 5);
  EXPECT_EQ(shown_size(state, Axis::kHorizontal), 41);
  EXPECT_EQ(shown_size(state, Axis::kVertical), 41);
  EXPECT_EQ(state.link, Link::kSizeFollowsSigma);
}

TEST(LinkTest, SettingTheSizeThatFollowsFreesIt) {
  const DialogState state = with_size({}, Axis::kHorizontal, 21);
  EXPECT_EQ(state.link, Link::kFree);
  EXPECT_EQ(state.settings.size, 21);
  EXPECT_EQ(state.settings.sigma, 1);
}

TEST(LinkTest, SettingTheSizeThatIsShownChangesNothing) {
  EXPECT_EQ(with_size({}, Axis::kHorizontal, 9), DialogState{});
}

TEST(LinkTest, SigmaFollowsSize) {
  DialogState state = with_link(free_state(21, 5), Link::kSigmaFollowsSize);
  EXPECT_EQ(state.settings.size, 21);
  EXPECT_DOUBLE_EQ(state.settings.sigma, 3.5);
  state = with_size(state, Axis::kHorizontal, 60);
  EXPECT_DOUBLE_EQ(state.settings.sigma, 10);
  EXPECT_EQ(state.link, Link::kSigmaFollowsSize);
  state = with_size(state, Axis::kHorizontal, 8191);
  EXPECT_EQ(state.settings.sigma, 1000) << "the largest sigma there is";
  state = with_size(state, Axis::kHorizontal, 0);
  EXPECT_EQ(state.settings.size, 1) << "automatic would need a sigma";

  state = with_sigma(state, Axis::kHorizontal, 2);
  EXPECT_EQ(state.link, Link::kFree);
  EXPECT_EQ(state.settings.size, 1);
}

TEST(LinkTest, SwitchingKeepsTheSizeThatWasShown) {
  const DialogState five = with_sigma({}, Axis::kHorizontal, 5);
  EXPECT_EQ(with_link(five, Link::kFree).settings.size, 41);
  const DialogState by_size = with_link(five, Link::kSigmaFollowsSize);
  EXPECT_EQ(by_size.settings.size, 41);
  EXPECT_DOUBLE_EQ(by_size.settings.sigma, 41 / 6.0);
  EXPECT_EQ(with_link(by_size, Link::kSizeFollowsSigma).settings.size, 0);
}

TEST(LinkTest, EachAxisFollowsItsOwn) {
  DialogState state = with_chain({}, false);
  state = with_sigma(state, Axis::kVertical, 3);
  EXPECT_EQ(state.settings.size_y, 0);
  EXPECT_EQ(state.settings.sigma_y, 3);
  EXPECT_EQ(shown_size(state, Axis::kVertical), 25);
  EXPECT_EQ(shown_size(state, Axis::kHorizontal), 9);

  state = with_link(state, Link::kSigmaFollowsSize);
  state = with_size(state, Axis::kVertical, 12);
  EXPECT_EQ(state.settings.sigma_y, 2);
  EXPECT_EQ(state.settings.sigma, 1.5);
}

TEST(ChainTest, ClosedIsMinusOneOpenIsSpeltOut) {
  DialogState state = free_state(21, 5);
  EXPECT_TRUE(is_chained(state.settings));
  state = with_chain(state, false);
  EXPECT_EQ(state.settings.size_y, 21);
  EXPECT_EQ(state.settings.sigma_y, 5);
  state = with_size(state, Axis::kVertical, 31);
  EXPECT_EQ(state.settings.size, 21);
  EXPECT_EQ(state.settings.size_y, 31);
  state = with_chain(state, true);
  EXPECT_EQ(state, free_state(21, 5));
}

TEST(ChainTest, TheVerticalAxisSetsBothWhileChained) {
  const DialogState state = with_size(free_state(21, 5), Axis::kVertical, 23);
  EXPECT_EQ(state.settings.size, 23);
  EXPECT_TRUE(is_chained(state.settings));
}

TEST(ConsistentTest, ALinkThatTheSettingsContradictIsFreed) {
  DialogState state;
  state.settings.size = 21;
  EXPECT_EQ(consistent(state).link, Link::kFree);
  state.link = Link::kSigmaFollowsSize;
  EXPECT_EQ(consistent(state).link, Link::kFree);
  state.settings.sigma = 3.5000001;  // as a preset's text has it
  EXPECT_EQ(consistent(state).link, Link::kSigmaFollowsSize);
  state.settings.sigma_y = 2;
  EXPECT_EQ(consistent(state).link, Link::kFree);
}

TEST(ConsistentTest, StandsForTheSameKernels) {
  for (const int size : {0, 5, 20}) {
    for (const int size_y : {-1, 0, 7}) {
      for (const double sigma_y : {-1.0, -0.5, 0.0, 3.0}) {
        DialogState state;
        state.settings = {
            .size = size, .sigma = 2, .size_y = size_y, .sigma_y = sigma_y};
        const DialogState tidy = consistent(state);
        EXPECT_EQ(horizontal_kernel(tidy.settings).size(),
                  horizontal_kernel(state.settings).size());
        EXPECT_EQ(vertical_kernel(tidy.settings).size(),
                  vertical_kernel(state.settings).size());
        EXPECT_EQ(vertical_kernel(tidy.settings).sigma(),
                  vertical_kernel(state.settings).sigma());
        EXPECT_EQ(tidy.settings.size_y < 0, tidy.settings.sigma_y < 0);
        EXPECT_EQ(consistent(tidy), tidy);
      }
    }
  }
}

TEST(ConsistentTest, MovesNumbersIntoTheirRanges) {
  DialogState state;
  state.settings.sigma = -4;
  state.plot_width = 5;
  EXPECT_EQ(consistent(state).settings.sigma, 0);
  EXPECT_EQ(consistent(state).plot_width, 64);
  state.plot_width = 1 << 20;
  EXPECT_EQ(consistent(state).plot_width, 8192);
}

TEST(LinkWordsTest, EveryWordComesBack) {
  for (const auto& word : kLinks) {
    EXPECT_EQ(link_from_word(word.nick), word.value);
    EXPECT_STREQ(word_for(word.value), word.nick);
  }
  EXPECT_FALSE(link_from_word("chained"));
}

}  // namespace
}  // namespace gk
