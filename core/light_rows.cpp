#include "light_rows.h"

#include <algorithm>

namespace gk {

LightRows::LightRows(const RowReader& reader, const RowCodec& codec,
                     Border border, const PixelFormat& format, Size image,
                     int most_columns, Scratch& scratch)
    : reader_(reader),
      codec_(codec),
      border_(border),
      image_(image),
      lanes_(lanes_per_pixel(format, border)),
      assembled_(scratch.take<std::byte>(
          static_cast<std::size_t>(most_columns) * bytes_per_pixel(format))) {}

void LightRows::read(int y, int x, int count, float* light) {
  int first = x;
  int end = x + count;
  if (outside_is_nothing(border_)) {
    // What lies outside has no weight at all, so there is nothing to decode.
    first = std::clamp(first, 0, image_.width);
    end = std::clamp(end, first, image_.width);
    if (y < 0 || y >= image_.height) end = first;
    float* inside = light + static_cast<std::ptrdiff_t>(first - x) * lanes_;
    if (first == end) {
      std::fill_n(light, static_cast<std::ptrdiff_t>(count) * lanes_, 0.0f);
      return;
    }
    codec_.decode(reader_.segment(y, first, end - first, assembled_),
                  end - first, inside);
    std::fill(light, inside, 0.0f);
    std::fill_n(light + static_cast<std::ptrdiff_t>(end - x) * lanes_,
                static_cast<std::ptrdiff_t>(x + count - end) * lanes_, 0.0f);
    return;
  }
  codec_.decode(reader_.segment(y, x, count, assembled_), count, light);
}

}  // namespace gk
