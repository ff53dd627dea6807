// Rows of stored pixels on their way in and out: borders resolved, only as many
// rows in memory as a kernel spans.

#ifndef GK_CORE_ROW_WINDOW_H_
#define GK_CORE_ROW_WINDOW_H_

#include <cstddef>

#include "border.h"
#include "convolver.h"
#include "image_view.h"
#include "pixel_format.h"
#include "scratch.h"

namespace gk {

// Rows and columns are unbounded here: any position may be asked for, and the
// border says which pixel stands for it.
class RowReader {
 public:
  // `window`: the pixels of the image that will be needed
  // (Convolver::source_window). first_row … end_row - 1: the rows that hold()
  // will be asked for in all, `most_rows`: the most at once. `scratch` must
  // not be reset before the reader's last use. May throw std::bad_alloc.
  RowReader(Source& source, Border border, const PixelFormat& format,
            Rect window, int first_row, int end_row, int most_rows,
            Scratch& scratch);

  // Every row may be held at once, at no cost.
  bool in_place() const { return in_place_; }

  // Makes rows first … last - 1 readable; rows before `first` may be lost.
  // Neither bound ever decreases.
  void hold(int first, int last);

  // Stored pixels of columns x … x + count - 1 of row y, which is held: in
  // place where they lie inside the image, else assembled in `scratch`, which
  // has room for `count` pixels.
  const std::byte* segment(int y, int x, int count, std::byte* scratch) const;

  // The same where they lie in place, else nullptr.
  const std::byte* stored(int y, int x, int count) const;

 private:
  // At column window_.x; nullptr where no pixel stands for row y.
  const std::byte* held_row(int y) const;
  // Where what row y shows is kept: rows that go on alike share a place.
  int kept_row(int y) const;
  std::byte* slot(int y) const;
  void fetch(int first, int last);

  Source& source_;
  Border border_;
  int pixel_bytes_;
  Size image_;
  Rect window_;
  bool in_place_;
  int next_row_;  // the first that has not been fetched yet
  int end_row_;
  int slots_ = 0;
  std::ptrdiff_t stride_ = 0;
  std::byte* storage_ = nullptr;
  std::byte outside_[16] = {};  // the stored pixel outside the image
};

// Rows of results, handed on in slices.
class RowWriter {
 public:
  // `most_rows`: the most that are unfinished at once; `scratch` as above. May
  // throw std::bad_alloc.
  RowWriter(Destination& destination, const PixelFormat& format, Rect target,
            int most_rows, Scratch& scratch);

  // Every row may be unfinished at once, at no cost.
  bool in_place() const { return in_place_; }

  // Where the pixels of row y (of the target) go, its first column first.
  std::byte* row(int y);

  // Rows before `last` are complete and are handed on at the latest when their
  // room is needed; finish(target.bottom()) hands on all.
  void finish(int last);

 private:
  Destination& destination_;
  int pixel_bytes_;
  Rect target_;
  bool in_place_;
  int slots_ = 0;
  int next_row_;  // the first that is not handed on yet
  std::ptrdiff_t stride_ = 0;
  std::byte* storage_ = nullptr;
};

}  // namespace gk

#endif  // GK_CORE_ROW_WINDOW_H_
