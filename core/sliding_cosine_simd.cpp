#include "core/sliding_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/sliding_cosine_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cstdint>

#include "core/sliding_steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

// kFloats: of a pixel, which Alpha watches.
template <class Samples, class Alpha, int kFloats>
SlidingLoops LoopsOf(int vertical, int horizontal) {
  SlidingLoops loops = {};
  loops.pixels = kPanelRows<kFloats>;
  loops.group_rows = kGroupRows<kFloats>;
  loops.weigh_columns = WeighColumns<Samples, kFloats>;
  WithCosines(vertical, [&loops](auto cosines) {
    loops.start_rows = StartRows<Samples, Alpha, kRowLanes<kFloats>, cosines>;
    loops.step_rows = StepRows<Samples, Alpha, kRowLanes<kFloats>, cosines>;
  });
  WithCosines(horizontal, [&loops](auto cosines) {
    loops.start_columns = StartColumns<kFloats, cosines>;
    loops.step_columns = StepColumns<Samples, kFloats, cosines>;
  });
  return loops;
}

template <class Samples>
SlidingLoops StoredLoops(int floats, int vertical, int horizontal) {
  switch (floats) {
    case 1:
      return LoopsOf<Samples, NoAlpha, 1>(vertical, horizontal);
    case 2:
      return LoopsOf<Samples, AlphaWatch<typename Samples::Stored, 2>, 2>(
          vertical, horizontal);
    case 3:
      return LoopsOf<Samples, NoAlpha, 3>(vertical, horizontal);
    default:
      return LoopsOf<Samples, AlphaWatch<typename Samples::Stored, 4>, 4>(
          vertical, horizontal);
  }
}

SlidingLoops LaneLoops(int floats, int vertical, int horizontal) {
  switch (floats) {
    case 1:
      return LoopsOf<FloatSamples, NoAlpha, 1>(vertical, horizontal);
    case 2:
      return LoopsOf<FloatSamples, NoAlpha, 2>(vertical, horizontal);
    case 3:
      return LoopsOf<FloatSamples, NoAlpha, 3>(vertical, horizontal);
    default:
      return LoopsOf<FloatSamples, NoAlpha, 4>(vertical, horizontal);
  }
}

SlidingLoops FindLoops(SampleKind kind, int floats, int vertical,
                       int horizontal) {
  switch (kind) {
    case SampleKind::kU8:
      return StoredLoops<CodeSamples<std::uint8_t>>(floats, vertical,
                                                    horizontal);
    case SampleKind::kU16:
      return StoredLoops<CodeSamples<std::uint16_t>>(floats, vertical,
                                                     horizontal);
    case SampleKind::kFloat:
      return StoredLoops<FloatSamples>(floats, vertical, horizontal);
    case SampleKind::kLanes:
      break;
  }
  return LaneLoops(floats, vertical, horizontal);
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(FindLoops);

SlidingLoops sliding_loops(SampleKind kind, int floats, int vertical_cosines,
                           int horizontal_cosines) {
  return HWY_DYNAMIC_DISPATCH(FindLoops)(kind, floats, vertical_cosines,
                                         horizontal_cosines);
}

}  // namespace gk
#endif
