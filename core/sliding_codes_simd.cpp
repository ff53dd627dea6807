#include <cstdint>

#include "core/sliding_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/sliding_codes_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/sliding_codec-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

void SetCodeLoops(const PixelFormat& format, ToneStep step, int vertical,
                  int horizontal, SlidingLoops& loops) {
  if (format.component == Component::kU8) {
    SetLoopsFor<std::uint8_t>(format, step, vertical, horizontal, loops);
  } else {
    SetLoopsFor<std::uint16_t>(format, step, vertical, horizontal, loops);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(SetCodeLoops);

void decode_codes_in_registers(const PixelFormat& format, ToneStep step,
                               int vertical_cosines, int horizontal_cosines,
                               SlidingLoops& loops) {
  HWY_DYNAMIC_DISPATCH(SetCodeLoops)
  (format, step, vertical_cosines, horizontal_cosines, loops);
}

}  // namespace gk
#endif
