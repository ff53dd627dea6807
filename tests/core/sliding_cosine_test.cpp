#include "core/sliding_cosine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/cache_bypass.h"
#include "core/convolver.h"
#include "core/cosine_sum.h"
#include "core/reference.h"
#include "core/row_window.h"
#include "core/simd_target.h"

namespace gk {
namespace {

constexpr double kBound = 5e-6;

class Picture : public Source, public Destination {
 public:
  Picture(Rect area, const PixelFormat& format, bool in_place = true)
      : area_(area),
        pixel_bytes_(bytes_per_pixel(format)),
        in_place_(in_place),
        bytes_(static_cast<std::size_t>(area.width) * area.height *
                   pixel_bytes_ +
               kAlignment) {
    const auto address = reinterpret_cast<std::uintptr_t>(bytes_.data());
    first_ = (kAlignment - address % kAlignment) % kAlignment;
  }
  Picture(const Picture&) = delete;
  Picture(Picture&&) = default;  // the vector's memory stays

  Size image() const override { return {area_.width, area_.height}; }
  const std::byte* row(int y) const override {
    return in_place_ ? at(area_.x, y) - std::ptrdiff_t{area_.x} * pixel_bytes_
                     : nullptr;
  }
  void read(Rect area, std::byte* pixels, std::ptrdiff_t stride) override {
    for (int y = 0; y < area.height; ++y) {
      std::memcpy(pixels + y * stride, at(area.x, area.y + y),
                  std::size_t(area.width) * pixel_bytes_);
    }
  }
  std::byte* row(int y) override {
    return const_cast<std::byte*>(std::as_const(*this).row(y));
  }
  void write(Rect area, const std::byte* pixels,
             std::ptrdiff_t stride) override {
    for (int y = 0; y < area.height; ++y) {
      std::memcpy(const_cast<std::byte*>(at(area.x, area.y + y)),
                  pixels + y * stride, std::size_t(area.width) * pixel_bytes_);
    }
  }
  const std::byte* at(int x, int y) const {
    return bytes_.data() + first_ +
           (static_cast<std::ptrdiff_t>(y - area_.y) * area_.width +
            (x - area_.x)) *
               pixel_bytes_;
  }
  std::byte* at(int x, int y) {
    return const_cast<std::byte*>(std::as_const(*this).at(x, y));
  }
  bool operator==(const Picture& other) const {
    return area_ == other.area_ &&
           std::memcmp(at(area_.x, area_.y), other.at(area_.x, area_.y),
                       static_cast<std::size_t>(area_.width) * area_.height *
                           pixel_bytes_) == 0;
  }

