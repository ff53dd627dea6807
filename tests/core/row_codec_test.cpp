#include "core/row_codec.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/simd_target.h"

namespace gk {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Case {
  PixelFormat format;
  ToneStep step;
  Border border;

  bool has_alpha() const { return format.alpha != Alpha::kNone; }
  int colours() const { return format.channels - (has_alpha() ? 1 : 0); }
  int lanes() const { return lanes_per_pixel(format, border); }
  int bytes() const { return bytes_per_component(format.component); }
  int pixel_bytes() const { return bytes_per_pixel(format); }
  bool integer() const {
    return format.component == Component::kU8 ||
           format.component == Component::kU16;
  }
  double one() const {
    return format.component == Component::kU8    ? 255
           : format.component == Component::kU16 ? 65535
                                                 : 1;
  }
  // The last lane is a weight that encoding divides by.
  bool weighted() const { return has_alpha() || border == Border::kNone; }
};

std::string describe(const Case& c) {
  const char* components[] = {"u8", "u16", "half", "float"};
  const char* alphas[] = {"", " straight", " premultiplied"};
  const char* steps[] = {" keep", " srgb-to-linear", " linear-to-srgb"};
  return std::string(simd_target_in_force()) + " " +
         components[static_cast<int>(c.format.component)] + "x" +
         std::to_string(c.format.channels) +
         alphas[static_cast<int>(c.format.alpha)] +
         steps[static_cast<int>(c.step)] +
         (c.border == Border::kNone ? " weighted" : "");
}

constexpr Component kComponents[] = {Component::kU8, Component::kU16,
                                     Component::kHalf, Component::kFloat};
constexpr ToneStep kSteps[] = {ToneStep::kKeep, ToneStep::kSrgbToLinear,
                               ToneStep::kLinearToSrgb};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Component component : kComponents) {
    for (const ToneStep step : kSteps) {
      for (const Border border : {Border::kClamp, Border::kNone}) {
        for (int channels = 1; channels <= 4; ++channels) {
          for (const Alpha alpha :
               {Alpha::kNone, Alpha::kStraight, Alpha::kPremultiplied}) {
            if (alpha != Alpha::kNone && channels % 2 != 0) continue;
            if (alpha == Alpha::kPremultiplied && step != ToneStep::kKeep) {
              continue;
            }
            const Case c = {
                {component, channels, alpha, ToneCurve::kSrgb}, step, border};
            if (c.lanes() != 0) cases.push_back(c);
          }
        }
      }
    }
  }
  return cases;
}

RowCodec codec_of(const Case& c) {
  return row_codec(c.format, c.step, c.border);
}

// Runs each test body once on every CPU target.
class RowCodecTest : public testing::Test {
 protected:
  template <typename Body>
  void on_every_target(Body body) {
    for (const std::string_view target : simd_targets()) {
      ASSERT_TRUE(force_simd_target(target));
      ASSERT_EQ(simd_target_in_force(), target);
      body();
    }
  }
  void TearDown() override { force_simd_target(""); }
};

