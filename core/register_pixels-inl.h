// How pixels come into registers to be summed there, and how the sums leave
// them, for every CPU target.

// Included once per target by the loops that convolve; see Highway's
// foreach_target.h.
#if defined(GK_CORE_REGISTER_PIXELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_REGISTER_PIXELS_INL_H_
#undef GK_CORE_REGISTER_PIXELS_INL_H_
#else
#define GK_CORE_REGISTER_PIXELS_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/component_lanes-inl.h"
#include "core/opaque_row-inl.h"
#include "core/pixel_lanes-inl.h"
#include "core/tap_sums-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

// Each of these classes has
//   Stored              a sample of its rows
//   kChannels           samples of a pixel
//   kPassesCache        results go past the cache: to aligned rows only
//   kStoresPairs        … two vectors at a time
//   Load(at, is_new)    a vector of samples; is_new: of a row that no block of
//                       results has used before
//   Store(sums, at)     a vector of results
//   Rounded(sums), StorePair(lower, upper, at)   two, if kStoresPairs
//   Fetch(rows, count, x)   asks for what is needed soon; x: the component of
//                       the `count` new rows that comes next
// and is copied into the loop and back, so that its vectors are in registers.

// What is narrower than a line of the cache passes it in pairs only.
template <bool kPastCache, typename T>
HWY_INLINE void StoreResults(FloatVec results, T* HWY_RESTRICT at) {
  if constexpr (kPastCache && std::is_same_v<T, float>) {
    hn::Stream(results, kFloats, at);
  } else {
    StoreComponents(kFloats, results, at);
  }
}

// Fetches what is kBytes after sample x of each row. Too far for the last
// vectors of a row, which is harmless.
template <int kBytes, typename T>
HWY_INLINE void FetchRowsAhead(const T* const* rows, int count,
                               std::ptrdiff_t x) {
  constexpr std::ptrdiff_t kAhead = kBytes / sizeof(T);
  GK_UNROLL for (int i = 0; i < count; ++i) hwy::Prefetch(rows[i] + x + kAhead);
}

// Rows of light, decoded a moment ago. `memory`, which outlives this, asks in
// FetchAhead(i) for vector i of what they are decoded from and encoded to.
template <int kSamples, class Memory>
class DecodedPixels {
 public:
  using Stored = float;
  static constexpr int kChannels = kSamples;
  static constexpr bool kPassesCache = false;
  static constexpr bool kStoresPairs = false;

  explicit DecodedPixels(const Memory* memory) : memory_(memory) {}

  HWY_INLINE FloatVec Load(const float* at, bool) {
    return hn::LoadU(kFloats, at);
  }
  HWY_INLINE void Store(FloatVec sums, float* at) const {
    hn::StoreU(sums, kFloats, at);
  }
  HWY_INLINE void Fetch(const float* const*, int, std::ptrdiff_t x) const {
    memory_->FetchAhead(static_cast<std::size_t>(x) / hn::Lanes(kFloats));
  }

 private:
  const Memory* memory_;
};

// Stored pixels that are taken for opaque; afterwards all_opaque() tells of the
// new rows whether they were.
template <typename T, int kSamples, bool kPastCache>
class OpaquePixels {
 public:
  using Stored = T;
  static constexpr int kChannels = kSamples;
  static constexpr bool kHasAlpha = kSamples % 2 == 0;
  static constexpr bool kPassesCache = kPastCache;
  static constexpr bool kStoresPairs = kPastCache && sizeof(T) < 4;

  OpaquePixels() : becomes_one_(WeightLanes < kHasAlpha ? kSamples : 4 > ()) {
    if constexpr (kIsCode) {
      seen_ = hn::Set(kStored, static_cast<T>(-1));
    } else {
      seen_ = hn::Eq(hn::Zero(kStored), hn::Zero(kStored));
    }
  }

