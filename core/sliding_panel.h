// What lies between the two passes of the fast method: a few rows of vertical
// results, with a column for everything that the horizontal kernel meets.

#ifndef GK_CORE_SLIDING_PANEL_H_
#define GK_CORE_SLIDING_PANEL_H_

#include <cstddef>
#include <vector>

#include "border.h"
#include "scratch.h"
#include "sliding_loops.h"

namespace gk {

// Columns of the image that are summed, and the panel's column of the first.
struct ColumnRun {
  int image_x;
  int count;
  std::ptrdiff_t column;
};

// A panel's column that shows what another one shows.
struct ColumnCopy {
  std::ptrdiff_t to;
  std::ptrdiff_t from;
};

// Where every column of a panel comes from.
struct PanelColumns {
  std::vector<ColumnRun> runs;
  std::vector<ColumnCopy> copies;
  std::vector<std::ptrdiff_t> outside;
  // Those asked for, then some that only lend themselves for copies.
  std::ptrdiff_t count;
};

// For positions `columns`, the first of which is column 0. Each column of the
// image is summed once; runs have room for at least `least_count` columns.
PanelColumns arrange_columns(Border border, int image_width, Span columns,
                             int least_count);

// Vectors as SlidingLoops has them: a sub-panel for every vector of rows.
class SlidingPanel {
 public:
  // All columns are 0 at first. May throw std::bad_alloc.
  SlidingPanel(PanelColumns columns, const SlidingLoops& loops,
               const SlidingPlan& plan, Scratch& scratch);

  const std::vector<ColumnRun>& runs() const { return columns_.runs; }
  int sub_panels() const { return sub_panels_; }
  // Floats from a sub-panel to the next.
  std::ptrdiff_t stride() const { return stride_; }
  // Floats from one of a pixel's columns, as the plan has them, to the next.
  int part_floats() const { return part_floats_; }
  float* at(int sub_panel, std::ptrdiff_t column) const {
    return floats_ + sub_panel * stride_ + column * column_floats_;
  }

  // Gives the columns outside the image their one value, the floats of a pixel.
  void fill_outside(const float* pixel);
  // To be called when runs have new results.
  void copy_columns();

 private:
  PanelColumns columns_;
  int lanes_;
  int sub_panels_;
  int part_floats_;
  int column_floats_;
  std::ptrdiff_t stride_;
  float* floats_;
};

}  // namespace gk

#endif  // GK_CORE_SLIDING_PANEL_H_
