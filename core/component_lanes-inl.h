// Stored components to float lanes and back, in registers.
//
// To be included, once for each CPU target, after <hwy/highway.h>.

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

#if defined(GK_CORE_COMPONENT_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_COMPONENT_LANES_INL_H_
#undef GK_CORE_COMPONENT_LANES_INL_H_
#else
#define GK_CORE_COMPONENT_LANES_INL_H_
#endif

// The others lack the instruction, and Highway 1.0.3 neither rounds nor knows
// infinity and NaN in its place.
#undef GK_TARGET_CONVERTS_HALFS
#if HWY_ARCH_X86
#define GK_TARGET_CONVERTS_HALFS (HWY_TARGET <= HWY_AVX2)
#else
#define GK_TARGET_CONVERTS_HALFS \
  (HWY_TARGET != HWY_EMU128 && HWY_TARGET != HWY_SCALAR)
#endif

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The stored value that stands for 1.
template <typename T>
inline constexpr int kOneOf = 1;
template <>
inline constexpr int kOneOf<std::uint8_t> = 255;
template <>
inline constexpr int kOneOf<std::uint16_t> = 65535;

// What stored components are compared as: halfs, of the same sign, as integers.
template <typename T>
using Comparable =
    std::conditional_t<std::is_same_v<T, hwy::float16_t>, std::int16_t, T>;

// Components in a vector of their own type to lanes: 0 … 255, 0 … 65535, or
// floats as they are.
template <class D, class V>
HWY_INLINE hn::Vec<D> ComponentsToLanes([[maybe_unused]] D d, V components) {
  if constexpr (std::is_same_v<hn::TFromV<V>, float>) {
    return components;
  } else {
    const hn::RebindToSigned<D> di;
    return hn::ConvertTo(d, hn::PromoteTo(di, components));
  }
}

// The same for as many stored components as d has lanes.
template <class D, typename T>
HWY_INLINE hn::Vec<D> LoadComponents(D d, const T* HWY_RESTRICT stored) {
  return ComponentsToLanes(d, hn::LoadU(hn::Rebind<T, D>(), stored));
}

// Lanes to components in a vector of their own type, rounded to nearest, ties
// to even; -0.4 <= value <= maximum + 0.4.
template <typename T, class D, class V>
HWY_INLINE hn::Vec<hn::Rebind<T, D>> RoundedComponents(D d, V value) {
  // From 2^23 on a float's last bit is worth 1, so that the addition rounds
  // and leaves the integer in the low bits.
  const V rounded = hn::Add(value, hn::Set(d, 8388608.0f));
  const hn::RebindToUnsigned<D> du;
  return hn::TruncateTo(hn::Rebind<T, D>(), hn::BitCast(du, rounded));
}

// Stores as many components as d has lanes; integers as RoundedComponents
// gives them.
template <class D, class V>
HWY_INLINE void StoreComponents(D d, V value, float* HWY_RESTRICT stored) {
  hn::StoreU(value, d, stored);
}
template <class D, class V, typename T>
HWY_INLINE void StoreComponents(D d, V value, T* HWY_RESTRICT stored) {
  hn::StoreU(RoundedComponents<T>(d, value), hn::Rebind<T, D>(), stored);
}

// IEEE 754 half to float, exact.
template <class D>
HWY_INLINE hn::Vec<D> HalfsToLanes(
    D d, hn::Vec<hn::Rebind<std::uint16_t, D>> bits16) {
#if !GK_TARGET_CONVERTS_HALFS
  const hn::RebindToUnsigned<D> du;
  const auto bits = hn::PromoteTo(du, bits16);
  const auto sign = hn::ShiftLeft<16>(hn::And(bits, hn::Set(du, 0x8000u)));
  const auto magnitude = hn::And(bits, hn::Set(du, 0x7FFFu));
  const auto normal =
      hn::Add(hn::ShiftLeft<13>(magnitude), hn::Set(du, (127u - 15) << 23));
  const auto not_finite =
      hn::Or(hn::ShiftLeft<13>(magnitude), hn::Set(du, 0x7F800000u));
  // Scaled by 2^-24, the value of the last bit.
  const hn::RebindToSigned<D> di;
  const auto subnormal =
      hn::BitCast(du, hn::Mul(hn::ConvertTo(d, hn::BitCast(di, magnitude)),
                              hn::Set(d, 1.0f / (1 << 24))));
  const auto signed_magnitude = hn::BitCast(di, magnitude);
  const auto is_subnormal =
      hn::RebindMask(du, hn::Lt(signed_magnitude, hn::Set(di, 0x0400)));
  const auto is_not_finite =
      hn::RebindMask(du, hn::Gt(signed_magnitude, hn::Set(di, 0x7BFF)));
  const auto value =
      hn::IfThenElse(is_subnormal, subnormal,
                     hn::IfThenElse(is_not_finite, not_finite, normal));
  return hn::BitCast(d, hn::Or(value, sign));
#else
  const hn::Rebind<hwy::float16_t, D> d16;
  return hn::PromoteTo(d, hn::BitCast(d16, bits16));
#endif
}

// Float to IEEE 754 half: to nearest, ties to even, overflow to infinity.
template <class D, class V>
HWY_INLINE hn::Vec<hn::Rebind<std::uint16_t, D>> LanesToHalfs(
    [[maybe_unused]] D d, V value) {
  const hn::Rebind<std::uint16_t, D> du16;
#if !GK_TARGET_CONVERTS_HALFS
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, value);
  const auto magnitude = hn::And(bits, hn::Set(di, 0x7FFFFFFF));
  const auto sign = hn::And(hn::ShiftRight<16>(bits), hn::Set(di, 0x8000));
  const auto odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(di, 1));
  const auto normal = hn::ShiftRight<13>(
      hn::Add(hn::Add(magnitude, odd),
              hn::Set(di, static_cast<int>(0xFFFu - ((127u - 15) << 23)))));
  // 0.5 has its last bit where a half below 2^-14 has it.
  const auto half = hn::Set(d, 0.5f);
  const auto subnormal =
      hn::Sub(hn::BitCast(di, hn::Add(hn::BitCast(d, magnitude), half)),
              hn::BitCast(di, half));
  const auto not_finite =
      hn::IfThenElse(hn::Gt(magnitude, hn::Set(di, 0x7F800000)),
                     hn::Set(di, 0x7E00), hn::Set(di, 0x7C00));
  const auto finite = hn::IfThenElse(hn::Lt(magnitude, hn::Set(di, 0x38800000)),
                                     subnormal, normal);
  const auto rounded = hn::IfThenElse(
      hn::Lt(magnitude, hn::Set(di, 0x47800000)), finite, not_finite);
  return hn::DemoteTo(du16, hn::Or(rounded, sign));
#else
  const hn::Rebind<hwy::float16_t, D> d16;
  return hn::BitCast(du16, hn::DemoteTo(d16, value));
#endif
}

template <class D>
HWY_INLINE hn::Vec<D> LoadComponents(
    D d, const hwy::float16_t* HWY_RESTRICT stored) {
  const auto* bits = reinterpret_cast<const std::uint16_t*>(stored);
  return HalfsToLanes(d, hn::LoadU(hn::Rebind<std::uint16_t, D>(), bits));
}
template <class D, class V>
HWY_INLINE void StoreComponents(D d, V value,
                                hwy::float16_t* HWY_RESTRICT stored) {
  hn::StoreU(LanesToHalfs(d, value), hn::Rebind<std::uint16_t, D>(),
             reinterpret_cast<std::uint16_t*>(stored));
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_COMPONENT_LANES_INL_H_
