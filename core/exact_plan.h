// What the loops of the exact method need to know, worked out once, and the
// bands in which they walk down an image.

#ifndef GK_CORE_EXACT_PLAN_H_
#define GK_CORE_EXACT_PLAN_H_

#include <algorithm>

#include "border.h"
#include "image_view.h"
#include "pixel_format.h"
#include "row_codec.h"
#include "row_window.h"
#include "scratch.h"
#include "taps.h"

namespace gk {

struct ExactPlan {
  Taps horizontal;
  Taps vertical;
  Border border;
  PixelFormat format;
  ToneStep step;
  RowCodec codec;
};

// One run: where rows come from and go to, and what is asked for. `band_rows`:
// rows of result that are summed together where rows are not in place.
struct ExactRun {
  RowReader& reader;
  RowWriter& writer;
  Scratch& scratch;
  Size image;
  Rect target;
  int band_rows;
};

// Calls sum_band(band) for parts of the target from top to bottom, rows band.y
// - vertical.before() … band.bottom() - 1 + vertical.after() held.
template <class SumBand>
void for_each_band(const ExactPlan& plan, const ExactRun& run,
                   const SumBand& sum_band) {
  const Rect& target = run.target;
  const bool whole = run.reader.in_place() && run.writer.in_place();
  const int rows = whole ? target.height : run.band_rows;
  for (int y = target.y; y < target.bottom(); y += rows) {
    const Rect band{target.x, y, target.width,
                    std::min(rows, target.bottom() - y)};
    run.reader.hold(band.y - plan.vertical.before(),
                    band.bottom() + plan.vertical.after());
    sum_band(band);
    run.writer.finish(band.bottom());
  }
}

}  // namespace gk

#endif  // GK_CORE_EXACT_PLAN_H_