 private:
  Rect area_;
  int pixel_bytes_;
  // The widest vectors are stored past the caches only where rows are aligned.
  static constexpr std::size_t kAlignment = 64;
  bool in_place_;
  std::vector<std::byte> bytes_;
  std::size_t first_ = 0;
};

struct Work {
  int size_x;
  double sigma_x;
  int size_y;
  double sigma_y;
  PixelFormat format;
  Light light = Light::kPerceptual;
  Border border = Border::kClamp;
};

std::ostream& operator<<(std::ostream& out, const Work& work) {
  return out << work.size_x << "/" << work.sigma_x << " x " << work.size_y
             << "/" << work.sigma_y << " component "
             << int(work.format.component) << " channels "
             << work.format.channels << " alpha " << int(work.format.alpha)
             << " curve " << int(work.format.curve) << " light "
             << int(work.light) << " border " << int(work.border);
}

// Blurs `target` of the source by the fast method.
Picture slide(const Work& work, Source& source, Rect target,
              bool in_place = true) {
  const Kernel h = Kernel::gaussian(work.size_x, work.sigma_x);
  const Kernel v = Kernel::gaussian(work.size_y, work.sigma_y);
  const auto plan = plan_sliding(
      h, v, work.format, tone_step(work.format, work.light), work.border);
  EXPECT_TRUE(plan.has_value()) << work;
  Picture result(target, work.format, in_place);
  if (!plan) return result;
  const Convolver convolver(h, v, work.border, work.format, work.light,
                            Method::kAuto);
  const int r = plan->vertical.radius;
  Scratch scratch;
  RowReader reader(source, work.border, work.format,
                   convolver.source_window(target, source.image()),
                   target.y - r, target.bottom() + r, sliding_rows(*plan),
                   scratch);
  RowWriter writer(result, work.format, target, sliding_result_rows(*plan),
                   scratch);
  run_sliding(*plan, source.image(), reader, writer, scratch, target);
  return result;
}

int colour_count(const PixelFormat& format) {
  return format.channels - (format.alpha == Alpha::kNone ? 0 : 1);
}

double to_light(double value, ToneStep step) {
  return step == ToneStep::kSrgbToLinear   ? srgb_to_linear(value)
         : step == ToneStep::kLinearToSrgb ? linear_to_srgb(value)
                                           : value;
}

// The definition by one axis after the other, in double: colours times weight
// and the weight, in the light that is averaged.
std::vector<double> weighted_sums(const Work& work, const Picture& picture,
                                  Rect target) {
  const PixelFormat& format = work.format;
  const ToneStep step = tone_step(format, work.light);
  const Kernel h = Kernel::gaussian(work.size_x, work.sigma_x);
  const Kernel v = Kernel::gaussian(work.size_y, work.sigma_y);
  const int colours = colour_count(format);
  const int lanes = colours + 1;
  const int bytes = bytes_per_component(format.component);
  const int before = h.size() - 1 - h.anchor();
  const int columns = target.width + h.size() - 1;
  const Size image = picture.image();
  std::vector<double> result;
  std::vector<double> row(std::size_t(columns) * lanes);
  // Decoded once: borders repeat pixels.
  std::vector<double> decoded(std::size_t(image.width) * image.height * lanes);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      double* pixel = &decoded[(std::size_t(y) * image.width + x) * lanes];
      pixel[colours] = format.alpha == Alpha::kNone
                           ? 1
                           : load_component(format.component,
                                            picture.at(x, y) + colours * bytes);
      for (int c = 0; c < colours; ++c) {
        const double value =
            load_component(format.component, picture.at(x, y) + c * bytes);
        pixel[c] = format.alpha == Alpha::kPremultiplied
                       ? value
                       : to_light(value, step) * pixel[colours];
      }
    }
  }
  for (int y = target.y; y < target.bottom(); ++y) {
    std::fill(row.begin(), row.end(), 0.0);
    for (int j = 0; j < v.size(); ++j) {
      const int sy =
          border_index(work.border, y - (j - v.anchor()), image.height);
      for (int i = 0; i < columns; ++i) {
        const int sx =
            border_index(work.border, target.x - before + i, image.width);
        double* sum = &row[std::size_t(i) * lanes];
        if (sy != kOutside && sx != kOutside) {
          const double* pixel =
              &decoded[(std::size_t(sy) * image.width + sx) * lanes];
          for (int c = 0; c < lanes; ++c) sum[c] += v.weights()[j] * pixel[c];
        } else if (!outside_is_nothing(work.border)) {
          const double colour = to_light(outside_colour(work.border), step);
          for (int c = 0; c < colours; ++c) sum[c] += v.weights()[j] * colour;
          sum[colours] += v.weights()[j];
        }
      }
    }
    for (int x = 0; x < target.width; ++x) {
      for (int c = 0; c < lanes; ++c) {
        double sum = 0;
        for (int i = 0; i < h.size(); ++i) {
          sum += h.weights()[h.size() - 1 - i] *
                 row[std::size_t(x + i) * lanes + c];
        }
        result.push_back(sum);
      }
    }
  }
  return result;
}