// Bytes that end where the next page may not be touched.
class GuardedBytes {
 public:
  explicit GuardedBytes(std::size_t size) {
    const std::size_t page = sysconf(_SC_PAGESIZE);
    room_ = (size + page - 1) / page * page;
    map_ = static_cast<std::byte*>(mmap(nullptr, room_ + page,
                                        PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (map_ == MAP_FAILED || mprotect(map_ + room_, page, PROT_NONE) != 0) {
      throw std::bad_alloc();
    }
    mapped_ = room_ + page;
  }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;
  ~GuardedBytes() { munmap(map_, mapped_); }

  // The last `size` bytes before the guard.
  std::byte* last(std::size_t size) { return map_ + room_ - size; }

 private:
  std::byte* map_;
  std::size_t room_;
  std::size_t mapped_;
};

double to_light(double value, ToneStep step) {
  return step == ToneStep::kSrgbToLinear   ? srgb_to_linear(value)
         : step == ToneStep::kLinearToSrgb ? linear_to_srgb(value)
                                           : value;
}
double from_light(double value, ToneStep step) {
  return step == ToneStep::kSrgbToLinear   ? linear_to_srgb(value)
         : step == ToneStep::kLinearToSrgb ? srgb_to_linear(value)
                                           : value;
}

// What decode() must give for one stored pixel.
std::vector<double> decoded(const Case& c, const std::byte* pixel) {
  std::vector<double> lanes(c.lanes());
  double weight = 1;
  if (c.has_alpha()) {
    weight =
        load_component(c.format.component, pixel + c.colours() * c.bytes());
    if (weight >= kOpaque) weight = 1;
  }
  for (int channel = 0; channel < c.colours(); ++channel) {
    double value = to_light(
        load_component(c.format.component, pixel + channel * c.bytes()),
        c.step);
    if (c.step == ToneStep::kKeep) value *= c.one();
    if (std::fabs(value) > std::numeric_limits<float>::max()) {
      value = std::copysign(HUGE_VAL, value);
    }
    if (c.format.alpha == Alpha::kStraight) value *= weight;
    lanes[channel] = value;
  }
  if (c.lanes() > c.colours()) lanes[c.lanes() - 1] = weight;
  return lanes;
}

// What encode() must store for one pixel's lanes, before rounding, 0 … 1.
std::vector<double> encoded(const Case& c, const float* lanes, double floor) {
  std::vector<double> values(c.format.channels);
  double weight = c.weighted() ? lanes[c.lanes() - 1] : 1;
  if (weight >= kOpaque) weight = 1;
  if (c.integer() && !(weight > 0)) weight = 0;
  if (std::fabs(weight) < floor) weight = 0;
  for (int channel = 0; channel < c.colours(); ++channel) {
    if (weight == 0) continue;
    double value = lanes[channel];
    if (c.format.alpha != Alpha::kPremultiplied) value /= weight;
    value =
        c.step == ToneStep::kKeep ? value / c.one() : from_light(value, c.step);
    values[channel] = value;
  }
  if (c.has_alpha()) values[c.colours()] = weight;
  return values;
}

// Pixels of every kind: noise, all-opaque and all-transparent stretches, and
// for floats what lies beyond 0 … 1.
std::vector<std::byte> pixels(const Case& c, int count) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  const double special[] = {
      -0.25,     1.5,       20,         3000, 1e-42, -1e-8,  6.0e4, 0.04045,
      0.0031308, 1e-30,     130,        -2,   1e37,  0.5,    0.25,  17,
      kNaN,      kInfinity, -kInfinity, 0,    1,     0.0909, 1e20,  5e15};
  std::vector<std::byte> stored(static_cast<std::size_t>(count) *
                                c.pixel_bytes());
  int next = 0;
  for (int x = 0; x < count; ++x) {
    for (int channel = 0; channel < c.format.channels; ++channel) {
      double value = unit(random);
      const bool alpha = channel >= c.colours();
      if (alpha && x / 40 % 3 == 1) value = 1;
      if (alpha && x / 40 % 3 == 2 && x % 3 != 0) value = 0;
      if (!c.integer() && x % 5 == 4 && !alpha) value = special[next++ % 24];
      store_component(
          c.format.component, value,
          stored.data() + x * c.pixel_bytes() + channel * c.bytes());
    }
  }
  return stored;
}

// |value - expected| in units of 1e-7 of the larger of |expected| and `scale`;
// NaN and the infinities must be what they are.
double difference(double value, double expected, double scale) {
  if (std::isnan(expected)) return std::isnan(value) ? 0 : kInfinity;
  if (std::fabs(expected) > std::numeric_limits<float>::max()) {
    return std::isinf(value) && value * expected > 0 ? 0 : kInfinity;
  }
  return std::fabs(value - expected) * 1e7 /
         std::max({std::fabs(expected), scale, 1e-36});
}

// Distance of a stored value from the exact one: integers and halfs in units of
// their last bit there, float as difference().
double stored_error(const Case& c, const std::byte* stored, double exact) {
  const double value = load_component(c.format.component, stored);
  if (c.integer()) {
    const double wanted = exact > 0 ? std::min(exact, 1.0) : 0;
    return std::fabs(value - wanted) * c.one();
  }
  if (c.format.component == Component::kFloat) {
    return difference(value, exact, 0.05);
  }
  if (!(std::fabs(exact) < 65520)) {
    return difference(value, exact * HUGE_VAL, 0);
  }
  int exponent = 0;
  std::frexp(exact, &exponent);
  return std::fabs(value - exact) / std::ldexp(1, std::max(exponent - 11, -24));
}

// What stored_error() may be.
double allowed_error(const Case& c) {
  switch (c.format.component) {
    case Component::kU8:
      return 0.5005;
    case Component::kU16:
      return 0.55;
    case Component::kHalf:
      return 0.51;
    case Component::kFloat:
      break;
  }
  return c.step == ToneStep::kKeep ? 2 : 5;
}

TEST_F(RowCodecTest, DecodesWhatTheDefinitionSays) {
  constexpr int kCount = 480;
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      SCOPED_TRACE(describe(c));
      const std::vector<std::byte> stored = pixels(c, kCount);
      std::vector<float> lanes(kCount * c.lanes() + kRowSlack);
      codec_of(c).decode(stored.data(), kCount, lanes.data());
      double worst = 0;
      for (int x = 0; x < kCount; ++x) {
        const std::vector<double> expected =
            decoded(c, stored.data() + x * c.pixel_bytes());
        for (int lane = 0; lane < c.lanes(); ++lane) {
          const double error =
              difference(lanes[x * c.lanes() + lane], expected[lane], 0);
          ASSERT_LE(error, c.step == ToneStep::kKeep ? 2 : 8)
              << "pixel " << x << " lane " << lane << " is "
              << lanes[x * c.lanes() + lane] << ", not " << expected[lane];
          if (lane >= c.colours() && expected[lane] == 1) {
            ASSERT_EQ(lanes[x * c.lanes() + lane], 1);
          }
          worst = std::max(worst, error);
        }
      }
      RecordProperty(describe(c), std::to_string(worst));
    }
  });
}

