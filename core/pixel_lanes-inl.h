// Stored pixels to lanes of light and back: one vector at a time, and whole
// rows. What the lanes hold: core/row_codec.h.
//
// To be included, once for each CPU target, after <hwy/highway.h>.

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/pixel_format.h"
#include "core/row_codec.h"

#if defined(GK_CORE_PIXEL_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_PIXEL_LANES_INL_H_
#undef GK_CORE_PIXEL_LANES_INL_H_
#else
#define GK_CORE_PIXEL_LANES_INL_H_
#endif

#include "core/component_lanes-inl.h"
#include "core/srgb_curve-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using FloatVec = hn::Vec<Floats>;
constexpr Floats kFloats;

enum class Weight {
  kAbsent,         // not stored; not needed, or not there (1 or 3 channels)
  kAdded,          // not stored; a lane of its own
  kStraight,       // stored, colours to be multiplied and divided by it
  kPremultiplied,  // stored, colours as they are
};

// What one loop is compiled for.
template <typename T, int channels, Weight weight, ToneStep step>
struct Loop {
  using Stored = T;
  static constexpr int kChannels = channels;
  static constexpr Weight kWeight = weight;
  static constexpr ToneStep kStep = step;
  static constexpr int kLanes =
      channels == 3
          ? 4
          : (channels == 1 && weight == Weight::kAdded ? 2 : channels);
  static constexpr bool kHasAlpha =
      weight == Weight::kStraight || weight == Weight::kPremultiplied;
  static constexpr int kOne = kOneOf<T>;
  static constexpr bool kInteger = kOne != 1;
  static constexpr bool kHalf = std::is_same_v<T, hwy::float16_t>;
  // Whether one division does for the pixels of several vectors. Of floats it
  // could overflow where the quotient does not, and beside a tone curve nothing
  // is gained.
  static constexpr bool kSharesDivision =
      kInteger && weight != Weight::kPremultiplied && step == ToneStep::kKeep;
};

// Stored colours, codes if integer, -> lanes.
template <class L>
HWY_INLINE FloatVec ToLight(FloatVec v) {
  constexpr CurveRange kRange =
      L::kInteger ? CurveRange::kUnit : CurveRange::kAny;
  if constexpr (L::kStep == ToneStep::kSrgbToLinear) {
    return SrgbToLinear<L::kOne, 1, kRange>(kFloats, v);
  } else if constexpr (L::kStep == ToneStep::kLinearToSrgb) {
    return LinearToSrgb<L::kOne, 1, kRange>(kFloats, v);
  }
  return v;
}

// Lanes of colour -> stored colours; integers still to be rounded, in range.
template <class L>
HWY_INLINE FloatVec FromLight(FloatVec v) {
  constexpr bool kKeep = L::kStep == ToneStep::kKeep;
  if constexpr (L::kInteger) {
    // NaN becomes 0.
    v = hn::Min(hn::Max(v, hn::Zero(kFloats)),
                hn::Set(kFloats, kKeep ? float{L::kOne} : 1.0f));
  }
#if HWY_TARGET <= HWY_AVX3
  if constexpr (L::kOne == 255 && L::kStep == ToneStep::kSrgbToLinear) {
    return srgb::CodesOfLight(v);
  }
#endif
  constexpr CurveRange kRange =
      L::kInteger ? CurveRange::kUnit : CurveRange::kAny;
  if constexpr (L::kStep == ToneStep::kSrgbToLinear) {
    return LinearToSrgb<1, L::kOne, kRange>(kFloats, v);
  } else if constexpr (L::kStep == ToneStep::kLinearToSrgb) {
    return SrgbToLinear<1, L::kOne, kRange>(kFloats, v);
  }
  return v;
}

