#include "plugin/host/preview_cells.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace gk::host {
namespace {

using Cells = std::vector<GeglRectangle>;

constexpr GeglRectangle kPhotograph = {0, 0, 6000, 4000};

// How often each pixel of `area` is in one of the cells after the first.
std::vector<int> visits(const Cells& cells, const GeglRectangle& area) {
  std::vector<int> counts(static_cast<std::size_t>(area.width) * area.height);
  for (auto cell = cells.begin() + 1; cell != cells.end(); ++cell) {
    for (int y = cell->y; y < cell->y + cell->height; ++y) {
      for (int x = cell->x; x < cell->x + cell->width; ++x) {
        const auto row = static_cast<std::size_t>(y - area.y);
        ++counts.at(row * area.width + (x - area.x));
      }
    }
  }
  return counts;
}

TEST(PreviewCells, CoverTheAreaOnce) {
  for (const GeglRectangle area :
       {GeglRectangle{0, 0, 1300, 700}, GeglRectangle{-1000, 77, 1500, 1100},
        GeglRectangle{129, 3, 513, 1}, GeglRectangle{5, -2300, 1, 4700}}) {
    for (const Size kernel : {Size{1, 1}, Size{701, 3}, Size{8191, 8191}}) {
      const Cells cells = preview_cells(area, kernel);
      ASSERT_GE(cells.size(), 2U);
      for (const GeglRectangle& cell : cells) {
        EXPECT_TRUE(gegl_rectangle_contains(&area, &cell));
      }
      EXPECT_EQ(visits(cells, area),
                std::vector<int>(area.width * area.height, 1));
    }
  }
}

TEST(PreviewCells, BeginInTheMiddleWithASmallOne) {
  for (const int size : {1, 481, 8001}) {
    const GeglRectangle first = preview_cells(kPhotograph, {size, size})[0];
    EXPECT_EQ(first.width, 512);
    EXPECT_EQ(first.height, 512);
    EXPECT_LE(std::abs(first.x + first.width / 2 - 3000), kPreviewTile / 2);
    EXPECT_LE(std::abs(first.y + first.height / 2 - 2000), kPreviewTile / 2);
  }
}

TEST(PreviewCells, LieOnTheEdgesOfTiles) {
  for (const GeglRectangle& cell : preview_cells(kPhotograph, {31, 1601})) {
    EXPECT_EQ(cell.x % kPreviewTile, 0);
    EXPECT_EQ(cell.y % kPreviewTile, 0);
  }
}

TEST(PreviewCells, GrowWithTheKernelAlongItsOwnAxis) {
  EXPECT_EQ(preview_cells(kPhotograph, {31, 31}).size(), 1U + 6 * 4);
  EXPECT_EQ(preview_cells(kPhotograph, {1601, 31}).size(), 1U + 2 * 4);
  EXPECT_EQ(preview_cells(kPhotograph, {31, 1601}).size(), 1U + 6 * 2);
  // No farther: each must be drawn before a change is answered.
  EXPECT_EQ(preview_cells(kPhotograph, {8191, 8191}).size(), 1U + 2 * 1);
}

TEST(PreviewCells, OneIsEnoughForASmallArea) {
  const GeglRectangle area = {3, 4, 200, 100};
  const Cells cells = preview_cells(area, {31, 31});
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_TRUE(gegl_rectangle_equal(&cells[0], &area));
}

TEST(PreviewCells, NoneForAnEmptyArea) {
  EXPECT_TRUE(preview_cells({7, 7, 0, 10}, {31, 31}).empty());
}

}  // namespace
}  // namespace gk::host
