#include "core/convolver.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/cache_bypass.h"
#include "core/reference.h"
#include "core/simd_target.h"
#include "core/taps.h"
#include "tests/support/memory_image.h"

namespace gk {
namespace {

using support::MemoryDestination;
using support::MemoryImage;
using support::MemorySource;

Border any_border(std::mt19937& random) {
  return kEveryBorder[random() % std::size(kEveryBorder)];
}

std::vector<PixelFormat> all_formats() {
  std::vector<PixelFormat> formats;
  for (const Component component :
       {Component::kU8, Component::kU16, Component::kHalf, Component::kFloat}) {
    for (const ToneCurve curve : {ToneCurve::kLinear, ToneCurve::kSrgb}) {
      formats.push_back({component, 1, Alpha::kNone, curve});
      formats.push_back({component, 3, Alpha::kNone, curve});
      for (const Alpha alpha : {Alpha::kStraight, Alpha::kPremultiplied}) {
        formats.push_back({component, 2, alpha, curve});
        formats.push_back({component, 4, alpha, curve});
      }
    }
  }
  return formats;
}

// A light that the format can be averaged in.
Light usual_light(const PixelFormat& format, bool linear) {
  if (format.alpha == Alpha::kPremultiplied) {
    linear = format.curve == ToneCurve::kLinear;
  }
  return linear ? Light::kLinear : Light::kPerceptual;
}

double unit(const PixelFormat& format) {
  return format.component == Component::kU8    ? 255
         : format.component == Component::kU16 ? 65535
                                               : 1;
}

// The exact method's promise: codes for integers.
double bound(const PixelFormat& format, Light light) {
  switch (format.component) {
    case Component::kU8:
      return 0.501;
    case Component::kU16:
      return tone_step(format, light) == ToneStep::kKeep ? 0.55 : 0.65;
    case Component::kHalf:
      return std::ldexp(1, -11);  // its own rounding below 1, and a half of it
    case Component::kFloat:
      break;
  }
  return 1e-6;
}

enum class Content {
  kNoise,
  kHard,
  kOpaque,
  kPatchyAlpha,
  kOneHole,
  kOneHoleNearlyOpaque,  // alphas below 1 that count as 1
};

void fill(MemoryImage& image, Content content, std::mt19937& random) {
  const PixelFormat& format = image.format();
  const Rect area = image.area();
  std::uniform_real_distribution<double> noise(0, 1);
  const int hole_x = area.x + static_cast<int>(random() % area.width);
  const int hole_y = area.y + static_cast<int>(random() % area.height);
  for (int y = area.y; y < area.bottom(); ++y) {
    for (int x = area.x; x < area.right(); ++x) {
      double alpha = 1;
      const bool opaque =
          content == Content::kOpaque ||
          (content >= Content::kOneHole && (x != hole_x || y != hole_y));
      if (format.alpha != Alpha::kNone && !opaque) {
        const auto kind = random() % 4;
        alpha = content == Content::kPatchyAlpha && kind < 2
                    ? static_cast<double>(kind)
                    : noise(random);
        image.set(x, y, format.channels - 1, alpha);
      } else if (format.alpha != Alpha::kNone) {
        const bool below =
            content == Content::kOneHoleNearlyOpaque && random() % 8 == 0;
        alpha = below ? 1.0 - 0x1p-21 : 1.0;
        image.set(x, y, format.channels - 1, alpha);
      }
      const int colours = format.channels - (format.alpha != Alpha::kNone);
      for (int c = 0; c < colours; ++c) {
        double value = content == Content::kHard ? (random() & 1 ? 1.0 : 0.0)
                                                 : noise(random);
        if (format.alpha == Alpha::kPremultiplied) value *= alpha;
        image.set(x, y, c, value);
      }
    }
  }
}

MemoryImage blurred(const Convolver& convolver, const MemoryImage& image,
                    Rect target, bool in_place = true) {
  MemoryImage result(image.format(), target);
  std::fill(result.bytes().begin(), result.bytes().end(), std::byte{0x55});
  MemorySource source(image, in_place);
  MemoryDestination destination(result, in_place);
  EXPECT_TRUE(convolver.run(source, target, destination));
  return result;
}

struct Case {
  PixelFormat format;
  Light light = Light::kLinear;
  Border border = Border::kClamp;
  Size image;
  int size_x = 1, size_y = 1;
  double sigma_x = 1, sigma_y = 1;
  Content content = Content::kNoise;
  Rect target;
  bool in_place = true;

