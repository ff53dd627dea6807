// How the fast method takes pixels: as they are stored or decoded, with or
// without weighting them by alpha.

#ifndef GK_CORE_SLIDING_MODE_H_
#define GK_CORE_SLIDING_MODE_H_

#include "row_codec.h"
#include "sliding_loops.h"
#include "sliding_plan.h"

namespace gk {

struct SlidingMode {
  // Alpha is summed like a colour and weights none: the same while all pixels
  // are opaque.
  bool plain;
  // Pixels are summed as they are stored, in their own units.
  bool stored;
  SlidingLoops loops;
  // For what the loops don't decode and encode themselves: counts the plan's
  // columns.
  RowCodec codec;
};

// For the CPU target in force.
SlidingMode plain_mode(const SlidingPlan& plan);
SlidingMode weighted_mode(const SlidingPlan& plan);

}  // namespace gk

#endif  // GK_CORE_SLIDING_MODE_H_
