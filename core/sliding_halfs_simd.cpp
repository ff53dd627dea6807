#include "core/sliding_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/sliding_halfs_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/sliding_codec-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

#if GK_TARGET_CONVERTS_HALFS
void SetHalfLoops(const PixelFormat& format, ToneStep step, int vertical,
                  int horizontal, SlidingLoops& loops) {
  SetLoopsFor<hwy::float16_t>(format, step, vertical, horizontal, loops);
}
#else
// Emulated conversions are too long for that.
void SetHalfLoops(const PixelFormat&, ToneStep, int, int, SlidingLoops&) {}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(SetHalfLoops);

void decode_halfs_in_registers(const PixelFormat& format, ToneStep step,
                               int vertical_cosines, int horizontal_cosines,
                               SlidingLoops& loops) {
  HWY_DYNAMIC_DISPATCH(SetHalfLoops)
  (format, step, vertical_cosines, horizontal_cosines, loops);
}

}  // namespace gk
#endif