  std::string text() const {
    std::ostringstream out;
    out << "component " << static_cast<int>(format.component) << " channels "
        << format.channels << " alpha " << static_cast<int>(format.alpha)
        << " curve " << static_cast<int>(format.curve) << " light "
        << static_cast<int>(light) << " border " << static_cast<int>(border)
        << " image " << image.width << "x" << image.height << " kernel "
        << size_x << "x" << size_y << " sigma " << sigma_x << "x" << sigma_y
        << " content " << static_cast<int>(content) << " target " << target.x
        << "," << target.y << " " << target.width << "x" << target.height
        << " in place " << in_place << " on " << simd_target_in_force();
    return out.str();
  }
};

void expect_exact(const Case& c, std::mt19937& random) {
  MemoryImage image(c.format, {0, 0, c.image.width, c.image.height});
  fill(image, c.content, random);
  const Kernel horizontal = Kernel::gaussian(c.size_x, c.sigma_x);
  const Kernel vertical = Kernel::gaussian(c.size_y, c.sigma_y);
  const Convolver convolver(horizontal, vertical, c.border, c.format, c.light,
                            Method::kExact);
  ASSERT_EQ(convolver.method(), Method::kExact);
  const MemoryImage result = blurred(convolver, image, c.target, c.in_place);
  if (horizontal.is_identity() && vertical.is_identity()) return;
  const std::vector<double> exact =
      reference::convolve_exactly(horizontal, vertical, c.border, c.format,
                                  c.light, MemorySource(image), c.target);
  const double allowed = bound(c.format, c.light);
  std::size_t i = 0;
  for (int y = c.target.y; y < c.target.bottom(); ++y) {
    for (int x = c.target.x; x < c.target.right(); ++x) {
      const bool is_nothing = c.format.alpha != Alpha::kNone &&
                              result.get(x, y, c.format.channels - 1) == 0;
      for (int channel = 0; channel < c.format.channels; ++channel, ++i) {
        const bool is_alpha = channel == c.format.channels - 1;
        const double wanted = is_nothing && !is_alpha ? 0 : exact[i];
        const double error =
            std::fabs(result.get(x, y, channel) - wanted) * unit(c.format);
        ASSERT_LE(error, allowed)
            << c.text() << "\nat " << x << "," << y << " channel " << channel
            << ": " << result.get(x, y, channel) << " for " << wanted;
      }
    }
  }
}

// Runs `body` on every CPU target, each proven to be in force, with stores past
// the caches, and on the best one without.
template <typename Body>
void on_every_target(const Body& body) {
  force_stores_past_cache(false);
  body();
  force_stores_past_cache(true);
  for (const std::string_view target : simd_targets()) {
    if (testing::Test::HasFatalFailure()) break;
    ASSERT_TRUE(force_simd_target(target));
    ASSERT_EQ(simd_target_in_force(), target);
    body();
  }
  force_stores_past_cache({});
  force_simd_target({});
}

TEST(ConvolverTest, ExactMethodIsTheDefinitionForOddShapes) {
  const Size kShapes[] = {{1, 1}, {1, 13},  {13, 1}, {2, 2},
                          {3, 7}, {67, 29}, {29, 67}};
  const std::vector<PixelFormat> formats = all_formats();
  on_every_target([&] {
    std::mt19937 random(7);
    for (const Size shape : kShapes) {
      for (const Border border : kEveryBorder) {
        for (const PixelFormat& format : formats) {
          Case c;
          c.format = format;
          c.light = usual_light(format, random() & 1);
          c.border = border;
          c.image = shape;
          c.size_x = 1 + random() % 12;
          c.size_y = 1 + random() % 12;
          c.sigma_x = c.size_x / (2.0 + random() % 6);
          c.sigma_y = c.size_y / (2.0 + random() % 6);
          c.content = static_cast<Content>(random() % 4);
          c.target = {0, 0, shape.width, shape.height};
          c.in_place = random() & 1;
          ASSERT_NO_FATAL_FAILURE(expect_exact(c, random));
        }
      }
    }
  });
}

TEST(ConvolverTest, ExactMethodIsTheDefinitionForRandomTargets) {
  const std::vector<PixelFormat> formats = all_formats();
  on_every_target([&] {
    std::mt19937 random(11);
    const auto between = [&random](int low, int high) {
      return low + static_cast<int>(random() % (high - low + 1));
    };
    for (int i = 0; i < 150; ++i) {
      Case c;
      c.format = formats[random() % formats.size()];
      c.light = usual_light(c.format, random() & 1);
      c.border = any_border(random);
      c.image = {between(1, 130), between(1, 40)};
      c.size_x = between(1, 5) == 1 ? between(1, 61) : between(1, 16);
      c.size_y = between(1, 5) == 1 ? between(1, 61) : between(1, 16);
      c.sigma_x = c.size_x / (1.0 + random() % 8);
      c.sigma_y = c.size_y / (1.0 + random() % 8);
      c.content = static_cast<Content>(random() % 4);
      c.target.x = between(-20, c.image.width);
      c.target.y = between(-20, c.image.height);
      c.target.width = between(1, 40);
      c.target.height = between(1, 40);
      c.in_place = random() & 1;
      ASSERT_NO_FATAL_FAILURE(expect_exact(c, random));
    }
  });
}

TEST(ConvolverTest, EveryWidthAroundAVectorIsTheDefinition) {
  on_every_target([&] {
    std::mt19937 random(13);
    for (int width = 1; width <= 70; ++width) {
      for (const int channels : {1, 3, 4}) {
        for (const int size : {3, 9, 17}) {
          Case c;
          c.format = {random() & 1 ? Component::kU8 : Component::kFloat,
                      channels, channels == 4 ? Alpha::kStraight : Alpha::kNone,
                      ToneCurve::kSrgb};
          c.light = usual_light(c.format, random() & 1);
          c.border = any_border(random);
          c.image = {width, 11};
          c.size_x = c.size_y = size;
          c.sigma_x = c.sigma_y = size / 6.0;
          c.content = random() & 1 ? Content::kOpaque : Content::kNoise;
          c.target = {0, 0, width, 11};
          ASSERT_NO_FATAL_FAILURE(expect_exact(c, random));
        }
      }
    }
  });
}

// Opaque rows have loops of their own, which a single pixel that is not opaque
// must turn off.
TEST(ConvolverTest, SmallSquareKernelsAreTheDefinition) {
  on_every_target([&] {
    std::mt19937 random(17);
    for (const Component component : {Component::kU8, Component::kU16,
                                      Component::kHalf, Component::kFloat}) {
      for (const Alpha alpha :
           {Alpha::kNone, Alpha::kStraight, Alpha::kPremultiplied}) {
        for (int size = 3; size <= 17; size += 2) {
          for (int i = 0; i < 6; ++i) {
            Case c;
            const int channels = (alpha == Alpha::kNone ? 1 : 2) + i / 3 * 2;
            c.format = {component, channels, alpha, ToneCurve::kSrgb};
            c.light = usual_light(c.format, i % 3 == 0);
            c.border = any_border(random);
            c.image = {static_cast<int>(16 + random() % 130),
                       static_cast<int>(8 + random() % 40)};
            // Every other image has rows that begin in lines of the cache.
            if (i % 2 == 0) c.image.width = (c.image.width + 63) / 64 * 64;
            c.size_x = c.size_y = size;
            c.sigma_x = size / 5.0;
            c.sigma_y = size / 7.0;
            constexpr Content kContents[] = {
                Content::kOneHole, Content::kOpaque, Content::kPatchyAlpha};
            c.content = kContents[random() % std::size(kContents)];
            c.target = {0, 0, c.image.width, c.image.height};
            c.in_place = random() % 4 != 0;
            ASSERT_NO_FATAL_FAILURE(expect_exact(c, random));
          }
        }
      }
    }
  });
}

TEST(ConvolverTest, LargeKernelsAreTheDefinition) {
  on_every_target([&] {
    std::mt19937 random(17);
    for (const int size : {121, 600, 601}) {
      Case c;
      c.format = {Component::kFloat, 1, Alpha::kNone, ToneCurve::kLinear};
      c.border = Border::kMirror;
      c.image = {90, 50};
      c.size_x = size;
      c.size_y = 7;
      c.sigma_x = size / 6.0;
      c.sigma_y = 1;
      c.content = Content::kHard;
      c.target = {0, 0, 90, 10};
      ASSERT_NO_FATAL_FAILURE(expect_exact(c, random));
      std::swap(c.size_x, c.size_y);
      std::swap(c.sigma_x, c.sigma_y);
      ASSERT_NO_FATAL_FAILURE(expect_exact(c, random));
    }
  });
}

// Many taps down: several groups of rows of results are summed in a round, and
// an image that is opaque but for a hole has rows of both kinds in it.
TEST(ConvolverTest, TallKernelsAreTheDefinition) {
  std::mt19937 random(19);
  on_every_target([&] {
    for (const Component component : {Component::kU8, Component::kFloat}) {
      for (const Alpha alpha :
           {Alpha::kNone, Alpha::kStraight, Alpha::kPremultiplied}) {
        for (int i = 0; i < 6; ++i) {
          Case c;
          const int channels = (alpha == Alpha::kNone ? 1 : 2) + i % 2 * 2;
          c.format = {component, channels, alpha, ToneCurve::kSrgb};
          c.light = usual_light(c.format, i == 0);
          c.border = any_border(random);
          c.image = {48, static_cast<int>(66 + random() % 100)};
          c.size_x = 18 + random() % 4;
          c.size_y = 66 + random() % 60;
          c.sigma_x = c.size_x / 5.0;
          c.sigma_y = c.size_y / 5.0;
          constexpr Content kContents[] = {Content::kOneHole, Content::kOpaque,
                                           Content::kPatchyAlpha};
          c.content = kContents[(i + 2) % 3];
          const int width = 3 + random() % 10;
          c.target = {static_cast<int>(random() % 36), 0, width,
                      c.image.height};
          c.in_place = random() % 4 != 0;
          ASSERT_NO_FATAL_FAILURE(expect_exact(c, random));
        }
      }
    }
  });
}

TEST(ConvolverTest, ImpulseBecomesTheMatrix) {
  for (const int size : {1, 2, 4, 9, 21, 64}) {
    const Kernel kernel = Kernel::gaussian(size, size / 4.0);
    const PixelFormat format{Component::kFloat, 1, Alpha::kNone,
                             ToneCurve::kLinear};
    MemoryImage image(format, {0, 0, 150, 140});
    image.set(70, 60, 0, 1);
    const Convolver convolver(kernel, kernel, Border::kClamp, format,
                              Light::kLinear, Method::kExact);
    const MemoryImage result = blurred(convolver, image, image.area());
    for (int y = 0; y < 140; ++y) {
      for (int x = 0; x < 150; ++x) {
        const int i = x - 70 + kernel.anchor();
        const int j = y - 60 + kernel.anchor();
        const bool inside = i >= 0 && i < size && j >= 0 && j < size;
        const double expected =
            inside ? kernel.weights()[i] * kernel.weights()[j] : 0;
        ASSERT_NEAR(result.get(x, y, 0), expected, 1e-7)
            << "size " << size << " at " << x << "," << y;
      }
    }
  }
}

TEST(ConvolverTest, FlatAreasStayWhatTheyAre) {
  on_every_target([&] {
    for (const PixelFormat& format : all_formats()) {
      for (const double value : {0.0, 1.0, 0.5, 0.21, 1 / 255.0}) {
        for (const int size : {3, 8, 15, 41}) {
          MemoryImage image(format, {0, 0, 50, 20});
          for (int y = 0; y < 20; ++y) {
            for (int x = 0; x < 50; ++x) {
              for (int c = 0; c < format.channels; ++c) {
                const bool alpha =
                    format.alpha != Alpha::kNone && c == format.channels - 1;
                image.set(x, y, c, alpha ? 1 : value);
              }
            }
          }
          const Kernel kernel = Kernel::gaussian(size, size / 6.0);
          for (const Method method : {Method::kExact, Method::kFast}) {
            for (const bool linear : {false, true}) {
              const Light light = usual_light(format, linear);
              const Convolver convolver(kernel, kernel, Border::kClamp, format,
                                        light, method);
              const MemoryImage result =
                  blurred(convolver, image, image.area());
              if (format.component != Component::kFloat) {
                ASSERT_EQ(result.bytes(), image.bytes())
                    << "component " << static_cast<int>(format.component)
                    << " channels " << format.channels << " value " << value
                    << " size " << size << " light " << static_cast<int>(light)
                    << " on " << simd_target_in_force();
                continue;
              }
              const double allowed =
                  tone_step(format, light) != ToneStep::kKeep ? 2e-6
                  : convolver.method() == Method::kFast       ? 1e-6
                                                              : 2e-7;
              for (int y = 0; y < 20; ++y) {
                for (int x = 0; x < 50; ++x) {
                  ASSERT_NEAR(result.get(x, y, 0), value, allowed)
                      << "size " << size << " on " << simd_target_in_force();
                }
              }
            }
          }
        }
      }
    }
  });
}

TEST(ConvolverTest, FlatColourStaysUnderVaryingAlpha) {
  on_every_target([] {
    std::mt19937 random(47);
    std::uniform_real_distribution<double> some(0.05, 1);
    for (const PixelFormat& format : all_formats()) {
      if (format.alpha != Alpha::kStraight) continue;
      MemoryImage image(format, {0, 0, 150, 130});
      for (int i = 0; i < 150 * 130; ++i) {
        for (int c = 0; c < format.channels - 1; ++c) {
          image.set(i % 150, i / 150, c, 0.7311);
        }
        image.set(i % 150, i / 150, format.channels - 1, some(random));
      }
      for (const Method method : {Method::kExact, Method::kFast}) {
        for (const int size : {9, 41, 201}) {
          const Kernel kernel = Kernel::gaussian(size, size / 6.0);
          const Light light = usual_light(format, random() % 2 == 0);
          const Convolver convolver(kernel, kernel, Border::kMirror, format,
                                    light, method);
          const MemoryImage result = blurred(convolver, image, image.area());
          const bool curved = tone_step(format, light) != ToneStep::kKeep;
          const double bound = format.component != Component::kFloat ? 0
                               : method == Method::kFast             ? 1e-5
                               : curved                              ? 2e-6
                                                                     : 1e-6;
          for (int i = 0; i < 150 * 130; ++i) {
            for (int c = 0; c < format.channels - 1; ++c) {
              ASSERT_NEAR(result.get(i % 150, i / 150, c),
                          image.get(i % 150, i / 150, c), bound)
                  << "component " << static_cast<int>(format.component)
                  << " channels " << format.channels << " size " << size
                  << " method " << static_cast<int>(method) << " on "
                  << simd_target_in_force();
            }
          }
        }
      }
    }
  });
}

// Subnormal numbers make every product a hundred times as slow.
TEST(ConvolverTest, NoTapIsSubnormal) {
  for (const int size : {601, 602, 8191}) {
    const Taps taps(Kernel::gaussian(size, 20));
    EXPECT_LT(taps.weight.back(), 2e-30f) << size;
    for (const float weight : taps.weight) {
      EXPECT_TRUE(weight == 0 || weight >= 1e-30f) << size << ": " << weight;
    }
    EXPECT_EQ(taps.extra, 0) << size;
  }
}

// Why flat areas stay: the weights in float miss 1 by no more than the rounding
// of the largest.
TEST(ConvolverTest, TapsSumToOne) {
  for (int size = 1; size <= 700; size += 1 + size / 8) {
    for (const double share : {2.5, 6.0, 9.0}) {
      const Taps taps(Kernel::gaussian(size, size / share));
      double sum = taps.extra + static_cast<double>(taps.weight[0]);
      for (int k = 1; k <= taps.radius; ++k) {
        sum += 2 * static_cast<double>(taps.weight[k]);
      }
      EXPECT_NEAR(sum, 1, taps.weight[0] * std::ldexp(1, -24))
          << "size " << size << " sigma " << size / share;
    }
  }
}

// For a whole image as for tiles of it.
void expect_same_bits_in_tiles(const PixelFormat& format, Content content,
                               int size, std::mt19937& random) {
  MemoryImage image(format, {0, 0, 160, 60});
  fill(image, content, random);
  const Kernel kernel = Kernel::gaussian(size, size / 6.0);
  const Convolver convolver(kernel, kernel, any_border(random), format,
                            usual_light(format, random() & 1), Method::kExact);
  const MemoryImage whole = blurred(convolver, image, image.area());
  MemoryImage cut(format, image.area());
  for (int y = 0; y < 60;) {
    const int height = std::min<int>(60 - y, 1 + random() % 30);
    for (int x = 0; x < 160;) {
      const int width = std::min<int>(160 - x, 1 + random() % 90);
      MemorySource source(image, random() & 1);
      MemoryDestination destination(cut, random() & 1);
      ASSERT_TRUE(convolver.run(source, {x, y, width, height}, destination));
      x += width;
    }
    y += height;
  }
  ASSERT_EQ(whole.bytes(), cut.bytes())
      << "component " << static_cast<int>(format.component) << " channels "
      << format.channels << " alpha " << static_cast<int>(format.alpha)
      << " size " << size << " on " << simd_target_in_force();
}

TEST(ConvolverTest, AnyCutIntoTilesGivesTheSameBits) {
  on_every_target([&] {
    std::mt19937 random(19);
    const std::vector<PixelFormat> formats = all_formats();
    for (int i = 0; i < 60; ++i) {
      expect_same_bits_in_tiles(formats[random() % formats.size()],
                                static_cast<Content>(random() % 5),
                                1 + static_cast<int>(random() % 30), random);
    }
  });
}

// Opaque stretches take a shortcut, which depends on where a tile begins.
TEST(ConvolverTest, TilesBesideAHoleHaveTheSameBits) {
  on_every_target([&] {
    std::mt19937 random(20);
    for (int i = 0; i < 40; ++i) {
      const PixelFormat format{
          Component::kFloat, i % 2 == 0 ? 4 : 2,
          i % 4 < 2 ? Alpha::kStraight : Alpha::kPremultiplied,
          ToneCurve::kLinear};
      expect_same_bits_in_tiles(format, Content::kOneHoleNearlyOpaque,
                                15 + static_cast<int>(random() % 40), random);
    }
  });
}

// Targets wider than the strips that run() and the loops cut them into.
TEST(ConvolverTest, WideTargetsAreWhole) {
  constexpr Rect kWide{0, 0, 5000, 8};
  on_every_target([&] {
    std::mt19937 random(41);
    for (const PixelFormat& format : all_formats()) {
      MemoryImage image(format, kWide);
      fill(image, Content::kOpaque, random);
      for (const Border border : kEveryBorder) {
        constexpr int kSizes[] = {3, 7, 9, 15, 21};
        const Kernel kernel =
            Kernel::gaussian(kSizes[random() % std::size(kSizes)], 2);
        const Light light = usual_light(format, random() % 2 == 0);
        const Convolver convolver(kernel, kernel, border, format, light,
                                  Method::kExact);
        const MemoryImage whole = blurred(convolver, image, kWide);
        MemoryImage parts(format, kWide);
        MemorySource source(image);
        MemoryDestination destination(parts);
        for (int x = 0; x < kWide.width; x += 1000) {
          ASSERT_TRUE(
              convolver.run(source, {x, 0, 1000, kWide.height}, destination));
        }
        ASSERT_EQ(whole.bytes(), parts.bytes())
            << "component " << static_cast<int>(format.component)
            << " channels " << format.channels << " border "
            << static_cast<int>(border) << " size " << kernel.size() << " on "
            << simd_target_in_force();
      }
    }
  });
}

TEST(ConvolverTest, MethodIsTheQuickerOneThatHoldsItsBound) {
  for (const PixelFormat& format : all_formats()) {
    for (const bool linear : {false, true}) {
      const auto method = [&](int size, double sigma, Method asked) {
        const Kernel kernel = Kernel::gaussian(size, sigma);
        return Convolver(kernel, kernel, Border::kClamp, format,
                         usual_light(format, linear), asked)
            .method();
      };
      EXPECT_EQ(method(3, 0.8, Method::kAuto), Method::kExact);
      EXPECT_EQ(method(7, 1.5, Method::kAuto), Method::kExact);
      EXPECT_EQ(method(7, 1.5, Method::kFast), Method::kFast);
      EXPECT_EQ(method(801, 130, Method::kAuto), Method::kFast);
      EXPECT_EQ(method(801, 130, Method::kExact), Method::kExact);
      // Where no sum of cosines holds the bound.
      EXPECT_EQ(method(800, 130, Method::kFast), Method::kExact);
      EXPECT_EQ(method(3, 1, Method::kFast), Method::kExact);
      EXPECT_EQ(method(9, 0.5, Method::kFast), Method::kExact);
      // Once it pays, it pays for all that is larger.
      bool pays = false;
      for (int size = 5; size < 101; size += 2) {
        const bool fast =
            method(size, size / 6.0 + 1, Method::kAuto) == Method::kFast;
        EXPECT_GE(fast, pays) << size;
        pays = fast;
      }
    }
  }
}

TEST(ConvolverTest, FastAgreesAcrossStripsAndThreads) {
  constexpr Rect kWide{0, 0, 18000, 40};
  const PixelFormat format{Component::kFloat, 4, Alpha::kStraight,
                           ToneCurve::kLinear};
  std::mt19937 random(43);
  MemoryImage image(format, kWide);
  fill(image, Content::kOpaque, random);
  const Kernel kernel = Kernel::gaussian(61, 10);
  const Convolver convolver(kernel, kernel, Border::kMirror, format,
                            Light::kLinear, Method::kFast);
  ASSERT_EQ(convolver.method(), Method::kFast);
  const MemoryImage whole = blurred(convolver, image, kWide);
  MemoryImage parts(format, kWide);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      MemorySource source(image, i % 2 == 0);
      MemoryDestination destination(parts, i % 2 == 0);
      EXPECT_TRUE(convolver.run(source, {i * 4500, 0, 4500, 40}, destination));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int y = 0; y < kWide.height; ++y) {
    for (int x = 0; x < kWide.width; ++x) {
      for (int c = 0; c < format.channels; ++c) {
        ASSERT_NEAR(parts.get(x, y, c), whole.get(x, y, c), 5e-6)
            << x << "," << y;
      }
    }
  }
}

long status_kb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    long kb = 0;
    if (word == name && status >> kb) return kb;
  }
  return 0;
}

