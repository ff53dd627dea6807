// The fast method: both axes of a Gaussian in one pass over the rows, at a cost
// for each pixel that does not depend on the kernel's size.

#ifndef GK_CORE_SLIDING_COSINE_H_
#define GK_CORE_SLIDING_COSINE_H_

#include "image_view.h"
#include "row_window.h"
#include "scratch.h"
#include "sliding_plan.h"

namespace gk {

// Rows that hold() spans at most. All of them lie in target.y - r …
// target.bottom() - 1 + r, r = vertical.radius; columns likewise.
int sliding_rows(const SlidingPlan& plan);
// Rows of the target that are unfinished at most.
int sliding_result_rows(const SlidingPlan& plan);

// Computes the rows of `target`. Throws std::bad_alloc, before anything is
// written.
void run_sliding(const SlidingPlan& plan, Size image, RowReader& reader,
                 RowWriter& writer, Scratch& scratch, Rect target);

}  // namespace gk

#endif  // GK_CORE_SLIDING_COSINE_H_