// The weight below which a pixel is nothing: what is stored as alpha 0 has no
// colour.
template <class L>
constexpr float LeastWeight(float least) {
  if constexpr (L::kInteger && L::kHasAlpha) {
    constexpr float kHalfCode = 0.500001f / L::kOne;  // half of one goes to 0
    return std::max(least, kHalfCode);
  } else if constexpr (L::kHalf && L::kHasAlpha) {
    constexpr float kStored = 0x1.000002p-25f;  // 2^-25 goes to 0
    return std::max(least, kStored);
  }
  return least;
}

#if HWY_TARGET == HWY_SCALAR

// Vectors of one lane: a pixel at a time.
template <class L>
HWY_NOINLINE void DecodeRow(const std::byte* row, std::size_t count,
                            float* HWY_RESTRICT lanes) {
  constexpr int kColours = L::kHasAlpha ? L::kChannels - 1 : L::kChannels;
  const auto* stored = reinterpret_cast<const typename L::Stored*>(row);
  for (; count != 0; --count) {
    float weight = 1;
    if constexpr (L::kHasAlpha) {
      weight = hn::GetLane(LoadComponents(kFloats, stored + kColours)) *
               (1.0f / L::kOne);
      if (weight >= kOpaque) weight = 1;
    }
    for (int c = 0; c < kColours; ++c) {
      const FloatVec light = ToLight<L>(LoadComponents(kFloats, stored + c));
      lanes[c] =
          hn::GetLane(light) * (L::kWeight == Weight::kStraight ? weight : 1);
    }
    if constexpr (L::kWeight != Weight::kAbsent) lanes[L::kLanes - 1] = weight;
    stored += L::kChannels;
    lanes += L::kLanes;
  }
}

template <class L>
HWY_NOINLINE void EncodeRow(const float* HWY_RESTRICT lanes, std::size_t count,
                            std::byte* row, float least_weight) {
  constexpr int kColours = L::kHasAlpha ? L::kChannels - 1 : L::kChannels;
  auto* stored = reinterpret_cast<typename L::Stored*>(row);
  for (; count != 0; --count) {
    float weight = 1;
    bool nothing = false;
    if constexpr (L::kWeight != Weight::kAbsent) {
      weight = lanes[L::kLanes - 1];
      if (L::kInteger && !(weight > 0)) weight = 0;
      if (weight >= kOpaque) weight = 1;
      nothing = std::fabs(weight) < least_weight;
      if (nothing) weight = 0;
    }
    for (int c = 0; c < kColours; ++c) {
      float colour = nothing ? 0 : lanes[c];
      if (L::kWeight != Weight::kPremultiplied && !nothing) colour /= weight;
      StoreComponents(kFloats, FromLight<L>(hn::Set(kFloats, colour)),
                      stored + c);
    }
    if constexpr (L::kHasAlpha) {
      StoreComponents(kFloats, hn::Set(kFloats, weight * L::kOne),
                      stored + kColours);
    }
    stored += L::kChannels;
    lanes += L::kLanes;
  }
}

#else  // HWY_TARGET != HWY_SCALAR

// Pixels in a vector, and pixels that make up at least a vector of components.
template <class L>
HWY_INLINE std::size_t PixelsPerVector() {
  return hn::Lanes(kFloats) / L::kLanes;
}
template <class L>
HWY_INLINE std::size_t PixelsPerLoad() {
  return (hn::Lanes(kFloats) + L::kChannels - 1) / L::kChannels;
}
// A row's end is copied to such an array, so that it can be read as vectors.
template <class L>
inline constexpr std::size_t kPaddedEnd = 3 * hn::MaxLanes(Floats()) + 4;

// Weight lanes.
template <int kLanes>
HWY_INLINE hn::Mask<Floats> WeightLanes() {
  const hn::RebindToSigned<Floats> di;
  const auto last = hn::Set(di, kLanes - 1);
  return hn::RebindMask(kFloats, hn::Eq(hn::And(hn::Iota(di, 0), last), last));
}
template <int kLanes>
HWY_INLINE FloatVec BroadcastWeight(FloatVec v) {
  if constexpr (kLanes == 2) return hn::DupOdd(v);
  return hn::Broadcast<3>(v);
}