// However tall the picture: rows are read once and few are kept.
TEST(ConvolverTest, MemoryDoesNotGrowWithHeight) {
  class Endless : public Source, public Destination {
   public:
    Size image() const override { return {16, 1000000}; }
    void read(Rect area, std::byte* pixels, std::ptrdiff_t stride) override {
      for (int y = 0; y < area.height; ++y) {
        std::memset(pixels + y * stride, 0, std::size_t{16} * area.width);
      }
      rows_read += area.height;
    }
    void write(Rect area, const std::byte*, std::ptrdiff_t) override {
      rows_written += area.height;
    }
    int rows_read = 0;
    int rows_written = 0;
  };
  const PixelFormat format{Component::kFloat, 4, Alpha::kStraight,
                           ToneCurve::kLinear};
  constexpr Rect kTarget{0, 1000, 16, 200000};  // 51 MB
  for (const Method method : {Method::kExact, Method::kFast}) {
    for (const int size : {9, 61}) {
      const Kernel kernel = Kernel::gaussian(size, size / 6.0);
      const Convolver convolver(kernel, kernel, Border::kClamp, format,
                                Light::kLinear, method);
      Endless rows;
      // Restarts the peak from what is resident now.
      std::ofstream("/proc/self/clear_refs") << "5";
      const long before = status_kb("VmRSS:");
      ASSERT_TRUE(convolver.run(rows, kTarget, rows));
      EXPECT_LT(status_kb("VmHWM:") - before, 8 << 10) << size;
      EXPECT_EQ(rows.rows_read, kTarget.height + size - 1);
      EXPECT_EQ(rows.rows_written, kTarget.height);
    }
  }
}

