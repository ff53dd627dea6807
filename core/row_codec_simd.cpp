#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/row_codec.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/row_codec_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/component_lanes-inl.h"
#include "core/opaque_row-inl.h"
#include "core/pixel_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Halfs go through the loops for float, a block at a time.
constexpr std::size_t kBlock = 256;
constexpr std::size_t kBlockSlack = 16;

HWY_NOINLINE void FloatsOfHalfs(const std::uint16_t* HWY_RESTRICT halfs,
                                std::size_t count, float* HWY_RESTRICT floats) {
  const std::size_t step = hn::Lanes(kFloats);
  std::size_t i = 0;
  for (; i + step <= count; i += step) {
    hn::StoreU(LoadHalfs(kFloats, halfs + i), kFloats, floats + i);
  }
  if (i == count) return;
  std::uint16_t end[hn::MaxLanes(Floats())] = {};
  std::memcpy(end, halfs + i, (count - i) * sizeof(*halfs));
  hn::StoreU(LoadHalfs(kFloats, end), kFloats, floats + i);
}

HWY_NOINLINE void HalfsOfFloats(const float* HWY_RESTRICT floats,
                                std::size_t count,
                                std::uint16_t* HWY_RESTRICT halfs) {
  const std::size_t step = hn::Lanes(kFloats);
  std::size_t i = 0;
  for (; i + step <= count; i += step) {
    StoreHalfs(kFloats, hn::LoadU(kFloats, floats + i), halfs + i);
  }
  if (i == count) return;
  std::uint16_t end[hn::MaxLanes(Floats())];
  StoreHalfs(kFloats, hn::LoadU(kFloats, floats + i), end);
  std::memcpy(halfs + i, end, (count - i) * sizeof(*halfs));
}

template <class L>
void DecodeHalfRow(const std::byte* row, std::size_t count, float* lanes) {
  const auto* halfs = reinterpret_cast<const std::uint16_t*>(row);
  alignas(64) float block[kBlock * L::kChannels + kBlockSlack];
  while (count != 0) {
    const std::size_t part = count < kBlock ? count : kBlock;
    FloatsOfHalfs(halfs, part * L::kChannels, block);
    DecodeRow<L>(reinterpret_cast<const std::byte*>(block), part, lanes);
    halfs += part * L::kChannels;
    lanes += part * L::kLanes;
    count -= part;
  }
}

template <class L>
void EncodeHalfRow(const float* lanes, std::size_t count, std::byte* row,
                   float least_weight) {
  auto* halfs = reinterpret_cast<std::uint16_t*>(row);
  // 2^-25 is stored as 0.
  if constexpr (L::kHasAlpha) {
    constexpr float kStored = 0x1.000002p-25f;
    least_weight = std::max(least_weight, kStored);
  }
  // The slack is converted too, as far as a vector reaches.
  alignas(64) float block[kBlock * L::kChannels + kBlockSlack] = {};
  while (count != 0) {
    const std::size_t part = count < kBlock ? count : kBlock;
    EncodeRow<L>(lanes, part, reinterpret_cast<std::byte*>(block),
                 least_weight);
    HalfsOfFloats(block, part * L::kChannels, halfs);
    halfs += part * L::kChannels;
    lanes += part * L::kLanes;
    count -= part;
  }
}

// The functions of RowCodec. kPixels: pixels of the loop for each pixel of the
// format.
template <class L, bool kHalf, int kPixels>
struct Entry {
  static void Decode(const std::byte* row, std::size_t count, float* lanes) {
    if constexpr (kHalf) {
      DecodeHalfRow<L>(row, count * kPixels, lanes);
    } else {
      DecodeRow<L>(row, count * kPixels, lanes);
    }
  }
  static void Encode(const float* lanes, std::size_t count, std::byte* row) {
    // The CPU may flush smaller weights to 0.
    EncodeAbove(lanes, count, row, std::numeric_limits<float>::min());
  }
  static void EncodeNoisy(const float* lanes, std::size_t count,
                          std::byte* row) {
    EncodeAbove(lanes, count, row, kNoiseFloor);
  }

 private:
  static void EncodeAbove(const float* lanes, std::size_t count, std::byte* row,
                          float least_weight) {
    if constexpr (kHalf) {
      EncodeHalfRow<L>(lanes, count * kPixels, row, least_weight);
    } else {
      EncodeRow<L>(lanes, count * kPixels, row, LeastWeight<L>(least_weight));
    }
  }
};