// Components side by side -> one pixel every kLanes lanes, and back.
template <int kChannels, int kLanes>
HWY_INLINE FloatVec Spread(FloatVec v) {
  if constexpr (kChannels == kLanes || hn::MaxLanes(Floats()) == kLanes) {
    return v;
  }
  struct Indices {
    alignas(64) std::int32_t lane[16];
    constexpr Indices() : lane() {
      for (int i = 0; i < 16; ++i) {
        const int channel = i % kLanes;
        lane[i] = i / kLanes * kChannels +
                  (channel < kChannels ? channel : kChannels - 1);
      }
    }
  };
  static constexpr Indices kIndices;
  return hn::TableLookupLanes(v, hn::SetTableIndices(kFloats, kIndices.lane));
}
template <int kChannels, int kLanes>
HWY_INLINE FloatVec Gather(FloatVec v) {
  if constexpr (kChannels == kLanes || hn::MaxLanes(Floats()) == kLanes) {
    return v;
  }
  struct Indices {
    alignas(64) std::int32_t lane[16];
    constexpr Indices() : lane() {
      for (int i = 0; i < 16; ++i) {
        const int from = i / kChannels * kLanes + i % kChannels;
        lane[i] = from % static_cast<int>(hn::MaxLanes(Floats()));
      }
    }
  };
  static constexpr Indices kIndices;
  return hn::TableLookupLanes(v, hn::SetTableIndices(kFloats, kIndices.lane));
}

// ToLight of the components at `stored`, which `v` holds one in each lane.
template <class L>
HWY_INLINE FloatVec ToLight([[maybe_unused]] const typename L::Stored* stored,
                            FloatVec v) {
  if constexpr (L::kOne == 255 && L::kStep == ToneStep::kSrgbToLinear) {
#if HWY_TARGET <= HWY_AVX3
    return srgb::LightOfCodes(v);
#else
    // Where vectors are short, one look at a table for each lane is quicker
    // than the curve.
    if constexpr (hn::MaxLanes(kFloats) <= 8) {
      alignas(32) float light[8];
      for (int i = 0; i < static_cast<int>(hn::MaxLanes(kFloats)); ++i) {
        const int channel = HWY_MIN(i % L::kLanes, L::kChannels - 1);
        const int component = i / L::kLanes * L::kChannels + channel;
        light[i] = srgb::kLightOfCodes[stored[component]];
      }
      return hn::Load(kFloats, light);
    } else {
      return ToLight<L>(v);
    }
#endif
  } else {
    return ToLight<L>(v);
  }
}

// Stored alpha in all lanes of its pixel -> 0 … 1, what counts as 1 being 1.
template <class L>
HWY_INLINE FloatVec AlphaOf(FloatVec v) {
  const FloatVec alpha = BroadcastWeight<L::kLanes>(v);
  if constexpr (L::kInteger) {
    constexpr float kFactor = 1.0f / L::kOne;
    static_assert(kFactor * L::kOne == 1.0f);
    return hn::Mul(alpha, hn::Set(kFloats, kFactor));
  } else {
    return hn::IfThenElse(hn::Ge(alpha, hn::Set(kFloats, kOpaque)),
                          hn::Set(kFloats, 1.0f), alpha);
  }
}
template <class L>
HWY_INLINE FloatVec WeighLight(FloatVec light, FloatVec alpha) {
  return hn::IfThenElse(WeightLanes<L::kLanes>(), alpha, hn::Mul(light, alpha));
}

