// Both passes of a small kernel over pixels of four codes, a whole vector of
// these at a time, for every CPU target.

// Included once per target by the loops that convolve; see Highway's
// foreach_target.h.
#if defined(GK_CORE_LINE_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_LINE_SUMS_INL_H_
#undef GK_CORE_LINE_SUMS_INL_H_
#else
#define GK_CORE_LINE_SUMS_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "core/opaque_row-inl.h"
#include "core/register_pixels-inl.h"
#include "core/register_sums-inl.h"
#include "core/tap_sums-inl.h"
#include "core/taps.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

// A line: pixels whose components, of type T, fill a vector. As floats they
// fill kParts vectors, of which vector v holds pixels v, v + kParts, v + 2
// kParts, …, a pixel in each block of four floats. Neighbours stand in the same
// block of two vectors, but where they are kParts apart or more.
template <typename T>
struct Line {
  static constexpr int kParts = 4 / sizeof(T);
  static constexpr int kBlocks = hn::MaxLanes(Floats()) / 4;
  static constexpr int kSamples = kParts * hn::MaxLanes(Floats());
  static constexpr hn::Repartition<T, Floats> kCodes{};
  using Codes = hn::Vec<hn::Repartition<T, Floats>>;

  // 0: none. Windows end in the next line, registers are short beyond a radius
  // of 6, and short lines of 16-bit codes gain nothing. Part() takes the first
  // byte of a code for its lowest.
  static constexpr int kLargestRadius =
      std::endian::native != std::endian::little ||
              (sizeof(T) > 1 && kBlocks < 4)
          ? 0
          : std::min(kParts * kBlocks / 2, 6);

  // Whether results that make whole lines of memory pass the cache: not where
  // summing takes longer than writing, and waits for the stores.
  static constexpr bool PassesCache(int radius) {
    return sizeof(Codes) == 64 && (sizeof(T) == 1 || radius <= 2);
  }

  // Of each block of codes the component c of pixel `part`, in float c.
  template <int part>
  static HWY_INLINE FloatVec Part(Codes codes) {
    struct Places {
      alignas(16) std::uint8_t byte[16];
      constexpr Places() : byte() {
        for (int i = 0; i < 16; ++i) {
          const int component = 4 * part + i / 4;
          const int from = component * static_cast<int>(sizeof(T)) + i % 4;
          byte[i] = i % 4 < static_cast<int>(sizeof(T)) ? from : 0x80;
        }
      }
    };
    static constexpr Places kPlaces;
    const hn::Repartition<std::uint8_t, Floats> d8;
    const hn::RebindToSigned<Floats> di;
    return hn::ConvertTo(
        Floats(), hn::BitCast(di, hn::TableLookupBytesOr0(
                                      hn::BitCast(d8, codes),
                                      hn::LoadDup128(d8, kPlaces.byte))));
  }

  static constexpr hn::RebindToUnsigned<Floats> kBits32{};

  // The code in the low bits: from 2^23 on a float's last bit is worth 1.
  static HWY_INLINE hn::Vec<hn::RebindToUnsigned<Floats>> Rounded(FloatVec v) {
    return hn::BitCast(kBits32, hn::Add(v, hn::Set(Floats(), 8388608.0f)));
  }

  // What Part() took apart, rounded to nearest, ties to even; -0.4 <= value <=
  // maximum + 0.4.
  static HWY_INLINE Codes Together(const FloatVec (&parts)[kParts]) {
#if HWY_TARGET <= HWY_AVX3
    // Highway 1.0.3 has no pack to u8 or u16, and its NearestInt spends two
    // instructions on floats beyond int32. Packing joins the blocks of the
    // parts in order, and so undoes Part().
    const auto nearest = [&parts](int part) HWY_ATTR {
      return _mm512_cvtps_epi32(parts[part].raw);
    };
    if constexpr (kParts == 4) {
      return Codes{
          _mm512_packus_epi16(_mm512_packs_epi32(nearest(0), nearest(1)),
                              _mm512_packs_epi32(nearest(2), nearest(3)))};
    } else {
      return Codes{_mm512_packus_epi32(nearest(0), nearest(1))};
    }
#else
    struct Places {
      alignas(16) std::uint8_t byte[16];
      constexpr Places() : byte() {
        for (int i = 0; i < 16; ++i) {
          const int component = i / static_cast<int>(sizeof(T));
          byte[i] = component % 4 * 4 +
                    component / 4 * static_cast<int>(sizeof(T)) +
                    i % static_cast<int>(sizeof(T));
        }
      }
    };
    static constexpr Places kPlaces;
    const hn::Repartition<std::uint8_t, Floats> d8;
    constexpr int kBits = 8 * sizeof(T);
    auto codes = hn::And(Rounded(parts[0]),
                         hn::Set(kBits32, std::uint32_t{hwy::LimitsMax<T>()}));
    codes = hn::Or(codes, hn::ShiftLeft<kBits>(Rounded(parts[1])));
    if constexpr (kParts == 4) {
      codes =
          hn::Or(codes, hn::Or(hn::ShiftLeft<2 * kBits>(Rounded(parts[2])),
                               hn::ShiftLeft<3 * kBits>(Rounded(parts[3]))));
    }
    return hn::BitCast(kCodes,
                       hn::TableLookupBytes(hn::BitCast(d8, codes),
                                            hn::LoadDup128(d8, kPlaces.byte)));
#endif
  }

  // Blocks kShift … of `lower`, followed by those of `upper`.
  template <int kShift>
  static HWY_INLINE FloatVec ShiftBlocks(FloatVec upper, FloatVec lower) {
    if constexpr (kShift == 0) return lower;
    if constexpr (kShift == kBlocks) return upper;
    if constexpr (kShift > 0 && kShift < kBlocks) {
      return ShiftLanes<4 * kShift>(upper, lower);
    }
  }
};