// What the result may be away from `exact`, in the light that is averaged and
// times the weight, besides the rounding of its own store.
void expect_close(const Work& work, const Picture& result,
                  const std::vector<double>& exact, Rect target,
                  double bound = kBound) {
  const PixelFormat& format = work.format;
  const ToneStep step = tone_step(format, work.light);
  const int colours = colour_count(format);
  const int bytes = bytes_per_component(format.component);
  double worst = -1;
  std::string where;
  for (int y = target.y; y < target.bottom(); ++y) {
    for (int x = target.x; x < target.right(); ++x) {
      const double* sums =
          &exact[(std::size_t(y - target.y) * target.width + x - target.x) *
                 (colours + 1)];
      const double weight = sums[colours];
      // Half a code at the store, in the stored alpha and in the colour.
      const double half = format.component == Component::kU8     ? 0.52 / 255
                          : format.component == Component::kU16  ? 1.0 / 65535
                          : format.component == Component::kHalf ? 1.0 / 2048
                                                                 : 1e-7;
      const auto see = [&](double is, double should, double allowed, int c) {
        const double excess = std::fabs(is - should) / allowed;
        if (!(excess <= worst)) {
          worst = std::isnan(excess) ? 1e30 : excess;
          where = "x " + std::to_string(x) + " y " + std::to_string(y) +
                  " channel " + std::to_string(c) + " is " +
                  std::to_string(is) + " not " + std::to_string(should) +
                  " by " + std::to_string(is - should);
        }
      };
      bool is_nothing = false;
      if (format.alpha != Alpha::kNone) {
        const double alpha =
            load_component(format.component, result.at(x, y) + colours * bytes);
        see(alpha, weight, (weight < 1.2e-5 ? 1.3e-5 : bound) + half, colours);
        is_nothing = alpha == 0;
      }
      if (weight < 1.2e-5) continue;
      for (int c = 0; c < colours; ++c) {
        const double stored =
            load_component(format.component, result.at(x, y) + c * bytes);
        if (is_nothing) {
          see(stored, 0, 1e-9, c);
          continue;
        }
        if (format.alpha == Alpha::kPremultiplied) {
          see(stored, sums[c], bound + half, c);
          continue;
        }
        const double colour = sums[c] / weight;
        const double is = to_light(stored, step);
        // The slope of the curve turns half a code into light.
        const double slope = step == ToneStep::kKeep
                                 ? 1
                                 : std::fabs(to_light(stored + half, step) -
                                             to_light(stored - half, step)) /
                                       (2 * half);
        const bool integer = format.component == Component::kU8 ||
                             format.component == Component::kU16;
        const double allowed =
            bound / weight * (1 + std::fabs(colour)) +
            slope * half * (step == ToneStep::kKeep ? 1 : 1.2) +
            (step == ToneStep::kLinearToSrgb ? 3e-5 : 0);
        see(integer ? std::clamp(is, 0.0, 1.0) : is, colour, allowed, c);
      }
    }
  }
  EXPECT_LE(worst, 1) << work << " " << where << " on "
                      << simd_target_in_force();
}

enum class Content { kNoise, kBlocks, kWideBlocks, kSmooth };

void fill(Picture& picture, const PixelFormat& format, Content content,
          unsigned seed, bool opaque) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  const int bytes = bytes_per_component(format.component);
  const Size size = picture.image();
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      for (int c = 0; c < format.channels; ++c) {
        double value = 0;
        switch (content) {
          case Content::kNoise:
            value = uniform(random);
            break;
          case Content::kBlocks:
            value = ((x / 17) ^ (y / 13) ^ c) & 1;
            break;
          case Content::kWideBlocks:
            value = ((x / 777) ^ (y / 777)) & 1;
            break;
          case Content::kSmooth:
            value = 0.5 + 0.5 * std::sin(x * 0.01 + y * 0.013 + c);
            break;
        }
        if (format.alpha != Alpha::kNone && c == format.channels - 1) {
          if (opaque || value > 0.8) value = 1;
          if (!opaque && value < 0.2) value = 0;
        }
        store_component(format.component, value, picture.at(x, y) + c * bytes);
      }
    }
  }
}

class SlidingCosineTest : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(force_simd_target(GetParam()));
    ASSERT_EQ(simd_target_in_force(), GetParam());
  }
  void TearDown() override { force_simd_target(""); }
};

constexpr PixelFormat kGreyFloat = {Component::kFloat, 1, Alpha::kNone,
                                    ToneCurve::kSrgb};
constexpr PixelFormat kRgbaFloat = {Component::kFloat, 4, Alpha::kStraight,
                                    ToneCurve::kSrgb};
constexpr PixelFormat kPremultipliedFloat = {
    Component::kFloat, 4, Alpha::kPremultiplied, ToneCurve::kSrgb};
constexpr PixelFormat kGreyAlphaFloat = {Component::kFloat, 2, Alpha::kStraight,
                                         ToneCurve::kSrgb};
constexpr PixelFormat kPremultipliedGrey = {
    Component::kFloat, 2, Alpha::kPremultiplied, ToneCurve::kSrgb};
constexpr PixelFormat kRgbFloat = {Component::kFloat, 3, Alpha::kNone,
                                   ToneCurve::kSrgb};
constexpr PixelFormat kRgbHalf = {Component::kHalf, 3, Alpha::kNone,
                                  ToneCurve::kSrgb};
constexpr PixelFormat kRgbaHalf = {Component::kHalf, 4, Alpha::kStraight,
                                   ToneCurve::kSrgb};

void check(const Work& work, Size size, Content content, bool opaque,
           unsigned seed, bool in_place = true) {
  Picture source({0, 0, size.width, size.height}, work.format, in_place);
  fill(source, work.format, content, seed, opaque);
  const Rect target{0, 0, size.width, size.height};
  const Picture result = slide(work, source, target, in_place);
  expect_close(work, result, weighted_sums(work, source, target), target);
}

