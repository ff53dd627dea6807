// Both passes of a small kernel over pixels of four samples, from the rows of
// the source to those of the result without leaving the registers, for every
// CPU target.

// Included once per target by the loops that convolve; see Highway's
// foreach_target.h.
#if defined(GK_CORE_REGISTER_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_REGISTER_SUMS_INL_H_
#undef GK_CORE_REGISTER_SUMS_INL_H_
#else
#define GK_CORE_REGISTER_SUMS_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstddef>
#include <type_traits>

#include "core/component_lanes-inl.h"
#include "core/opaque_row-inl.h"
#include "core/tap_sums-inl.h"
#include "core/taps.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// What the fourth sample of a pixel is, and where results go.
enum class RegisterRows {
  kLight,      // like the others; rows of floats that are soon read again
  kStored,     // it may be alpha; the rows of a picture
  kPastCache,  // the same, in rows of floats that begin at whole vectors
};

#if HWY_TARGET == HWY_SCALAR

// A pixel does not fit a vector.
inline bool FitsRegisters(const Taps&, const Taps&) { return false; }

template <RegisterRows kRows, class T, class Meanwhile>
bool SumInRegisters(const Taps&, const Taps&, const std::byte* const*, int,
                    bool, T* const*, const Meanwhile&) {
  return false;
}

#else

inline constexpr int kPixels = static_cast<int>(hn::MaxLanes(Floats())) / 4;

// The largest radius for which the sums that a row waits for stay in registers:
// AVX-512 has twice as many.
inline constexpr int kLargestRegisterRadius = kOutputs == 8 ? 4 : 2;

// Whether SumInRegisters takes this kernel.
inline bool FitsRegisters(const Taps& horizontal, const Taps& vertical) {
  return !horizontal.has_extra && !vertical.has_extra &&
         horizontal.radius == vertical.radius && horizontal.radius >= 1 &&
         horizontal.radius <= kLargestRegisterRadius;
}

// Pixels kShift … of `lower`, followed by those of `upper`.
template <int kShift>
HWY_INLINE FloatVec ShiftPixels(FloatVec upper, FloatVec lower) {
  if constexpr (kShift * 2 == kPixels) {
    return hn::ConcatLowerUpper(Floats(), upper, lower);
  } else {
#if HWY_TARGET <= HWY_AVX3
    // Highway 1.0.3 has no name for this instruction and would take four.
    return FloatVec{_mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(upper.raw),
                            _mm512_castps_si512(lower.raw), 4 * kShift))};
#else
    static_assert(kShift == 0);
    return lower;
#endif
  }
}

// Pixels k … k + kPixels - 1 of the vectors of `window`.
template <int k>
HWY_INLINE FloatVec WindowPixels(const FloatVec* window) {
  constexpr int kFirst = k / kPixels;
  constexpr int kShift = k % kPixels;
  if constexpr (kShift == 0) {
    return window[kFirst];
  } else {
    return ShiftPixels<kShift>(window[kFirst + 1], window[kFirst]);
  }
}

// The sum along x of the pairs of taps from k inwards, added to `outer`.
template <int kRadius, int k>
HWY_INLINE FloatVec SumWindow(const FloatVec* weight, const FloatVec* window,
                              FloatVec outer) {
  if constexpr (k == 0) {
    return hn::MulAdd(weight[0], WindowPixels<kRadius>(window), outer);
  } else {
    const FloatVec pair = hn::Add(WindowPixels<kRadius - k>(window),
                                  WindowPixels<kRadius + k>(window));
    return SumWindow<kRadius, k - 1>(weight, window,
                                     hn::MulAdd(weight[k], pair, outer));
  }
}

// Lanes of a vector of four-sample pixels that hold the last sample.
template <class D>
HWY_INLINE hn::Mask<D> LastSamples(D d) {
  using T = hn::TFromD<D>;
  alignas(64) T is_last[hn::MaxLanes(d)];
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) is_last[i] = i % 4 == 3;
  return hn::Ne(hn::Load(d, is_last), hn::Zero(d));
}

// Whether every alpha that passed by is opaque.
template <class T>
class AlphaWatch {
 public:
  HWY_INLINE AlphaWatch() : common_(hn::Set(d_, static_cast<T>(-1))) {}
  HWY_INLINE void See(hn::Vec<hn::Rebind<T, Floats>> pixels) {
    common_ = hn::And(common_, pixels);
  }
  HWY_INLINE bool AllOpaque() const {
    return hn::AllTrue(d_,
                       hn::Or(hn::Not(LastSamples(d_)), IsOpaque(d_, common_)));
  }

 private:
  static constexpr hn::Rebind<T, Floats> d_{};
  hn::Vec<hn::Rebind<T, Floats>> common_;  // bits
};

template <>
class AlphaWatch<float> {
 public:
  HWY_INLINE AlphaWatch() : opaque_(hn::Eq(hn::Zero(d_), hn::Zero(d_))) {}
  HWY_INLINE void See(FloatVec pixels) {
    opaque_ = hn::And(opaque_, IsOpaque(d_, pixels));
  }
  HWY_INLINE bool AllOpaque() const {
    return hn::AllTrue(d_, hn::Or(hn::Not(LastSamples(d_)), opaque_));
  }

 private:
  static constexpr Floats d_{};
  hn::Mask<Floats> opaque_;
};

