// The fast method's vector loops, whatever way pixels are stored.
//
// To be included, once for each CPU target, after <hwy/highway.h>.

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "core/sliding_loops.h"

#if defined(GK_CORE_SLIDING_STEPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_SLIDING_STEPS_INL_H_
#undef GK_CORE_SLIDING_STEPS_INL_H_
#else
#define GK_CORE_SLIDING_STEPS_INL_H_
#endif

#include "core/component_lanes-inl.h"
#include "core/pixel_transpose-inl.h"

// What is indexed below lives in registers only where loops are unrolled,
// whatever the optimisation level.
#undef GK_UNROLL
#define GK_UNROLL HWY_UNROLL(16)

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;
constexpr int kVectorFloats = static_cast<int>(hn::MaxLanes(Floats()));

// Floats of a pixel that the vertical pass takes together, as the plan has it.
template <int kLanes>
constexpr int kRowLanes = kLanes == 3 ? 1 : kLanes;

// Rows of a sub-panel. Vectors that don't hold whole pixels of kLanes floats
// hold one float of each of these rows.
template <int kLanes>
constexpr int kPanelRows = kVectorFloats / kLanesTogether<kLanes>;

// Vectors that hold a pixel of each row of a sub-panel, and their floats.
template <int kLanes>
constexpr int kParts = kLanes / kLanesTogether<kLanes>;
template <int kLanes>
constexpr int kColumnFloats = kParts<kLanes>* kVectorFloats;

// More rows for each visit to the sums save traffic, more streams of rows than
// the prefetchers follow cost it.
template <int kLanes>
constexpr int kGroupRows = std::max(8, kPanelRows<kLanes>);

// How far ahead of the loads rows that left the nearer caches long ago are
// asked for. Too far for the last columns of a row, which is harmless.
constexpr std::size_t kPrefetchBytes = 1024;

// Bytes of a line of the caches, by which memory is fetched.
constexpr int kLineBytes = 64;

// Where a vector holds less than a pixel, colours are taken for alpha too: they
// may look transparent, which only costs time.
template <int kLanes>
constexpr int kFirstAlpha = kVectorFloats < kLanes ? 0 : kLanes - 1;

// Remembers whether an alpha other than 1, the bits kOne, went by: the last
// float of a pixel.
template <typename Bits, Bits kOne, int kLanes>
class BitsAlpha {
 public:
  using Components = hn::Rebind<Bits, Floats>;
  HWY_INLINE BitsAlpha() : differing_(hn::Zero(Components())) {}
  template <class V>
  HWY_INLINE void See(V v) {
    const Components d;
    differing_ =
        hn::Or(differing_, hn::Xor(hn::BitCast(d, v), hn::Set(d, kOne)));
  }
  HWY_INLINE bool opaque() const {
    HWY_ALIGN Bits bits[std::max<int>(kVectorFloats, 16)];
    hn::StoreU(differing_, Components(), bits);
    Bits any = 0;
    for (int i = kFirstAlpha<kLanes>; i < kVectorFloats; i += kLanes) {
      any |= bits[i];
    }
    return any == 0;
  }

 private:
  hn::Vec<Components> differing_;
};

// The same for codes, of which the largest is 1.
template <typename T, int kLanes>
class CodeAlpha {
 public:
  using Codes = hn::Rebind<T, Floats>;
  HWY_INLINE CodeAlpha() : common_(hn::Set(Codes(), hwy::LimitsMax<T>())) {}
  HWY_INLINE void See(hn::Vec<Codes> v) { common_ = hn::And(common_, v); }
  HWY_INLINE bool opaque() const {
    HWY_ALIGN T codes[std::max<int>(kVectorFloats, 16)];
    hn::StoreU(common_, Codes(), codes);
    T all = hwy::LimitsMax<T>();
    for (int i = kFirstAlpha<kLanes>; i < kVectorFloats; i += kLanes) {
      all &= codes[i];
    }
    return all == hwy::LimitsMax<T>();
  }