template <class L>
HWY_INLINE FloatVec DecodeVector(const typename L::Stored* stored) {
  const FloatVec one = hn::Set(kFloats, 1.0f);
  const FloatVec v =
      Spread<L::kChannels, L::kLanes>(LoadComponents(kFloats, stored));
  if constexpr (L::kWeight == Weight::kAbsent) {
    return ToLight<L>(stored, v);
  } else if constexpr (L::kWeight == Weight::kAdded) {
    return hn::IfThenElse(WeightLanes<L::kLanes>(), one, ToLight<L>(stored, v));
  } else {
    const FloatVec alpha = AlphaOf<L>(v);
    if constexpr (L::kWeight == Weight::kPremultiplied) {
      return hn::IfThenElse(WeightLanes<L::kLanes>(), alpha, v);
    }
    return WeighLight<L>(ToLight<L>(stored, v), alpha);
  }
}

// The weights of kCount vectors of pixels: that of a pixel of vector i is in
// float i of the pixel's block of four, or, of one vector, in all its lanes.
template <int kLanes, int kCount>
HWY_INLINE FloatVec WeightsOf(const FloatVec (&v)[kCount]) {
  if constexpr (kCount == 1) {
    return BroadcastWeight<kLanes>(v[0]);
  } else {
    static_assert(kLanes == 4 && (kCount == 2 || kCount == 4));
    const hn::Repartition<std::uint64_t, Floats> d64;
    const auto pair = [d64, &v](int i) HWY_ATTR {
      return hn::BitCast(d64, hn::InterleaveUpper(kFloats, v[i], v[i + 1]));
    };
    return hn::BitCast(kFloats,
                       hn::InterleaveUpper(d64, pair(0), pair(kCount - 2)));
  }
}
template <int kCount, int i>
HWY_INLINE FloatVec OfVector(FloatVec weights) {
  if constexpr (kCount == 1) return weights;
  return hn::Broadcast<i>(weights);
}

// For vectors i …: `factor` and `alpha` as from WeightsOf().
template <class L, int kCount, int i = 0>
HWY_INLINE void MultiplyColours(FloatVec factor, FloatVec alpha,
                                FloatVec (&v)[kCount]) {
  if constexpr (i < kCount) {
    v[i] = hn::IfThenElse(WeightLanes<L::kLanes>(), OfVector<kCount, i>(alpha),
                          hn::Mul(v[i], OfVector<kCount, i>(factor)));
    MultiplyColours<L, kCount, i + 1>(factor, alpha, v);
  }
}

// Lanes -> colours without their weight, and that as it is to be stored.
template <class L, int kCount>
HWY_INLINE void TakeWeights([[maybe_unused]] FloatVec (&v)[kCount],
                            [[maybe_unused]] FloatVec least_weight) {
  if constexpr (L::kWeight == Weight::kAbsent) {
    return;
  } else if constexpr (kCount > 1 && !(L::kSharesDivision && L::kLanes == 4)) {
    HWY_UNROLL(4)
    for (int i = 0; i < kCount; ++i) {
      FloatVec only[1] = {v[i]};
      TakeWeights<L>(only, least_weight);
      v[i] = only[0];
    }
  } else {
    const FloatVec one = hn::Set(kFloats, 1.0f);
    const FloatVec full = hn::Set(kFloats, float{L::kOne});
    const auto weight_lanes = WeightLanes<L::kLanes>();
    FloatVec weight = WeightsOf<L::kLanes>(v);
    const auto opaque = hn::Ge(weight, hn::Set(kFloats, kOpaque));
    if (hn::AllTrue(kFloats, opaque)) {
      HWY_UNROLL(4)
      for (int i = 0; i < kCount; ++i) {
        v[i] = hn::IfThenElse(weight_lanes, full, v[i]);
      }
      return;
    }
    weight = hn::IfThenElse(opaque, one, weight);
    if constexpr (L::kSharesDivision) {
      // Negative weights and NaN are nothing, too.
      const auto is_something = hn::Ge(weight, least_weight);
      MultiplyColours<L>(
          hn::IfThenElseZero(is_something, hn::Div(one, weight)),
          hn::IfThenElseZero(is_something, hn::Mul(weight, full)), v);
    } else {
      // No integer alpha is negative or NaN.
      if constexpr (L::kInteger) weight = hn::Max(weight, hn::Zero(kFloats));
      const auto nothing = hn::Lt(hn::Abs(weight), least_weight);
      FloatVec colour = v[0];
      if constexpr (L::kWeight != Weight::kPremultiplied) {
        colour = hn::Div(colour, weight);
      }
      v[0] = hn::IfThenZeroElse(
          nothing, hn::IfThenElse(weight_lanes, hn::Mul(weight, full), colour));
    }
  }
}