TEST(ConvolverTest, ThreadsShareOneConvolver) {
  const PixelFormat format{Component::kU8, 4, Alpha::kStraight,
                           ToneCurve::kSrgb};
  std::mt19937 random(23);
  MemoryImage image(format, {0, 0, 300, 120});
  fill(image, Content::kPatchyAlpha, random);
  const Kernel kernel = Kernel::gaussian(13, 2);
  const Convolver convolver(kernel, kernel, Border::kMirror, format,
                            Light::kLinear, Method::kExact);
  const MemoryImage whole = blurred(convolver, image, image.area());
  MemoryImage parts(format, image.area());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      MemorySource source(image, false);
      MemoryDestination destination(parts, false);
      EXPECT_TRUE(convolver.run(source, {0, i * 30, 300, 30}, destination));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(whole.bytes(), parts.bytes());
}

TEST(ConvolverTest, IdentityCopiesBitForBit) {
  std::mt19937 random(29);
  for (const PixelFormat& format : all_formats()) {
    MemoryImage image(format, {0, 0, 33, 9});
    for (std::byte& byte : image.bytes()) byte = std::byte(random());
    for (const Method method : {Method::kAuto, Method::kExact, Method::kFast}) {
      for (const int size : {1, 21}) {
        const Kernel kernel = Kernel::gaussian(size, size == 1 ? 3 : 0);
        const Convolver convolver(kernel, kernel, Border::kNone, format,
                                  usual_light(format, true), method);
        EXPECT_EQ(blurred(convolver, image, image.area(), size == 1).bytes(),
                  image.bytes());
      }
    }
  }
}