TEST_P(SlidingCosineTest, EveryFormatAndBorder) {
  unsigned seed = 1;
  for (const Component component :
       {Component::kU8, Component::kU16, Component::kHalf, Component::kFloat}) {
    for (int channels = 1; channels <= 4; ++channels) {
      for (const Alpha alpha :
           {Alpha::kNone, Alpha::kStraight, Alpha::kPremultiplied}) {
        if ((channels % 2 == 0) == (alpha == Alpha::kNone)) continue;
        for (const Border border : kEveryBorder) {
          for (const Light light : {Light::kPerceptual, Light::kLinear}) {
            if (alpha == Alpha::kPremultiplied && light == Light::kLinear) {
              continue;
            }
            const Work work{21,
                            3.1,
                            15,
                            2.5,
                            {component, channels, alpha, ToneCurve::kSrgb},
                            light,
                            border};
            check(work, {57, 41}, Content::kNoise, seed % 2, seed,
                  seed % 3 != 0);
            ++seed;
            if (HasFailure()) return;
          }
        }
      }
    }
  }
}

TEST_P(SlidingCosineTest, EveryShape) {
  std::mt19937 random(7);
  for (int width = 1; width <= 70; ++width) {
    const int height = 1 + random() % 40;
    const auto border = static_cast<Border>(random() % 6);
    const int r_x = 4 + random() % 30;
    const int r_y = 4 + random() % 30;
    for (const PixelFormat& format :
         {kGreyFloat, kRgbaFloat, kPremultipliedFloat, kPremultipliedGrey,
          kRgbaHalf,
          PixelFormat{Component::kHalf, 1, Alpha::kNone, ToneCurve::kSrgb},
          PixelFormat{Component::kU8, 4, Alpha::kStraight, ToneCurve::kSrgb},
          PixelFormat{Component::kU8, 1, Alpha::kNone, ToneCurve::kSrgb},
          PixelFormat{Component::kU16, 2, Alpha::kStraight, ToneCurve::kSrgb},
          PixelFormat{Component::kU16, 4, Alpha::kStraight,
                      ToneCurve::kSrgb}}) {
      const bool linear =
          format.alpha != Alpha::kPremultiplied && random() % 2 == 0;
      const Work work{2 * r_x + 1, r_x / 3.3,
                      2 * r_y + 1, r_y / 2.9,
                      format,      linear ? Light::kLinear : Light::kPerceptual,
                      border};
      const auto content = random() % 2 ? Content::kBlocks : Content::kNoise;
      check(work, {width, height}, content, random() % 2, random(),
            random() % 2);
      check(work, {height, width}, content, random() % 2, random(),
            random() % 2);
      check(work, {width, 1}, content, random() % 2, random(), random() % 2);
      check(work, {1, width}, content, random() % 2, random(), random() % 2);
      if (HasFailure()) return;
    }
  }
}

TEST_P(SlidingCosineTest, EveryCountOfCosines) {
  for (const double u : {0.3, 1.0, 1.9, 2.5, 3.1, 3.7, 4.3, 4.9, 5.5, 8.0}) {
    for (const int r : {12, 30}) {
      const double sigma = (r + 0.5) / u;
      check({2 * r + 1, sigma, 2 * r + 1, sigma, kGreyFloat}, {150, 90},
            Content::kBlocks, true, 5);
      check({2 * r + 1, sigma, 2 * r + 1, sigma, kRgbaFloat}, {150, 90},
            Content::kNoise, true, 6);
    }
  }
}

// Large enough to be written past the caches.
TEST_P(SlidingCosineTest, LargePictures) {
  for (const bool pass : {false, true}) {
    force_stores_past_cache(pass);
    for (const PixelFormat& format : {kRgbaFloat, kPremultipliedFloat}) {
      check({21, 3, 11, 1.5, format}, {1104, 960}, Content::kBlocks, true, 5);
    }
  }
  force_stores_past_cache({});
}

TEST_P(SlidingCosineTest, OneAxisAlone) {
  for (const PixelFormat& format :
       {kGreyFloat, kRgbaFloat, kPremultipliedFloat}) {
    check({1, 1, 31, 5, format}, {61, 73}, Content::kNoise, true, 8);
    check({31, 5, 1, 1, format}, {61, 73}, Content::kNoise, true, 9);
    check({31, 0, 31, 5, format}, {61, 73}, Content::kNoise, false, 10);
    check({1, 1, 1, 1, format}, {61, 73}, Content::kNoise, false, 11);
  }
}

