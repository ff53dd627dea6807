// Loops of the fast method that decode and encode pixels in registers.
//
// To be included, once for each CPU target, after <hwy/highway.h>.

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/sliding_loops.h"

#if defined(GK_CORE_SLIDING_CODEC_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_SLIDING_CODEC_INL_H_
#undef GK_CORE_SLIDING_CODEC_INL_H_
#else
#define GK_CORE_SLIDING_CODEC_INL_H_
#endif

#include "core/pixel_lanes-inl.h"
#include "core/sliding_steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

// Vectors hold less than a pixel.
template <typename T>
void SetLoopsFor(const PixelFormat&, ToneStep, int, int, SlidingLoops&) {}

#else

// Pixels that pass through the codec on their way in and out.
template <class L>
struct PixelSamples {
  using T = typename L::Stored;
  static constexpr bool kFinite = L::kInteger;
  static constexpr bool kSplits = true;
  static constexpr bool kDecodes = true;
  static constexpr bool kCurves = L::kStep != ToneStep::kKeep;
  static constexpr bool kStreams = std::is_same_v<T, float>;
  static constexpr int kBytes = sizeof(T);
  static_assert(L::kLanes == L::kChannels);

  static HWY_INLINE const T* At(const std::byte* row, std::size_t i) {
    return reinterpret_cast<const T*>(row) + i;
  }
  static HWY_INLINE T* At(std::byte* row, std::size_t i) {
    return reinterpret_cast<T*>(row) + i;
  }
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i) {
    return DecodeVector<L>(At(row, i));
  }
  template <class S>
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i, S& alpha) {
    if constexpr (!std::is_same_v<S, NoAlpha>) {
      const auto* seen = reinterpret_cast<const Comparable<T>*>(At(row, i));
      alpha.See(hn::LoadU(hn::Rebind<Comparable<T>, Floats>(), seen));
    }
    return Load(row, i);
  }
  template <int kCount>
  static HWY_INLINE void Finish(Vector (&v)[kCount]) {
    TakeWeights<L>(v, hn::Set(Floats(), LeastWeight<L>(kNoiseFloor)));
  }
  static HWY_INLINE void Store(Vector v, std::byte* row, std::size_t i) {
    StoreComponents(Floats(), ToStored<L>(v), At(row, i));
  }
  static HWY_INLINE void Stream(Vector v, std::byte* row, std::size_t i) {
    hn::Stream(ToStored<L>(v), Floats(), reinterpret_cast<float*>(At(row, i)));
  }
};

// Premultiplied floats are lanes as they are, but for an alpha above 1; that
// below 1 which counts as 1 is less than 1e-6 away. Min() gives its second
// argument where one is NaN.
template <int kLanes>
struct PremultipliedSamples : FloatSamples {
  static constexpr bool kDecodes = true;
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i) {
    const Floats d;
    const Vector infinity = hn::Set(d, std::numeric_limits<float>::infinity());
    const Vector most =
        hn::IfThenElse(WeightLanes<kLanes>(), hn::Set(d, 1.0f), infinity);
    return hn::Min(most, FloatSamples::Load(row, i));
  }
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i, NoAlpha&) {
    return Load(row, i);
  }
};

// Whether samples are summed as they are stored, by loops that don't decode,
// where no tone step is taken.
template <typename T>
constexpr bool kHasStoredLoops = !std::is_same_v<T, hwy::float16_t>;

// kFloats: of a pixel, which A watches.
template <class In, class Out, class A, int kFloats>
void SetLoops(int vertical, int horizontal, SlidingLoops& loops) {
  if (vertical == 0) return;
  WithCosines(vertical, [&loops](auto cosines) {
    loops.step_rows = StepRows<In, A, kRowLanes<kFloats>, cosines>;
    if constexpr (std::is_base_of_v<FloatSamples, In>) {
      loops.start_rows = StartRows<In, A, kRowLanes<kFloats>, cosines>;
    }
  });
  WithCosines(horizontal, [&loops](auto cosines) {
    loops.step_columns = StepColumns<Out, kFloats, cosines>;
  });
  loops.decodes = true;
}

// With alpha or, if `alpha` says so, lanes without a weight.
template <typename T, int kChannels, ToneStep kStep>
void SetLoopsWithAlpha(Alpha alpha, int vertical, int horizontal,
                       SlidingLoops& loops) {
  if (alpha == Alpha::kStraight) {
    using Both = PixelSamples<Loop<T, kChannels, Weight::kStraight, kStep>>;
    SetLoops<Both, Both, NoAlpha, kChannels>(vertical, horizontal, loops);
  } else if (alpha == Alpha::kPremultiplied) {
    if constexpr (std::is_same_v<T, float> && kStep == ToneStep::kKeep) {
      using Out =
          PixelSamples<Loop<T, kChannels, Weight::kPremultiplied, kStep>>;
      SetLoops<PremultipliedSamples<kChannels>, Out, NoAlpha, kChannels>(
          vertical, horizontal, loops);
    }
  } else if constexpr (kStep != ToneStep::kKeep || !kHasStoredLoops<T>) {
    using Both = PixelSamples<Loop<T, kChannels, Weight::kAbsent, kStep>>;
    SetLoops<Both, Both, AlphaWatch<T, kChannels>, kChannels>(
        vertical, horizontal, loops);
  }
}

template <typename T, ToneStep kStep>
void SetLoopsOf(const PixelFormat& format, int vertical, int horizontal,
                SlidingLoops& loops) {
  switch (format.channels) {
    case 1:
    case 3:
      if constexpr (kStep != ToneStep::kKeep || !kHasStoredLoops<T>) {
        using Both = PixelSamples<Loop<T, 1, Weight::kAbsent, kStep>>;
        if (format.channels == 1) {
          SetLoops<Both, Both, NoAlpha, 1>(vertical, horizontal, loops);
        } else {
          SetLoops<Both, Both, NoAlpha, 3>(vertical, horizontal, loops);
        }
      }
      break;
    case 2:
      SetLoopsWithAlpha<T, 2, kStep>(format.alpha, vertical, horizontal, loops);
      break;
    default:
      SetLoopsWithAlpha<T, 4, kStep>(format.alpha, vertical, horizontal, loops);
  }
}

template <typename T>
void SetLoopsFor(const PixelFormat& format, ToneStep step, int vertical,
                 int horizontal, SlidingLoops& loops) {
  if (step == ToneStep::kKeep) {
    SetLoopsOf<T, ToneStep::kKeep>(format, vertical, horizontal, loops);
  } else if (step == ToneStep::kSrgbToLinear) {
    SetLoopsOf<T, ToneStep::kSrgbToLinear>(format, vertical, horizontal, loops);
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_SLIDING_CODEC_INL_H_