// To the last bits of the weight.
TEST_F(RowCodecTest, AlphaHasNoColourWhereItIsStoredAsZero) {
  constexpr int kCount = 64;
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      if (!c.integer() || c.format.alpha != Alpha::kStraight) continue;
      SCOPED_TRACE(describe(c));
      const double full = c.step == ToneStep::kKeep ? c.one() : 1;
      std::vector<float> lanes(kCount * c.lanes() + kRowSlack);
      float weight = static_cast<float>(0.5 / c.one());
      for (int i = 0; i < kCount / 2; ++i)
        weight = std::nextafter(weight, 0.0f);
      for (int x = 0; x < kCount; ++x) {
        for (int lane = 0; lane < c.lanes(); ++lane) {
          lanes[x * c.lanes() + lane] = static_cast<float>(weight * full);
        }
        lanes[(x + 1) * c.lanes() - 1] = weight;
        weight = std::nextafter(weight, 1.0f);
      }
      std::vector<std::byte> stored(kCount * c.pixel_bytes());
      codec_of(c).encode(lanes.data(), kCount, stored.data());
      int clear = 0;
      for (int x = 0; x < kCount; ++x) {
        const std::byte* pixel = &stored[x * c.pixel_bytes()];
        const double colour = load_component(c.format.component, pixel);
        const double alpha =
            load_component(c.format.component, pixel + c.colours() * c.bytes());
        EXPECT_EQ(colour == 0, alpha == 0) << "pixel " << x;
        clear += alpha == 0;
      }
      EXPECT_GT(clear, kCount / 4);
      EXPECT_LT(clear, kCount);
    }
  });
}

