#include "row_window.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace gk {
namespace {

// Whole slices are read and written: few calls, few tiles touched twice.
constexpr int kSlice = 64;
// Vector loads may start inside a row and end beyond it.
constexpr std::ptrdiff_t kSlack = 256;

std::ptrdiff_t padded_stride(int width, int pixel_bytes) {
  const std::ptrdiff_t bytes = static_cast<std::ptrdiff_t>(width) * pixel_bytes;
  return (bytes + 63) / 64 * 64;
}

int floor_modulo(int value, int modulus) {
  const int remainder = value % modulus;
  return remainder < 0 ? remainder + modulus : remainder;
}

}  // namespace

RowReader::RowReader(Source& source, Border border, const PixelFormat& format,
                     Rect window, int first_row, int end_row, int most_rows,
                     Scratch& scratch)
    : source_(source),
      border_(border),
      pixel_bytes_(bytes_per_pixel(format)),
      image_(source.image()),
      window_(window),
      in_place_(window.empty() || source.row(window.y) != nullptr),
      next_row_(kept_row(first_row)),
      end_row_(kept_row(end_row - 1) + 1) {
  const int component_bytes = bytes_per_component(format.component);
  for (int channel = 0; channel < format.channels; ++channel) {
    const bool is_alpha =
        format.alpha != Alpha::kNone && channel == format.channels - 1;
    const double alpha = outside_is_nothing(border) ? 0 : 1;
    store_component(format.component, is_alpha ? alpha : outside_colour(border),
                    outside_ + channel * component_bytes);
  }
  if (in_place_) return;
  slots_ = std::min(end_row_ - next_row_, most_rows + kSlice);
  stride_ = padded_stride(window.width, pixel_bytes_);
  storage_ = scratch.take<std::byte>(stride_ * slots_ + kSlack);
}

int RowReader::kept_row(int y) const {
  return static_cast<int>(nearest_alike(border_, y, image_.height));
}

std::byte* RowReader::slot(int y) const {
  return storage_ + stride_ * floor_modulo(y, slots_);
}

const std::byte* RowReader::held_row(int y) const {
  const int image_y = border_index(border_, y, image_.height);
  if (image_y == kOutside) return nullptr;
  if (in_place_) {
    return source_.row(image_y) +
           static_cast<std::ptrdiff_t>(window_.x) * pixel_bytes_;
  }
  return slot(kept_row(y));
}

void RowReader::hold(int first, int last) {
  if (in_place_) return;
  first = kept_row(first);
  last = kept_row(last - 1) + 1;
  if (last <= next_row_) return;
  // Whole slices ahead, as far as rows from `first` on stay.
  const int ahead = std::min({end_row_, last + kSlice - 1, first + slots_});
  fetch(next_row_, std::max(ahead, std::min(last, end_row_)));
}

void RowReader::fetch(int first, int last) {
  for (int y = first; y < last;) {
    const int image_y = border_index(border_, y, image_.height);
    int count = 1;
    // Runs that are contiguous in the image and in the ring go in one read.
    while (image_y != kOutside && y + count < last &&
           slot(y + count) == slot(y) + count * stride_ &&
           border_index(border_, y + count, image_.height) == image_y + count) {
      ++count;
    }
    if (image_y != kOutside) {
      source_.read({window_.x, image_y, window_.width, count}, slot(y),
                   stride_);
    }
    y += count;
  }
  next_row_ = std::max(next_row_, last);
}

const std::byte* RowReader::stored(int y, int x, int count) const {
  const std::byte* row = held_row(y);
  if (row == nullptr || x < 0 || x + count > image_.width) return nullptr;
  return row + static_cast<std::ptrdiff_t>(x - window_.x) * pixel_bytes_;
}

const std::byte* RowReader::segment(int y, int x, int count,
                                    std::byte* scratch) const {
  if (const std::byte* pixels = stored(y, x, count)) return pixels;
  const std::byte* row = held_row(y);
  std::byte* pixel = scratch;
  for (int i = 0; i < count;) {
    const int image_x = border_index(border_, x + i, image_.width);
    if (row != nullptr && image_x != kOutside && image_x == x + i) {
      const int inside = std::min(count - i, image_.width - image_x);
      const std::ptrdiff_t bytes =
          static_cast<std::ptrdiff_t>(inside) * pixel_bytes_;
      std::memcpy(
          pixel,
          row + static_cast<std::ptrdiff_t>(image_x - window_.x) * pixel_bytes_,
          bytes);
      pixel += bytes;
      i += inside;
      continue;
    }
    const std::byte* from =
        row == nullptr || image_x == kOutside
            ? outside_
            : row + static_cast<std::ptrdiff_t>(image_x - window_.x) *
                        pixel_bytes_;
    std::memcpy(pixel, from, pixel_bytes_);
    pixel += pixel_bytes_;
    ++i;
  }
  return scratch;
}

RowWriter::RowWriter(Destination& destination, const PixelFormat& format,
                     Rect target, int most_rows, Scratch& scratch)
    : destination_(destination),
      pixel_bytes_(bytes_per_pixel(format)),
      target_(target),
      in_place_(destination.row(target.y) != nullptr),
      next_row_(target.y) {
  if (in_place_) return;
  slots_ = std::min(target.height, most_rows + kSlice);
  stride_ = padded_stride(target.width, pixel_bytes_);
  storage_ = scratch.take<std::byte>(stride_ * slots_ + kSlack);
}

std::byte* RowWriter::row(int y) {
  assert(y >= next_row_ && y < target_.bottom());
  if (in_place_) {
    return destination_.row(y) +
           static_cast<std::ptrdiff_t>(target_.x) * pixel_bytes_;
  }
  assert(y - next_row_ < slots_);
  return storage_ + stride_ * ((y - target_.y) % slots_);
}

void RowWriter::finish(int last) {
  if (in_place_) {
    next_row_ = last;
    return;
  }
  const bool all = last == target_.bottom();
  while (next_row_ < last && (all || last - next_row_ >= kSlice)) {
    const int slot = (next_row_ - target_.y) % slots_;
    const int count = std::min(last - next_row_, slots_ - slot);
    destination_.write({target_.x, next_row_, target_.width, count},
                       storage_ + stride_ * slot, stride_);
    next_row_ += count;
  }
}

}  // namespace gk
