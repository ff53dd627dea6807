#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/sliding_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/sliding_codec_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/pixel_lanes-inl.h"
#include "core/sliding_steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

// Vectors hold less than a pixel.
void SetCodecLoops(const PixelFormat&, ToneStep, int, int, SlidingLoops&) {}

#else

// Pixels that pass through the codec on their way in and out. A: what watches
// their alpha where L takes them for opaque.
template <class L, class A>
struct PixelSamples {
  using T = typename L::Stored;
  using Watch = A;
  static constexpr bool kFinite = L::kInteger;
  static constexpr bool kSplits = true;
  static constexpr bool kDecodes = true;
  static constexpr bool kStreams =
      std::is_same_v<T, float> && L::kChannels == L::kLanes;
  // Four components for every three: the last vector's reach further.
  static constexpr int kOverrun = L::kChannels == L::kLanes ? 0 : 2;
  template <int kLanes>
  static constexpr int kPixelBytes = L::kChannels* static_cast<int>(sizeof(T));

  static HWY_INLINE const T* At(const std::byte* row, std::size_t i) {
    return reinterpret_cast<const T*>(row) + i / L::kLanes * L::kChannels;
  }
  static HWY_INLINE T* At(std::byte* row, std::size_t i) {
    return reinterpret_cast<T*>(row) + i / L::kLanes * L::kChannels;
  }
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i) {
    return DecodeVector<L>(At(row, i));
  }
  template <class S>
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i, S& alpha) {
    if constexpr (!std::is_same_v<S, NoAlpha>) {
      alpha.See(hn::LoadU(hn::Rebind<T, Floats>(), At(row, i)));
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
  using Watch = NoAlpha;
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

template <typename T, int kLanes>
using AlphaOfComponents =
    std::conditional_t<std::is_same_v<T, float>, FloatAlpha<kLanes>,
                       CodeAlpha<T, kLanes>>;

template <class In, int kLanes, int kCosines>
void SetRowLoops(SlidingLoops& loops) {
  using A = typename In::Watch;
  loops.step_rows = StepRows<In, A, kLanes, kCosines>;
  if constexpr (std::is_base_of_v<FloatSamples, In>) {
    loops.start_rows = StartRows<In, A, kLanes, kCosines>;
  }
}

template <class In, class Out, int kLanes>
void SetLoops(int vertical, int horizontal, SlidingLoops& loops) {
  switch (vertical) {
    case 3:
      SetRowLoops<In, kLanes, 3>(loops);
      break;
    case 4:
      SetRowLoops<In, kLanes, 4>(loops);
      break;
    case 5:
      SetRowLoops<In, kLanes, 5>(loops);
      break;
    case 6:
      SetRowLoops<In, kLanes, 6>(loops);
      break;
    default:
      return;
  }
  switch (horizontal) {
    case 3:
      loops.step_columns = StepColumns<Out, kLanes, 3>;
      break;
    case 4:
      loops.step_columns = StepColumns<Out, kLanes, 4>;
      break;
    case 5:
      loops.step_columns = StepColumns<Out, kLanes, 5>;
      break;
    case 6:
      loops.step_columns = StepColumns<Out, kLanes, 6>;
      break;
    default:
      loops.step_columns = StepColumns<Out, kLanes, 0>;
  }
  loops.decodes = true;
  loops.overread = In::kOverrun;
}

// With alpha or, if `alpha` says so, lanes without a weight.
template <typename T, int kChannels, ToneStep kStep>
void SetLoopsWithAlpha(Alpha alpha, int vertical, int horizontal,
                       SlidingLoops& loops) {
  if (alpha == Alpha::kStraight) {
    using Both =
        PixelSamples<Loop<T, kChannels, Weight::kStraight, kStep>, NoAlpha>;
    SetLoops<Both, Both, kChannels>(vertical, horizontal, loops);
  } else if constexpr (kStep != ToneStep::kKeep) {
    using Both = PixelSamples<Loop<T, kChannels, Weight::kAbsent, kStep>,
                              AlphaOfComponents<T, kChannels>>;
    SetLoops<Both, Both, kChannels>(vertical, horizontal, loops);
  } else if constexpr (std::is_same_v<T, float>) {
    if (alpha == Alpha::kPremultiplied) {
      using Out =
          PixelSamples<Loop<T, kChannels, Weight::kPremultiplied, kStep>,
                       NoAlpha>;
      SetLoops<PremultipliedSamples<kChannels>, Out, kChannels>(
          vertical, horizontal, loops);
    }
  }
}

template <typename T, ToneStep kStep>
void SetLoopsOf(const PixelFormat& format, int vertical, int horizontal,
                SlidingLoops& loops) {
  switch (format.channels) {
    case 1:
      if constexpr (kStep != ToneStep::kKeep) {
        using Both = PixelSamples<Loop<T, 1, Weight::kAbsent, kStep>, NoAlpha>;
        SetLoops<Both, Both, 1>(vertical, horizontal, loops);
      }
      break;
    case 2:
      SetLoopsWithAlpha<T, 2, kStep>(format.alpha, vertical, horizontal, loops);
      break;
    case 3: {
      using In = PixelSamples<Loop<T, 3, Weight::kAdded, kStep>, NoAlpha>;
      using Out = PixelSamples<Loop<T, 3, Weight::kAbsent, kStep>, NoAlpha>;
      SetLoops<In, Out, 4>(vertical, horizontal, loops);
      break;
    }
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

void SetCodecLoops(const PixelFormat& format, ToneStep step, int vertical,
                   int horizontal, SlidingLoops& loops) {
  switch (format.component) {
    case Component::kU8:
      SetLoopsFor<std::uint8_t>(format, step, vertical, horizontal, loops);
      break;
    case Component::kU16:
      SetLoopsFor<std::uint16_t>(format, step, vertical, horizontal, loops);
      break;
    case Component::kFloat:
      SetLoopsFor<float>(format, step, vertical, horizontal, loops);
      break;
    case Component::kHalf:
      break;
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(SetCodecLoops);

void decode_in_registers(const PixelFormat& format, ToneStep step,
                         int vertical_cosines, int horizontal_cosines,
                         SlidingLoops& loops) {
  HWY_DYNAMIC_DISPATCH(SetCodecLoops)
  (format, step, vertical_cosines, horizontal_cosines, loops);
}

}  // namespace gk
#endif