 private:
  hn::Vec<Codes> common_;
};

// For components of type T.
template <typename T, int kLanes>
using AlphaWatch = std::conditional_t<
    std::is_same_v<T, float>, BitsAlpha<std::uint32_t, 0x3f800000, kLanes>,
    std::conditional_t<std::is_same_v<T, hwy::float16_t>,
                       BitsAlpha<std::int16_t, 0x3c00, kLanes>,
                       CodeAlpha<T, kLanes>>>;

struct NoAlpha {
  template <class V>
  HWY_INLINE void See(V) {}
  HWY_INLINE bool opaque() const { return true; }
};

// Decoded lanes, and components stored as float.
struct FloatSamples {
  using Stored = float;
  static constexpr bool kFinite = false;
  // Whether the drift of sums that are not split would be too much.
  static constexpr bool kSplits = true;
  static constexpr bool kDecodes = false;
  static constexpr bool kCurves = false;  // whether Store() takes a tone step
  static constexpr bool kStreams = true;
  static constexpr int kBytes = 4;
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i) {
    return hn::LoadU(Floats(), reinterpret_cast<const float*>(row) + i);
  }
  template <class A>
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i, A& alpha) {
    const Vector v = Load(row, i);
    alpha.See(v);
    return v;
  }
  // What is to be done to results before they are stored.
  template <int kCount>
  static HWY_INLINE void Finish(Vector (&)[kCount]) {}
  static HWY_INLINE void Store(Vector v, std::byte* row, std::size_t i) {
    hn::StoreU(v, Floats(), reinterpret_cast<float*>(row) + i);
  }
  static HWY_INLINE void Stream(Vector v, std::byte* row, std::size_t i) {
    hn::Stream(v, Floats(), reinterpret_cast<float*>(row) + i);
  }
};

template <typename T>
struct CodeSamples {
  using Stored = T;
  static constexpr bool kFinite = true;
  static constexpr bool kSplits = sizeof(T) > 1;
  static constexpr bool kDecodes = false;
  static constexpr bool kCurves = false;
  static constexpr bool kStreams = false;
  static constexpr int kBytes = sizeof(T);
  using Codes = hn::Rebind<T, Floats>;
  static HWY_INLINE Vector Widen(hn::Vec<Codes> codes) {
    const hn::RebindToSigned<Floats> di;
    return hn::ConvertTo(Floats(), hn::PromoteTo(di, codes));
  }
  static HWY_INLINE hn::Vec<Codes> LoadCodes(const std::byte* row,
                                             std::size_t i) {
    return hn::LoadU(Codes(), reinterpret_cast<const T*>(row) + i);
  }
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i) {
    return Widen(LoadCodes(row, i));
  }
  template <class A>
  static HWY_INLINE Vector Load(const std::byte* row, std::size_t i, A& alpha) {
    const auto codes = LoadCodes(row, i);
    alpha.See(codes);
    return Widen(codes);
  }
  template <int kCount>
  static HWY_INLINE void Finish(Vector (&)[kCount]) {}
  static HWY_INLINE void Store(Vector v, std::byte* row, std::size_t i) {
    const Floats d;
    const hn::RebindToUnsigned<Floats> du;
    if constexpr (sizeof(T) == 1) {
      // Within 0.02 of the range.
      StoreComponents(d, v, reinterpret_cast<T*>(row) + i);
    } else {
      // Adding 2^23 leaves the nearest integer in the low bits.
      const Vector limit = hn::Set(d, static_cast<float>(hwy::LimitsMax<T>()));
      const Vector in_range = hn::Min(hn::Max(v, hn::Zero(d)), limit);
      const auto rounded =
          hn::BitCast(du, hn::Add(in_range, hn::Set(d, 8388608.0f)));
      const auto code =
          hn::And(rounded, hn::Set(du, std::uint32_t{hwy::LimitsMax<T>()}));
      hn::StoreU(hn::DemoteTo(Codes(),
                              hn::BitCast(hn::RebindToSigned<Floats>(), code)),
                 Codes(), reinterpret_cast<T*>(row) + i);
    }
  }
};

