// Every component type, model and colour space against the definition.

#include <gegl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>

#include "tests/gegl/blur_graph.h"

namespace gk {
namespace {

const Babl* space_named(const std::string& name) {
  const Babl* adobe = babl_space("Adobish");
  // Other primaries, sRGB's curve.
  if (name == "Adobe, sRGB's curve") {
    return babl_space_with_trc(adobe, babl_trc("sRGB"));
  }
  if (name == "Adobe, linear") {
    return babl_space_with_trc(adobe, babl_trc("linear"));
  }
  if (name == "gamma 1.8") {
    return babl_space_with_trc(babl_space("sRGB"), babl_trc_gamma(1.8));
  }
  return adobe;
}

struct Model {
  const char* name;
  int channels;
  Alpha alpha;
  bool linear;
};

constexpr Model kModels[] = {
    {"Y", 1, Alpha::kNone, true},
    {"Y'", 1, Alpha::kNone, false},
    {"YA", 2, Alpha::kStraight, true},
    {"Y'A", 2, Alpha::kStraight, false},
    {"YaA", 2, Alpha::kPremultiplied, true},
    {"RGB", 3, Alpha::kNone, true},
    {"R'G'B'", 3, Alpha::kNone, false},
    {"RGBA", 4, Alpha::kStraight, true},
    {"R'G'B'A", 4, Alpha::kStraight, false},
    {"RaGaBaA", 4, Alpha::kPremultiplied, true},
    {"R'aG'aB'aA", 4, Alpha::kPremultiplied, false},
};

struct Type {
  const char* name;
  std::optional<Component> component;  // where the core has it
};

constexpr Type kTypes[] = {
    {"u8", Component::kU8},       {"u16", Component::kU16},
    {"u32", std::nullopt},        {"half", Component::kHalf},
    {"float", Component::kFloat}, {"double", std::nullopt},
};

// One stored component as a number, integers in 0 … 1.
double component_at(const Picture& picture, const std::string& type,
                    std::size_t index) {
  const auto at = [&]<typename T>(T value) {
    std::memcpy(&value, &picture.bytes[index * sizeof(T)], sizeof(T));
    return value;
  };
  if (type == "u32") return at(std::uint32_t{}) / 4294967295.0;
  if (type == "double") return at(double{});
  const Component component = type == "u8"     ? Component::kU8
                              : type == "u16"  ? Component::kU16
                              : type == "half" ? Component::kHalf
                                               : Component::kFloat;
  return load_component(component,
                        &picture.bytes[index * bytes_per_component(component)]);
}

// How far a stored value may lie from the exact one.
double tolerance(const std::string& type, Light light, double exact) {
  if (type == "u8") return 0.501 / 255;
  if (type == "u16") return (light == Light::kLinear ? 0.65 : 0.55) / 65535;
  if (type == "half") return std::max(1e-6, std::fabs(exact) / 2000);
  return 2e-6;
}

Settings small_blur(Light light) {
  Settings settings;
  settings.size = 7;
  settings.sigma = 1.6;
  settings.size_y = 4;
  settings.sigma_y = 2.5;
  settings.light = light;
  settings.method = Method::kExact;
  return settings;
}

constexpr GeglRectangle kExtent{-13, 21, 37, 23};

// A model stored on a curve that the core knows: to the last bit's half.
TEST(Formats, EveryTypeAndModelOnTheSrgbCurve) {
  for (const Model& model : kModels) {
    for (const Type& type : kTypes) {
      for (const Light light : {Light::kLinear, Light::kPerceptual}) {
        const std::string encoding = std::string(model.name) + " " + type.name;
        SCOPED_TRACE(encoding + ", " + word_for(light));
        const Babl* format = babl_format(encoding.c_str());
        const Picture input = noise(kExtent, format, 1);
        const BufferPointer buffer = input.buffer();
        const Settings settings = small_blur(light);
        const Picture output = BlurGraph(buffer.get(), settings).render();
        ASSERT_EQ(output.format, format);

        // The definition, on doubles as near to what is stored as float goes.
        const bool keep = model.linear == (light == Light::kLinear);
        const bool straighten = model.alpha == Alpha::kPremultiplied && !keep;
        const PixelFormat pixels{
            Component::kFloat, model.channels,
            straighten ? Alpha::kStraight : model.alpha,
            model.linear ? ToneCurve::kLinear : ToneCurve::kSrgb};
        std::vector<float> values(input.bytes.size() / input.pixel_bytes() *
                                  model.channels);
        for (std::size_t i = 0; i < values.size(); ++i) {
          values[i] = static_cast<float>(component_at(input, type.name, i));
        }
        if (straighten) {
          for (std::size_t i = 0; i < values.size(); i += model.channels) {
            const float alpha = values[i + model.channels - 1];
            for (int c = 0; c + 1 < model.channels; ++c) {
              values[i + c] = alpha > 0 ? values[i + c] / alpha : 0;
            }
          }
        }
        Picture floats{
            kExtent, babl_format_n(babl_type("float"), model.channels), {}};
        floats.bytes.resize(values.size() * sizeof(float));
        std::memcpy(floats.bytes.data(), values.data(), floats.bytes.size());
        const auto exact = exact_blur(floats, pixels, light, settings, kExtent);
        double worst = 0;
        for (std::size_t i = 0; i < exact.size(); ++i) {
          const std::size_t alpha =
              i / model.channels * model.channels + model.channels - 1;
          double expected = exact[i];
          if (straighten && i != alpha) expected *= exact[alpha];
          if (type.name[0] == 'u') expected = std::clamp(expected, 0.0, 1.0);
          const double error =
              std::fabs(component_at(output, type.name, i) - expected);
          // Through babl and back an integer may round once more.
          const double allowed =
              straighten && type.name[0] == 'u'
                  ? (type.name[1] == '8' ? 1.01 / 255 : 1.5 / 65535)
                  : tolerance(type.name, light, expected);
          worst = std::max(worst, error / allowed);
        }
        EXPECT_LE(worst, 1);
      }
    }
  }
}

// Spaces whose curve the core may not know: against babl's own conversion.
TEST(Formats, SpacesAreKeptAndTheirCurveIsUsed) {
  for (const char* name :
       {"Adobe", "gamma 1.8", "Adobe, sRGB's curve", "Adobe, linear"}) {
    for (const char* encoding :
         {"R'G'B' u8", "R'G'B'A u8", "R'G'B'A u16", "RGBA float", "Y' u8",
          "Y'A u16", "R'G'B'A float", "RaGaBaA float", "R~G~B~A float"}) {
      for (const Light light : {Light::kLinear, Light::kPerceptual}) {
        SCOPED_TRACE(std::string(name) + ", " + encoding + ", " +
                     word_for(light));
        const Babl* space = space_named(name);
        ASSERT_NE(space, nullptr);
        const Babl* format = babl_format_with_space(encoding, space);
        const Picture input = noise(kExtent, format, 2);
        const BufferPointer buffer = input.buffer();
        const Settings settings = small_blur(light);
        const Picture output = BlurGraph(buffer.get(), settings).render();
        ASSERT_EQ(output.format, format);

        const bool grey = encoding[0] == 'Y';
        const bool alpha = babl_format_has_alpha(format) != 0;
        const std::string floating =
            std::string(light == Light::kLinear ? (grey ? "Y" : "RGB")
                                                : (grey ? "Y'" : "R'G'B'")) +
            (alpha ? "A" : "") + " float";
        const Babl* averaged = babl_format_with_space(floating.c_str(), space);
        const int channels = (grey ? 1 : 3) + (alpha ? 1 : 0);
        const auto exact = exact_blur(
            input.in(averaged),
            {Component::kFloat, channels,
             alpha ? Alpha::kStraight : Alpha::kNone, ToneCurve::kLinear},
            Light::kLinear, settings, kExtent);
        Picture expected{kExtent, averaged, {}};
        std::vector<float> values(exact.begin(), exact.end());
        expected.bytes.resize(values.size() * sizeof(float));
        std::memcpy(expected.bytes.data(), values.data(),
                    expected.bytes.size());
        const Picture stored = expected.in(format);
        const std::string type =
            std::string(encoding).substr(std::string(encoding).find(' ') + 1);
        const double allowed = type == "u8"    ? 1.01 / 255
                               : type == "u16" ? 1.5 / 65535
                                               : 1e-5;
        double worst = 0;
        for (std::size_t i = 0; i < exact.size(); ++i) {
          worst = std::max(worst, std::fabs(component_at(output, type, i) -
                                            component_at(stored, type, i)) /
                                      allowed);
        }
        EXPECT_LE(worst, 1);
      }
    }
  }
}

TEST(Formats, LinearAndPerceptualDiffer) {
  const Picture input = noise(kExtent, babl_format("R'G'B' u8"), 3);
  const BufferPointer buffer = input.buffer();
  EXPECT_NE(
      BlurGraph(buffer.get(), small_blur(Light::kLinear)).render().bytes,
      BlurGraph(buffer.get(), small_blur(Light::kPerceptual)).render().bytes);
}

TEST(Formats, FlatPicturesStayFlat) {
  for (const Model& model : kModels) {
    for (const Type& type : kTypes) {
      for (const Light light : {Light::kLinear, Light::kPerceptual}) {
        const std::string encoding = std::string(model.name) + " " + type.name;
        SCOPED_TRACE(encoding + ", " + word_for(light));
        const Babl* format = babl_format(encoding.c_str());
        const GeglRectangle one{0, 0, 1, 1};
        for (unsigned seed = 0; seed < 5; ++seed) {
          const Picture pixel = noise(one, format, seed);
          Picture input{{0, 0, 9, 8}, format, {}};
          for (int i = 0; i < 9 * 8; ++i) {
            input.bytes.insert(input.bytes.end(), pixel.bytes.begin(),
                               pixel.bytes.end());
          }
          const std::size_t last = model.channels - 1;
          if (model.alpha != Alpha::kNone &&
              component_at(pixel, type.name, last) == 0) {
            continue;  // its colour becomes 0
          }
          const BufferPointer buffer = input.buffer();
          const Picture output =
              BlurGraph(buffer.get(), small_blur(light)).render();
          for (std::size_t i = 0; i < 9u * 8 * model.channels; ++i) {
            const double was = component_at(input, type.name, i);
            const double is = component_at(output, type.name, i);
            const bool exact =
                type.component && *type.component != Component::kFloat;
            // Where the light is not the one that is stored, a curve is gone
            // through, here or in babl. What babl converts it may change by
            // 5e-6, as it finds its quickest way to be.
            const bool curved =
                (light == Light::kLinear) ==
                (std::string(model.name).find('\'') != std::string::npos);
            const bool converted = !type.component;
            ASSERT_NEAR(is, was,
                        exact                 ? 0
                        : curved || converted ? 2e-6
                                              : 2e-7)
                << "component " << i;
          }
        }
      }
    }
  }
}

TEST(Formats, TransparentPixelsLeakNoColour) {
  // Opaque grey beside clear red.
  const Babl* format = babl_format("R'G'B'A u8");
  Picture input{{0, 0, 8, 4}, format, {}};
  for (int i = 0; i < 8 * 4; ++i) {
    const bool clear = i % 8 >= 4;
    for (const int value :
         {clear ? 255 : 90, clear ? 0 : 90, clear ? 0 : 90, clear ? 0 : 255}) {
      input.bytes.push_back(static_cast<std::byte>(value));
    }
  }
  const BufferPointer buffer = input.buffer();
  for (const Light light : {Light::kLinear, Light::kPerceptual}) {
    const Picture output = BlurGraph(buffer.get(), small_blur(light)).render();
    for (int i = 0; i < 8 * 4; ++i) {
      const bool clear = output.bytes[4 * i + 3] == std::byte{0};
      for (int c = 0; c < 3; ++c) {
        EXPECT_EQ(static_cast<int>(output.bytes[4 * i + c]), clear ? 0 : 90);
      }
    }
    EXPECT_NE(output.bytes[4 * 4 + 3], std::byte{0});
    EXPECT_NE(output.bytes[4 * 3 + 3], std::byte{255});
  }
}

TEST(Formats, ValuesBeyondTheRangeSurvive) {
  const Babl* format = babl_format("RGB float");
  Picture input{{0, 0, 5, 5}, format, {}};
  std::vector<float> values(5 * 5 * 3, -4.0f);
  values[(2 * 5 + 2) * 3] = 1000.0f;
  input.bytes.resize(values.size() * sizeof(float));
  std::memcpy(input.bytes.data(), values.data(), input.bytes.size());
  const BufferPointer buffer = input.buffer();
  Settings settings;
  settings.size = 3;
  const Picture output = BlurGraph(buffer.get(), settings).render();
  const double peak = horizontal_kernel(settings).weights()[1];
  const float* result = reinterpret_cast<const float*>(output.bytes.data());
  EXPECT_NEAR(result[(2 * 5 + 2) * 3], 1004 * peak * peak - 4, 1e-3);
  EXPECT_NEAR(result[(2 * 5 + 2) * 3 + 1], -4, 1e-5);
}

TEST(Formats, NanStaysInItsWindow) {
  const Babl* format = babl_format("Y float");
  Picture input = noise({0, 0, 31, 21}, format, 4);
  const float nan = std::nanf("");
  std::memcpy(&input.bytes[(10 * 31 + 15) * sizeof(float)], &nan, sizeof nan);
  const BufferPointer buffer = input.buffer();
  for (const Method method : {Method::kExact, Method::kFast, Method::kAuto}) {
    Settings settings;
    settings.size = 5;
    settings.size_y = 3;
    settings.method = method;
    const Picture output = BlurGraph(buffer.get(), settings).render();
    for (int y = 0; y < 21; ++y) {
      for (int x = 0; x < 31; ++x) {
        const bool near = std::abs(x - 15) <= 2 && std::abs(y - 10) <= 1;
        EXPECT_EQ(std::isnan(component_at(output, "float", y * 31 + x)), near)
            << x << ", " << y;
      }
    }
  }
}

TEST(Formats, IdentityCopiesBitForBit) {
  for (const char* encoding :
       {"R'G'B'A u8", "Y' u16", "RGBA double", "R'aG'aB'aA u32", "RGBA half",
        "CIE Lab float"}) {
    SCOPED_TRACE(encoding);
    const Picture input = noise(kExtent, babl_format(encoding), 5);
    const BufferPointer buffer = input.buffer();
    Settings settings;
    settings.size = 1;
    const Picture one = BlurGraph(buffer.get(), settings).render();
    EXPECT_EQ(one.format, input.format);
    EXPECT_EQ(one.bytes, input.bytes);
    settings.size = 31;
    settings.sigma = 0;
    EXPECT_EQ(BlurGraph(buffer.get(), settings).render().bytes, input.bytes);
  }
}

TEST(Formats, OtherModelsComeBackInTheirOwn) {
  for (const char* encoding :
       {"CIE Lab float", "cairo-ARGB32", "HSVA float", "Y'CbCr float"}) {
    SCOPED_TRACE(encoding);
    const Babl* format = babl_format(encoding);
    const Picture input = noise(kExtent, format, 6);
    const BufferPointer buffer = input.buffer();
    const Settings settings = small_blur(Light::kLinear);
    const Picture output = BlurGraph(buffer.get(), settings).render();
    EXPECT_EQ(output.format, format);
    // As RGB, other tests compare with the definition.
    const Babl* light = babl_format("RGBA float");
    const BufferPointer same = input.in(light).buffer();
    const Picture wanted = BlurGraph(same.get(), settings).render();
    const Picture blurred = output.in(light);
    const bool codes = std::string(encoding) == "cairo-ARGB32";
    for (std::size_t i = 0; i < wanted.bytes.size() / sizeof(float); ++i) {
      const double alpha = component_at(wanted, "float", i / 4 * 4 + 3);
      const double weight = i % 4 == 3 ? 1 : alpha;
      ASSERT_NEAR(component_at(blurred, "float", i) * weight,
                  component_at(wanted, "float", i) * weight,
                  codes ? 2.5 / 255 : 2e-5)
          << i;
    }
  }
}

// Each ink by itself, as a grey picture.
TEST(Formats, InksAreAveragedAsInks) {
  for (const char* encoding :
       {"CMYK float", "CMYK u8", "CMYKA float", "cmykA float"}) {
    const Babl* format = babl_format(encoding);
    const bool alpha = babl_format_has_alpha(format) != 0;
    const int channels = alpha ? 5 : 4;
    const std::string type =
        std::string(encoding).substr(std::string(encoding).find(' ') + 1);
    const Picture input = noise(kExtent, format, 7);
    const BufferPointer buffer = input.buffer();
    const Settings settings = small_blur(Light::kLinear);
    const Picture output = BlurGraph(buffer.get(), settings).render();
    ASSERT_EQ(output.format, format);
    for (int ink = 0; ink < 4; ++ink) {
      Picture grey{kExtent, babl_format(alpha ? "YA float" : "Y float"), {}};
      std::vector<float> values;
      for (int i = 0; i < kExtent.width * kExtent.height; ++i) {
        values.push_back(component_at(input, type, i * channels + ink));
        if (alpha) {
          values.push_back(component_at(input, type, i * channels + 4));
        }
      }
      grey.bytes.resize(values.size() * sizeof(float));
      std::memcpy(grey.bytes.data(), values.data(), grey.bytes.size());
      const auto exact = exact_blur(
          grey,
          {Component::kFloat, alpha ? 2 : 1,
           alpha ? Alpha::kStraight : Alpha::kNone, ToneCurve::kLinear},
          Light::kLinear, settings, kExtent);
      for (int i = 0; i < kExtent.width * kExtent.height; ++i) {
        EXPECT_NEAR(component_at(output, type, i * channels + ink),
                    exact[i * (alpha ? 2 : 1)],
                    type == "u8" ? 0.51 / 255 : 1e-5)
            << encoding << ", ink " << ink;
      }
    }
  }
}

TEST(Formats, PalettesBecomeColours) {
  const Babl* palette = nullptr;
  babl_new_palette("gk-test-palette", nullptr, &palette);
  const unsigned char colours[] = {255, 0, 0, 255, 0, 0, 255, 255};
  babl_palette_set_palette(palette, babl_format("R'G'B'A u8"),
                           const_cast<unsigned char*>(colours), 2);
  const GeglRectangle extent{0, 0, 6, 6};
  const BufferPointer buffer(gegl_buffer_new(&extent, palette));
  std::vector<unsigned char> indices(36 *
                                     babl_format_get_bytes_per_pixel(palette));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i % 2;
  gegl_buffer_set(buffer.get(), &extent, 0, palette, indices.data(),
                  GEGL_AUTO_ROWSTRIDE);
  const Settings settings = small_blur(Light::kLinear);
  const Picture output = BlurGraph(buffer.get(), settings).render();
  EXPECT_FALSE(babl_format_is_palette(output.format));
  const Babl* light = babl_format("RGBA float");
  const BufferPointer same =
      picture_of(buffer.get(), extent).in(light).buffer();
  const Picture wanted = BlurGraph(same.get(), settings).render();
  const Picture blurred = output.in(light);
  for (std::size_t i = 0; i < 36 * 4; ++i) {
    EXPECT_NEAR(component_at(blurred, "float", i),
                component_at(wanted, "float", i), 0.005);
  }
}

}  // namespace
}  // namespace gk
