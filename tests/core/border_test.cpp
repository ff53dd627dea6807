#include "core/border.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <string>

namespace gk {
namespace {

// Positions -6 … 9 of an image "abcd", '.' where nothing stands.
std::string written_out(Border border) {
  std::string text;
  for (int position = -6; position < 10; ++position) {
    const int index = border_index(border, position, 4);
    text += index == kOutside ? '.' : static_cast<char>('a' + index);
  }
  return text;
}

TEST(BorderTest, SaysWhatLiesOutside) {
  EXPECT_EQ(written_out(Border::kClamp), "aaaaaaabcddddddd");
  EXPECT_EQ(written_out(Border::kLoop), "cdabcdabcdabcdab");
  EXPECT_EQ(written_out(Border::kMirror), "cddcbaabcddcbaab");
  EXPECT_EQ(written_out(Border::kNone), "......abcd......");
  EXPECT_EQ(written_out(Border::kBlack), "......abcd......");
  EXPECT_EQ(written_out(Border::kWhite), "......abcd......");
}

TEST(BorderTest, HoldsAtTheEndsOfInt) {
  for (const Border border : kEveryBorder) {
    if (has_outside(border)) continue;
    for (const int length : {1, 2, 3, 524288, INT_MAX}) {
      for (const int position : {INT_MIN, INT_MIN + 1, -1, INT_MAX}) {
        const int index = border_index(border, position, length);
        EXPECT_GE(index, 0) << position << " of " << length;
        EXPECT_LT(index, length) << position << " of " << length;
      }
    }
  }
}

TEST(BorderTest, OnePixelStandsForAll) {
  for (const Border border : kEveryBorder) {
    if (has_outside(border)) continue;
    for (int position = -5; position < 6; ++position) {
      EXPECT_EQ(border_index(border, position, 1), 0);
    }
  }
}

// Everything below is compared with border_index(), asked position by position
// around images of a few lengths.
constexpr int kLongest = 5;
constexpr int kFar = 3 * kLongest;

TEST(BorderTest, EveryBorderIsListed) {
  for (int i = 0; i < static_cast<int>(std::size(kEveryBorder)); ++i) {
    EXPECT_EQ(static_cast<int>(kEveryBorder[i]), i);
  }
}

TEST(BorderTest, InsideEveryPixelStandsForItself) {
  for (const Border border : kEveryBorder) {
    for (int length = 1; length <= kLongest; ++length) {
      for (int position = 0; position < length; ++position) {
        EXPECT_EQ(border_index(border, position, length), position);
      }
    }
  }
}

TEST(BorderTest, OutsideIsWhereNoPixelStands) {
  for (const Border border : kEveryBorder) {
    for (int length = 1; length <= kLongest; ++length) {
      for (int position = -kFar; position <= kFar; ++position) {
        const bool outside = border_index(border, position, length) == kOutside;
        const bool beyond = position < 0 || position >= length;
        EXPECT_EQ(outside, beyond && has_outside(border))
            << static_cast<int>(border) << ": " << position << " of " << length;
      }
    }
  }
}

TEST(BorderTest, SaysWhatColourIsOutside) {
  EXPECT_TRUE(outside_is_nothing(Border::kNone));
  EXPECT_FALSE(outside_is_nothing(Border::kBlack));
  EXPECT_FALSE(outside_is_nothing(Border::kWhite));
  EXPECT_EQ(outside_colour(Border::kBlack), 0);
  EXPECT_EQ(outside_colour(Border::kWhite), 1);
  for (const Border border : kEveryBorder) {
    if (has_outside(border)) continue;
    EXPECT_FALSE(outside_is_nothing(border));
  }
}

TEST(BorderTest, PositionsAreAlikeInOrder) {
  for (const Border border : kEveryBorder) {
    for (int length = 1; length <= kLongest; ++length) {
      for (int position = -kFar; position <= kFar; ++position) {
        const std::int64_t alike = nearest_alike(border, position, length);
        EXPECT_EQ(border_index(border, alike, length),
                  border_index(border, position, length))
            << static_cast<int>(border) << ": " << position << " of " << length;
        const std::int64_t growth =
            nearest_alike(border, position + 1, length) - alike;
        EXPECT_TRUE(growth == 0 || growth == 1);
        if (position >= 0 && position < length) {
          EXPECT_EQ(alike, position);
        }
      }
    }
  }
  // What goes on and on is kept once.
  EXPECT_EQ(nearest_alike(Border::kClamp, -1000, 4), 0);
  EXPECT_EQ(nearest_alike(Border::kClamp, 1000, 4), 3);
  EXPECT_EQ(nearest_alike(Border::kBlack, -1000, 4), -1);
  EXPECT_EQ(nearest_alike(Border::kBlack, 1000, 4), 4);
}

void include(Span& span, int position) {
  span = span.empty() ? Span{position, position + 1}
                      : Span{std::min<std::int64_t>(span.first, position),
                             std::max<std::int64_t>(span.end, position + 1)};
}

TEST(BorderTest, SourceSpanHoldsWhatStandsForPositions) {
  for (const Border border : kEveryBorder) {
    for (int length = 1; length <= kLongest; ++length) {
      for (int first = -kFar; first <= kFar; ++first) {
        Span needed;
        for (int end = first; end <= kFar; ++end) {
          ASSERT_EQ(source_span(border, {first, end}, length), needed)
              << static_cast<int>(border) << ": " << first << " to " << end
              << " of " << length;
          const int index = border_index(border, end, length);
          if (index != kOutside) include(needed, index);
        }
      }
    }
  }
}

TEST(BorderTest, SourceSpanOfFarPositionsIsQuick) {
  constexpr std::int64_t kFarOut = std::int64_t{1} << 62;
  for (const Border border : kEveryBorder) {
    EXPECT_EQ(source_span(border, {-kFarOut, kFarOut}, 7), (Span{0, 7}));
    const Span beyond = source_span(border, {kFarOut, kFarOut + 7}, 7);
    EXPECT_EQ(beyond.empty(), has_outside(border));
  }
}

TEST(BorderTest, ShowingSpanHoldsWhatPixelsStandFor) {
  for (const Border border : kEveryBorder) {
    for (int length = 1; length <= kLongest; ++length) {
      for (int first = -2; first <= length + 1; ++first) {
        for (int end = first; end <= length + 2; ++end) {
          for (int low = -kFar; low <= kFar; ++low) {
            Span showing;
            for (int high = low; high <= kFar; ++high) {
              ASSERT_EQ(showing_span(border, {first, end}, {low, high}, length),
                        showing)
                  << static_cast<int>(border) << ": pixels " << first << " to "
                  << end << " of " << length << " within " << low << " to "
                  << high;
              const int index = border_index(border, high, length);
              if (index != kOutside && index >= first && index < end) {
                include(showing, high);
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace gk