// kappa, p and s of every cosine, in every float.
template <int kCosines>
struct Factors {
  explicit HWY_INLINE Factors(const SlidingAxis& axis) {
    GK_UNROLL
    for (int k = 0; k < kCosines; ++k) {
      kappa[k] = hn::Set(Floats(), axis.kappa[k]);
      edge[k] = hn::Set(Floats(), axis.edge[k]);
      drive[k] = hn::Set(Floats(), axis.drive[k]);
    }
  }
  Vector kappa[kCosines];
  Vector edge[kCosines];
  Vector drive[kCosines];
};

// Steps after which the low parts of sums are still small.
constexpr std::size_t kSplitSteps = 16;

// The sums of a vector. Those of the kSplit lowest frequencies are c + c_low
// and e + e_low: steps change the low parts alone, which are small, so that
// little is rounded off. kQuick: what a step adds to a sum is not added up
// first, so that the next one waits for two operations instead of three, at the
// cost of a last bit.
template <int kCosines, int kSplit = 0, bool kQuick = false>
struct Sums {
  HWY_INLINE void Load(const float* from) {
    GK_UNROLL
    for (int k = 0; k < kCosines; ++k) {
      c[k] = hn::Load(Floats(), from + k * kVectorFloats);
      e[k] = hn::Load(Floats(), from + (kCosines + k) * kVectorFloats);
    }
    GK_UNROLL
    for (int k = 0; k < kSplit; ++k) {
      const float* low = from + 2 * (kCosines + k) * kVectorFloats;
      c_low[k] = hn::Load(Floats(), low);
      e_low[k] = hn::Load(Floats(), low + kVectorFloats);
    }
  }
  HWY_INLINE void Store(float* to) const {
    GK_UNROLL
    for (int k = 0; k < kCosines; ++k) {
      hn::Store(c[k], Floats(), to + k * kVectorFloats);
      hn::Store(e[k], Floats(), to + (kCosines + k) * kVectorFloats);
    }
    GK_UNROLL
    for (int k = 0; k < kSplit; ++k) {
      float* low = to + 2 * (kCosines + k) * kVectorFloats;
      hn::Store(c_low[k], Floats(), low);
      hn::Store(e_low[k], Floats(), low + kVectorFloats);
    }
  }

  HWY_INLINE void Clear() {
    static_assert(kSplit == 0);
    GK_UNROLL
    for (int k = 0; k < kCosines; ++k) c[k] = e[k] = hn::Zero(Floats());
  }
  HWY_INLINE void Add(const Sums<kCosines>& part) {
    GK_UNROLL
    for (int k = 0; k < kCosines; ++k) {
      c[k] = hn::Add(c[k], part.c[k]);
      e[k] = hn::Add(e[k], part.e[k]);
    }
  }
  // A term of (3) and of (4), all cosines: `even` and `odd` are what stands in
  // their brackets.
  HWY_INLINE void AddTerm(const float* factor, Vector even, Vector odd) {
    const Floats d;
    GK_UNROLL
    for (int k = 0; k < kCosines; ++k) {
      c[k] = hn::MulAdd(hn::Set(d, factor[k]), even, c[k]);
      e[k] = hn::MulAdd(hn::Set(d, factor[kCosines + k]), odd, e[k]);
    }
  }

  // Before the first step, and now and then: takes out of the low parts what
  // the high ones can hold.
  HWY_INLINE void Split(const Factors<kCosines>& f) {
    if constexpr (kSplit > 0) {
      GK_UNROLL
      for (int k = 0; k < kSplit; ++k) {
        Move(c_low[k], c[k]);
        Move(e_low[k], e[k]);
        pull[k] = hn::Neg(hn::Mul(f.kappa[k], c[k]));
      }
      high = c[0];
      GK_UNROLL
      for (int k = 1; k < kSplit; ++k) high = hn::Add(high, c[k]);
    }
  }