// kCount rows of results at a time; see SumInRegisters.
template <RegisterRows kRows, int kRadius, int kCount, class T, class Meanwhile>
HWY_NOINLINE bool SumRowsInRegisters(const Taps& horizontal,
                                     const Taps& vertical,
                                     const std::byte* const* source_rows,
                                     int samples, bool alpha,
                                     T* const* result_rows,
                                     const Meanwhile& meanwhile) {
  constexpr std::ptrdiff_t kVector = hn::MaxLanes(Floats());
  // Vectors of column sums that a sum along x needs after its first.
  constexpr int kAhead = (2 * kRadius + kPixels - 1) / kPixels;
  constexpr int kSources = kCount + 2 * kRadius;
  constexpr std::ptrdiff_t kFetchAhead = 512 / sizeof(T);
  const Floats d;
  const hn::Rebind<T, Floats> dt;

  const T* sources[kSources];
  for (int j = 0; j < kSources; ++j) {
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
  const auto becomes_one = hn::And(
      LastSamples(d), hn::Ne(hn::Set(d, alpha ? 1.0f : 0.0f), hn::Zero(d)));
  AlphaWatch<T> watch;

  FloatVec window[kCount][kAhead + 1];  // sums along y
  const auto sum_columns = [&](std::ptrdiff_t x, int place,
                               const auto& use) HWY_ATTR {
    FloatVec rows[kSources];
    GK_UNROLL for (int j = 0; j < kSources; ++j) {
      const auto stored = hn::LoadU(dt, sources[j] + x);
      // The other rows were new to an earlier block.
      if (kRows != RegisterRows::kLight && j >= 2 * kRadius) watch.See(stored);
      rows[j] = ComponentsToLanes(d, stored);
      if (j < 2 * kRadius) continue;
      const int i = j - 2 * kRadius;
      window[i][place] = FixedTapSum<kRadius>(down, rows + i);
      use(i);
    }
  };
  GK_UNROLL for (int place = 0; place < kAhead; ++place) {
    sum_columns(place * kVector, place, [](int) {});
  }
  for (std::ptrdiff_t x = 0; x < samples; x += kVector) {
    if constexpr (kRows != RegisterRows::kLight) {
      GK_UNROLL for (int j = 2 * kRadius; j < kSources; ++j) {
        hwy::Prefetch(sources[j] + x + kFetchAhead);
      }
    }
    meanwhile(x / kVector);
    sum_columns(x + kAhead * kVector, kAhead, [&](int i) HWY_ATTR {
      FloatVec sum =
          SumWindow<kRadius, kRadius>(across, window[i], hn::Zero(d));
      // Opaque stays opaque, whatever the last bit of the weights' sum.
      if (kRows != RegisterRows::kLight && std::is_same_v<T, float>) {
        sum = hn::IfThenElse(becomes_one, hn::Set(d, 1.0f), sum);
      }
      if constexpr (kRows == RegisterRows::kPastCache) {
        hn::Stream(sum, d, results[i] + x);
      } else {
        StoreComponents(d, sum, results[i] + x);
      }
      GK_UNROLL for (int place = 0; place < kAhead; ++place) {
        window[i][place] = window[i][place + 1];
      }
    });
  }
  return kRows == RegisterRows::kLight || watch.AllOpaque();
}

template <RegisterRows kRows, int kRadius, class T, class Meanwhile>
bool SumRadiusInRegisters(const Taps& horizontal, const Taps& vertical,
                          const std::byte* const* sources, int samples,
                          bool alpha, T* const* results,
                          const Meanwhile& meanwhile) {
  if constexpr (kRadius > kLargestRegisterRadius) {
    return false;
  } else {
    // The windows of eight rows of floats no longer fit.
    constexpr bool kHalf = kRadius == 4 && std::is_same_v<T, float>;
    constexpr int kCount = kHalf ? kOutputs / 2 : kOutputs;
    bool opaque = true;
    for (int i = 0; i < kOutputs; i += kCount) {
      opaque &= SumRowsInRegisters<kRows, kRadius, kCount>(
          horizontal, vertical, sources + i, samples, alpha, results + i,
          meanwhile);
    }
    return opaque;
  }
}

// sources[0 … kOutputs + 2 * radius - 1], from the first pixel of the first
// window on -> results[0 … kOutputs - 1], `samples` sums of each in whole
// vectors; reads 2 * radius pixels more, in whole vectors. With `alpha`, the
// last sample of a pixel becomes 1, and the result is false if it was not
// opaque in one of the last kOutputs rows: then the sums are not the answer.
// Sums in the same order as FixedTapSums and the sums along x of other kernels.
template <RegisterRows kRows, class T, class Meanwhile>
bool SumInRegisters(const Taps& horizontal, const Taps& vertical,
                    const std::byte* const* sources, int samples, bool alpha,
                    T* const* results, const Meanwhile& meanwhile) {
  const auto sum = [&](auto radius) {
    return SumRadiusInRegisters<kRows, decltype(radius)::value>(
        horizontal, vertical, sources, samples, alpha, results, meanwhile);
  };
  bool opaque = true;
  switch (horizontal.radius) {
    case 1:
      opaque = sum(std::integral_constant<int, 1>());
      break;
    case 2:
      opaque = sum(std::integral_constant<int, 2>());
      break;
    case 3:
      opaque = sum(std::integral_constant<int, 3>());
      break;
    case 4:
      opaque = sum(std::integral_constant<int, 4>());
      break;
  }
  return !alpha || opaque;
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_REGISTER_SUMS_INL_H_