TEST_P(SlidingCosineTest, FlatStaysFlat) {
  for (const Component component :
       {Component::kU8, Component::kU16, Component::kHalf, Component::kFloat}) {
    for (const int channels : {1, 4}) {
      const PixelFormat format{component, channels,
                               channels == 4 ? Alpha::kStraight : Alpha::kNone,
                               ToneCurve::kSrgb};
      for (const double value : {1.0, 0.7311, 1.0 / 255, 0.0}) {
        for (const int r : {10, 100}) {
          Picture source({0, 0, 300, 200}, format);
          const int bytes = bytes_per_component(component);
          for (int y = 0; y < 200; ++y) {
            for (int x = 0; x < 300; ++x) {
              for (int c = 0; c < channels; ++c) {
                store_component(component, c == 3 ? 1 : value,
                                source.at(x, y) + c * bytes);
              }
            }
          }
          const Work work{2 * r + 1, r / 3.7, 2 * r + 1, r / 3.7, format};
          const Picture result = slide(work, source, {0, 0, 300, 200});
          if (component != Component::kFloat) {
            EXPECT_TRUE(result == source) << work << value;
            continue;
          }
          const float expected = static_cast<float>(value);
          for (int i = 0; i < 300 * 200; ++i) {
            float pixel;
            std::memcpy(&pixel, result.at(i % 300, i / 300), 4);
            ASSERT_NEAR(pixel, expected, 1e-6) << work << value;
          }
        }
      }
    }
  }
}

TEST_P(SlidingCosineTest, LargeWindows) {
  for (const Content content : {Content::kBlocks, Content::kSmooth}) {
    check({601, 100, 601, 100, kGreyFloat}, {700, 60}, content, true, 12);
    check({601, 100, 601, 100, kGreyFloat}, {37, 650}, content, true, 13);
    check({1201, 150, 1201, 150, kGreyFloat}, {300, 20}, content, true, 14);
    check({1201, 110, 31, 5, kGreyFloat}, {900, 20}, content, true, 15);
  }
}

// Long rows of hard content, one axis at a time so that the reference stays
// affordable.
TEST_P(SlidingCosineTest, LongRows) {
  const struct {
    int size;
    double sigma;
  } kernels[] = {{31, 5},     {31, 31},     {41, 5},    {61, 8},    {101, 30},
                 {129, 22},   {201, 33},    {401, 66},  {601, 100}, {1201, 200},
                 {1201, 300}, {8001, 1000}, {8191, 900}};
  for (const auto& kernel : kernels) {
    for (const Content content :
         {Content::kBlocks, Content::kWideBlocks, Content::kSmooth}) {
      const int length = kernel.size > 1000 ? 12000 : 60000;
      for (const Component component :
           {Component::kU8, Component::kU16, Component::kFloat}) {
        // The reference takes its time; codes forgive more.
        if (component != Component::kFloat &&
            (content != Content::kWideBlocks || kernel.size > 1000)) {
          continue;
        }
        PixelFormat format = kGreyFloat;
        format.component = component;
        const Work across{kernel.size, kernel.sigma, 1, 1, format};
        const Work down{1, 1, kernel.size, kernel.sigma, format};
        check(across, {length, 1}, content, true, 3);
        check(down, {1, length / 4}, content, true, 3);
      }
    }
  }
}

// Black and white by turns, as long as the window more or less: what sums lose
// at one edge is lost again at the next.
void fill_stripes(Picture& picture, int width, int height) {
  for (int y = 0; y < picture.image().height; ++y) {
    for (int x = 0; x < picture.image().width; ++x) {
      store_component(Component::kFloat, ((x / width) ^ (y / height)) & 1,
                      picture.at(x, y));
    }
  }
}

void check_stripes(int size, double sigma, int width, bool across) {
  constexpr int kLength = 6000;
  const Rect target = across ? Rect{0, 0, kLength, 1} : Rect{0, 0, 1, kLength};
  const Work work = across ? Work{size, sigma, 1, 1, kGreyFloat}
                           : Work{1, 1, size, sigma, kGreyFloat};
  Picture source(target, work.format);
  fill_stripes(source, width, width);
  // The other axis has its share of the bound, too.
  expect_close(work, slide(work, source, target),
               weighted_sums(work, source, target), target, kBound / 2);
}