  HWY_INLINE Vector Result() const {
    Vector sum = hn::Add(LowOrWhole(0), LowOrWhole(1));
    GK_UNROLL
    for (int k = 2; k < kCosines; ++k) sum = hn::Add(sum, LowOrWhole(k));
    if constexpr (kSplit > 0) sum = hn::Add(sum, high);
    return sum;
  }

  // (1) and (2), all cosines: `newest` is x(n + r + 1), `newer` x(n + r),
  // `oldest` x(n - r).
  HWY_INLINE void Advance(const Factors<kCosines>& f, Vector newest,
                          Vector newer, Vector oldest) {
    const Vector b = hn::Add(newer, oldest);
    const Vector step = hn::Sub(newest, oldest);
    GK_UNROLL
    for (int k = 0; k < kCosines; ++k) {
      if (k < kSplit) {
        const Vector force = hn::MulAdd(f.drive[k], b, pull[k]);
        e_low[k] =
            hn::NegMulAdd(f.kappa[k], c_low[k], hn::Add(e_low[k], force));
        c_low[k] = hn::Add(hn::Add(c_low[k], hn::MulAdd(f.edge[k], step, e[k])),
                           e_low[k]);
      } else {
        e[k] = hn::NegMulAdd(f.kappa[k], c[k], hn::MulAdd(f.drive[k], b, e[k]));
        c[k] = kQuick ? hn::Add(hn::MulAdd(f.edge[k], step, c[k]), e[k])
                      : hn::Add(c[k], hn::MulAdd(f.edge[k], step, e[k]));
      }
    }
  }

  Vector c[kCosines];
  Vector e[kCosines];
  Vector c_low[std::max(kSplit, 1)];
  Vector e_low[std::max(kSplit, 1)];
  Vector pull[std::max(kSplit, 1)];  // -kappa c
  Vector high;                       // sum of c[0 … kSplit - 1]

 private:
  HWY_INLINE const Vector& LowOrWhole(int k) const {
    return k < kSplit ? c_low[k] : c[k];
  }
  // Exact where the whole is the larger one; else the loss is small beside the
  // low part.
  static HWY_INLINE void Move(Vector& low, Vector& whole) {
    const Vector sum = hn::Add(whole, low);
    low = hn::Sub(low, hn::Sub(sum, whole));
    whole = sum;
  }
};

// A window without cosines: the sample itself.
template <>
struct Factors<0> {
  explicit HWY_INLINE Factors(const SlidingAxis&) {}
};

HWY_INLINE bool AllFinite(Vector zero_or_nan) {
  return hn::AllTrue(Floats(), hn::Eq(zero_or_nan, zero_or_nan));
}

// Sums of five and six cosines drift further than those of fewer: unless the
// lowest are split, they can't spare that bit.
template <class Samples, int kCosines, int kSplit>
constexpr bool kIsQuick = !Samples::kSplits || kSplit > 0 || kCosines <= 4;