bool AlwaysOpaque(const std::byte*, std::size_t) { return true; }

template <typename T, bool kHalf>
struct Formats {
  template <int kChannels, Weight kDecode, Weight kEncode, ToneStep kStep,
            int kPixels>
  static RowCodec Make() {
    using In = Entry<Loop<T, kChannels, kDecode, kStep>, kHalf, kPixels>;
    using Out = Entry<Loop<T, kChannels, kEncode, kStep>, kHalf, kPixels>;
    RowCodec codec = {In::Decode, Out::Encode, Out::Encode, AlwaysOpaque};
    if constexpr (kEncode != Weight::kAbsent) {
      codec.encode_noisy = Out::EncodeNoisy;
    }
    if constexpr (kDecode == Weight::kStraight ||
                  kDecode == Weight::kPremultiplied) {
      using Alpha = std::conditional_t<kHalf, std::int16_t, T>;
      codec.opaque = OpaqueRow<Alpha, kChannels>;
    }
    return codec;
  }

  template <int kChannels, Weight kDecode, Weight kEncode, int kPixels = 1>
  static RowCodec ForStep(ToneStep step) {
    switch (step) {
      case ToneStep::kKeep:
        break;
      case ToneStep::kSrgbToLinear:
        return Make<kChannels, kDecode, kEncode, ToneStep::kSrgbToLinear,
                    kPixels>();
      case ToneStep::kLinearToSrgb:
        return Make<kChannels, kDecode, kEncode, ToneStep::kLinearToSrgb,
                    kPixels>();
    }
    return Make<kChannels, kDecode, kEncode, ToneStep::kKeep, kPixels>();
  }

  template <int kChannels>
  static RowCodec WithAlpha(Alpha alpha, ToneStep step) {
    constexpr Weight kAs = Weight::kPremultiplied;
    if (alpha == Alpha::kPremultiplied) {
      return Make<kChannels, kAs, kAs, ToneStep::kKeep, 1>();
    }
    return ForStep<kChannels, Weight::kStraight, Weight::kStraight>(step);
  }

  static RowCodec For(int channels, Alpha alpha, ToneStep step, Border border) {
    const bool weighted = outside_is_nothing(border);
    constexpr Weight kNo = Weight::kAbsent;
    constexpr Weight kAdded = Weight::kAdded;
    switch (channels) {
      case 1:
        return weighted ? ForStep<1, kAdded, kAdded>(step)
                        : ForStep<1, kNo, kNo>(step);
      case 2:
        return alpha == Alpha::kNone ? ForStep<1, kNo, kNo, 2>(step)
                                     : WithAlpha<2>(alpha, step);
      case 3:
        return weighted ? ForStep<3, kAdded, kAdded>(step)
                        : ForStep<3, kAdded, kNo>(step);
      default:
        return alpha == Alpha::kNone ? ForStep<1, kNo, kNo, 4>(step)
                                     : WithAlpha<4>(alpha, step);
    }
  }
};

RowCodec CodecOfTarget(const PixelFormat& format, ToneStep step,
                       Border border) {
  const auto select = [&](auto formats) {
    return formats.For(format.channels, format.alpha, step, border);
  };
  switch (format.component) {
    case Component::kU8:
      return select(Formats<std::uint8_t, false>());
    case Component::kU16:
      return select(Formats<std::uint16_t, false>());
    case Component::kHalf:
      return select(Formats<float, true>());
    case Component::kFloat:
      break;
  }
  return select(Formats<float, false>());
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(CodecOfTarget);

int lanes_per_pixel(const PixelFormat& format, Border border) {
  if (format.channels == 3) return 4;
  if (format.alpha != Alpha::kNone || !outside_is_nothing(border)) {
    return format.channels;
  }
  return format.channels == 1 ? 2 : 0;
}

RowCodec row_codec(const PixelFormat& format, ToneStep step, Border border) {
  assert(lanes_per_pixel(format, border) != 0);
  assert(format.alpha == Alpha::kNone || format.channels % 2 == 0);
  assert(format.alpha != Alpha::kPremultiplied || step == ToneStep::kKeep);
  return HWY_DYNAMIC_DISPATCH(CodecOfTarget)(format, step, border);
}

}  // namespace gk
#endif