// What TakeWeights() left -> components to store, side by side; integers still
// to be rounded.
template <class L>
HWY_INLINE FloatVec ToStored(FloatVec v) {
  FloatVec stored = FromLight<L>(v);
  if constexpr (L::kHasAlpha) {
    stored = hn::IfThenElse(WeightLanes<L::kLanes>(), v, stored);
  }
  return Gather<L::kChannels, L::kLanes>(stored);
}

template <class L>
HWY_INLINE FloatVec EncodeVector(FloatVec v, FloatVec least_weight) {
  FloatVec only[1] = {v};
  TakeWeights<L>(only, least_weight);
  return ToStored<L>(only[0]);
}

template <class L>
HWY_NOINLINE void DecodeRow(const std::byte* row, std::size_t count,
                            float* HWY_RESTRICT lanes) {
  using T = typename L::Stored;
  const T* HWY_RESTRICT stored = reinterpret_cast<const T*>(row);
  const std::size_t step = PixelsPerVector<L>();
  for (; count >= PixelsPerLoad<L>(); count -= step) {
    hn::StoreU(DecodeVector<L>(stored), kFloats, lanes);
    stored += step * L::kChannels;
    lanes += hn::Lanes(kFloats);
  }
  if (count == 0) return;
  T end[kPaddedEnd<L>] = {};
  std::memcpy(end, stored, count * L::kChannels * sizeof(T));
  stored = end;
  for (std::size_t done = 0; done < count; done += step) {
    hn::StoreU(DecodeVector<L>(stored), kFloats, lanes);
    stored += step * L::kChannels;
    lanes += hn::Lanes(kFloats);
  }
}

template <class L>
HWY_NOINLINE void EncodeRow(const float* HWY_RESTRICT lanes, std::size_t count,
                            std::byte* row, float least_weight) {
  using T = typename L::Stored;
  T* HWY_RESTRICT stored = reinterpret_cast<T*>(row);
  const std::size_t step = PixelsPerVector<L>();
  const FloatVec least = hn::Set(kFloats, least_weight);
  if constexpr (L::kSharesDivision && L::kHasAlpha && L::kLanes == 4) {
    const std::size_t lanes_at_once = hn::Lanes(kFloats);
    for (; count >= 4 * step; count -= 4 * step) {
      FloatVec v[4];
      for (int i = 0; i < 4; ++i) {
        v[i] = hn::LoadU(kFloats, lanes + i * lanes_at_once);
      }
      TakeWeights<L>(v, least);
      for (int i = 0; i < 4; ++i) {
        StoreComponents(kFloats, ToStored<L>(v[i]), stored + i * lanes_at_once);
      }
      stored += 4 * lanes_at_once;
      lanes += 4 * lanes_at_once;
    }
  }
  for (; count >= PixelsPerLoad<L>(); count -= step) {
    StoreComponents(kFloats, EncodeVector<L>(hn::LoadU(kFloats, lanes), least),
                    stored);
    stored += step * L::kChannels;
    lanes += hn::Lanes(kFloats);
  }
  if (count == 0) return;
  T end[kPaddedEnd<L>];
  T* HWY_RESTRICT padded = end;
  for (std::size_t done = 0; done < count; done += step) {
    StoreComponents(kFloats, EncodeVector<L>(hn::LoadU(kFloats, lanes), least),
                    padded);
    padded += step * L::kChannels;
    lanes += hn::Lanes(kFloats);
  }
  std::memcpy(stored, end, count * L::kChannels * sizeof(T));
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_PIXEL_LANES_INL_H_
