#include "plugin/dialog/kernel_view.h"

#include <cairo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "plugin/dialog/heat_map.h"
#include "plugin/dialog/weight_scale.h"

namespace gk {
namespace {

using Pixel = std::uint32_t;

constexpr int kWidth = 450;
constexpr int kHeight = 222;
constexpr Colour kText{0.8, 0.8, 0.8};
constexpr Colour kBackground{0.25, 0.25, 0.25};

// As broad as its size lets it be.
Kernel kernel_of(int size, double part) {
  return Kernel::gaussian(size, std::min(size / part, Kernel::kMaxSigma));
}

Pixel packed(const Colour& colour) {
  const auto byte = [](double value) {
    return static_cast<Pixel>(std::lround(value * 255));
  };
  return byte(colour.red) << 16 | byte(colour.green) << 8 | byte(colour.blue);
}

class Canvas {
 public:
  Canvas(int width, int height)
      : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
        cairo_(cairo_create(surface_)),
        width_(width),
        height_(height) {}
  ~Canvas() {
    cairo_destroy(cairo_);
    cairo_surface_destroy(surface_);
  }
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  cairo_t* cairo() const { return cairo_; }
  Pixel at(int x, int y) const {
    cairo_surface_flush(surface_);
    const unsigned char* row = cairo_image_surface_get_data(surface_) +
                               y * cairo_image_surface_get_stride(surface_);
    return reinterpret_cast<const Pixel*>(row)[x] & 0xffffff;
  }
  std::set<Pixel> colours_in(int x, int y, int width, int height) const {
    std::set<Pixel> found;
    for (int j = y; j < y + height; ++j) {
      for (int i = x; i < x + width; ++i) found.insert(at(i, j));
    }
    return found;
  }
  int width() const { return width_; }
  int height() const { return height_; }

