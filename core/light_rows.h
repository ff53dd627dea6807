// Rows of light for any columns of any row, the border already resolved.

#ifndef GK_CORE_LIGHT_ROWS_H_
#define GK_CORE_LIGHT_ROWS_H_

#include <cstddef>

#include "border.h"
#include "pixel_format.h"
#include "row_codec.h"
#include "row_window.h"
#include "scratch.h"

namespace gk {

// Decodes what a RowReader holds. Not to be shared between threads.
class LightRows {
 public:
  // `most_columns`: the most that read() will be asked for. May throw
  // std::bad_alloc.
  LightRows(const RowReader& reader, const RowCodec& codec, Border border,
            const PixelFormat& format, Size image, int most_columns,
            Scratch& scratch);

  int lanes() const { return lanes_; }

  // Light of columns x … x + count - 1 of row y, held by the reader; `light`
  // has room for count * lanes() + kRowSlack floats.
  void read(int y, int x, int count, float* light);

 private:
  const RowReader& reader_;
  RowCodec codec_;
  Border border_;
  Size image_;
  int lanes_;
  std::byte* assembled_;
};

}  // namespace gk

#endif  // GK_CORE_LIGHT_ROWS_H_