TEST_P(SlidingCosineTest, Stripes) {
  // Found to drift furthest where steps round more than they may.
  for (const bool across : {true, false}) {
    check_stripes(55, 4.87424547, 90, across);
    check_stripes(63, 3.81597335, 71, across);
    check_stripes(103, 5.85464037, 96, across);
  }
  std::mt19937 random(8);
  std::uniform_real_distribution<double> ratio(1, 18);
  for (int i = 0; i < 150; ++i) {
    const int size = 9 + static_cast<int>(random() % 126) * 2;
    const double sigma = size / ratio(random);
    const int width = 1 + static_cast<int>(random() % (3 * size));
    if (!CosineSum::fit(Kernel::gaussian(size, sigma))) continue;
    check_stripes(size, sigma, width, i % 2 == 0);
  }
}

TEST_P(SlidingCosineTest, StripesBothWays) {
  const struct {
    int size;
    double sigma;
    int stripe;
  } cases[] = {{73, 6.465, 119},
               {119, 10.31, 190},
               {95, 5.58, 97},
               {37, 2.445, 43},
               {65, 6.992, 98}};
  const Rect target{0, 0, 900, 900};
  for (const auto& [size, sigma, stripe] : cases) {
    const Work work{size, sigma, size, sigma, kGreyFloat};
    Picture source(target, work.format);
    fill_stripes(source, stripe, stripe);
    const Picture result = slide(work, source, target);
    for (const Rect part : {Rect{0, 890, 900, 10}, Rect{890, 0, 10, 900},
                            Rect{440, 0, 10, 900}}) {
      expect_close(work, result, weighted_sums(work, source, part), part);
    }
  }
}

TEST_P(SlidingCosineTest, TilesAgreeWithTheWhole) {
  const Work work{61, 8, 41, 6, kRgbaFloat};
  Picture source({0, 0, 211, 173}, work.format);
  fill(source, work.format, Content::kBlocks, 4, true);
  const Picture whole = slide(work, source, {0, 0, 211, 173});
  for (const Rect tile : {Rect{0, 0, 64, 64}, Rect{64, 0, 128, 64},
                          Rect{17, 33, 100, 111}, Rect{200, 160, 11, 13}}) {
    const Picture part = slide(work, source, tile);
    for (int y = tile.y; y < tile.bottom(); ++y) {
      for (int x = tile.x; x < tile.right(); ++x) {
        for (int c = 0; c < 4; ++c) {
          ASSERT_NEAR(load_component(Component::kFloat, part.at(x, y) + 4 * c),
                      load_component(Component::kFloat, whole.at(x, y) + 4 * c),
                      kBound);
        }
      }
    }
  }
}

TEST_P(SlidingCosineTest, TargetsBeyondTheImage) {
  for (const Border border : kEveryBorder) {
    for (const PixelFormat& format :
         {kGreyFloat, kRgbaFloat, kPremultipliedFloat}) {
      const Work work{41, 7, 21, 4, format, Light::kPerceptual, border};
      Picture source({0, 0, 33, 29}, format);
      fill(source, format, Content::kNoise, 21, false);
      for (const Rect target : {Rect{-20, -10, 73, 49}, Rect{-90, 40, 30, 30},
                                Rect{70, -60, 40, 20}}) {
        const Picture result = slide(work, source, target);
        expect_close(work, result, weighted_sums(work, source, target), target);
      }
    }
  }
}

// Calls `function` with every format that has straight alpha, and a light.
template <class Function>
void for_each_weighted(const Function& function) {
  for (const Light light : {Light::kPerceptual, Light::kLinear}) {
    for (const Component component : {Component::kU8, Component::kU16,
                                      Component::kHalf, Component::kFloat}) {
      for (const int channels : {2, 4}) {
        function(PixelFormat{component, channels, Alpha::kStraight,
                             ToneCurve::kSrgb},
                 light);
      }
    }
  }
}

std::byte* alpha_at(Picture& picture, const PixelFormat& format, int x, int y) {
  return picture.at(x, y) +
         (format.channels - 1) * bytes_per_component(format.component);
}

// Pixels that are transparent only in places take another way through the
// loops there.
TEST_P(SlidingCosineTest, PartlyTransparent) {
  for_each_weighted([](const PixelFormat& format, Light light) {
    const Work work{31, 4, 31, 4, format, light};
    Picture source({0, 0, 90, 1200}, format);
    fill(source, format, Content::kNoise, 31, true);
    for (int y = 300; y < 320; ++y) {
      for (int x = 0; x < 30; ++x) {
        store_component(format.component, 0.25, alpha_at(source, format, x, y));
      }
    }
    const Rect target{0, 0, 90, 1200};
    const Picture result = slide(work, source, target);
    expect_close(work, result, weighted_sums(work, source, target), target);
  });
}

