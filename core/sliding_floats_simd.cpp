#include "core/sliding_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/sliding_floats_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/sliding_codec-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

void SetFloatLoops(const PixelFormat& format, ToneStep step, int vertical,
                   int horizontal, SlidingLoops& loops) {
  SetLoopsFor<float>(format, step, vertical, horizontal, loops);
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(SetFloatLoops);

void decode_floats_in_registers(const PixelFormat& format, ToneStep step,
                                int vertical_cosines, int horizontal_cosines,
                                SlidingLoops& loops) {
  HWY_DYNAMIC_DISPATCH(SetFloatLoops)
  (format, step, vertical_cosines, horizontal_cosines, loops);
}

}  // namespace gk
#endif