// Also where alpha only rounds to 0.
TEST(ConvolverTest, AlphaZeroHasNoColour) {
  on_every_target([] {
    for (const PixelFormat& format : all_formats()) {
      if (format.alpha == Alpha::kNone) continue;
      MemoryImage image(format, {0, 0, 90, 60});
      for (int c = 0; c < format.channels; ++c) image.set(40, 30, c, 1);
      for (const Method method : {Method::kExact, Method::kFast}) {
        // The last has weights far below what a half can hold.
        for (const auto& [size, sigma] :
             {std::pair{5, 0.8}, {31, 5.0}, {61, 5.0}}) {
          const Kernel kernel = Kernel::gaussian(size, sigma);
          const Convolver convolver(kernel, kernel, Border::kNone, format,
                                    usual_light(format, true), method);
          const MemoryImage result = blurred(convolver, image, image.area());
          for (int i = 0; i < 90 * 60; ++i) {
            if (result.get(i % 90, i / 90, format.channels - 1) != 0) continue;
            for (int c = 0; c < format.channels - 1; ++c) {
              ASSERT_EQ(result.get(i % 90, i / 90, c), 0)
                  << "component " << static_cast<int>(format.component)
                  << " alpha " << static_cast<int>(format.alpha) << " size "
                  << size << " on " << simd_target_in_force();
            }
          }
        }
      }
    }
  });
}