template <class Samples, class Alpha, int kLanes, int kCosines, int kSplit>
unsigned StepRowsOf(const SlidingAxis& axis, const std::byte* const* fresh,
                    const std::byte* const* stale, std::size_t count,
                    float* sums, [[maybe_unused]] float* carried, float* panel,
                    std::ptrdiff_t panel_stride) {
  constexpr int kPixels = kPanelRows<kLanes>;
  constexpr int kRows = kGroupRows<kLanes>;
  const Factors<kCosines> factors(axis);
  [[maybe_unused]] const std::ptrdiff_t sum_stride =
      sum_floats(axis) * kVectorFloats;
  const std::byte* fresh_rows[kRows + 1];
  const std::byte* stale_rows[kRows];
  std::copy_n(fresh, kRows + 1, fresh_rows);
  std::copy_n(stale, kRows, stale_rows);
  Alpha alpha;
  Vector poison = hn::Zero(Floats());
  const std::size_t width = count * kLanes;
  for (std::size_t from = 0; from < width; from += kVectorFloats) {
    const std::size_t i = std::min(from, width - kVectorFloats);
    Vector last = hn::Zero(Floats());
    if constexpr (kCosines == 0) {
      for (int part = 0; part < kRows / kPixels; ++part) {
        Vector y[kPixels];
        GK_UNROLL
        for (int row = 0; row < kPixels; ++row) {
          y[row] = Samples::Load(stale_rows[part * kPixels + row], i, alpha);
        }
        TransposePixels<kLanes>(y);
        float* to = panel + part * panel_stride + i * kPixels;
        GK_UNROLL
        for (int column = 0; column < kPixels; ++column) {
          hn::Store(y[column], Floats(), to + column * kVectorFloats);
        }
      }
    } else {
      Sums<kCosines, kSplit, kIsQuick<Samples, kCosines, kSplit>> sum;
      sum.Load(sums);
      sum.Split(factors);
      Vector newer = Samples::kDecodes && fresh_rows[0] == nullptr
                         ? hn::Load(Floats(), carried)
                         : Samples::Load(fresh_rows[0], i);
      for (int part = 0; part < kRows / kPixels; ++part) {
        Vector y[kPixels];
        GK_UNROLL
        for (int row = 0; row < kPixels; ++row) {
          const int r = part * kPixels + row;
          y[row] = sum.Result();
          const Vector newest = Samples::Load(fresh_rows[1 + r], i, alpha);
          hwy::Prefetch(stale_rows[r] + i * Samples::kBytes + kPrefetchBytes);
          const Vector oldest = Samples::Load(stale_rows[r], i);
          sum.Advance(factors, newest, newer, oldest);
          newer = newest;
        }
        last = y[kPixels - 1];
        TransposePixels<kLanes>(y);
        float* to = panel + part * panel_stride + i * kPixels;
        GK_UNROLL
        for (int column = 0; column < kPixels; ++column) {
          hn::Store(y[column], Floats(), to + column * kVectorFloats);
        }
      }
      sum.Store(sums);
      sums += sum_stride;
      if constexpr (Samples::kDecodes) {
        hn::Store(newer, Floats(), carried);
        carried += kVectorFloats;
      }
      if constexpr (!Samples::kFinite) {
        // Once met, NaN and infinity stay in the sums as NaN.
        poison = hn::MulAdd(last, hn::Zero(Floats()), poison);
      }
    }
  }
  return (AllFinite(poison) ? 0u : kNotFinite) |
         (alpha.opaque() ? 0u : kNotOpaque);
}

template <class Samples, class Alpha, int kLanes, int kCosines>
unsigned StepRows(const SlidingAxis& axis, const std::byte* const* fresh,
                  const std::byte* const* stale, std::size_t count, float* sums,
                  float* carried, float* panel, std::ptrdiff_t panel_stride) {
  if constexpr (kCosines > 0 && Samples::kSplits) {
    if (axis.split) {
      return StepRowsOf<Samples, Alpha, kLanes, kCosines, kMostSplit>(
          axis, fresh, stale, count, sums, carried, panel, panel_stride);
    }
  }
  return StepRowsOf<Samples, Alpha, kLanes, kCosines, 0>(
      axis, fresh, stale, count, sums, carried, panel, panel_stride);
}

template <class Samples, class Alpha, int kLanes, int kCosines>
unsigned StartRows(const SlidingAxis& axis, int m, int terms,
                   const std::byte* const* above, const std::byte* const* below,
                   std::size_t count, float* sums) {
  Alpha alpha;
  if constexpr (kCosines > 0) {
    const std::ptrdiff_t sum_stride = sum_floats(axis) * kVectorFloats;
    const std::size_t width = count * kLanes;
    for (std::size_t from = 0; from < width; from += kVectorFloats) {
      const std::size_t i = std::min(from, width - kVectorFloats);
      Sums<kCosines> part;
      part.Clear();
      const float* factor = axis.start.data() + m * 2 * kCosines;
      Vector high = Samples::Load(above[0], i, alpha);
      for (int t = 0; t < terms; ++t) {
        const Vector low = Samples::Load(below[t], i, alpha);
        const Vector next = Samples::Load(above[t + 1], i, alpha);
        part.AddTerm(factor, hn::Add(low, high), hn::Sub(low, next));
        factor += 2 * kCosines;
        high = next;
      }
      Sums<kCosines> sum;
      sum.Load(sums);
      sum.Add(part);
      sum.Store(sums);
      sums += sum_stride;
    }
  }
  return alpha.opaque() ? 0u : kNotOpaque;
}