TEST_F(RowCodecTest, EncodesWhatTheDefinitionSays) {
  constexpr int kCount = 1200;
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      SCOPED_TRACE(describe(c));
      std::mt19937 random(11);
      std::uniform_real_distribution<float> unit(0, 1);
      std::vector<float> lanes(kCount * c.lanes() + kRowSlack);
      const double full = c.step == ToneStep::kKeep ? c.one() : 1;
      for (int x = 0; x < kCount; ++x) {
        float* pixel = &lanes[x * c.lanes()];
        float weight = x / 60 % 3 == 0 ? 1 : unit(random);
        if (x % 17 == 0) weight = 0;
        if (x % 19 == 0) weight = 4e-6f;
        if (!c.weighted()) weight = 1;
        for (int lane = 0; lane < c.lanes(); ++lane) {
          float value = unit(random) * 1.02f - 0.01f;
          if (x % 4 == 0) value *= value * value * value;
          if (!c.integer() && x % 7 == 0) value *= 1000;
          pixel[lane] = value * weight * static_cast<float>(full);
        }
        if (c.weighted()) pixel[c.lanes() - 1] = weight;
      }
      std::vector<std::byte> stored(kCount * c.pixel_bytes());
      double worst = 0;
      for (const bool noisy : {false, true}) {
        const RowCodec codec = codec_of(c);
        (noisy ? codec.encode_noisy : codec.encode)(lanes.data(), kCount,
                                                    stored.data());
        for (int x = 0; x < kCount; ++x) {
          double least = noisy && c.weighted() ? 1e-5 : 0;
          // What is stored as alpha 0 has no colour.
          if (c.integer() && c.format.alpha != Alpha::kNone) {
            least = std::max(least, 0.5 / c.one());
          }
          const std::vector<double> expected =
              encoded(c, &lanes[x * c.lanes()], least);
          for (int channel = 0; channel < c.format.channels; ++channel) {
            const std::byte* component =
                &stored[x * c.pixel_bytes() + channel * c.bytes()];
            const double error = stored_error(c, component, expected[channel]);
            ASSERT_LE(error, allowed_error(c))
                << "pixel " << x << " channel " << channel << " is "
                << load_component(c.format.component, component) << ", not "
                << expected[channel] << (noisy ? " (noisy)" : "");
            worst = std::max(worst, error);
          }
        }
      }
      RecordProperty(describe(c), std::to_string(worst));
    }
  });
}

// Whatever the length of a row and wherever it starts, a pixel gets the same
// bits; nothing beyond the row is read from, or written to, stored memory.
TEST_F(RowCodecTest, GivesTheSameBitsHoweverARowIsCut) {
  constexpr int kCount = 600;
  std::vector<int> counts;
  for (int count = 0; count <= 70; ++count) counts.push_back(count);
  for (const int count : {127, 128, 129, 255, 256, 257, 511, 512, 513}) {
    counts.push_back(count);
  }
  GuardedBytes guarded(kCount * 16);
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      SCOPED_TRACE(describe(c));
      const RowCodec codec = codec_of(c);
      const std::vector<std::byte> stored = pixels(c, kCount);
      std::vector<float> lanes(kCount * c.lanes() + kRowSlack);
      codec.decode(stored.data(), kCount, lanes.data());
      std::vector<std::byte> again(stored.size());
      codec.encode(lanes.data(), kCount, again.data());
      for (const int count : counts) {
        const int first = count * 7 % (kCount - count);
        const std::size_t size = count * c.pixel_bytes();
        std::byte* row = guarded.last(size);
        if (size != 0) {
          std::memcpy(row, &stored[first * c.pixel_bytes()], size);
        }
        std::vector<float> part(count * c.lanes() + kRowSlack, -77.0f);
        codec.decode(row, count, part.data());
        ASSERT_EQ(std::memcmp(part.data(), &lanes[first * c.lanes()],
                              count * c.lanes() * sizeof(float)),
                  0)
            << count << " pixels decoded";
        codec.opaque(row, count);

        std::vector<std::byte> canary(size + 128, std::byte{0xA5});
        codec.encode(part.data(), count, canary.data() + 64);
        ASSERT_EQ(std::memcmp(canary.data() + 64,
                              again.data() + first * c.pixel_bytes(), size),
                  0)
            << count << " pixels encoded";
        for (int i = 0; i < 64; ++i) {
          ASSERT_EQ(canary[i], std::byte{0xA5});
          ASSERT_EQ(canary[64 + size + i], std::byte{0xA5}) << count;
        }
      }
    }
  });
}

