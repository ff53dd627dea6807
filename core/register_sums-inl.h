// Both passes of a small kernel, from the rows of the source to those of the
// result without leaving the registers, for every CPU target.

// Included once per target by the loops that convolve; see Highway's
// foreach_target.h.
#if defined(GK_CORE_REGISTER_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_REGISTER_SUMS_INL_H_
#undef GK_CORE_REGISTER_SUMS_INL_H_
#else
#define GK_CORE_REGISTER_SUMS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <type_traits>

#include "core/tap_sums-inl.h"
#include "core/taps.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The bytes that a store of results of type T past the cache needs together, 0
// if that is slower than a store into the cache: lines of memory have 64 bytes,
// and pairs of vectors, which have to wait for each other, pay where few rows
// are in registers.
template <typename T>
constexpr int BytesPastCache(int radius) {
  constexpr int kBytes = sizeof(T) * hn::MaxLanes(Floats());
  if (std::is_same_v<T, float>) return kBytes;
  return 2 * kBytes == 64 && radius <= 2 ? 64 : 0;
}

#if HWY_TARGET == HWY_SCALAR

// A pixel does not fit a vector.
inline bool FitsRegisters(const Taps&, const Taps&) { return false; }

#else

// The largest radius for which the windows of some rows stay in registers, or
// most of them: AVX-512 has twice as many.
inline constexpr int kLargestRegisterRadius = kOutputs == 8 ? 8 : 2;

// Whether SumInRegisters takes this kernel.
inline bool FitsRegisters(const Taps& horizontal, const Taps& vertical) {
  return !horizontal.has_extra && !vertical.has_extra &&
         horizontal.radius == vertical.radius && horizontal.radius >= 1 &&
         horizontal.radius <= kLargestRegisterRadius;
}

// Lanes kShift … of `lower`, followed by those of `upper`.
template <int kShift>
HWY_INLINE FloatVec ShiftLanes(FloatVec upper, FloatVec lower) {
  constexpr int kLanes = hn::MaxLanes(Floats());
  static_assert(kShift > 0 && kShift < kLanes);
  const Floats d;
  if constexpr (kShift * 2 == kLanes) {
    return hn::ConcatLowerUpper(d, upper, lower);
  } else {
#if HWY_TARGET <= HWY_AVX3
    // Highway 1.0.3 has no name for this instruction and would take four.
    return FloatVec{_mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(upper.raw),
                            _mm512_castps_si512(lower.raw), kShift))};
#else
    if constexpr (kLanes == 4) {
      return hn::CombineShiftRightBytes<4 * kShift>(d, upper, lower);
    } else {
      // Eight lanes, of which each half is shifted by itself.
      const FloatVec middle = hn::ConcatLowerUpper(d, upper, lower);
      if constexpr (kShift < 4) {
        return hn::CombineShiftRightBytes<4 * kShift>(d, middle, lower);
      } else {
        return hn::CombineShiftRightBytes<4 * (kShift - 4)>(d, upper, middle);
      }
    }
#endif
  }
}

// Lanes first … first + hn::Lanes(Floats()) - 1 of the vectors of `window`.
template <int kFirst>
HWY_INLINE FloatVec WindowLanes(const FloatVec* window) {
  constexpr int kLanes = hn::MaxLanes(Floats());
  constexpr int kShift = kFirst % kLanes;
  if constexpr (kShift == 0) {
    return window[kFirst / kLanes];
  } else {
    return ShiftLanes<kShift>(window[kFirst / kLanes + 1],
                              window[kFirst / kLanes]);
  }
}

// The sum along x of the pairs of taps from k inwards, added to `outer`.
template <int kRadius, int kChannels, int k>
HWY_INLINE FloatVec SumWindow(const FloatVec* weight, const FloatVec* window,
                              FloatVec outer) {
  if constexpr (k == 0) {
    return hn::MulAdd(weight[0], WindowLanes<kRadius * kChannels>(window),
                      outer);
  } else {
    const FloatVec pair =
        hn::Add(WindowLanes<(kRadius - k) * kChannels>(window),
                WindowLanes<(kRadius + k) * kChannels>(window));
    return SumWindow<kRadius, kChannels, k - 1>(
        weight, window, hn::MulAdd(weight[k], pair, outer));
  }
}

template <int kCount>
HWY_INLINE void Slide(FloatVec (&window)[kCount]) {
  GK_UNROLL for (int place = 0; place < kCount - 1; ++place) {
    window[place] = window[place + 1];
  }
}