TEST_P(SlidingCosineTest, OneTransparentPixel) {
  for_each_weighted([](const PixelFormat& format, Light light) {
    const Work work{13, 2, 13, 2, format, light};
    const Rect target{0, 0, 35, 29};
    for (int x = 0; x < target.width; ++x) {
      Picture source(target, format);
      fill(source, format, Content::kNoise, x, true);
      store_component(format.component, 0.5,
                      alpha_at(source, format, x, (5 * x + 3) % target.height));
      const Picture result = slide(work, source, target);
      expect_close(work, result, weighted_sums(work, source, target), target);
      if (HasFailure()) return;
    }
  });
}

TEST_P(SlidingCosineTest, OpaqueWithNothingAround) {
  for (const Component component :
       {Component::kU8, Component::kHalf, Component::kFloat}) {
    const PixelFormat format{component, 4, Alpha::kStraight, ToneCurve::kSrgb};
    check({21, 3, 21, 3, format, Light::kLinear, Border::kNone}, {70, 50},
          Content::kNoise, true, 12);
  }
}

// Three components stand for four lanes: the vectors at a row's end must
// neither read nor write beyond it.
TEST_P(SlidingCosineTest, RowsOfThreeChannelsEndWhereTheyEnd) {
  for (const Component component :
       {Component::kU8, Component::kU16, Component::kHalf, Component::kFloat}) {
    for (const Light light : {Light::kPerceptual, Light::kLinear}) {
      const Work work{
          9,    1.5, 9, 1.5, {component, 3, Alpha::kNone, ToneCurve::kSrgb},
          light};
      for (int width = 1; width <= 40; ++width) {
        check(work, {width, 23}, Content::kNoise, true, width);
      }
    }
  }
}

void expect_poison_in_its_window(const Work& work, float poison, bool opaque) {
  const PixelFormat& format = work.format;
  const Rect target{0, 0, 160, 110};
  Picture source(target, format);
  fill(source, format, Content::kNoise, 17, true);
  if (!opaque && format.alpha != Alpha::kNone) {
    // Opaque at first, as far as the sums' start sees.
    for (int y = 25; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x) {
        store_component(format.component, 0.5, alpha_at(source, format, x, y));
      }
    }
  }
  const std::vector<double> exact = weighted_sums(work, source, target);
  const int px = 70;
  const int py = 47;
  store_component(format.component, poison, source.at(px, py));
  const Picture result = slide(work, source, target);
  const int colours = colour_count(format);
  const int bytes = bytes_per_component(format.component);
  const double half_code =
      format.component == Component::kHalf ? 0.5 / 1024 : 0;
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      const double* sums =
          &exact[(std::size_t(y) * target.width + x) * (colours + 1)];
      const bool inside = std::abs(x - px) <= work.size_x / 2 &&
                          std::abs(y - py) <= work.size_y / 2;
      for (int c = 0; c < format.channels; ++c) {
        const double value =
            load_component(format.component, result.at(x, y) + bytes * c);
        if (inside && c == 0) {
          ASSERT_FALSE(std::isfinite(value)) << work << " " << x << " " << y;
          continue;
        }
        const bool times_weight =
            c < colours && format.alpha != Alpha::kPremultiplied;
        ASSERT_NEAR(value * (times_weight ? sums[colours] : 1), sums[c],
                    2 * kBound + half_code)
            << work << " " << x << " " << y << " " << c;
      }
    }
  }
}

TEST_P(SlidingCosineTest, NotFiniteSpoilsOnlyItsWindow) {
  const float kNan = std::numeric_limits<float>::quiet_NaN();
  const float kInfinity = std::numeric_limits<float>::infinity();
  for (const float poison : {kNan, kInfinity, -kInfinity}) {
    for (const PixelFormat& format :
         {kGreyFloat, kRgbFloat, kRgbHalf, kRgbaFloat, kPremultipliedFloat,
          kGreyAlphaFloat, kPremultipliedGrey, kRgbaHalf}) {
      for (const Border border : {Border::kClamp, Border::kNone}) {
        const Work work{31, 5, 21, 3, format, Light::kPerceptual, border};
        expect_poison_in_its_window(work, poison, true);
        expect_poison_in_its_window(work, poison, false);
      }
    }
  }
}

