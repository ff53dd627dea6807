// The vertical pass of the fast method: sums that slide down the columns, a few
// rows at a time.

#ifndef GK_CORE_COLUMN_SUMS_H_
#define GK_CORE_COLUMN_SUMS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sample_rows.h"
#include "scratch.h"
#include "sliding_loops.h"
#include "sliding_panel.h"
#include "sliding_plan.h"

namespace gk {

// Fills the runs of a panel with results for loops.group_rows rows. Columns
// are the plan's here: a pixel may have several.
class ColumnSums {
 public:
  // The loops of all modes of `samples` have the sizes of `loops`. May throw
  // std::bad_alloc.
  ColumnSums(const SlidingPlan& plan, const SlidingLoops& loops,
             SampleRows& samples, SlidingPanel& panel, Scratch& scratch);

  // Both return false if pixels are not opaque, which a plain mode needs; the
  // sums are spoilt then.
  // Starts the sums at row y.
  [[nodiscard]] bool start(int y);
  // Results of rows y … y + group_rows - 1, and the sums of the row after.
  [[nodiscard]] bool step(int y);
  // To be called when the samples' mode has changed.
  void forget_carried();

 private:
  // A run and its memory, for each vector of columns: its sums, and the samples
  // of the last row that entered them.
  struct Sums {
    ColumnRun run;
    float* sums;
    float* carried;
  };

  unsigned start(const Sums& sums, int y, int x, int count);
  unsigned step_decoded(const Sums& sums, int y);
  unsigned step_stored(const Sums& sums, int y);
  void repair(const Sums& sums, int y);
  void weigh(const ColumnRun& run, int y, int x);
  float* results_at(int sub_panel, const ColumnRun& run, int x) const {
    return panel_.at(sub_panel, run.column) +
           std::ptrdiff_t{x} * panel_.part_floats();
  }

  const SlidingLoops& loops() const { return samples_.mode().loops; }
  // Where the floats of the vector that begins at or after column x are.
  std::ptrdiff_t offset(int x) const {
    return std::ptrdiff_t{(x + pixels_ - 1) / pixels_ * pixels_} * lanes_;
  }
  float* sums_at(const Sums& sums, int x) const {
    return sums.sums + offset(x) * sum_floats(axis_);
  }
  // The run's columns, and at least a vector of them.
  int width(const ColumnRun& run) const {
    return std::max(run.count * columns_, pixels_);
  }

  // The columns from x on that are worked on together: whole vectors, the last
  // of which may overlap the one before.
  struct Chunk {
    int x;
    int count;
  };
  Chunk chunk_at(int x, int width) const;

  const SlidingAxis& axis_;
  SampleRows& samples_;
  SlidingPanel& panel_;
  const int columns_;  // of a pixel
  const int lanes_;
  const int pixels_;
  const int rows_;
  std::vector<Sums> sums_;
  // The row whose step finds its first fresh samples carried.
  std::int64_t carried_row_;
};

}  // namespace gk

#endif  // GK_CORE_COLUMN_SUMS_H_