// The vectors first … of a window that begins with a line: its parts, then
// those of its pixels that follow.
template <class L, int first, int count>
HWY_INLINE void LoadWindow(const float* line, const float* next,
                           FloatVec* window) {
  constexpr int kVector = hn::MaxLanes(Floats());
  if constexpr (first < count) {
    constexpr int kOffset = first % L::kParts * kVector;
    window[first] = L::template ShiftBlocks<first / L::kParts>(
        hn::Load(Floats(), next + kOffset), hn::Load(Floats(), line + kOffset));
    LoadWindow<L, first + 1, count>(line, next, window);
  }
}

// How a line's pixels enter sums and leave them: as they are, or weighted by
// their alpha as RowCodec does it.
template <typename T>
struct OpaqueParts {
  static HWY_INLINE FloatVec Weigh(FloatVec v) { return v; }
  static HWY_INLINE void Finish(FloatVec (&)[Line<T>::kParts]) {}
};
template <typename T>
struct WeightedParts {
  using Format = Loop<T, 4, Weight::kStraight, ToneStep::kKeep>;
  static HWY_INLINE FloatVec Weigh(FloatVec v) {
    return WeighLight<Format>(v, AlphaOf<Format>(v));
  }
  static HWY_INLINE void Finish(FloatVec (&parts)[Line<T>::kParts]) {
    TakeWeights<Format>(parts, hn::Set(Floats(), LeastWeight<Format>(0.0f)));
    GK_UNROLL for (int v = 0; v < Line<T>::kParts; ++v) {
      parts[v] = ToStored<Format>(parts[v]);
    }
  }
};

// kCount rows of results at a time; see SumLines.
template <typename T, class Parts, int kRadius, int kCount, bool kPastCache>
HWY_NOINLINE void SumLinesOf(const Taps& horizontal, const Taps& vertical,
                             const std::byte* const* source_rows, int samples,
                             typename Line<T>::Codes& seen,
                             T* const* result_rows) {
  using L = Line<T>;
  constexpr int kVector = hn::MaxLanes(Floats());
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
  auto all = seen;

  // Sums along y of this line and the one before.
  HWY_ALIGN float sums[2][kCount][L::kSamples];
  const auto sum_part = [&](std::ptrdiff_t x, int slot, auto part) HWY_ATTR {
    constexpr int kPart = decltype(part)::value;
    FloatVec rows[kOldRows + kCount];
    GK_UNROLL for (int j = 0; j < kOldRows + kCount; ++j) {
      const auto codes = hn::LoadU(L::kCodes, sources[j] + x);
      if (kPart == 0 && j >= kOldRows) all = hn::And(all, codes);
      rows[j] = Parts::Weigh(L::template Part<kPart>(codes));
    }
    GK_UNROLL for (int i = 0; i < kCount; ++i) {
      hn::Store(FixedTapSum<kRadius>(down, rows + i), d,
                sums[slot][i] + kPart * kVector);
    }
  };
  const auto sum_columns = [&](std::ptrdiff_t x, int slot) HWY_ATTR {
    sum_part(x, slot, std::integral_constant<int, 0>());
    sum_part(x, slot, std::integral_constant<int, 1>());
    if constexpr (L::kParts == 4) {
      sum_part(x, slot, std::integral_constant<int, 2>());
      sum_part(x, slot, std::integral_constant<int, 3>());
    }
  };

  sum_columns(0, 0);
  int slot = 1;
  for (std::ptrdiff_t x = 0; x < samples; x += L::kSamples) {
    FetchRowsAhead<256>(sources + kOldRows, kCount, x);
    sum_columns(x + L::kSamples, slot);
    GK_UNROLL for (int i = 0; i < kCount; ++i) {
      const float* line = sums[1 - slot][i];
      const float* next = sums[slot][i];
      // Those of pixels 0 … of the first window, each kParts apart.
      FloatVec window[L::kParts + kOldRows];
      LoadWindow<L, 0, L::kParts + kOldRows>(line, next, window);
      FloatVec parts[L::kParts];
      GK_UNROLL for (int v = 0; v < L::kParts; ++v) {
        parts[v] = FixedTapSum<kRadius>(across, window + v);
      }
      Parts::Finish(parts);
      const auto codes = L::Together(parts);
      if constexpr (kPastCache) {
        hn::Stream(codes, L::kCodes, results[i] + x);
      } else {
        hn::StoreU(codes, L::kCodes, results[i] + x);
      }
    }
    slot = 1 - slot;
  }
  seen = all;
}

// As SumInRegisters, for a radius that Line<T> allows; `samples` makes whole
// lines, and a line more than that is read. The bits that all codes of rows
// that no block of results has used before have in common go to `seen`.
template <typename T, class Parts, bool kPastCache>
void SumLines(const Taps& horizontal, const Taps& vertical,
              const std::byte* const* sources, int samples,
              typename Line<T>::Codes& seen, T* const* results) {
  WithRegisterRadius(horizontal.radius, [&](auto radius) {
    constexpr int kRadius = decltype(radius)::value;
    if constexpr (kRadius <= Line<T>::kLargestRadius &&
                  kRadius <= kLargestRegisterRadius &&
                  (!kPastCache || Line<T>::PassesCache(kRadius))) {
      constexpr int kCount = kRadius > 4 ? kOutputs / 2 : kOutputs;
      for (int i = 0; i < kOutputs; i += kCount) {
        SumLinesOf<T, Parts, kRadius, kCount, kPastCache>(
            horizontal, vertical, sources + i, samples, seen, results + i);
      }
    }
  });
}

#endif  // HWY_TARGET != HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_LINE_SUMS_INL_H_