TEST(ConvolverTest, ColourUnderAlphaZeroDoesNotLeak) {
  for (const Component component :
       {Component::kU8, Component::kU16, Component::kHalf, Component::kFloat}) {
    const PixelFormat format{component, 4, Alpha::kStraight, ToneCurve::kSrgb};
    MemoryImage image(format, {0, 0, 40, 10});
    for (int y = 0; y < 10; ++y) {
      for (int x = 0; x < 40; ++x) {
        const bool opaque = x < 20;
        image.set(x, y, 0, opaque ? 0 : 1);  // red only where it is invisible
        image.set(x, y, 1, opaque ? 1 : 0);
        image.set(x, y, 3, opaque ? 1 : 0);
      }
    }
    for (const Method method : {Method::kExact, Method::kFast}) {
      const Kernel kernel = Kernel::gaussian(9, 1.5);
      const Convolver convolver(kernel, kernel, Border::kClamp, format,
                                Light::kLinear, method);
      const MemoryImage result = blurred(convolver, image, image.area());
      for (int x = 0; x < 40; ++x) {
        EXPECT_LE(result.get(x, 5, 0), 1e-6) << x;
        if (result.get(x, 5, 3) == 0) {
          EXPECT_EQ(result.get(x, 5, 1), 0);
        } else {
          EXPECT_NEAR(result.get(x, 5, 1), 1, 2e-3) << x;
        }
      }
    }
  }
}

TEST(ConvolverTest, FloatKeepsWhatLiesOutsideZeroToOne) {
  const PixelFormat format{Component::kFloat, 1, Alpha::kNone,
                           ToneCurve::kLinear};
  for (const float value : {-3.5f, 100.0f, 1e37f, -1e37f}) {
    MemoryImage image(format, {0, 0, 70, 20});
    for (int y = 0; y < 20; ++y) {
      for (int x = 0; x < 70; ++x) image.set(x, y, 0, value);
    }
    for (const int size : {5, 31}) {
      const Kernel kernel = Kernel::gaussian(size, size / 6.0);
      const Convolver convolver(kernel, kernel, Border::kClamp, format,
                                Light::kLinear, Method::kExact);
      const MemoryImage result = blurred(convolver, image, image.area());
      EXPECT_NEAR(result.get(35, 10, 0) / value, 1, 3e-7) << value;
    }
  }
}