// The bound is one for 0 … 1: what is larger may leave some of its last bits.
TEST_P(SlidingCosineTest, LargeValuesLeaveLittleOutsideTheirWindow) {
  constexpr double kPeak = 1e6;
  const Rect target{0, 0, 700, 700};
  Picture source(target, kGreyFloat);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      const bool peak = x >= 50 && x < 60 && y >= 50 && y < 60;
      store_component(Component::kFloat, peak ? kPeak : 0.5, source.at(x, y));
    }
  }
  for (const int size : {31, 201}) {
    const Work work{size, size / 6.0, size, size / 6.0, kGreyFloat};
    const Picture result = slide(work, source, target);
    for (int y = 0; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x) {
        if (std::max(x, y) < 60 + size / 2) continue;
        ASSERT_NEAR(load_component(Component::kFloat, result.at(x, y)), 0.5,
                    2e-7 * kPeak)
            << size << ": " << x << "," << y;
      }
    }
  }
}

// As in the exact method, and in the codec.
TEST_P(SlidingCosineTest, AlphaAboveOneCountsAsOne) {
  const float kInfinity = std::numeric_limits<float>::infinity();
  for (const float alpha : {1.5f, 6e4f, kInfinity}) {
    for (const PixelFormat& format :
         {kRgbaFloat, kPremultipliedFloat, kGreyAlphaFloat, kPremultipliedGrey,
          kRgbaHalf}) {
      const Work work{31, 5, 21, 3, format};
      const Rect area{0, 0, 90, 70};
      const double allowed =
          format.component == Component::kHalf ? 1.0 / 1024 : kBound;
      Picture opaque(area, format);
      Picture above(area, format);
      for (Picture* picture : {&opaque, &above}) {
        fill(*picture, format, Content::kNoise, 18, false);
        for (int x = 10; x < 60; ++x) {
          store_component(format.component, 1,
                          alpha_at(*picture, format, x, 30));
        }
      }
      for (int x = 25; x < 35; ++x) {
        store_component(format.component, alpha,
                        alpha_at(above, format, x, 30));
      }
      const Picture expected = slide(work, opaque, area);
      const Picture result = slide(work, above, area);
      for (int y = 0; y < area.height; ++y) {
        for (int x = 0; x < area.width; ++x) {
          for (int c = 0; c < format.channels; ++c) {
            const int offset = bytes_per_component(format.component) * c;
            ASSERT_NEAR(
                load_component(format.component, result.at(x, y) + offset),
                load_component(format.component, expected.at(x, y) + offset),
                allowed)
                << alpha << " at " << x << " " << y << " " << c;
          }
        }
      }
    }
  }
}

TEST_P(SlidingCosineTest, SeparableReferenceIsTheDefinition) {
  for (const Border border : {Border::kNone, Border::kMirror, Border::kWhite}) {
    const Work work{9, 2, 7, 1.5, kRgbaFloat, Light::kLinear, border};
    Picture source({0, 0, 13, 11}, work.format);
    fill(source, work.format, Content::kNoise, 2, false);
    const Rect target{-3, -2, 19, 15};
    const std::vector<double> sums = weighted_sums(work, source, target);
    const std::vector<double> exact = reference::convolve_exactly(
        Kernel::gaussian(9, 2), Kernel::gaussian(7, 1.5), border, work.format,
        work.light, source, target);
    for (int i = 0; i < 19 * 15; ++i) {
      ASSERT_NEAR(exact[i * 4 + 3], sums[i * 4 + 3], 1e-12);
      if (exact[i * 4 + 3] == 0) continue;
      for (int c = 0; c < 3; ++c) {
        ASSERT_NEAR(srgb_to_linear(exact[i * 4 + c]) * exact[i * 4 + 3],
                    sums[i * 4 + c], 1e-12);
      }
    }
  }
}

TEST(SlidingPlanTest, RefusesWhatItCannotHold) {
  const auto plan = [](int size, double sigma, PixelFormat format) {
    const Kernel kernel = Kernel::gaussian(size, sigma);
    return plan_sliding(kernel, kernel, format, ToneStep::kKeep,
                        Border::kClamp);
  };
  EXPECT_TRUE(plan(31, 5, kGreyFloat));
  EXPECT_TRUE(plan(1, 5, kGreyFloat));
  EXPECT_FALSE(plan(30, 5, kGreyFloat));
  EXPECT_FALSE(plan(3, 1, kGreyFloat));
}

INSTANTIATE_TEST_SUITE_P(Targets, SlidingCosineTest,
                         testing::ValuesIn(simd_targets()),
                         [](const auto& info) {
                           return std::string(info.param);
                         });

}  // namespace
}  // namespace gk