// kCount rows of results at a time; see SumInRegisters.
template <int kRadius, int kCount, class Pixels>
HWY_NOINLINE void SumRowsInRegisters(
    const Taps& horizontal, const Taps& vertical,
    const std::byte* const* source_rows, int samples, Pixels& shared_pixels,
    typename Pixels::Stored* const* result_rows) {
  using T = typename Pixels::Stored;
  constexpr int kVector = hn::MaxLanes(Floats());
  // Vectors of column sums that a sum along x needs after its first.
  constexpr int kChannels = Pixels::kChannels;
  constexpr int kAhead = (2 * kRadius * kChannels + kVector - 1) / kVector;
  constexpr int kOldRows = 2 * kRadius;
  const Floats d;

  const T* sources[kOldRows + kCount];
  for (int j = 0; j < kOldRows + kCount; ++j) {
    sources[j] = reinterpret_cast<const T*>(source_rows[j]);
  }
  T* results[kCount];
  for (int i = 0; i < kCount; ++i) results[i] = result_rows[i];
  FloatVec across[kRadius + 1];
  FloatVec down[kRadius + 1];
  for (int k = 0; k <= kRadius; ++k) {
    across[k] = hn::Set(d, horizontal.weight[k]);
    down[k] = hn::Set(d, vertical.weight[k]);
  }
  Pixels pixels = shared_pixels;

  FloatVec window[kCount][kAhead + 1];  // sums along y
  const auto sum_columns = [&](std::ptrdiff_t x, int place,
                               const auto& use) HWY_ATTR {
    FloatVec rows[kOldRows + kCount];
    GK_UNROLL for (int j = 0; j < kOldRows; ++j) {
      rows[j] = pixels.Load(sources[j] + x, false);
    }
    GK_UNROLL for (int i = 0; i < kCount; ++i) {
      rows[kOldRows + i] = pixels.Load(sources[kOldRows + i] + x, true);
      window[i][place] = FixedTapSum<kRadius>(down, rows + i);
      use(i);
    }
  };
  GK_UNROLL for (int place = 0; place < kAhead; ++place) {
    sum_columns(place * kVector, place, [](int) {});
  }
  std::ptrdiff_t x = 0;
  if constexpr (Pixels::kStoresPairs) {
    for (; x + 2 * kVector <= samples; x += 2 * kVector) {
      decltype(pixels.Rounded(hn::Zero(d))) first[kCount];
      pixels.Fetch(sources + kOldRows, kCount, x);
      sum_columns(x + kAhead * kVector, kAhead, [&](int i) HWY_ATTR {
        first[i] = pixels.Rounded(SumWindow<kRadius, kChannels, kRadius>(
            across, window[i], hn::Zero(d)));
        Slide(window[i]);
      });
      sum_columns(x + (kAhead + 1) * kVector, kAhead, [&](int i) HWY_ATTR {
        pixels.StorePair(first[i],
                         pixels.Rounded(SumWindow<kRadius, kChannels, kRadius>(
                             across, window[i], hn::Zero(d))),
                         results[i] + x);
        Slide(window[i]);
      });
    }
  }
  for (; x < samples; x += kVector) {
    pixels.Fetch(sources + kOldRows, kCount, x);
    sum_columns(x + kAhead * kVector, kAhead, [&](int i) HWY_ATTR {
      pixels.Store(SumWindow<kRadius, kChannels, kRadius>(across, window[i],
                                                          hn::Zero(d)),
                   results[i] + x);
      Slide(window[i]);
    });
  }
  shared_pixels = pixels;
}

template <int kRadius, class Pixels>
void SumRadiusInRegisters(const Taps& horizontal, const Taps& vertical,
                          const std::byte* const* sources, int samples,
                          Pixels& pixels,
                          typename Pixels::Stored* const* results) {
  using T = typename Pixels::Stored;
  if constexpr (kRadius <= kLargestRegisterRadius &&
                (!Pixels::kPassesCache || BytesPastCache<T>(kRadius) > 0)) {
    // The windows of all rows would no longer fit.
    constexpr bool kHalf =
        kRadius > 4 || (kRadius == 4 && std::is_same_v<T, float>);
    constexpr int kCount = kHalf ? kOutputs / 2 : kOutputs;
    for (int i = 0; i < kOutputs; i += kCount) {
      SumRowsInRegisters<kRadius, kCount>(horizontal, vertical, sources + i,
                                          samples, pixels, results + i);
    }
  }
}

// Calls `function` with a radius that FitsRegisters() as a compile-time
// constant.
template <class Function>
HWY_INLINE void WithRegisterRadius(int radius, const Function& function) {
  switch (radius) {
    case 1:
      return function(std::integral_constant<int, 1>());
    case 2:
      return function(std::integral_constant<int, 2>());
    case 3:
      return function(std::integral_constant<int, 3>());
    case 4:
      return function(std::integral_constant<int, 4>());
    case 5:
      return function(std::integral_constant<int, 5>());
    case 6:
      return function(std::integral_constant<int, 6>());
    case 7:
      return function(std::integral_constant<int, 7>());
    case 8:
      return function(std::integral_constant<int, 8>());
  }
}

// sources[0 … kOutputs + 2 * radius - 1], from the first pixel of the first
// window on -> results[0 … kOutputs - 1], `samples` sums of each in whole
// vectors; reads 2 * radius pixels more, in whole vectors. `pixels`: one of
// register_pixels-inl.h, for all of them. Sums in the same order as
// FixedTapSums and as the sums along x of other kernels.
template <class Pixels>
void SumInRegisters(const Taps& horizontal, const Taps& vertical,
                    const std::byte* const* sources, int samples,
                    Pixels& pixels, typename Pixels::Stored* const* results) {
  WithRegisterRadius(horizontal.radius, [&](auto radius) {
    SumRadiusInRegisters<decltype(radius)::value>(horizontal, vertical, sources,
                                                  samples, pixels, results);
  });
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_REGISTER_SUMS_INL_H_