// Every code as every colour, at full alpha and below: the same code comes
// back.
TEST_F(RowCodecTest, EveryCodeComesBack) {
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      if (c.format.component == Component::kFloat) continue;
      SCOPED_TRACE(describe(c));
      const int codes = c.bytes() == 1 ? 256 : 65536;
      const bool half = c.format.component == Component::kHalf;
      for (const double alpha : {1.0, 0.4}) {
        if (alpha != 1 && !c.has_alpha()) continue;
        std::vector<std::byte> stored(codes * c.pixel_bytes());
        for (int code = 0; code < codes; ++code) {
          for (int channel = 0; channel < c.colours(); ++channel) {
            std::memcpy(&stored[code * c.pixel_bytes() + channel * c.bytes()],
                        &code, c.bytes());
          }
          if (c.has_alpha()) {
            store_component(
                c.format.component, alpha,
                &stored[code * c.pixel_bytes() + c.colours() * c.bytes()]);
          }
        }
        std::vector<float> lanes(codes * c.lanes() + kRowSlack);
        std::vector<std::byte> again(stored.size());
        codec_of(c).decode(stored.data(), codes, lanes.data());
        for (const bool noisy : {false, true}) {
          const RowCodec codec = codec_of(c);
          (noisy ? codec.encode_noisy : codec.encode)(lanes.data(), codes,
                                                      again.data());
          for (int code = 0; code < codes; ++code) {
            const std::size_t at = code * c.pixel_bytes();
            if (half && (code & 0x7FFF) > 0x7C00) {
              ASSERT_TRUE(
                  std::isnan(load_component(c.format.component, &again[at])))
                  << code;
              continue;
            }
            ASSERT_EQ(std::memcmp(&again[at], &stored[at], c.pixel_bytes()), 0)
                << "code " << code << " alpha " << alpha;
          }
        }
      }
    }
  });
}

TEST_F(RowCodecTest, WeightsAtTheirLimits) {
  const float below_opaque = std::nextafter(kOpaque, 0.0f);
  struct {
    float weight;
    bool opaque, nothing, noise;
  } const weights[] = {
      {0.0f, false, true, true},
      {-0.0f, false, true, true},
      {1e-9f, false, false, true},
      {std::nextafter(kNoiseFloor, 0.0f), false, false, true},
      {kNoiseFloor, false, false, false},
      {0.5f, false, false, false},
      {below_opaque, false, false, false},
      {kOpaque, true, false, false},
      {1.0f, true, false, false},
      {1.25f, true, false, false},
      {kInfinity, true, false, false},
  };
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      if (!c.weighted()) continue;
      SCOPED_TRACE(describe(c));
      const RowCodec codec = codec_of(c);
      const float full =
          c.step == ToneStep::kKeep ? static_cast<float>(c.one()) : 1;
      const auto encode = [&](float weight, float neighbour, bool noisy) {
        // Four pixels, so that neighbours share a vector.
        std::vector<float> lanes(4 * c.lanes() + kRowSlack);
        for (int lane = 0; lane < 4 * c.lanes(); ++lane) {
          const bool is_weight = lane % c.lanes() == c.lanes() - 1;
          const bool first = lane < c.lanes();
          lanes[lane] = is_weight ? (first ? weight : neighbour)
                                  : 0.3f * full * (first ? 1 : neighbour);
        }
        std::vector<std::byte> stored(4 * c.pixel_bytes());
        (noisy ? codec.encode_noisy : codec.encode)(lanes.data(), 4,
                                                    stored.data());
        stored.resize(c.pixel_bytes());
        return stored;
      };
      const std::vector<std::byte> opaque = encode(1, 1, false);
      const std::vector<std::byte> nothing(c.pixel_bytes());
      for (const auto& w : weights) {
        for (const float neighbour : {1.0f, 0.5f, 0.0f}) {
          for (const bool noisy : {false, true}) {
            const std::vector<std::byte> stored =
                encode(w.weight, neighbour, noisy);
            if (w.opaque) {
              EXPECT_EQ(stored, opaque) << w.weight;
            }
            const bool empty = noisy ? w.noise : w.nothing;
            const bool is_empty = stored == nothing;
            // What is left of small alphas may round to nothing.
            if (empty || !c.has_alpha()) {
              EXPECT_EQ(is_empty, empty) << w.weight;
            }
            EXPECT_EQ(stored, encode(w.weight, 0.75f, noisy));
          }
        }
      }
      // Alpha that is stored but a little short of 1 decodes to 1.
      if (c.format.component == Component::kFloat && c.has_alpha()) {
        for (const float alpha : {below_opaque, kOpaque, 1.5f, kInfinity}) {
          std::vector<float> pixel(c.format.channels, 0.25f);
          pixel.back() = alpha;
          std::vector<float> lanes(c.lanes() + kRowSlack);
          codec.decode(reinterpret_cast<const std::byte*>(pixel.data()), 1,
                       lanes.data());
          EXPECT_EQ(lanes[c.lanes() - 1], alpha >= kOpaque ? 1 : alpha);
        }
      }
    }
  });
}

