// Rows of samples as the loops of the fast method take them: stored pixels with
// room beyond their end, or lanes decoded from them.

#ifndef GK_CORE_SAMPLE_ROWS_H_
#define GK_CORE_SAMPLE_ROWS_H_

#include <cstddef>

#include "image_view.h"
#include "row_codec.h"
#include "row_window.h"
#include "scratch.h"
#include "sliding_mode.h"
#include "sliding_panel.h"
#include "sliding_plan.h"

namespace gk {

// Rows live in slots: a row is good until its slot is asked for again.
class SampleRows {
 public:
  // Rows that a step needs at once.
  static constexpr int kSlots = 2 * kMostGroupRows + 1;
  // Pixels that are decoded, summed and encoded while they stay in the nearest
  // cache.
  static constexpr int kChunk = 64;
  static_assert(kChunk % kMostVectorFloats == 0);
  static constexpr int kChunkFloats = kChunk * 4 + kRowSlack;

  // Rows beyond `last_row` show what that one does. `widest`: the most columns
  // of a run; `least`: those that loops take at least. May throw
  // std::bad_alloc.
  SampleRows(const SlidingPlan& plan, const RowReader& reader, Size image,
             int last_row, int widest, int least, Scratch& scratch);

  // How at() gives samples from now on. Also forgets what opaque() met.
  void use(const SlidingMode& mode);
  const SlidingMode& mode() const { return *mode_; }
  // Whether all pixels that were decoded since were opaque, if the mode is
  // plain.
  bool opaque() const { return opaque_; }

  // All stored pixels of a run, at least `least` of them.
  const std::byte* stored(const ColumnRun& run, int y, int slot);
  // The samples of `count` of the plan's columns (at most kChunk if they are
  // decoded) from the run's column x on.
  const std::byte* at(const ColumnRun& run, int y, int x, int count, int slot);
  // The same, decoded in any mode.
  const float* decoded(const ColumnRun& run, int y, int x, int count, int slot);
  // Room for kMostVectorFloats stored pixels, where stored() pads short runs.
  std::byte* pad(int slot) {
    return padded_ + std::ptrdiff_t{slot} * kMostVectorFloats * pixel_bytes_;
  }

  // Samples of the pixel outside the image, if the border has one.
  const float* outside();

 private:
  bool is_outside(int y) const {
    return border_index(plan_.border, y, image_.height) == kOutside;
  }

  const SlidingPlan& plan_;
  const RowReader& reader_;
  const Size image_;
  const int last_row_;
  const int least_;
  const int pixel_bytes_;
  const int column_bytes_;
  bool (*const all_opaque_)(const std::byte* stored, std::size_t count);
  const SlidingMode* mode_ = nullptr;
  bool opaque_ = true;
  float* decoded_;
  std::byte* padded_;
  std::byte* outside_row_ = nullptr;
};

}  // namespace gk

#endif  // GK_CORE_SAMPLE_ROWS_H_
