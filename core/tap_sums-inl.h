// Weighted sums of taps, several outputs at a time, for every CPU target.

// Included once per target by the loops that convolve; see Highway's
// foreach_target.h.
#if defined(GK_CORE_TAP_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_TAP_SUMS_INL_H_
#undef GK_CORE_TAP_SUMS_INL_H_
#else
#define GK_CORE_TAP_SUMS_INL_H_
#endif

#include <hwy/highway.h>

#include "core/taps.h"

#if defined(__clang__)
#define GK_UNROLL _Pragma("clang loop unroll(full)")
#else
#define GK_UNROLL _Pragma("GCC unroll 16")
#endif

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using FloatVec = hn::Vec<Floats>;

// Outputs that are summed together: each vector that is loaded serves them all.
// Two windows and the sums fill the register file of the target.
#if HWY_TARGET <= HWY_AVX3
inline constexpr int kOutputs = 8;
#else
inline constexpr int kOutputs = 4;
#endif

// A float sum of many terms in a row loses 1e-6 from 1201 taps on; partial sums
// of at most this many pairs of taps keep 2e-7 at every size.
inline constexpr int kPairsPerPartialSum = 16;
static_assert(kPairsPerPartialSum % kOutputs == 0);

// sums[i] for the outputs at positions i = 0 … kOutputs - 1, where load(j)
// gives the vector at position j, -taps.before() … kOutputs - 1 +
// taps.after(). Runs from the outside in: small terms first. The order of
// operations is the same for every output, whatever its i.
template <class Load>
HWY_INLINE void TapSums(const Taps& taps, const Load& load,
                        FloatVec (&sums)[kOutputs]) {
  const Floats d;
  const int radius = taps.radius;
  const float* HWY_RESTRICT weight = taps.weight.data();

  if (taps.has_extra) {
    const FloatVec w = hn::Set(d, taps.extra);
    GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
      sums[i] = hn::Mul(w, load(i + radius + 1));
    }
  } else {
    GK_UNROLL for (int i = 0; i < kOutputs; ++i) { sums[i] = hn::Zero(d); }
  }

  // The windows below and above: kOutputs vectors at positions i - k and i + k.
  // One step inwards moves each by one vector, so only one is loaded.
  FloatVec below[kOutputs];
  FloatVec above[kOutputs];
  GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
    below[i] = load(i - radius);
    above[i] = load(i + radius);
  }
  for (int k = radius; k > 0;) {
    FloatVec partial[kOutputs];
    GK_UNROLL for (int i = 0; i < kOutputs; ++i) { partial[i] = hn::Zero(d); }
    const int last = HWY_MAX(0, k - kPairsPerPartialSum);
    // After as many steps as there are outputs each vector has been replaced:
    // so far none has to move.
    for (; k - last >= kOutputs; k -= kOutputs) {
      GK_UNROLL for (int step = 0; step < kOutputs; ++step) {
        const FloatVec w = hn::Set(d, weight[k - step]);
        GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
          const FloatVec pair =
              hn::Add(below[(i + step) % kOutputs],
                      above[(i + kOutputs - step) % kOutputs]);
          partial[i] = hn::MulAdd(w, pair, partial[i]);
        }
        below[step] = load(kOutputs - k + step);
        above[kOutputs - 1 - step] = load(k - 1 - step);
      }
    }
    for (; k > last; --k) {
      const FloatVec w = hn::Set(d, weight[k]);
      GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
        partial[i] = hn::MulAdd(w, hn::Add(below[i], above[i]), partial[i]);
      }
      GK_UNROLL for (int i = 0; i < kOutputs - 1; ++i) {
        below[i] = below[i + 1];
      }
      GK_UNROLL for (int i = kOutputs - 1; i > 0; --i) {
        above[i] = above[i - 1];
      }
      below[kOutputs - 1] = load(kOutputs - k);
      above[0] = load(k - 1);
    }
    GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
      sums[i] = hn::Add(sums[i], partial[i]);
    }
  }
  const FloatVec w = hn::Set(d, weight[0]);
  GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
    sums[i] = hn::MulAdd(w, below[i], sums[i]);
  }
}

// The sum of the taps at rows[0 … 2 * kRadius], for odd sizes, a radius known
// at compile time and the weights in vectors. The order of operations is that
// of TapSums.
template <int kRadius>
HWY_INLINE FloatVec FixedTapSum(const FloatVec* weight, const FloatVec* rows) {
  static_assert(kRadius <= kPairsPerPartialSum);
  FloatVec sum = hn::MulAdd(
      weight[kRadius], hn::Add(rows[0], rows[2 * kRadius]), hn::Zero(Floats()));
  GK_UNROLL for (int k = kRadius - 1; k > 0; --k) {
    sum = hn::MulAdd(weight[k], hn::Add(rows[kRadius - k], rows[kRadius + k]),
                     sum);
  }
  return hn::MulAdd(weight[0], rows[kRadius], sum);
}

// The same for kOutputs outputs: every vector is loaded once, nothing is moved.
template <int kRadius, class Load>
HWY_INLINE void FixedTapSums(const Taps& taps, const Load& load,
                             FloatVec (&sums)[kOutputs]) {
  const Floats d;
  FloatVec rows[kOutputs + 2 * kRadius];
  GK_UNROLL for (int j = 0; j < kOutputs + 2 * kRadius; ++j) {
    rows[j] = load(j - kRadius);
  }
  FloatVec weight[kRadius + 1];
  GK_UNROLL for (int k = 0; k <= kRadius; ++k) {
    weight[k] = hn::Set(d, taps.weight[k]);
  }
  GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
    sums[i] = FixedTapSum<kRadius>(weight, rows + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_TAP_SUMS_INL_H_