TEST_F(RowCodecTest, BadFloatsSpoilOnlyTheirPixel) {
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      SCOPED_TRACE(describe(c));
      const RowCodec codec = codec_of(c);
      constexpr int kCount = 33;
      for (const float bad :
           {kNaN, -kNaN, kInfinity, -kInfinity, 3e38f, -3e38f}) {
        for (int at = 0; at < c.lanes(); ++at) {
          std::vector<float> lanes(kCount * c.lanes() + kRowSlack, 0.5f);
          std::vector<std::byte> good(kCount * c.pixel_bytes());
          codec.encode(lanes.data(), kCount, good.data());
          lanes[13 * c.lanes() + at] = bad;
          std::vector<std::byte> stored(good.size());
          codec.encode(lanes.data(), kCount, stored.data());
          for (int x = 0; x < kCount; ++x) {
            if (x == 13) continue;
            ASSERT_EQ(std::memcmp(&stored[x * c.pixel_bytes()],
                                  &good[x * c.pixel_bytes()], c.pixel_bytes()),
                      0)
                << "pixel " << x << ", " << bad << " in lane " << at;
          }
          if (c.integer() || at >= c.colours()) continue;
          const double value =
              load_component(c.format.component,
                             &stored[13 * c.pixel_bytes() + at * c.bytes()]);
          if (std::isnan(bad)) {
            EXPECT_TRUE(std::isnan(value)) << value;
          } else if (std::isinf(bad)) {
            EXPECT_EQ(value, bad);
          }
        }
      }
    }
  });
}

TEST_F(RowCodecTest, FloatsSurviveTheirWholeRange) {
  on_every_target([&] {
    for (const ToneStep step : kSteps) {
      const Case c = {{Component::kFloat, 1, Alpha::kNone, ToneCurve::kSrgb},
                      step,
                      Border::kClamp};
      SCOPED_TRACE(describe(c));
      std::vector<float> values;
      for (int exponent = -149; exponent <= 127; ++exponent) {
        for (const double mantissa : {1.0, 1.2, 1.5, 1.9999999}) {
          values.push_back(std::ldexp(mantissa, exponent));
          values.push_back(-values.back());
        }
      }
      const std::size_t count = values.size();
      for (const bool decode : {true, false}) {
        std::vector<float> result(count + kRowSlack);
        values.resize(count + kRowSlack);
        if (decode) {
          codec_of(c).decode(reinterpret_cast<std::byte*>(values.data()), count,
                             result.data());
        } else {
          codec_of(c).encode(values.data(), count,
                             reinterpret_cast<std::byte*>(result.data()));
        }
        double worst = 0;
        for (std::size_t i = 0; i < count; ++i) {
          const double expected =
              decode ? to_light(values[i], step) : from_light(values[i], step);
          // Steps of denormals are all there is below.
          const double error = difference(result[i], expected, 1e-36);
          ASSERT_LE(error, 6)
              << values[i] << " became " << result[i] << ", not " << expected;
          worst = std::max(worst, error);
        }
        RecordProperty(describe(c) + (decode ? " decode" : " encode"),
                       std::to_string(worst));
      }
    }
  });
}