TEST(ConvolverTest, NotANumberSpoilsOnlyItsWindow) {
  const PixelFormat format{Component::kFloat, 4, Alpha::kStraight,
                           ToneCurve::kLinear};
  for (const Method method : {Method::kExact, Method::kFast}) {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity()}) {
      for (const int size : {7, 12, 33}) {
        std::mt19937 random(31);
        MemoryImage image(format, {0, 0, 130, 90});
        fill(image, Content::kOpaque, random);
        const Kernel kernel = Kernel::gaussian(size, size / 6.0);
        const Convolver convolver(kernel, kernel, Border::kClamp, format,
                                  Light::kLinear, method);
        const MemoryImage clean = blurred(convolver, image, image.area());
        image.set(60, 40, 1, bad);
        const MemoryImage result = blurred(convolver, image, image.area());
        for (int y = 0; y < 90; ++y) {
          for (int x = 0; x < 130; ++x) {
            const int i = x - 60 + kernel.anchor();
            const int j = y - 40 + kernel.anchor();
            if (i >= 0 && i < size && j >= 0 && j < size) continue;
            for (int c = 0; c < 4; ++c) {
              ASSERT_NEAR(result.get(x, y, c), clean.get(x, y, c), 5e-6)
                  << "size " << size << " at " << x << "," << y;
            }
          }
        }
      }
    }
  }
}

// What a target depends on, asked one pixel at a time.
TEST(ConvolverTest, WindowsCoverEveryDependence) {
  std::mt19937 random(37);
  const PixelFormat format{Component::kFloat, 1, Alpha::kNone,
                           ToneCurve::kLinear};
  for (int i = 0; i < 400; ++i) {
    const Size size{static_cast<int>(1 + random() % 20),
                    static_cast<int>(1 + random() % 20)};
    const int taps_x = 1 + random() % 30;
    const int taps_y = 1 + random() % 9;
    const Border border = any_border(random);
    const Convolver convolver(Kernel::gaussian(taps_x, taps_x / 3.0),
                              Kernel::gaussian(taps_y, taps_y / 3.0), border,
                              format, Light::kLinear, Method::kExact);
    const Rect target{static_cast<int>(random() % 50) - 15,
                      static_cast<int>(random() % 50) - 15,
                      static_cast<int>(1 + random() % 6),
                      static_cast<int>(1 + random() % 6)};
    const Rect window = convolver.source_window(target, size);
    if (!window.empty()) {
      EXPECT_GE(window.x, 0);
      EXPECT_GE(window.y, 0);
      EXPECT_LE(window.right(), size.width);
      EXPECT_LE(window.bottom(), size.height);
    }
    const auto inside = [](const Rect& rect, int x, int y) {
      return x >= rect.x && x < rect.right() && y >= rect.y &&
             y < rect.bottom();
    };
    for (int y = target.y; y < target.bottom(); ++y) {
      for (int x = target.x; x < target.right(); ++x) {
        for (int b = 0; b < taps_y; ++b) {
          for (int a = 0; a < taps_x; ++a) {
            const int source_x =
                border_index(border, x - (a - taps_x / 2), size.width);
            const int source_y =
                border_index(border, y - (b - taps_y / 2), size.height);
            if (source_x == kOutside || source_y == kOutside) continue;
            ASSERT_TRUE(inside(window, source_x, source_y))
                << "target " << x << "," << y << " reads " << source_x << ","
                << source_y << " border " << static_cast<int>(border);
            const bool shown =
                x >= -(taps_x / 2) && x < size.width + taps_x / 2 &&
                y >= -(taps_y / 2) && y < size.height + taps_y / 2;
            if (!shown) continue;
            const Rect affected =
                convolver.affected_window({source_x, source_y, 1, 1}, size);
            ASSERT_TRUE(inside(affected, x, y))
                << source_x << "," << source_y << " changes " << x << "," << y
                << " border " << static_cast<int>(border);
            ASSERT_GE(affected.x, -(taps_x / 2));
            ASSERT_GE(affected.y, -(taps_y / 2));
            ASSERT_LE(affected.right(), size.width + taps_x / 2);
            ASSERT_LE(affected.bottom(), size.height + taps_y / 2);
          }
        }
      }
    }
  }
}

// An image whose last byte is the last before memory that nobody may touch.
class EndOfMemory : public Source {
 public:
  EndOfMemory(const PixelFormat& format, Size image)
      : image_(image), stride_(image.width * bytes_per_pixel(format)) {
    const std::size_t page = sysconf(_SC_PAGESIZE);
    const std::size_t bytes = static_cast<std::size_t>(stride_) * image.height;
    const std::size_t readable = (bytes + page - 1) / page * page;
    size_ = readable + page;
    memory_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory_, MAP_FAILED);
    auto* first = static_cast<std::byte*>(memory_);
    EXPECT_EQ(mprotect(first + readable, page, PROT_NONE), 0);
    pixels_ = first + readable - bytes;
    // Opaque, for the loops that read pixels as they are stored.
    const int component = bytes_per_component(format.component);
    for (std::size_t i = 0; i < bytes; i += component) {
      store_component(format.component, 1, pixels_ + i);
    }
  }
  EndOfMemory(const EndOfMemory&) = delete;
  ~EndOfMemory() override { munmap(memory_, size_); }

  Size image() const override { return image_; }
  const std::byte* row(int y) const override { return pixels_ + y * stride_; }
  void read(Rect, std::byte*, std::ptrdiff_t) override {}

 private:
  Size image_;
  std::ptrdiff_t stride_;
  std::size_t size_ = 0;
  void* memory_ = nullptr;
  std::byte* pixels_ = nullptr;
};