  bool all_opaque() const {
    if constexpr (!kHasAlpha) return true;
    alignas(64) Bits is_colour[hn::MaxLanes(kStored)];
    for (std::size_t i = 0; i < hn::Lanes(kStored); ++i) {
      is_colour[i] = i % kSamples != kSamples - 1;
    }
    const auto colours =
        hn::Ne(hn::Load(kStored, is_colour), hn::Zero(kStored));
    if constexpr (kIsCode) {
      return hn::AllTrue(kStored, hn::Or(colours, IsOpaque(kStored, seen_)));
    } else {
      return hn::AllTrue(kStored, hn::Or(colours, seen_));
    }
  }

  HWY_INLINE FloatVec Load(const T* at, bool is_new) {
    const auto stored = hn::LoadU(kStored, reinterpret_cast<const Bits*>(at));
    if (kHasAlpha && is_new) {
      if constexpr (kIsCode) {
        seen_ = hn::And(seen_, stored);
      } else {
        seen_ = hn::And(seen_, IsOpaque(kStored, stored));
      }
    }
    if constexpr (kIsHalf) {
      const hn::RebindToUnsigned<decltype(kStored)> du16;
      return HalfsToLanes(kFloats, hn::BitCast(du16, stored));
    } else {
      return ComponentsToLanes(kFloats, stored);
    }
  }
  HWY_INLINE void Store(FloatVec sums, T* at) const {
    StoreResults<kPastCache>(WithAlphaOne(sums), at);
  }
  HWY_INLINE auto Rounded(FloatVec sums) const {
    if constexpr (kIsHalf) {
      return LanesToHalfs(kFloats, WithAlphaOne(sums));
    } else {
      return RoundedComponents<T>(kFloats, sums);
    }
  }
  template <class V>
  HWY_INLINE void StorePair(V lower, V upper, T* at) const {
    const hn::Twice<hn::DFromV<V>> d;
    hn::Stream(hn::Combine(d, upper, lower), d,
               reinterpret_cast<hn::TFromD<decltype(d)>*>(at));
  }
  HWY_INLINE void Fetch(const T* const* rows, int count,
                        std::ptrdiff_t x) const {
    FetchRowsAhead<512>(rows, count, x);
  }

 private:
  static constexpr bool kIsCode = std::is_integral_v<T>;
  static constexpr bool kIsHalf = std::is_same_v<T, hwy::float16_t>;
  using Bits = Comparable<T>;
  using StoredTag = hn::Rebind<Bits, Floats>;
  static constexpr StoredTag kStored{};

  // Opaque stays opaque, whatever the last bit of the weights' sum. Codes do
  // so by rounding.
  HWY_INLINE FloatVec WithAlphaOne(FloatVec sums) const {
    if constexpr (kIsCode || !kHasAlpha) return sums;
    return hn::IfThenElse(becomes_one_, hn::Set(kFloats, 1.0f), sums);
  }

  hn::Mask<Floats> becomes_one_;
  // Of all new rows: lanes that were opaque; codes: bits that were set.
  std::conditional_t<kIsCode, hn::Vec<StoredTag>, hn::Mask<StoredTag>> seen_;
};

// Pixels stored as half or float, weighted by their alpha as RowCodec does it.
template <typename T, Weight kWeight, bool kPastCache>
class WeightedPixels {
 public:
  using Stored = T;
  static constexpr int kChannels = 4;
  static constexpr bool kPassesCache = kPastCache;
  static constexpr bool kStoresPairs = false;

  WeightedPixels()
      : least_weight_(hn::Set(
            kFloats, LeastWeight<Format>(std::numeric_limits<float>::min()))) {}

  HWY_INLINE FloatVec Load(const T* at, bool) {
    return DecodeVector<Format>(at);
  }
  HWY_INLINE void Store(FloatVec sums, T* at) const {
    StoreResults<kPastCache>(EncodeVector<Format>(sums, least_weight_), at);
  }
  HWY_INLINE void Fetch(const T* const* rows, int count,
                        std::ptrdiff_t x) const {
    FetchRowsAhead<512>(rows, count, x);
  }

 private:
  using Format = Loop<T, 4, kWeight, ToneStep::kKeep>;

  FloatVec least_weight_;
};

#endif  // HWY_TARGET != HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_REGISTER_PIXELS_INL_H_