// Every float of a fine grid over the shadows and the range of light.
TEST_F(RowCodecTest, CurvesHoldTheirErrorOverTheUnitRange) {
  constexpr std::size_t kCount = 200'000;
  std::vector<float> values(kCount + kRowSlack);
  for (std::size_t i = 0; i < kCount; ++i) {
    const double t = static_cast<double>(i) / (kCount - 1);
    values[i] = static_cast<float>(i % 2 ? t : t * t * t);
  }
  on_every_target([&] {
    for (const Component component : kComponents) {
      for (const ToneStep step :
           {ToneStep::kSrgbToLinear, ToneStep::kLinearToSrgb}) {
        const Case c = {{component, 1, Alpha::kNone, ToneCurve::kSrgb},
                        step,
                        Border::kClamp};
        SCOPED_TRACE(describe(c));
        std::vector<std::byte> stored(kCount * c.bytes());
        codec_of(c).encode(values.data(), kCount, stored.data());
        double worst = 0;
        for (std::size_t i = 0; i < kCount; ++i) {
          const double error = stored_error(c, &stored[i * c.bytes()],
                                            from_light(values[i], step));
          ASSERT_LE(error, allowed_error(c)) << values[i];
          worst = std::max(worst, error);
        }
        RecordProperty(describe(c), std::to_string(worst));
      }
    }
  });
}

TEST_F(RowCodecTest, OpaqueSeesEveryAlpha) {
  on_every_target([&] {
    for (const Case& c : all_cases()) {
      SCOPED_TRACE(describe(c));
      const RowCodec codec = codec_of(c);
      for (const int count : {0, 1, 2, 3, 5, 8, 13, 16, 31, 64, 70, 200}) {
        std::vector<std::byte> stored(count * c.pixel_bytes());
        const auto store = [&](int x, int channel, double value) {
          store_component(c.format.component, value,
                          &stored[x * c.pixel_bytes() + channel * c.bytes()]);
        };
        for (int x = 0; x < count; ++x) {
          if (c.has_alpha()) store(x, c.colours(), 1);
        }
        ASSERT_TRUE(codec.opaque(stored.data(), count)) << count;
        if (!c.has_alpha()) continue;
        for (int x = 0; x < count; ++x) {
          for (const double alpha : {0.0, 0.996, double{kNaN}, -1.0}) {
            store(x, c.colours(), alpha);
            ASSERT_FALSE(codec.opaque(stored.data(), count))
                << count << " pixels, alpha " << alpha << " at " << x;
          }
          if (!c.integer()) {
            store(x, c.colours(), kInfinity);
            ASSERT_TRUE(codec.opaque(stored.data(), count));
          }
          if (c.format.component == Component::kFloat) {
            store(x, c.colours(), std::nextafter(kOpaque, 0.0f));
            ASSERT_FALSE(codec.opaque(stored.data(), count));
            store(x, c.colours(), kOpaque);
            ASSERT_TRUE(codec.opaque(stored.data(), count));
          }
          store(x, c.colours(), 1);
        }
      }
    }
  });
}

TEST_F(RowCodecTest, LanesOfEachFormat) {
  const auto lanes = [](int channels, Alpha alpha, Border border) {
    return lanes_per_pixel({Component::kU8, channels, alpha, ToneCurve::kSrgb},
                           border);
  };
  EXPECT_EQ(lanes(1, Alpha::kNone, Border::kClamp), 1);
  EXPECT_EQ(lanes(1, Alpha::kNone, Border::kNone), 2);
  EXPECT_EQ(lanes(2, Alpha::kStraight, Border::kNone), 2);
  EXPECT_EQ(lanes(3, Alpha::kNone, Border::kClamp), 4);
  EXPECT_EQ(lanes(3, Alpha::kNone, Border::kNone), 4);
  EXPECT_EQ(lanes(4, Alpha::kPremultiplied, Border::kLoop), 4);
  EXPECT_EQ(lanes(4, Alpha::kNone, Border::kLoop), 4);
  EXPECT_EQ(lanes(4, Alpha::kNone, Border::kNone), 0);
}

}  // namespace
}  // namespace gk