 private:
  cairo_surface_t* surface_;
  cairo_t* cairo_;
  int width_, height_;
};

std::set<Pixel> palette() {
  std::set<Pixel> colours;
  for (int i = 0; i < 256; ++i) colours.insert(packed(viridis(i / 255.0)));
  return colours;
}

void draw_view(const Canvas& canvas, const Kernel& across, const Kernel& down) {
  draw_kernel_view(canvas.cairo(), across, down, canvas.width(),
                   canvas.height(), {kText, kBackground, 11});
}

// The colour of cell (column, row) near its corner, where no number stands.
Pixel cell(const Canvas& canvas, int column, int row, int columns, int rows,
           int side) {
  return canvas.at(column * side / columns + 2, row * side / rows + 2);
}

TEST(ViridisTest, RunsFromPurpleToYellow) {
  EXPECT_EQ(viridis(0), (Colour{0.267004, 0.004874, 0.329415}));
  EXPECT_EQ(viridis(1), (Colour{0.993248, 0.906157, 0.143936}));
  EXPECT_EQ(viridis(-1), viridis(0));
  EXPECT_EQ(viridis(2), viridis(1));
  EXPECT_EQ(viridis(std::nan("")), viridis(0));
}

TEST(ViridisTest, BrightensAllTheWay) {
  for (int i = 1; i < 256; ++i) {
    EXPECT_GT(luminance(viridis(i / 255.0)),
              luminance(viridis((i - 1) / 255.0)))
        << i;
  }
}

TEST(SpreadTest, GivesEachPixelTheTapItLiesIn) {
  const std::vector<double> taps{1, 5, 2};
  EXPECT_EQ(spread(taps, 6), (std::vector<double>{1, 1, 5, 5, 2, 2}));
  EXPECT_EQ(spread(taps, 3), taps);
}

TEST(SpreadTest, GivesTheLargestOfTheTapsThatAPixelCovers) {
  const std::vector<double> taps{1, 2, 9, 3, 1, 0};
  EXPECT_EQ(spread(taps, 3), (std::vector<double>{2, 9, 1}));
  EXPECT_EQ(spread(taps, 1), (std::vector<double>{9}));
}

TEST(SpreadTest, KeepsSymmetryAndPeakAtAnySize) {
  for (const int size : {1, 9, 21, 999, 8191}) {
    const Kernel kernel = kernel_of(size, 6);
    for (const int pixels : {1, 7, 100, 222, 1000}) {
      const std::vector<double> result = spread(kernel.weights(), pixels);
      ASSERT_EQ(result.size(), static_cast<std::size_t>(pixels));
      EXPECT_TRUE(std::equal(result.begin(), result.end(), result.rbegin()));
      EXPECT_EQ(*std::max_element(result.begin(), result.end()),
                kernel.weights()[kernel.anchor()]);
    }
  }
}

TEST(KernelViewTest, EveryCellHasItsWeightsColour) {
  const Kernel across = Kernel::gaussian(5, 1);
  const Kernel down = Kernel::gaussian(5, 1.3);
  const Canvas canvas(kWidth, kHeight);
  draw_view(canvas, across, down);
  const double peak = across.weights()[2] * down.weights()[2];
  for (int row = 0; row < 5; ++row) {
    for (int column = 0; column < 5; ++column) {
      const double weight = across.weights()[column] * down.weights()[row];
      EXPECT_EQ(cell(canvas, column, row, 5, 5, kHeight),
                packed(viridis(weight / peak)))
          << column << ", " << row;
    }
  }
  EXPECT_EQ(cell(canvas, 2, 2, 5, 5, kHeight), packed(viridis(1)));
}

TEST(KernelViewTest, AnEvenKernelPeaksBehindTheMiddle) {
  const Kernel kernel = Kernel::gaussian(4, 1);
  const Canvas canvas(kWidth, kHeight);
  draw_view(canvas, kernel, kernel);
  EXPECT_EQ(cell(canvas, 2, 2, 4, 4, kHeight), packed(viridis(1)));
  EXPECT_NE(cell(canvas, 1, 1, 4, 4, kHeight), packed(viridis(1)));
}

TEST(KernelViewTest, ShowsNumbersWhileCellsHaveRoom) {
  const std::set<Pixel> colours = palette();
  const auto has_numbers = [&](int size) {
    const Kernel kernel = kernel_of(size, 6);
    const Canvas canvas(kWidth, kHeight);
    draw_view(canvas, kernel, kernel);
    const std::set<Pixel> found = canvas.colours_in(0, 0, kHeight, kHeight);
    return !std::includes(colours.begin(), colours.end(), found.begin(),
                          found.end());
  };
  EXPECT_TRUE(has_numbers(1));
  EXPECT_TRUE(has_numbers(5));
  EXPECT_TRUE(has_numbers(9));
  EXPECT_FALSE(has_numbers(21));
  EXPECT_FALSE(has_numbers(8191));
}

TEST(KernelViewTest, IsSymmetricWhereTheMatrixIs) {
  for (const int size : {21, 101, 8191}) {
    const Kernel kernel = kernel_of(size, 5);
    const Canvas canvas(kWidth, kHeight);
    draw_view(canvas, kernel, kernel);
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kHeight; ++x) {
        ASSERT_EQ(canvas.at(x, y), canvas.at(kHeight - 1 - x, y));
        ASSERT_EQ(canvas.at(x, y), canvas.at(x, kHeight - 1 - y));
        ASSERT_EQ(canvas.at(x, y), canvas.at(y, x));
      }
    }
  }
}

TEST(KernelViewTest, DrawsColourBarAndProfileBesideTheMatrix) {
  const Kernel kernel = Kernel::gaussian(21, 5);
  const Canvas canvas(kWidth, kHeight);
  draw_view(canvas, kernel, kernel);
  const std::set<Pixel> beside =
      canvas.colours_in(kHeight, 0, kWidth - kHeight, kHeight);
  EXPECT_TRUE(beside.count(packed(kBackground)));
  EXPECT_TRUE(beside.count(packed(kText)));
  const std::set<Pixel> colours = palette();
  const auto bar =
      std::count_if(beside.begin(), beside.end(),
                    [&](Pixel pixel) { return colours.count(pixel) > 0; });
  EXPECT_GT(bar, 50);
}

TEST(KernelViewTest, FollowsTheDeviceScale) {
  const Kernel kernel = Kernel::gaussian(3, 1);
  const Canvas canvas(2 * kWidth, 2 * kHeight);
  cairo_scale(canvas.cairo(), 2, 2);
  draw_kernel_view(canvas.cairo(), kernel, kernel, kWidth, kHeight,
                   {kText, kBackground, 11});
  EXPECT_EQ(cell(canvas, 1, 1, 3, 3, 2 * kHeight), packed(viridis(1)));
  const double peak = kernel.weights()[1] * kernel.weights()[1];
  const double corner = kernel.weights()[0] * kernel.weights()[0];
  EXPECT_EQ(cell(canvas, 2, 2, 3, 3, 2 * kHeight),
            packed(viridis(corner / peak)));
}

