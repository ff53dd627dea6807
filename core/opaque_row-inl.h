// Whether every alpha of a stored row is opaque.
//
// To be included, once for each CPU target, after <hwy/highway.h>.

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/row_codec.h"

#if defined(GK_CORE_OPAQUE_ROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_OPAQUE_ROW_INL_H_
#undef GK_CORE_OPAQUE_ROW_INL_H_
#else
#define GK_CORE_OPAQUE_ROW_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// T: std::int16_t stands for the bits of a half.
template <class D, class V, typename T = hn::TFromD<D>>
HWY_INLINE hn::Mask<D> IsOpaque(D d, V alpha) {
  if constexpr (std::is_same_v<T, float>) {
    return hn::Ge(alpha, hn::Set(d, kOpaque));
  } else if constexpr (std::is_same_v<T, std::int16_t>) {
    // The largest half below 1 is below kOpaque; NaN comes after infinity.
    return hn::And(hn::Gt(alpha, hn::Set(d, 0x3BFF)),
                   hn::Lt(alpha, hn::Set(d, 0x7C01)));
  } else {
    return hn::Eq(alpha, hn::Set(d, static_cast<T>(-1)));
  }
}

// Alpha is the last of kChannels = 2 or 4 components.
template <typename T, int kChannels>
HWY_NOINLINE bool OpaqueRow(const std::byte* row, std::size_t count) {
  const hn::ScalableTag<T> d;
  if (count == 0) return true;
  const T* stored = reinterpret_cast<const T*>(row);
#if HWY_TARGET == HWY_SCALAR
  for (; count != 0; --count) {
    stored += kChannels;
    if (!hn::AllTrue(d, IsOpaque(d, hn::LoadU(d, stored - 1)))) return false;
  }
  return true;
#else
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t total = count * kChannels;
  alignas(64) T is_colour[hn::MaxLanes(d)];
  for (std::size_t i = 0; i < lanes; ++i) {
    is_colour[i] = i % kChannels != kChannels - 1;
  }
  const auto colours = hn::Ne(hn::Load(d, is_colour), hn::Zero(d));
  const auto holds = [&](auto v) HWY_ATTR {
    return hn::AllTrue(d, hn::Or(colours, IsOpaque(d, v)));
  };
  if (total < lanes) {
    T padded[hn::MaxLanes(d)];
    constexpr T kOne = std::is_same_v<T, float>          ? T(1)
                       : std::is_same_v<T, std::int16_t> ? T(0x3C00)
                                                         : T(-1);
    std::fill_n(padded, lanes, kOne);
    std::memcpy(padded, stored, total * sizeof(T));
    return holds(hn::LoadU(d, padded));
  }
  for (std::size_t i = 0; i + lanes <= total; i += lanes) {
    if (!holds(hn::LoadU(d, stored + i))) return false;
  }
  return holds(hn::LoadU(d, stored + total - lanes));
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_OPAQUE_ROW_INL_H_