TEST(ConvolverTest, ReadsNothingBeyondTheLastPixel) {
  on_every_target([&] {
    for (const PixelFormat& format : all_formats()) {
      for (const int width : {16, 50, 67}) {
        EndOfMemory source(format, {width, 24});
        // Windows that end where memory does, without a border's help.
        const Rect inner{15, 0, width - 30, 24};
        for (const int size : {5, 31}) {
          const Kernel kernel = Kernel::gaussian(size, size / 6.0);
          for (const Method method : {Method::kExact, Method::kFast}) {
            for (const bool linear : {false, true}) {
              const Convolver convolver(kernel, kernel, Border::kClamp, format,
                                        usual_light(format, linear), method);
              MemoryImage result(format, {0, 0, width, 24});
              MemoryDestination destination(result);
              EXPECT_TRUE(convolver.run(source, result.area(), destination));
              EXPECT_TRUE(convolver.run(source, inner, destination));
            }
          }
        }
      }
    }
  });
}

TEST(ConvolverTest, RefusesFormatsThatDoNotExist) {
  const Kernel kernel = Kernel::gaussian(3, 1);
  const auto build = [&](PixelFormat format, Light light) {
    Convolver(kernel, kernel, Border::kClamp, format, light, Method::kAuto);
  };
  EXPECT_THROW(build({Component::kU8, 0}, Light::kLinear),
               std::invalid_argument);
  EXPECT_THROW(build({Component::kU8, 5}, Light::kLinear),
               std::invalid_argument);
  EXPECT_THROW(build({Component::kU8, 3, Alpha::kStraight}, Light::kLinear),
               std::invalid_argument);
  EXPECT_THROW(
      build({Component::kFloat, 4, Alpha::kPremultiplied, ToneCurve::kLinear},
            Light::kPerceptual),
      std::invalid_argument);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// In a process of its own, which may have `more` bytes than it has now.
[[noreturn]] void run_without_memory(const Convolver& convolver, rlim_t more) {
  MemoryImage image(
      {Component::kFloat, 4, Alpha::kStraight, ToneCurve::kLinear},
      {0, 0, 3000, 50});
  MemoryImage result(image.format(), image.area());
  const support::Bytes before = result.bytes();
  MemorySource source(image, false);
  MemoryDestination destination(result, false);
  long pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t now = static_cast<rlim_t>(pages) * sysconf(_SC_PAGESIZE);
  const struct rlimit limit { now + more, now + more };
  if (setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(2);
  const bool complete = convolver.run(source, image.area(), destination);
  std::_Exit(!complete && result.bytes() == before ? 0 : 1);
}

TEST(ConvolverDeathTest, WithoutMemoryNothingIsWritten) {
  for (const Method method : {Method::kExact, Method::kFast}) {
    for (const int size : {9, 101}) {
      const Kernel kernel = Kernel::gaussian(size, size / 6.0);
      const Convolver convolver(
          kernel, kernel, Border::kClamp,
          {Component::kFloat, 4, Alpha::kStraight, ToneCurve::kLinear},
          Light::kLinear, method);
      EXPECT_EXIT(run_without_memory(convolver, 100 << 10),
                  testing::ExitedWithCode(0), "");
    }
  }
}

#endif

// What memory can't hold, or no picture reaches.
TEST(ConvolverTest, RefusesTargetsOutOfReach) {
  class NoPixels : public Source, public Destination {
   public:
    explicit NoPixels(Size image) : image_(image) {}
    Size image() const override { return image_; }
    void read(Rect, std::byte*, std::ptrdiff_t) override { ADD_FAILURE(); }
    void write(Rect, const std::byte*, std::ptrdiff_t) override {
      ADD_FAILURE();
    }

   private:
    Size image_;
  };
  constexpr int kMost = std::numeric_limits<int>::max();
  constexpr int kLeast = std::numeric_limits<int>::min();
  const Kernel kernel = Kernel::gaussian(31, 5);
  for (const Border border : kEveryBorder) {
    for (const Method method : {Method::kExact, Method::kFast}) {
      const Convolver convolver(
          kernel, kernel, border,
          {Component::kFloat, 1, Alpha::kNone, ToneCurve::kLinear},
          Light::kLinear, method);
      NoPixels none({0, 0});
      EXPECT_FALSE(convolver.run(none, {0, 0, 16, 16}, none));
      NoPixels some({50, 50});
      for (const Rect target :
           {Rect{0, kMost - 40, 16, 16}, Rect{kMost - 40, 0, 16, 16},
            Rect{0, kLeast, 16, 16}, Rect{kLeast, 0, 16, 16},
            Rect{5, 0, kMost, 2}, Rect{0, 5, 2, kMost}}) {
        EXPECT_FALSE(convolver.run(some, target, some));
      }
    }
  }
}

// A tall kernel whose outer weights are 0 costs no more than what is left.
TEST(ConvolverTest, OuterWeightsOfZeroAreLeftOut) {
  EXPECT_EQ(Taps(Kernel::gaussian(8191, 0)).size(), 1);
  EXPECT_EQ(Taps(Kernel::gaussian(2000, 0.5)).size(), 11);
  EXPECT_EQ(Taps(Kernel::gaussian(2001, 0.5)).size(), 11);
  EXPECT_EQ(Taps(Kernel::gaussian(10, 5)).size(), 10);
}

TEST(ConvolverTest, EmptyTargetsTouchNothing) {
  const PixelFormat format{Component::kU8, 1, Alpha::kNone, ToneCurve::kLinear};
  MemoryImage image(format, {0, 0, 4, 4});
  const Kernel kernel = Kernel::gaussian(3, 1);
  const Convolver convolver(kernel, kernel, Border::kClamp, format,
                            Light::kLinear, Method::kAuto);
  MemorySource source(image);
  MemoryImage untouched(format, {0, 0, 1, 1});
  MemoryDestination destination(untouched);
  EXPECT_TRUE(convolver.run(source, {0, 0, 0, 4}, destination));
  EXPECT_TRUE(convolver.run(source, {0, 0, 4, -1}, destination));
  EXPECT_EQ(untouched.bytes()[0], std::byte{0});
}

}  // namespace
}  // namespace gk
