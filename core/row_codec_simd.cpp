#include <cassert>
#include <cstddef>
#include <cstdint>
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

// The functions of RowCodec. kPixels: pixels of the loop for each pixel of the
// format.
template <class L, int kPixels>
struct Entry {
  static void Decode(const std::byte* row, std::size_t count, float* lanes) {
    DecodeRow<L>(row, count * kPixels, lanes);
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
    EncodeRow<L>(lanes, count * kPixels, row, LeastWeight<L>(least_weight));
  }
};

bool AlwaysOpaque(const std::byte*, std::size_t) { return true; }

template <typename T>
struct Formats {
  template <int kChannels, Weight kDecode, Weight kEncode, ToneStep kStep,
            int kPixels>
  static RowCodec Make() {
    using In = Entry<Loop<T, kChannels, kDecode, kStep>, kPixels>;
    using Out = Entry<Loop<T, kChannels, kEncode, kStep>, kPixels>;
    RowCodec codec = {In::Decode, Out::Encode, Out::Encode, AlwaysOpaque};
    if constexpr (kEncode != Weight::kAbsent) {
      codec.encode_noisy = Out::EncodeNoisy;
    }
    if constexpr (kDecode == Weight::kStraight ||
                  kDecode == Weight::kPremultiplied) {
      codec.opaque = OpaqueRow<Comparable<T>, kChannels>;
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
      return select(Formats<std::uint8_t>());
    case Component::kU16:
      return select(Formats<std::uint16_t>());
    case Component::kHalf:
      return select(Formats<hwy::float16_t>());
    case Component::kFloat:
      break;
  }
  return select(Formats<float>());
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