template <int kStride, int kCosines>
void StartVector(const SlidingAxis& axis, const float* centre, float* sums) {
  if constexpr (kCosines > 0) {
    const Floats d;
    Sums<kCosines> sum;
    sum.Clear();
    const float* factor = axis.start.data();
    const float* right = centre;
    const float* left = centre;
    for (int m = 0; m <= axis.radius;) {
      const int end = std::min(m + kStartTerms, axis.radius + 1);
      Sums<kCosines> part;
      part.Clear();
      for (; m < end; ++m) {
        const Vector high = hn::LoadU(d, right);
        const Vector low = hn::LoadU(d, left);
        // Beyond the window the factor is 0, but 0 x NaN is not.
        const Vector next =
            hn::LoadU(d, m < axis.radius ? left - kStride : left);
        part.AddTerm(factor, hn::Add(high, low), hn::Sub(high, next));
        factor += 2 * kCosines;
        right += kStride;
        left -= kStride;
      }
      sum.Add(part);
    }
    sum.Store(sums);
    // The low parts, if any, start at nothing.
    for (int k = 2 * kCosines; k < sum_floats(axis); ++k) {
      hn::Store(hn::Zero(d), d, sums + k * kVectorFloats);
    }
  }
}

template <int kLanes, int kCosines>
void StartColumns(const SlidingAxis& axis, const float* centre, float* sums) {
  constexpr int kColumn = kColumnFloats<kLanes>;
  for (int i = 0; i < kColumn; i += kVectorFloats) {
    StartVector<kColumn, kCosines>(axis, centre + i,
                                   sums + sum_floats(axis) * i);
  }
}

// Into the second cache: the first is full of sums.
HWY_INLINE void FetchFar(const std::byte* address) {
#if HWY_COMPILER_GCC || HWY_COMPILER_CLANG
  __builtin_prefetch(address, 0, 2);
#else
  hwy::Prefetch(address);
#endif
}

// Leaves the pixels from x on, of kLanes floats that stay together, to the
// rows; only `count` pixels exist.
template <class Samples, int kLanes>
HWY_INLINE void StorePixels(Vector (&y)[kPanelRows<kLanes>],
                            std::byte* const* rows, std::size_t x,
                            std::size_t count, bool stream) {
  constexpr int kPixels = kPanelRows<kLanes>;
  constexpr int kPixelBytes = kLanes * Samples::kBytes;
  // A curve for each of many rows would be more code than its cache holds.
  constexpr bool kUnrolls = kPixels <= 4 || !Samples::kCurves;
  TransposePixels<kLanes>(y);
  Samples::Finish(y);
  const bool whole = x + kPixels <= count;
  if (kUnrolls && HWY_LIKELY(whole)) {
    if constexpr (Samples::kStreams) {
      if (stream) {
        GK_UNROLL
        for (int row = 0; row < kPixels; ++row) {
          Samples::Stream(y[row], rows[row], x * kLanes);
        }
        return;
      }
    }
    GK_UNROLL
    for (int row = 0; row < kPixels; ++row) {
      Samples::Store(y[row], rows[row], x * kLanes);
    }
    return;
  }
  if constexpr (kPixels > 1) {
    HWY_ALIGN float lanes[kPixels * kVectorFloats];
    GK_UNROLL
    for (int row = 0; row < kPixels; ++row) {
      hn::Store(y[row], Floats(), lanes + row * kVectorFloats);
    }
    if (!kUnrolls && HWY_LIKELY(whole)) {
      HWY_UNROLL(1)
      for (int row = 0; row < kPixels; ++row) {
        Samples::Store(hn::Load(Floats(), lanes + row * kVectorFloats),
                       rows[row], x * kLanes);
      }
      return;
    }
    HWY_UNROLL(1)
    for (int row = 0; row < kPixels; ++row) {
      HWY_ALIGN std::byte pixels[kVectorFloats * 4];
      Samples::Store(hn::Load(Floats(), lanes + row * kVectorFloats), pixels,
                     0);
      std::copy_n(pixels,
                  std::min<std::size_t>(count - x, kPixels) * kPixelBytes,
                  rows[row] + x * kPixelBytes);
    }
  }
}

