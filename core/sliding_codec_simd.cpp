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
  using Alpha = A;
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
struct PremultipliedSamples : FloatSamples {
  using Alpha = NoAlpha;
  static constexpr bool kDecodes = true;
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i) {
    const Floats d;
    const Vector infinity = hn::Set(d, std::numeric_limits<float>::infinity());
    const Vector most =
        hn::IfThenElse(WeightLanes<4>(), hn::Set(d, 1.0f), infinity);
    return hn::Min(most, FloatSamples::Load(row, i));
  }
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i, NoAlpha&) {
    return Load(row, i);
  }
};

template <class In, int kCosines>
void SetRowLoops(SlidingLoops& loops) {
  using A = typename In::Alpha;
  loops.step_rows = StepRows<In, A, 4, kCosines>;
  if constexpr (std::is_same_v<In, PremultipliedSamples>) {
    loops.start_rows = StartRows<In, A, 4, kCosines>;
  }
}

template <class In, class Out>
void SetLoops(int vertical, int horizontal, SlidingLoops& loops) {
  switch (vertical) {
    case 3:
      SetRowLoops<In, 3>(loops);
      break;
    case 4:
      SetRowLoops<In, 4>(loops);
      break;
    case 5:
      SetRowLoops<In, 5>(loops);
      break;
    case 6:
      SetRowLoops<In, 6>(loops);
      break;
    default:
      return;
  }
  switch (horizontal) {
    case 3:
      loops.step_columns = StepColumns<Out, 4, 3>;
      break;
    case 4:
      loops.step_columns = StepColumns<Out, 4, 4>;
      break;
    case 5:
      loops.step_columns = StepColumns<Out, 4, 5>;
      break;
    case 6:
      loops.step_columns = StepColumns<Out, 4, 6>;
      break;
    default:
      loops.step_columns = StepColumns<Out, 4, 0>;
  }
  loops.decodes = true;
  loops.overread = In::kOverrun;
}

template <typename T, ToneStep kStep, class A>
void SetLoopsOf(const PixelFormat& format, int vertical, int horizontal,
                SlidingLoops& loops) {
  if (format.channels == 3) {
    using In = PixelSamples<Loop<T, 3, Weight::kAdded, kStep>, NoAlpha>;
    using Out = PixelSamples<Loop<T, 3, Weight::kAbsent, kStep>, NoAlpha>;
    SetLoops<In, Out>(vertical, horizontal, loops);
  } else if (format.alpha == Alpha::kStraight) {
    using Both = PixelSamples<Loop<T, 4, Weight::kStraight, kStep>, NoAlpha>;
    SetLoops<Both, Both>(vertical, horizontal, loops);
  } else if constexpr (kStep != ToneStep::kKeep) {
    using Both = PixelSamples<Loop<T, 4, Weight::kAbsent, kStep>, A>;
    SetLoops<Both, Both>(vertical, horizontal, loops);
  } else if constexpr (std::is_same_v<T, float>) {
    if (format.alpha == Alpha::kPremultiplied) {
      using Out =
          PixelSamples<Loop<T, 4, Weight::kPremultiplied, kStep>, NoAlpha>;
      SetLoops<PremultipliedSamples, Out>(vertical, horizontal, loops);
    }
  }
}

template <typename T, class A>
void SetLoopsFor(const PixelFormat& format, ToneStep step, int vertical,
                 int horizontal, SlidingLoops& loops) {
  if (step == ToneStep::kKeep) {
    SetLoopsOf<T, ToneStep::kKeep, A>(format, vertical, horizontal, loops);
  } else if (step == ToneStep::kSrgbToLinear) {
    SetLoopsOf<T, ToneStep::kSrgbToLinear, A>(format, vertical, horizontal,
                                              loops);
  }
}

void SetCodecLoops(const PixelFormat& format, ToneStep step, int vertical,
                   int horizontal, SlidingLoops& loops) {
  switch (format.component) {
    case Component::kU8:
      SetLoopsFor<std::uint8_t, CodeAlpha<std::uint8_t>>(format, step, vertical,
                                                         horizontal, loops);
      break;
    case Component::kU16:
      SetLoopsFor<std::uint16_t, CodeAlpha<std::uint16_t>>(
          format, step, vertical, horizontal, loops);
      break;
    case Component::kFloat:
      SetLoopsFor<float, FloatAlpha>(format, step, vertical, horizontal, loops);
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
  if (format.channels < 3) return;
  HWY_DYNAMIC_DISPATCH(SetCodecLoops)
  (format, step, vertical_cosines, horizontal_cosines, loops);
}

}  // namespace gk
#endif