TEST(KernelViewTest, SurvivesEveryShapeAndPlace) {
  for (const auto& [size, size_y] :
       std::vector<std::array<int, 2>>{{1, 1}, {1, 8191}, {8191, 1}, {2, 7}}) {
    const Kernel across = kernel_of(size, 6);
    const Kernel down = Kernel::gaussian(size_y, 0);
    for (const int width : {1, 10, 60, 150, 450}) {
      for (const int height : {1, 20, 222}) {
        const Canvas canvas(width, height);
        draw_view(canvas, across, down);
        EXPECT_EQ(cairo_status(canvas.cairo()), CAIRO_STATUS_SUCCESS);
      }
    }
  }
}

TEST(KernelPlotTest, IsAFigureOnWhite) {
  const Kernel kernel = Kernel::gaussian(21, 5);
  const int height = kernel_plot_height(kernel, kernel, 800);
  EXPECT_GT(height, 400);
  EXPECT_LT(height, 800);
  const Canvas canvas(800, height);
  draw_kernel_plot(canvas.cairo(), kernel, kernel, 800, height);
  for (const int x : {0, 799}) {
    for (const int y : {0, height - 1}) EXPECT_EQ(canvas.at(x, y), 0xffffffu);
  }
  EXPECT_GT(canvas.colours_in(0, 0, 800, height / 14).size(), 2u) << "a title";
  const std::set<Pixel> found = canvas.colours_in(0, 0, 800, height);
  EXPECT_TRUE(found.count(packed(viridis(1))));
}

TEST(KernelPlotTest, HasASaneHeightAtEveryWidth) {
  for (const int size : {1, 5, 8191}) {
    for (const int size_y : {1, 20, 8191}) {
      const Kernel across = kernel_of(size, 6);
      const Kernel down = kernel_of(size_y, 5);
      for (const int width : {64, 100, 159, 160, 319, 320, 800}) {
        const int height = kernel_plot_height(across, down, width);
        EXPECT_GE(height, width / 5);
        EXPECT_LE(height, 2 * width);
        const Canvas canvas(width, height);
        draw_kernel_plot(canvas.cairo(), across, down, width, height);
        EXPECT_EQ(cairo_status(canvas.cairo()), CAIRO_STATUS_SUCCESS);
        EXPECT_TRUE(
            canvas.colours_in(0, 0, width, height).count(packed(viridis(1))));
      }
    }
  }
  const Kernel kernel = Kernel::gaussian(9, 1);
  EXPECT_LE(kernel_plot_height(kernel, kernel, 8192), 2 * 8192);
}

TEST(WeightScaleTest, TicksAreRoundAndWithinThePeak) {
  const WeightScale scale = weight_scale(0.1621, 6);
  ASSERT_EQ(scale.ticks.size(), 4u);
  EXPECT_EQ(scale.ticks[0].label, "0");
  EXPECT_EQ(scale.ticks[1].label, "0.05");
  EXPECT_EQ(scale.ticks[3].label, "0.15");
  EXPECT_NEAR(scale.ticks[3].value, 0.15, 1e-12);
  EXPECT_EQ(scale.unit, "");
}

TEST(WeightScaleTest, SmallWeightsHaveAUnit) {
  const WeightScale scale = weight_scale(1.6e-7, 6);
  EXPECT_EQ(scale.unit, "×10⁻⁷");
  EXPECT_EQ(scale.ticks.back().label, "1.5");
  EXPECT_NEAR(scale.ticks.back().value, 1.5e-7, 1e-12);
}

TEST(WeightScaleTest, NeverHasMoreTicksThanAskedFor) {
  for (double peak = 1; peak > 1e-8; peak *= 0.83) {
    for (const int most : {2, 3, 4, 6, 8}) {
      const WeightScale scale = weight_scale(peak, most);
      EXPECT_LE(scale.ticks.size(), static_cast<std::size_t>(most)) << peak;
      EXPECT_GE(scale.ticks.size(), 2u) << peak << ", " << most;
      EXPECT_LE(scale.ticks.back().value, peak * (1 + 1e-12));
    }
  }
}

}  // namespace
}  // namespace gk