// The same for columns of kParts vectors, one after the other.
template <class Samples, int kLanes>
HWY_INLINE void StoreColumns(Vector (&y)[kPanelRows<kLanes> * kParts<kLanes>],
                             std::byte* const* rows, std::size_t x,
                             std::size_t count, bool stream) {
  constexpr int kPixels = kPanelRows<kLanes>;
  if constexpr (kParts<kLanes> == 1) {
    StorePixels<Samples, kLanes>(y, rows, x, count, stream);
  } else {
    const std::size_t end = count * kLanes;
    for (int from = 0; from < kPixels * kParts<kLanes>; from += kPixels) {
      const std::size_t at = x * kLanes + from;
      if (at >= end) return;
      Vector turned[kPixels];
      GK_UNROLL
      for (int i = 0; i < kPixels; ++i) turned[i] = y[from + i];
      StorePixels<Samples, 1>(turned, rows, at, end, stream);
    }
  }
}

template <class Samples, int kLanes, int kCosines, int kSplit>
unsigned StepColumnsOf(const SlidingAxis& axis, const float* centre,
                       std::size_t count, float* sums, std::byte* const* rows,
                       const MemoryHints& hints) {
  constexpr int kPixels = kPanelRows<kLanes>;
  constexpr int kColumn = kColumnFloats<kLanes>;
  const Floats d;
  std::byte* out[kPixels];
  std::copy_n(rows, kPixels, out);
  bool stream = hints.stream;
  for (const std::byte* row : out) {
    stream = stream && reinterpret_cast<std::uintptr_t>(row) %
                               (kVectorFloats * sizeof(float)) ==
                           0;
  }
  Vector y[kPixels * kParts<kLanes>];
  if constexpr (kCosines == 0) {
    for (std::size_t x = 0; x < count; x += kPixels) {
      GK_UNROLL
      for (int i = 0; i < kPixels * kParts<kLanes>; ++i) {
        y[i] = hn::LoadU(d, centre + x * kColumn + i * kVectorFloats);
      }
      StoreColumns<Samples, kLanes>(y, out, x, count, stream);
    }
    return 0;
  } else {
    const Factors<kCosines> factors(axis);
    Sums<kCosines, kSplit, kIsQuick<Samples, kCosines, kSplit>>
        sum[kParts<kLanes>];
    Vector newer[kParts<kLanes>];
    const float* old_column = centre - axis.radius * kColumn;
    const float* new_column = centre + axis.radius * kColumn;
    GK_UNROLL
    for (int part = 0; part < kParts<kLanes>; ++part) {
      sum[part].Load(sums + sum_floats(axis) * kVectorFloats * part);
      sum[part].Split(factors);
      newer[part] = hn::LoadU(d, new_column + part * kVectorFloats);
    }
    new_column += kColumn;
    const bool fetch = hints.ahead != nullptr;
    const std::byte* ahead[kPixels];
    if (fetch) std::copy_n(hints.ahead, kPixels, ahead);
    for (std::size_t x = 0; x < count; x += kPixels) {
      GK_UNROLL
      for (int part = 0; part < kParts<kLanes>; ++part) {
        constexpr bool kFetches = kPixels * Samples::kBytes >= kLineBytes;
        const std::size_t first = x * kLanes + part * kPixels;
        GK_UNROLL
        for (int i = 0; i < kPixels; ++i) {
          if (fetch && (kFetches || part == 0)) {
            FetchFar(ahead[i] + first * Samples::kBytes);
          }
          y[i * kParts<kLanes> + part] = sum[part].Result();
          const int at = i * kColumn + part * kVectorFloats;
          const Vector newest = hn::LoadU(d, new_column + at);
          const Vector oldest = hn::LoadU(d, old_column + at);
          sum[part].Advance(factors, newest, newer[part], oldest);
          newer[part] = newest;
        }
        if (x % kSplitSteps == 0) sum[part].Split(factors);
      }
      new_column += kPixels * kColumn;
      old_column += kPixels * kColumn;
      StoreColumns<Samples, kLanes>(y, out, x, count, stream);
    }
    Vector poison = hn::Zero(d);
    GK_UNROLL
    for (int part = 0; part < kParts<kLanes>; ++part) {
      sum[part].Store(sums + sum_floats(axis) * kVectorFloats * part);
      poison = hn::MulAdd(sum[part].Result(), hn::Zero(d), poison);
    }
    return AllFinite(poison) ? 0u : kNotFinite;
  }
}

