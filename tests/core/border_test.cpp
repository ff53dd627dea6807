#include "core/border.h"

#include <gtest/gtest.h>

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
  for (const Border border : {Border::kClamp, Border::kLoop, Border::kMirror}) {
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
  for (const Border border : {Border::kClamp, Border::kLoop, Border::kMirror}) {
    for (int position = -5; position < 6; ++position) {
      EXPECT_EQ(border_index(border, position, 1), 0);
    }
  }
}

}  // namespace
}  // namespace gk
