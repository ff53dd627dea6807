// Turns rows of pixels into columns of pixels in registers, for every CPU
// target.

// Included once per target by the loops that convolve; see Highway's
// foreach_target.h.
#if defined(GK_CORE_PIXEL_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_PIXEL_TRANSPOSE_INL_H_
#undef GK_CORE_PIXEL_TRANSPOSE_INL_H_
#else
#define GK_CORE_PIXEL_TRANSPOSE_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

// Pixels of kLanes floats in a vector, and so rows that are turned together.
template <int kLanes>
inline constexpr int kPixelsPerVector =
    HWY_MAX(1, static_cast<int>(hwy::HWY_NAMESPACE::MaxLanes(
                   hwy::HWY_NAMESPACE::ScalableTag<float>())) /
                   kLanes);

// Floats of a pixel that stay side by side when rows are turned: all, where
// vectors hold whole pixels, else none.
template <int kLanes>
inline constexpr int kLanesTogether =
    hwy::HWY_NAMESPACE::MaxLanes(hwy::HWY_NAMESPACE::ScalableTag<float>()) %
                kLanes
            == 0
        ? kLanes
        : 1;

// Blocks of 128 bits, B x B of them: block b of vector a becomes block a of
// vector b. `stride` is the distance between the vectors of one square.
template <int kBlocks, int kStride, class V>
HWY_INLINE void TransposeBlocks(V* v) {
#if HWY_TARGET != HWY_SCALAR
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> d;
  V& v0 = v[0];
  V& v1 = v[kStride];
  if constexpr (kBlocks == 2) {
    const V upper = hn::ConcatUpperUpper(d, v1, v0);
    v0 = hn::ConcatLowerLower(d, v1, v0);
    v1 = upper;
  } else if constexpr (kBlocks == 4) {
    V& v2 = v[2 * kStride];
    V& v3 = v[3 * kStride];
    // Blocks of v0: a0 a1 a2 a3, of v1: b0 b1 …
    const V a01c01 = hn::ConcatLowerLower(d, v2, v0);
    const V b01d01 = hn::ConcatLowerLower(d, v3, v1);
    const V a23c23 = hn::ConcatUpperUpper(d, v2, v0);
    const V b23d23 = hn::ConcatUpperUpper(d, v3, v1);
    v0 = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b01d01), a01c01);
    v1 = hn::OddEvenBlocks(b01d01, hn::SwapAdjacentBlocks(a01c01));
    v2 = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b23d23), a23c23);
    v3 = hn::OddEvenBlocks(b23d23, hn::SwapAdjacentBlocks(a23c23));
  } else {
    static_assert(kBlocks == 1);
  }
#endif
}

// Four vectors, in each block of 128 bits: float c of vector r becomes float r
// of vector c.
template <class V>
HWY_INLINE void TransposeSingles(V* v) {
#if HWY_TARGET != HWY_SCALAR
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> d;
  const hn::Repartition<double, decltype(d)> d64;
  const auto pair = [d64](V w) { return hn::BitCast(d64, w); };
  const V a0b0a1b1 = hn::InterleaveLower(d, v[0], v[1]);
  const V c0d0c1d1 = hn::InterleaveLower(d, v[2], v[3]);
  const V a2b2a3b3 = hn::InterleaveUpper(d, v[0], v[1]);
  const V c2d2c3d3 = hn::InterleaveUpper(d, v[2], v[3]);
  v[0] =
      hn::BitCast(d, hn::InterleaveLower(d64, pair(a0b0a1b1), pair(c0d0c1d1)));
  v[1] =
      hn::BitCast(d, hn::InterleaveUpper(d64, pair(a0b0a1b1), pair(c0d0c1d1)));
  v[2] =
      hn::BitCast(d, hn::InterleaveLower(d64, pair(a2b2a3b3), pair(c2d2c3d3)));
  v[3] =
      hn::BitCast(d, hn::InterleaveUpper(d64, pair(a2b2a3b3), pair(c2d2c3d3)));
#endif
}

// The same for two vectors of pairs of floats.
template <class V>
HWY_INLINE void TransposePairs(V* v) {
#if HWY_TARGET != HWY_SCALAR
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> d;
  const hn::Repartition<double, decltype(d)> d64;
  const auto a = hn::BitCast(d64, v[0]);
  const auto b = hn::BitCast(d64, v[1]);
  v[0] = hn::BitCast(d, hn::InterleaveLower(d64, a, b));
  v[1] = hn::BitCast(d, hn::InterleaveUpper(d64, a, b));
#endif
}

// Vector r holds kPixelsPerVector neighbouring pixels of row r; afterwards
// vector c holds pixel c of every row. Its own inverse.
template <int kLanes, class V>
HWY_INLINE void TransposePixels(V (&v)[kPixelsPerVector<kLanes>]) {
  constexpr int kPixels = kPixelsPerVector<kLanes>;
  if constexpr (kPixels > 1) {
    constexpr int kPerBlock = 4 / kLanes;
    constexpr int kBlocks = kPixels / kPerBlock;
    for (int block = 0; block < kBlocks; ++block) {
      if constexpr (kLanes == 1) TransposeSingles(v + block * kPerBlock);
      if constexpr (kLanes == 2) TransposePairs(v + block * kPerBlock);
    }
    for (int i = 0; i < kPerBlock; ++i) {
      TransposeBlocks<kBlocks, kPerBlock>(v + i);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_PIXEL_TRANSPOSE_INL_H_