template <class Samples, int kLanes, int kCosines>
unsigned StepColumns(const SlidingAxis& axis, const float* centre,
                     std::size_t count, float* sums, std::byte* const* rows,
                     const MemoryHints& hints) {
  if constexpr (kCosines > 0 && Samples::kSplits) {
    if (axis.split) {
      return StepColumnsOf<Samples, kLanes, kCosines, kMostSplit>(
          axis, centre, count, sums, rows, hints);
    }
  }
  return StepColumnsOf<Samples, kLanes, kCosines, 0>(axis, centre, count, sums,
                                                     rows, hints);
}

template <class Samples, int kLanes>
void WeighColumns(const SlidingAxis& axis, const float* centre,
                  std::size_t count, std::byte* const* rows) {
  constexpr int kPixels = kPanelRows<kLanes>;
  constexpr int kColumn = kColumnFloats<kLanes>;
  const Floats d;
  for (std::size_t x = 0; x < count; x += kPixels) {
    Vector y[kPixels * kParts<kLanes>];
    for (int i = 0; i < kPixels * kParts<kLanes>; ++i) {
      const float* column = centre + x * kColumn + i * kVectorFloats;
      y[i] = hn::Zero(d);
      if (x + i / kParts<kLanes> >= count) continue;
      Vector part = hn::Zero(d);
      for (int m = axis.radius; m > 0; --m) {
        const Vector pair = hn::Add(hn::LoadU(d, column - m * kColumn),
                                    hn::LoadU(d, column + m * kColumn));
        part = hn::MulAdd(hn::Set(d, axis.weights[m]), pair, part);
        if (m % 32 == 0) {
          y[i] = hn::Add(y[i], part);
          part = hn::Zero(d);
        }
      }
      y[i] = hn::Add(y[i], part);
      y[i] =
          hn::MulAdd(hn::Set(d, axis.weights[0]), hn::LoadU(d, column), y[i]);
    }
    StoreColumns<Samples, kLanes>(y, rows, x, count, false);
  }
}

// Calls function(std::integral_constant<int, kCosines>()) for the cosines that
// an axis has: 0, or 3 … 6.
template <class Function>
void WithCosines(int cosines, Function function) {
  static_assert(CosineSum::kMost == 6);
  switch (cosines) {
    case 3:
      return function(std::integral_constant<int, 3>());
    case 4:
      return function(std::integral_constant<int, 4>());
    case 5:
      return function(std::integral_constant<int, 5>());
    case 6:
      return function(std::integral_constant<int, 6>());
    default:
      return function(std::integral_constant<int, 0>());
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_SLIDING_STEPS_INL_H_
