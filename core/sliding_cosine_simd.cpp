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

template <class Samples, class Alpha, int kLanes, int kCosines>
void SetRowLoops(SlidingLoops& loops) {
  loops.start_rows = StartRows<Samples, Alpha, kLanes, kCosines>;
  loops.step_rows = StepRows<Samples, Alpha, kLanes, kCosines>;
}

template <class Samples, int kLanes, int kCosines>
void SetColumnLoops(SlidingLoops& loops) {
  loops.start_columns = StartColumns<kLanes, kCosines>;
  loops.step_columns = StepColumns<Samples, kLanes, kCosines>;
}

template <class Samples, class Alpha, int kLanes>
SlidingLoops LoopsOf(int vertical, int horizontal) {
  SlidingLoops loops = {};
  loops.pixels = kPixelsPerVector<kLanes>;
  loops.floats = kVectorFloats;
  loops.group_rows = kGroupRows<kLanes>;
  loops.weigh_columns = WeighColumns<Samples, kLanes>;
  switch (vertical) {
    case 3:
      SetRowLoops<Samples, Alpha, kLanes, 3>(loops);
      break;
    case 4:
      SetRowLoops<Samples, Alpha, kLanes, 4>(loops);
      break;
    case 5:
      SetRowLoops<Samples, Alpha, kLanes, 5>(loops);
      break;
    case 6:
      SetRowLoops<Samples, Alpha, kLanes, 6>(loops);
      break;
    default:
      SetRowLoops<Samples, Alpha, kLanes, 0>(loops);
  }
  switch (horizontal) {
    case 3:
      SetColumnLoops<Samples, kLanes, 3>(loops);
      break;
    case 4:
      SetColumnLoops<Samples, kLanes, 4>(loops);
      break;
    case 5:
      SetColumnLoops<Samples, kLanes, 5>(loops);
      break;
    case 6:
      SetColumnLoops<Samples, kLanes, 6>(loops);
      break;
    default:
      SetColumnLoops<Samples, kLanes, 0>(loops);
  }
  return loops;
}

template <class Samples>
SlidingLoops StoredLoops(int lanes, int vertical, int horizontal) {
  switch (lanes) {
    case 1:
      return LoopsOf<Samples, NoAlpha, 1>(vertical, horizontal);
    case 2:
      return LoopsOf<Samples, typename Samples::template Alpha<2>, 2>(
          vertical, horizontal);
    default:
      return LoopsOf<Samples, typename Samples::template Alpha<4>, 4>(
          vertical, horizontal);
  }
}

SlidingLoops LaneLoops(int lanes, int vertical, int horizontal) {
  switch (lanes) {
    case 1:
      return LoopsOf<FloatSamples, NoAlpha, 1>(vertical, horizontal);
    case 2:
      return LoopsOf<FloatSamples, NoAlpha, 2>(vertical, horizontal);
    default:
      return LoopsOf<FloatSamples, NoAlpha, 4>(vertical, horizontal);
  }
}

SlidingLoops FindLoops(SampleKind kind, int lanes, int vertical,
                       int horizontal) {
  switch (kind) {
    case SampleKind::kU8:
      return StoredLoops<CodeSamples<std::uint8_t>>(lanes, vertical,
                                                    horizontal);
    case SampleKind::kU16:
      return StoredLoops<CodeSamples<std::uint16_t>>(lanes, vertical,
                                                     horizontal);
    case SampleKind::kFloat:
      return StoredLoops<FloatSamples>(lanes, vertical, horizontal);
    case SampleKind::kLanes:
      break;
  }
  return LaneLoops(lanes, vertical, horizontal);
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(FindLoops);

SlidingLoops sliding_loops(SampleKind kind, int lanes, int vertical_cosines,
                           int horizontal_cosines) {
  return HWY_DYNAMIC_DISPATCH(FindLoops)(kind, lanes, vertical_cosines,
                                         horizontal_cosines);
}

}  // namespace gk
#endif
